"""The doctor's page as PDF: one A4 page of real, tagged text in reading order.

The type shrinks until everything fits on one page, and short bullets move side by side; but it never goes below
8.5 pt: then a second page follows.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Set, Tuple

from fpdf.prefs import ViewerPreferences
from fpdf.structure_tree import StructElem

from bot.rendering import fonts
from bot.rendering.markdown import BULLET, FOOTER, HEADING, PARAGRAPH, TITLE, Block, Run, blocks
from bot.rendering.tagging import TaggedPDF

SIZES = (10.5, 10.0, 9.5, 9.0, 8.5)  # pt
# Tried in this order: the size, and whether short bullets stand side by side.
LAYOUTS = ((10.5, False), (10.0, False), (9.5, False), (9.0, False), (9.5, True), (9.0, True), (8.5, True))
FONT = "DejaVu"
NARROW = 92  # per cent of the font's width: DejaVu Sans is a wide face, made for screens
MARGIN, TOP, BOTTOM = 17.0, 13.0, 11.0  # mm
INDENT = 3.6  # mm, of a bullet's text
LINE = 1.27  # line height in sizes
SMALL = 8.0  # pt, of the footer
MM_IN_PT = 25.4 / 72
SCALE = {TITLE: 1.65, HEADING: 1.06, BULLET: 1.0, PARAGRAPH: 1.0}
ABOVE = {TITLE: 0.0, HEADING: 0.62, BULLET: 0.1, PARAGRAPH: 0.12}  # space before, in sizes
TAGS = {TITLE: "H1", HEADING: "H2", PARAGRAPH: "P"}
INK, ACCENT, QUIET = (26, 26, 26), (20, 66, 99), (84, 84, 84)

Line = List[Run]


def summary_pdf(markdown: str, title: str, language: str) -> bytes:
    """The summary as PDF. ``language`` is a BCP 47 tag such as ``en-GB``; what follows a rule is the footer."""
    parsed = blocks(fonts.printable(markdown))
    body = [block for block in parsed if block.kind != FOOTER]
    footer = [block for block in parsed if block.kind == FOOTER]
    page = _Page(title, language, footer)
    size, packed = next((layout for layout in LAYOUTS if page.height(body, *layout) <= page.room), LAYOUTS[-1])
    page.write(body, size, packed)
    return bytes(page.pdf.output())


class _Page:
    """Sets blocks line by line, so that a line is never cut and a tag never spans two pages."""

    def __init__(self, title: str, language: str, footer: Sequence[Block]) -> None:
        self.pdf = TaggedPDF(format="A4", unit="mm")
        for bold in (False, True):
            self.pdf.add_font(FONT, "B" if bold else "", fonts.path(bold))
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.pdf.set_margins(MARGIN, TOP, MARGIN)
        self.pdf.set_auto_page_break(False)
        self.pdf.c_margin = 0
        self.pdf.set_stretching(NARROW)
        self._widths: Dict[Tuple[str, bool], float] = {}
        self._footer = [line for block in footer for line in self._lines(block, SMALL)]
        self._first_footer = True
        self._list: Optional[StructElem] = None
        self._edge = MARGIN
        self.room = self.pdf.h - TOP - BOTTOM - self._footer_height - 3

    @property
    def _footer_height(self) -> float:
        return len(self._footer) * SMALL * MM_IN_PT * LINE

    def height(self, body: Sequence[Block], size: float, packed: bool) -> float:
        """How high the blocks are in this size (pt), in mm."""
        beside = self._beside(body, size) if packed else set()
        return sum(
            self._above(block, size) + len(self._lines(block, size)) * self._line_height(block, size)
            for number, block in enumerate(body)
            if number not in beside
        )

    def _beside(self, body: Sequence[Block], size: float) -> Set[int]:
        """Places of the bullets that are short enough to stand to the right of the one before."""
        room = (self.pdf.w - 2 * MARGIN) / 2 - 2 * INDENT
        short = [
            block.kind == BULLET and sum(self._width(text, size, bold) for text, bold in block.runs) <= room
            for block in body
        ]
        beside: Set[int] = set()
        for number in range(1, len(body)):
            if short[number] and short[number - 1] and number - 1 not in beside:
                beside.add(number)
        return beside

    def write(self, body: Sequence[Block], size: float, packed: bool) -> None:
        """Writes the blocks on as many pages as they need."""
        beside = self._beside(body, size) if packed else set()
        self._new_page()
        for number, block in enumerate(body):
            lines = self._lines(block, size)
            if number in beside:
                self.pdf.y -= self._line_height(block, size)
                self._edge = self.pdf.w / 2
                self._write_block(block, lines, size)
                self._edge = MARGIN
                continue
            self.pdf.y += self._above(block, size)
            keep = len(lines) if len(lines) <= 3 else 2
            needed = keep * self._line_height(block, size)
            if block.kind == HEADING and number + 1 < len(body):
                needed += self._above(body[number + 1], size) + 2 * self._line_height(body[number + 1], size)
            if self._left < needed:
                self._new_page()
            if block.kind in (TITLE, HEADING):
                self.pdf.start_section(block.text, level=0 if block.kind == TITLE else 1)
            self._write_block(block, lines, size)
        self._write_footer()

    @property
    def _left(self) -> float:
        return TOP + self.room - float(self.pdf.y)

    def _new_page(self) -> None:
        if self.pdf.page:
            self._write_footer()
        self.pdf.add_page()
        self.pdf.set_y(TOP)
        self._list = None

    def _write_block(self, block: Block, lines: List[Line], size: float) -> None:
        height = self._line_height(block, size)
        first = True
        while lines:
            fit = max(1, int(self._left / height + 1e-6))
            part, lines = lines[:fit], lines[fit:]
            with self.pdf.tagged(*self._tag(block)):
                for line in part:
                    self._write_line(block, line, size, bullet=first and block.kind == BULLET)
                    first = False
            if lines:
                self._new_page()
        if block.kind == HEADING:
            with self.pdf.decoration():
                self.pdf.set_draw_color(*ACCENT)
                self.pdf.set_line_width(0.2)
                self.pdf.line(MARGIN, self.pdf.y, self.pdf.w - MARGIN, self.pdf.y)

    def _tag(self, block: Block) -> Tuple[str, Optional[StructElem]]:
        if block.kind != BULLET:
            self._list = None
            return TAGS[block.kind], None
        if self._list is None:
            self._list = self.pdf.element("L")
        return "LBody", self.pdf.element("LI", self._list)

    def _write_line(self, block: Block, line: Line, size: float, bullet: bool) -> None:
        heading = block.kind in (TITLE, HEADING)
        self.pdf.set_text_color(*(ACCENT if heading else INK))
        if bullet:
            self._set(size, False)
            self.pdf.set_x(self._edge)
            self.pdf.cell(INDENT, self._line_height(block, size), "• ")
        self.pdf.set_x(self._edge + (INDENT if block.kind == BULLET else 0))
        self._write_runs(line, size * SCALE[block.kind], self._line_height(block, size))

    def _write_runs(self, line: Line, size: float, height: float) -> None:
        for text, bold in line:
            wide = self._width(text, size, bold)
            self._set(size, bold)
            self.pdf.cell(wide, height, text)
        self.pdf.y += height

    def _write_footer(self) -> None:
        """The footer stands on every page; it is read out once."""
        self.pdf.set_y(self.pdf.h - BOTTOM - self._footer_height)
        self.pdf.set_text_color(*QUIET)
        with self.pdf.tagged("P") if self._first_footer else self.pdf.decoration():
            for line in self._footer:
                self.pdf.set_x(MARGIN)
                self._write_runs(line, SMALL, SMALL * MM_IN_PT * LINE)
        self._first_footer = False

    def _set(self, size: float, bold: bool) -> None:
        self.pdf.set_font(FONT, "B" if bold else "", size)

    @staticmethod
    def _line_height(block: Block, size: float) -> float:
        return size * SCALE[block.kind] * MM_IN_PT * LINE

    @staticmethod
    def _above(block: Block, size: float) -> float:
        return size * ABOVE[block.kind] * MM_IN_PT * LINE

    def _width(self, text: str, size: float, bold: bool) -> float:
        """In mm; widths grow in proportion to the size, so each text is measured once."""
        if (text, bold) not in self._widths:
            self._set(SIZES[0], bold)
            self._widths[text, bold] = float(self.pdf.get_string_width(text)) / SIZES[0]
        return self._widths[text, bold] * size

    def _lines(self, block: Block, size: float) -> List[Line]:
        """The block in lines; a word too long for a line is broken."""
        size *= SCALE.get(block.kind, 1.0)
        heading = block.kind in (TITLE, HEADING)
        room = self.pdf.w - 2 * MARGIN - (INDENT if block.kind == BULLET else 0)
        lines: List[Line] = [[]]
        used = 0.0
        for word, bold in _words(block.runs, heading):
            for piece in self._pieces(word, size, bold, room):
                wide = self._width(piece.rstrip(), size, bold)
                if lines[-1] and used + wide > room:
                    lines.append([])
                    used = 0.0
                used += self._width(piece, size, bold)
                if lines[-1] and lines[-1][-1][1] == bold:
                    piece = lines[-1].pop()[0] + piece
                lines[-1].append((piece, bold))
        return lines

    def _pieces(self, word: str, size: float, bold: bool, room: float) -> List[str]:
        if self._width(word, size, bold) <= room:
            return [word]
        pieces = [""]
        for character in word:
            if self._width(pieces[-1] + character, size, bold) > room:
                pieces.append("")
            pieces[-1] += character
        return pieces


def _words(runs: Sequence[Run], all_bold: bool) -> List[Run]:
    """Words with the space after them, so that the text can be copied and searched as it was written."""
    words: List[Run] = []
    for text, bold in runs:
        start = 0
        for end, character in enumerate(text, start=1):
            if character == " " or end == len(text):
                words.append((text[start:end], bold or all_bold))
                start = end
    return words
