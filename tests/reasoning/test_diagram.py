"""The drawn interview and the table of evidence are those of the present data."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge.loader import Knowledge
from bot.knowledge.patterns import Pattern
from bot.reasoning.diagram import evidence_sheet, in_words, interview_sheet

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_sheets_are_up_to_date() -> None:
    assert (DOCS / "interview.md").read_text(encoding="utf-8") == interview_sheet(), "run: make docs"
    assert (DOCS / "evidence.md").read_text(encoding="utf-8") == evidence_sheet(), "run: make docs"


def test_every_question_condition_and_clue_is_in_them(real: Knowledge) -> None:
    drawn, table = interview_sheet(), evidence_sheet()
    assert all(f"\n  {key}[" in drawn for key in real.questions)
    assert all(f"| {condition.title} |" in table for condition in real.conditions.values())
    used = {evidence.clue for condition in real.conditions.values() for evidence in condition.evidence}
    assert all(f"| {state.phrase} |" in table for name in used for state in real.clues[name].states)


def test_a_pattern_is_put_in_words() -> None:
    pattern = Pattern.parse_obj({"all": [{"finding": ["numbness", "tingling"]}, {"attribute": "side", "is": "both"}]})
    assert in_words(pattern) == "finding: numbness or tingling; and attribute: side, is: both"
