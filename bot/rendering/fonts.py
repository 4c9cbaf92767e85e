"""The font of documents and pictures, and how wide text is in it.

DejaVu Sans is free, covers µ, é, – and most scripts people type, and comes with Matplotlib, which Rasa needs.
Verdana has the same widths, so an SVG drawn for one fits where only the other is installed.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import FrozenSet, List

from fontTools.ttLib import TTFont
from PIL import ImageFont

FAMILY = "DejaVu Sans, Verdana, Geneva, sans-serif"
_FILES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
_MEASURED_AT = 100  # pixels; widths grow in proportion


@cache
def path(bold: bool = False) -> Path:
    """The font file. Raises ``FileNotFoundError`` if Matplotlib is not installed."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the font comes with Matplotlib, which is not installed")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / _FILES[bold]


@lru_cache(maxsize=64)
def font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font for drawing; ``size`` in pixels."""
    return ImageFont.truetype(str(path(bold)), size)


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of the text in the unit of ``size``."""
    return float(font(_MEASURED_AT, bold).getlength(text)) * size / _MEASURED_AT


def wrap(text: str, size: float, room: float, bold: bool = False) -> List[str]:
    """The text in lines no wider than ``room``; a single word that is wider keeps its line."""
    lines: List[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


@cache
def _covered() -> FrozenSet[int]:
    """Code points that both the plain and the bold font have."""
    with TTFont(path(False), lazy=True) as plain, TTFont(path(True), lazy=True) as bold:
        return frozenset(plain.getBestCmap()) & frozenset(bold.getBestCmap())


@lru_cache(maxsize=1024)
def printable(text: str) -> str:
    """The text with symbols the font lacks, such as many emoji, spelt out in brackets; control marks are dropped."""
    covered = _covered()
    parts = []
    for character in text:
        if ord(character) in covered or character in "\n\t":
            parts.append(character)
        elif unicodedata.category(character)[0] not in "CM":
            parts.append(f"[{unicodedata.name(character, 'symbol').lower()}]")
    return "".join(parts)
