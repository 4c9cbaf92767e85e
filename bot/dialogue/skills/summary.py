"""The one-page summary for the doctor. It holds nothing that was not said or derived."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Dict, List, Tuple

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.dialogue.answers import options_of, titles, yes_no_options
from bot.dialogue.journal import NONE
from bot.dialogue.skills import interview, understood
from bot.dialogue.skills.assessment import tests_left
from bot.dialogue.standing import standing
from bot.dialogue.talk import Talk
from bot.dialogue.turn import LANGUAGE, Turn, in_a_sentence, listed, sentence
from bot.knowledge.loader import FOLDER, read_yaml, version
from bot.knowledge.schema import Note
from bot.reasoning.assessment import assess
from bot.reasoning.case import Fact, LabResult
from bot.reasoning.evaluate import holds
from bot.rendering.history import history, ruled_out

TEMPLATE = "summary.md.j2"


def run(turn: Turn) -> None:
    """Writes the summary; without any complaint there is nothing to write."""
    if not interview.has_complaint(turn) and not turn.case.labs:
        turn.say("utter_no_summary_yet")
        interview.resume(turn)
        return
    markdown = write(turn)
    turn.say("utter_summary", summary=markdown, custom={"kind": "summary", "markdown": markdown, "pdf": None})
    interview.resume(turn)


def write(turn: Turn) -> str:
    """The summary as Markdown."""
    case, knowledge = turn.case, turn.knowledge
    denied_flags = ruled_out(case, knowledge, turn.talk.asked)
    by_status: Dict[str, List[str]] = {}
    for fact in standing(case.facts):
        known = by_status.setdefault(f"{fact.kind}_{fact.status}", [])
        text = _named(turn, fact)
        if text not in known and not (fact.status == "absent" and text in denied_flags):
            known.append(text)
    result = assess(case, knowledge, turn.talk.asked)
    return (
        _environment()
        .get_template(TEMPLATE)
        .render(
            about_other=turn.talk.about_other,
            words=[entry["words"] for entry in turn.talk.journal if entry.get("words")],
            facts=by_status,
            answers=_answers(turn),
            profile=case.profile,
            labs=[(knowledge.labs[lab.analyte], lab, _band(turn, lab)) for lab in results_told(turn.talk)],
            flags=[knowledge.red_flags[flag].title for flag in case.red_flags],
            ranking=[
                (sentence(knowledge.conditions[row.condition].title), row, turn.word(f"likelihood_{row.likelihood}"))
                for row in result.ranking
            ],
            tests=[knowledge.tests[test] for test in tests_left(turn, result)],
            questions=[note.say for note in _questions() if note.when is None or holds(note.when, case)],
            listed=listed,
            history=history(case, knowledge, LANGUAGE.replace("_", "-")),
            ruled_out=denied_flags,
            written_on=format_date(date.today(), format="long", locale=LANGUAGE),
            version=version(),
        )
    )


def _band(turn: Turn, lab: LabResult) -> str:
    """Where the result lies; an antibody that was only told in words is positive or negative."""
    words = turn.knowledge.words
    told = f"in_words_{lab.band}" if lab.number is None else ""
    return words.get(told) or words.get(f"band_{lab.band}", "")


def _named(turn: Turn, fact: Fact) -> str:
    """A finding as a phrase with place and time, a risk factor by its title."""
    if fact.kind == "risk_factor":
        title = turn.knowledge.risk_factors[fact.id].title
        return in_a_sentence(title) if fact.status == "absent" else title
    return understood.phrase(turn, {"kind": fact.kind, "id": fact.id, "attributes": fact.attributes})


def results_told(talk: Talk) -> List[LabResult]:
    """Every result in the order told; one without its unit gives way to the same number with it."""
    told: List[LabResult] = []
    for entry in talk.journal:
        if entry["kind"] == "lab":
            result = LabResult(**{key: value for key, value in entry.items() if key != "kind"})  # type: ignore[arg-type]
            told = [old for old in told if (old.analyte, old.number) != (result.analyte, result.number)]
            told.append(result)
    return told


@lru_cache(maxsize=1)
def _questions() -> Tuple[Note, ...]:
    rows = read_yaml(FOLDER / "questions_to_ask.yml")
    assert isinstance(rows, list)
    return tuple(Note.parse_obj(row) for row in rows)


def _answers(turn: Turn) -> List[tuple[str, str]]:
    """Each answered question with its answer in words."""
    rows = []
    for entry in turn.talk.journal:
        question = turn.knowledge.questions.get(str(entry.get("question")))
        if entry["kind"] != "answer" or question is None:
            continue
        value = entry["value"]
        if value == [NONE]:
            continue  # what was denied stands by name in the lists above
        options = [*options_of(question, turn.knowledge), *yes_no_options(turn.knowledge)]
        if isinstance(value, list):
            answer = listed(titles(value, options)) if value else ""
        else:
            answer = titles(
                [{"yes": "affirm", "no": "deny", "unsure": "not_sure"}.get(str(value), str(value))], options
            )[0]
        if answer:
            rows.append((question.text_other if turn.talk.about_other else question.text, answer))
    return rows


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # Markdown for people, never rendered as HTML without escaping by the channel
    )
