"""The small part of Markdown that the summary uses: headings, bullets, paragraphs, bold, a rule before the footer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Tuple

TITLE, HEADING, BULLET, PARAGRAPH, FOOTER = "title", "heading", "bullet", "paragraph", "footer"
_STARTS = (("# ", TITLE), ("## ", HEADING), ("- ", BULLET))
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")

Run = Tuple[str, bool]  # text and whether it is bold


@dataclass(frozen=True)
class Block:
    """One heading, bullet or paragraph."""

    kind: str
    runs: Tuple[Run, ...]

    @property
    def text(self) -> str:
        """The text without marks."""
        return "".join(text for text, _ in self.runs)


def blocks(markdown: str) -> List[Block]:
    """The blocks in order. Each line is a block of its own; what follows the last rule is the footer."""
    lines = [line.strip() for line in markdown.splitlines()]
    rule = max((number for number, line in enumerate(lines) if line == "---"), default=len(lines))
    return [_block(line, number > rule) for number, line in enumerate(lines) if line and number != rule]


def _block(line: str, footer: bool) -> Block:
    start, kind = next(((start, kind) for start, kind in _STARTS if line.startswith(start)), ("", PARAGRAPH))
    if footer:
        start, kind = "", FOOTER
    return Block(kind, runs(line[len(start) :]))


def runs(text: str) -> Tuple[Run, ...]:
    """The text split where bold begins and ends."""
    parts = _BOLD.split(text)
    return tuple((part, number % 2 == 1) for number, part in enumerate(parts) if part)
