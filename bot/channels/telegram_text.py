"""Text as Telegram takes it: escaped HTML in pieces that are not too long."""

from __future__ import annotations

from html import escape
from typing import Callable, List, Tuple

from bot.rendering.markdown import BULLET, HEADING, TITLE, blocks

LONGEST_TEXT = 4096  # UTF-16 code units in a message, counted after its marks are taken out
LONGEST_CAPTION = 1024
LONGEST_TOAST = 200  # of the notice that answers a press

ToHtml = Callable[[str], str]


def length(text: str) -> int:
    """How long Telegram finds the text, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """Plain text as HTML."""
    return escape(text, quote=False)


def markdown(text: str) -> str:
    """The small Markdown of the summary as HTML; each line by itself, so that no mark spans two messages."""
    return "\n".join(_markdown_line(line) for line in text.split("\n"))


def pieces(text: str, to_html: ToHtml = plain, longest: int = LONGEST_TEXT) -> List[Tuple[str, str]]:
    """The text in pieces that fit, cut at line ends where that is possible, each with its HTML."""
    parts: List[str] = []
    for line in text.strip().split("\n"):
        for piece in _short_lines(line, longest):
            joined = f"{parts[-1]}\n{piece}" if parts else piece
            if parts and length(joined) <= longest:
                parts[-1] = joined
            else:
                parts.append(piece)
    return [(part.strip(), to_html(part.strip())) for part in parts if part.strip()]


def shortened(text: str, longest: int) -> str:
    """The beginning of the text that fits."""
    return _short_lines(text, longest)[0]


def _short_lines(line: str, longest: int) -> List[str]:
    """The line, cut at spaces, or anywhere if there are none."""
    lines: List[str] = []
    while length(line) > longest:
        end = _fitting(line, longest)
        space = line.rfind(" ", 0, end + 1)
        end = space if space > 0 else end
        lines.append(line[:end])
        line = line[end:].lstrip(" ")
    return [*lines, line]


def _fitting(line: str, longest: int) -> int:
    """How many characters fit."""
    used = 0
    for number, character in enumerate(line):
        used += length(character)
        if used > longest:
            return number
    return len(line)


def _markdown_line(line: str) -> str:
    parsed = blocks(line)
    if not parsed:
        return ""
    block = parsed[0]
    html = "".join(f"<b>{plain(text)}</b>" if bold else plain(text) for text, bold in block.runs)
    if block.kind in (TITLE, HEADING):
        return f"<b>{plain(block.text)}</b>"
    return f"• {html}" if block.kind == BULLET else html
