"""Writes the clinician's review sheet: ``python -m bot.knowledge.review docs/clinical-review.md``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.loader import FOLDER, load, version

TEMPLATE = "review.md.j2"


def review_sheet() -> str:
    """The sheet as Markdown."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # Markdown for a repository, not HTML
    )
    environment.filters.update(cell=_cell, shares=_shares)
    return environment.get_template(TEMPLATE).render(knowledge=load(), version=version())


def _cell(text: str) -> str:
    """Text that stays within one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def _shares(of_100: Mapping[str, float]) -> str:
    return ", ".join(f"{state} {share:g}" for state, share in of_100.items())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(review_sheet(), encoding="utf-8")
