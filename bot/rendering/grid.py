"""Comparison tables and the recovery timeline: the reviewed tables, drawn."""

from __future__ import annotations

from typing import List, Sequence

from bot.knowledge.loader import Knowledge
from bot.rendering.picture import EDGE, WIDTH, Picture, word
from bot.rendering.svg import INK, LINE, WHITE, Drawing, text_height

HEAD, SHADE, RULE, DOT = "#123f5e", "#eef4f8", "#b8c4cc", "#123f5e"
SIZE, PAD = 17.0, 9.0  # a telephone shows the picture at little more than half its width
LABEL_SHARE = 0.22  # of the width, for the first column
TIMELINE = "recovery_timeline"
RAIL = 26.0  # width of the rail with the dots


def comparison_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Picture:
    """A table as picture. The first cell of each row is its label. ``title`` may be empty."""
    drawing = Drawing(WIDTH)
    shown = title or ", ".join(columns[1:])
    y = _heading(drawing, shown)
    height = _grid(drawing, y, EDGE, columns, rows, head_fill=HEAD, head_text=WHITE)
    alt = _alt(shown, columns, rows)
    return Picture(shown, drawing.svg(height + EDGE, shown, alt), alt)


def recovery_timeline(knowledge: Knowledge) -> Picture:
    """What gets better when, from top to bottom along a rail; the words are those of the table."""
    table = knowledge.tables[TIMELINE]
    drawing = Drawing(WIDTH)
    y = _heading(drawing, table.title)
    left = EDGE + RAIL
    tops: List[float] = []
    height = _grid(drawing, y, left, table.columns, table.rows, head_fill=SHADE, head_text=INK, tops=tops)
    x = EDGE + RAIL / 2 - 3
    middles = [top + PAD + SIZE * LINE / 2 for top in tops]
    drawing.line(x, middles[0], x, height - 14, DOT, 3)
    drawing.polygon([(x - 8, height - 14), (x + 8, height - 14), (x, height)], DOT)
    for middle in middles:
        drawing.rect(x - 7, middle - 7, 14, 14, WHITE, DOT, 7)
        drawing.rect(x - 4, middle - 4, 8, 8, DOT, round_=4)
    alt = _alt(table.title, table.columns, table.rows)
    return Picture(table.title, drawing.svg(height + EDGE, table.title, alt), alt)


def _heading(drawing: Drawing, title: str) -> float:
    return drawing.paragraph(EDGE, 12, WIDTH - 2 * EDGE, title, 19, bold=True) + 12


def _grid(
    drawing: Drawing,
    y: float,
    left: float,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    head_fill: str,
    head_text: str,
    tops: "List[float] | None" = None,
) -> float:
    """Draws head and rows from ``y`` on and returns where they end; ``tops`` collects the top of each row."""
    room = WIDTH - EDGE - left
    widths = [room * LABEL_SHARE] + [room * (1 - LABEL_SHARE) / (len(columns) - 1)] * (len(columns) - 1)
    start = y
    for number, row in enumerate([list(columns), *map(list, rows)]):
        head = number == 0
        bold = [head or place == 0 for place in range(len(row))]
        inner = [width - 2 * PAD for width in widths]
        height = 2 * PAD + max(text_height(cell, SIZE, room, thick) for cell, room, thick in zip(row, inner, bold))
        if head or number % 2 == 0:
            drawing.rect(left, y, room, height, head_fill if head else SHADE)
        if tops is not None and not head:
            tops.append(y)
        x = left
        for cell, width, space, thick in zip(row, widths, inner, bold):
            if cell:
                drawing.paragraph(x + PAD, y + PAD, space, cell, SIZE, thick, head_text if head else INK)
            x += width
        y += height
        drawing.line(left, y, left + room, y, RULE)
    x = left
    for width in widths[:-1]:
        x += width
        drawing.line(x, start, x, y, RULE)
    return y


def _alt(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [
        word("cell_alt", label=row[0], column=column, cell=cell)
        for row in rows
        for column, cell in zip(columns[1:], row[1:])
    ]
    return " ".join([f"{title}.", *cells])
