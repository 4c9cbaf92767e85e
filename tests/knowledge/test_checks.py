"""Broken references are found, all at once, with file and entry."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.knowledge import schema
from bot.knowledge.checks import check_references
from bot.knowledge.loader import Knowledge, KnowledgeError, load
from bot.knowledge.patterns import Pattern

LONGEST_SENTENCE = 20  # words; the house style of user-facing text


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


def test_the_reviewed_data_are_sound(knowledge: Knowledge) -> None:
    check_references(knowledge)


def _with_condition(knowledge: Knowledge, **changes: object) -> Knowledge:
    changed = knowledge.conditions["sciatica"].copy(update=changes)
    return replace(knowledge, conditions={**knowledge.conditions, "sciatica": changed})


def _with_question(knowledge: Knowledge, key: str, **changes: object) -> Knowledge:
    changed = knowledge.questions[key].copy(update=changes)
    return replace(knowledge, questions={**knowledge.questions, key: changed})


def _evidence(**changes: object) -> list[schema.Evidence]:
    base = {"clue": "swelling", "of_100": {"yes": 5}, "why": "It is so.", "judgement": "editorial"}
    return [schema.Evidence.parse_obj({**base, **changes})]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tests": ["x_ray"]}, "conditions: sciatica: test 'x_ray' does not exist"),
        ({"facts": ["T999"]}, "conditions: sciatica: fact 'T999' does not exist"),
        ({"evidence": _evidence(clue="aura")}, "conditions: sciatica: clue 'aura' does not exist"),
        ({"evidence": _evidence(of_100={"often": 5})}, "conditions: sciatica: swelling: state 'often' does not exist"),
        ({"evidence": _evidence(of_100={"yes": 105})}, "conditions: sciatica: swelling: numbers are of 100"),
        ({"evidence": _evidence(sources=["NOWHERE"])}, "conditions: sciatica: source 'NOWHERE' does not exist"),
        ({"evidence": _evidence(judgement="published")}, "called published but has no source"),
        ({"evidence": _evidence() * 2}, "conditions: sciatica: clue 'swelling' is listed twice"),
        ({"cannot_miss": True, "alarm_at": None}, "conditions: sciatica: cannot be missed but has no alarm_at"),
        ({"prior": 0}, "conditions: sciatica: prior has to be above 0"),
    ],
)
def test_broken_conditions(knowledge: Knowledge, changes: dict[str, object], message: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(message)):
        check_references(_with_condition(knowledge, **changes))


@pytest.mark.parametrize(
    ("key", "changes", "message"),
    [
        ("tingling", {"id": "puffiness"}, "questions: tingling: finding 'puffiness' does not exist"),
        ("tingling", {"clue": "aura"}, "questions: tingling: clue 'aura' does not exist"),
        (
            "tingling",
            {"when": Pattern.parse_obj({"finding": "aura"})},
            "questions: tingling: finding 'aura' does not exist",
        ),
        ("feet", {"value": None}, "questions: feet: a yes/no question about an attribute needs the value"),
        ("feet", {"of": None}, "questions: feet: an attribute is asked of a finding or of the main complaint"),
        ("side", {"options": []}, "questions: side: exactly the choice questions have options"),
        ("side", {"options": [schema.Option(value="up", title="Up")]}, "questions: side: option 'up' does not exist"),
    ],
)
def test_broken_questions(knowledge: Knowledge, key: str, changes: dict[str, object], message: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(message)):
        check_references(_with_question(knowledge, key, **changes))


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("conditions", "sciatica"),
        ("topics", "privacy"),
        ("red_flags", "F21"),
        ("tests", "mma"),
        ("findings", "itching"),
    ],
)
def test_missing_entries(knowledge: Knowledge, kind: str, entry: str) -> None:
    entries = {name: value for name, value in getattr(knowledge, kind).items() if name != entry}
    with pytest.raises(KnowledgeError, match=f"{kind}: {entry}: is in the vocabulary but has no entry"):
        check_references(replace(knowledge, **{kind: entries}))


def test_all_problems_are_named_at_once(knowledge: Knowledge) -> None:
    broken = _with_question(_with_condition(knowledge, prior=0, tests=["x_ray"]), "side", options=[])
    with pytest.raises(KnowledgeError) as error:
        check_references(broken)
    assert str(error.value).startswith("3 problems")


def test_questions_are_short_and_speak_of_others_as_they(knowledge: Knowledge) -> None:
    for question in knowledge.questions.values():
        for text in (question.text, question.text_other, question.why):
            for sentence in re.split(r"(?<=[.?!])\s+", text):
                assert len(sentence.split()) <= LONGEST_SENTENCE, (question.key, sentence)
        assert not re.search(r"\byou(r|rs|rself)?\b", question.text_other.replace("You can choose", ""), re.I), (
            question.key
        )
        assert question.text.endswith(("?", ".")) and question.why.endswith(".")
