"""Draws the interview and the evidence from the data, for a clinician to review.

``python -m bot.reasoning.diagram docs/interview.md docs/evidence.md``
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List, Sequence, Tuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.loader import FOLDER, Knowledge, load
from bot.knowledge.patterns import Pattern
from bot.knowledge.schema import Condition, Question
from bot.reasoning.evidence import OTHERWISE, shares
from bot.reasoning.keys import keys
from bot.reasoning.prepared import STAGES
from bot.reasoning.suppose import looked_at

COLUMNS = 7  # conditions side by side in one table


def interview_sheet() -> str:
    """The questions by stage, what they settle, when they are asked and when none may be left out, as Markdown."""
    knowledge = load()
    settled = {key: _settles(question, knowledge) for key, question in knowledge.questions.items()}
    stages = {
        stage: [question for question in knowledge.questions.values() if question.stage == stage] for stage in STAGES
    }
    return _render("interview.md.j2", stages=stages, settled=settled, knowledge=knowledge)


def _settles(question: Question, knowledge: Knowledge) -> List[str]:
    """The clues that look at what the question asks about, apart from the place a finding has by itself."""
    asked = {key for key in looked_at(question) if key[0] == question.about}
    return [clue.id for clue in knowledge.clues.values() if any(keys(state.when) & asked for state in clue.states)]


def evidence_sheet() -> str:
    """How many of 100 people with each condition are in each state of each clue, as Markdown."""
    knowledge = load()
    conditions = list(knowledge.conditions.values())
    parts = [conditions[start : start + COLUMNS] for start in range(0, len(conditions), COLUMNS)]
    tables = [(part, _rows(part, knowledge)) for part in parts]
    return _render("evidence.md.j2", tables=tables, knowledge=knowledge)


def _rows(conditions: Sequence[Condition], knowledge: Knowledge) -> List[Tuple[str, str, List[str]]]:
    """Per state of a clue its phrase, the background and each condition's number, empty where none is stated."""
    stated = [{evidence.clue: evidence.of_100 for evidence in condition.evidence} for condition in conditions]
    rows = []
    for clue in knowledge.clues.values():
        if not any(clue.id in numbers for numbers in stated):
            continue
        names = [(state.id, state.phrase) for state in clue.states]
        names += [(OTHERWISE, clue.otherwise_phrase)] if len(names) > 1 else []
        for position, (_, phrase) in enumerate(names):
            cells = [
                f"{100 * shares(clue, numbers[clue.id])[position]:.0f}" if clue.id in numbers else ""
                for numbers in stated
            ]
            rows.append((phrase, f"{100 * shares(clue, clue.background)[position]:.0f}", cells))
    return rows


def in_words(pattern: Pattern) -> str:
    """A pattern as one line: "back_pain or buttock_pain; and side: both"."""
    joined = [
        ("; and ", pattern.all),
        ("; or ", pattern.any),
        ("; nor ", pattern.none),
    ]
    for joint, parts in joined:
        if parts is not None:
            text = joint.join(f"({in_words(part)})" if part.all or part.any else in_words(part) for part in parts)
            return f"not {text}" if joint == "; nor " else text
    told = {name: value for name, value in pattern.dict(by_alias=True, exclude_none=True).items()}
    return ", ".join(
        f"{name.replace('_', ' ')}: {' or '.join(map(str, value)) if isinstance(value, (list, tuple)) else value}"
        for name, value in told.items()
    )


def _render(template: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # Markdown for a repository, not HTML
    )
    environment.filters.update(in_words=in_words, cell=_cell, label=_label)
    return environment.get_template(template).render(**values)


def _cell(text: str) -> str:
    """Text that stays within one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def _label(question: Question) -> str:
    """The text of a question inside the quotes of a Mermaid node."""
    return question.text.replace('"', "'").replace(" You can choose more than one.", "")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(interview_sheet(), encoding="utf-8")
    Path(sys.argv[2]).write_text(evidence_sheet(), encoding="utf-8")
