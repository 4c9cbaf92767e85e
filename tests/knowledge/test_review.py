"""The review sheet in the repository is the one of the present knowledge."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge import load
from bot.knowledge.review import review_sheet

SHEET = Path(__file__).resolve().parents[2] / "docs" / "clinical-review.md"


def test_the_sheet_is_up_to_date():
    assert SHEET.read_text(encoding="utf-8") == review_sheet(), "run: make docs"


def test_the_sheet_holds_every_fact_flag_and_condition():
    sheet = review_sheet()
    knowledge = load()
    for entry in (*knowledge.facts, *knowledge.red_flags, *knowledge.conditions):
        assert f"| {entry} |" in sheet or f"(`{entry}`)" in sheet
