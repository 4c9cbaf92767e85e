"""Writes small accessible SVG pictures: rectangles, lines, triangles and text on a light ground."""

from __future__ import annotations

from functools import lru_cache
from typing import List, Optional, Sequence, Tuple
from xml.sax.saxutils import escape, quoteattr

from bot.rendering import fonts

WHITE, INK, QUIET, FRAME = "#ffffff", "#1a1a1a", "#4d4d4d", "#8a8a8a"
START, MIDDLE, END = "start", "middle", "end"


class Drawing:
    """Collects shapes; lengths are pixels, y grows downwards. ``png.to_png`` reads exactly what this writes."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._shapes: List[str] = []

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        stroke: Optional[str] = None,
        round_: float = 0,
    ) -> None:
        """A filled rectangle, framed in ``stroke``."""
        self._add("rect", x=x, y=y, width=width, height=height, rx=round_, fill=fill, stroke=stroke or "none")

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = FRAME, width: float = 1) -> None:
        """A straight line."""
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width)

    def polygon(self, points: Sequence[Tuple[float, float]], fill: str) -> None:
        """A filled shape with straight sides."""
        self._add("polygon", points=" ".join(f"{x:g},{y:g}" for x, y in points), fill=fill)

    def text(
        self, x: float, y: float, text: str, size: float = 15, bold: bool = False, anchor: str = START, fill: str = INK
    ) -> None:
        """One line of text; ``y`` is its baseline."""
        weight = "bold" if bold else "normal"
        attributes = dict(x=x, y=y, font_size=size, font_weight=weight, text_anchor=anchor, fill=fill)
        self._shapes.append(f"<text{_attributes(attributes)}>{escape(fonts.printable(text))}</text>")

    def paragraph(
        self, x: float, y: float, room: float, text: str, size: float = 15, bold: bool = False, fill: str = INK
    ) -> float:
        """Reviewed text in lines from the top ``y``; returns where it ends."""
        for line in _lines(text, size, room, bold):
            y += size * LINE
            self.text(x, y - size * DESCENT, line, size, bold, fill=fill)
        return y

    def svg(self, height: float, title: str, description: str) -> str:
        """The picture. Screen readers are told ``title`` and ``description``."""
        size = dict(viewBox=f"0 0 {self.width:g} {height:g}", width=self.width, height=height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{_attributes(size)} role="img" aria-labelledby="title desc"'
            f' font-family="{fonts.FAMILY}"><title id="title">{escape(title)}</title>'
            f'<desc id="desc">{escape(description)}</desc>'
            f"<rect{_attributes(dict(x=0, y=0, width=self.width, height=height, fill=WHITE))}/>"
            f"{''.join(self._shapes)}</svg>"
        )

    def _add(self, tag: str, **attributes: object) -> None:
        self._shapes.append(f"<{tag}{_attributes(attributes)}/>")


LINE, DESCENT = 1.32, 0.36  # height of a line, and from its bottom to the baseline, in sizes


def text_height(text: str, size: float, room: float, bold: bool = False) -> float:
    """How high ``Drawing.paragraph`` will be."""
    return len(_lines(text, size, room, bold)) * size * LINE


@lru_cache(maxsize=1024)
def _lines(text: str, size: float, room: float, bold: bool) -> Tuple[str, ...]:
    """The lines of a paragraph; remembered, because paragraphs come from the knowledge and never from a person."""
    return tuple(fonts.wrap(fonts.printable(text), size, room, bold))


def _attributes(attributes: "dict[str, object]") -> str:
    parts = []
    for name, value in attributes.items():
        shown = f"{value:.6g}" if isinstance(value, (int, float)) else str(value)
        parts.append(f" {name.replace('_', '-')}={quoteattr(shown)}")
    return "".join(parts)
