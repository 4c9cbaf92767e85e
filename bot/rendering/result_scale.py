"""A laboratory value on its scale, with the published bands and the laboratory's own range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from bot.knowledge.lab_bands import IMPLAUSIBLE, NEEDS_UNIT, convert, unit_named
from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import LabAnalyte, LabBand, LabUnit
from bot.reasoning.case import LabResult
from bot.rendering import fonts
from bot.rendering.picture import CHART_WIDTH, EDGE, Picture, band_word, drawable, scale_of, word
from bot.rendering.svg import END, FRAME, INK, MIDDLE, QUIET, START, Drawing

# Light grounds for dark text. Bands are told apart by their words and borders; colour only helps.
FILLS = {"deficient": "#f6d3b3", "low": "#f6d3b3", "raised": "#f6d3b3", "high": "#f6d3b3", "indeterminate": "#e6e6e6"}
OTHER_FILL = "#cfe3f1"
MARK = "#123f5e"
SIZE = 17.0
LINE_HEIGHT, LAST_LINE = 22.0, 82.0  # of what stands above the bar; room is left for two lines
BAR_TOP, BAR_HEIGHT = 126.0, 60.0
BELOW = BAR_TOP + BAR_HEIGHT + 27  # baseline of the numbers
ROOM = CHART_WIDTH - 2 * EDGE
LEAST_GAP = 6.0  # between two numbers below the bar


@dataclass(frozen=True)
class Scale:
    """The scale in the unit shown; ``bands`` follow each other without a gap."""

    unit: str
    low: float
    high: float
    bands: Tuple[LabBand, ...]

    def x(self, value: float) -> float:
        """Where a value stands; those beyond the scale stand at its edge."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return EDGE + share * ROOM


def result_scale(lab: LabResult, knowledge: Knowledge) -> Optional[Picture]:
    """The picture; ``None`` for a result that has no number, no unit, no scale, or cannot be right."""
    if lab.number is None or lab.band in (NEEDS_UNIT, IMPLAUSIBLE) or not drawable(lab.analyte):
        return None
    analyte = knowledge.labs[lab.analyte]
    unit = unit_named(analyte, lab.unit)
    if unit is None:
        return None
    scale = scale_for(analyte, unit)
    number, *ends = (
        value if value is None or scale.unit == unit.unit else convert(analyte, value, unit.unit)
        for value in (lab.number, *(lab.lab_range or ()))
    )
    assert number is not None
    own = ends or None
    value = f"{lab.comparator or ''}{number:.4g} {scale.unit}"
    title = word("scale_title", test=analyte.title)
    drawing = Drawing(CHART_WIDTH)
    drawing.text(EDGE, 32, analyte.title, 20, bold=True)
    _draw_value(
        drawing, scale, number, lab.comparator, word("here", value=f"{value} ({lab.when})" if lab.when else value)
    )
    _draw_bands(drawing, scale)
    bottom = _draw_own(drawing, scale, own) if own else BELOW + 10
    bottom = drawing.paragraph(EDGE, bottom + 4, ROOM, word("scale_note"), SIZE, fill=QUIET)
    alt = _alt(analyte, lab, scale, value, own)
    return Picture(title, drawing.svg(bottom + 14, title, alt), alt)


def scale_for(analyte: LabAnalyte, unit: LabUnit) -> Scale:
    """The bands published in the unit given or one of its size, else those of the canonical unit."""
    same_size = [known for known in analyte.units if (known.factor, known.offset) == (unit.factor, unit.offset)]
    shown, bands = unit, ()  # type: LabUnit, Tuple[LabBand, ...]
    for known in (unit, *same_size, unit_named(analyte, analyte.canonical_unit)):
        assert known is not None
        bands = tuple(
            band for band in analyte.bands if band.unit == known.unit and (band.low, band.high) != (None, None)
        )
        if bands:
            shown = unit if known in same_size else known
            break
    low, high = (float(f"{(end - shown.offset) / shown.factor:.2g}") for end in scale_of(analyte.id))
    return Scale(shown.unit, low, high, bands)


def _draw_value(drawing: Drawing, scale: Scale, number: float, comparator: Optional[str], text: str) -> None:
    x = scale.x(number)
    beyond = not scale.low <= number <= scale.high
    if beyond:
        text = f"{text} ({word('beyond')})"
    lines = fonts.wrap(text, SIZE, ROOM, bold=True)
    for place, line in enumerate(reversed(lines)):
        y = LAST_LINE - place * LINE_HEIGHT
        drawing.text(_kept_in(x, fonts.width(line, SIZE, bold=True)), y, line, SIZE, bold=True, anchor=MIDDLE)
    drawing.line(x, LAST_LINE + 8, x, BAR_TOP + BAR_HEIGHT + 6, MARK, 3)
    drawing.polygon([(x - 8, BAR_TOP - 14), (x + 8, BAR_TOP - 14), (x, BAR_TOP - 1)], MARK)
    towards = {"<": -1, ">": 1}.get(comparator or "", (number > scale.high) - (number < scale.low))
    if towards:
        tip = x + towards * 22 if not beyond else x
        base = tip - towards * 12
        y = LAST_LINE + 18
        drawing.line(x if not beyond else x - towards * 30, y, base, y, MARK, 3)
        drawing.polygon([(base, y - 6), (base, y + 6), (tip, y)], MARK)


def _kept_in(x: float, width: float) -> float:
    """The middle of a text of this width, as near to ``x`` as the edges allow."""
    return min(max(x, EDGE + width / 2), CHART_WIDTH - EDGE - width / 2)


def _draw_bands(drawing: Drawing, scale: Scale) -> None:
    first, taken = float(CHART_WIDTH), 0.0
    for band in scale.bands:
        left = scale.x(scale.low if band.low is None else band.low)
        right = scale.x(scale.high if band.high is None else band.high)
        drawing.rect(left, BAR_TOP, right - left, BAR_HEIGHT, FILLS.get(band.band, OTHER_FILL), FRAME)
        lines = fonts.wrap(band_word(band.band), SIZE, right - left - 6)
        for number, line in enumerate(lines):
            y = BAR_TOP + BAR_HEIGHT / 2 + 6 + (number - (len(lines) - 1) / 2) * 20
            drawing.text((left + right) / 2, y, line, SIZE, anchor=MIDDLE)
    for end in limits(scale.bands):
        x, label = scale.x(end), f"{end:g}"
        half = fonts.width(label, SIZE) / 2
        x_label = max(x, taken + half + LEAST_GAP)
        drawing.line(x, BAR_TOP + BAR_HEIGHT, x, BAR_TOP + BAR_HEIGHT + 8, INK, 1)
        drawing.text(x_label, BELOW, label, SIZE, anchor=MIDDLE)
        first, taken = min(first, x_label - half), x_label + half
    if first > EDGE + fonts.width(f"{scale.low:g}", SIZE) + LEAST_GAP:
        drawing.text(EDGE, BELOW, f"{scale.low:g}", SIZE, anchor=START, fill=QUIET)
    drawing.text(CHART_WIDTH - EDGE, BELOW, f"{scale.high:g} {scale.unit}", SIZE, anchor=END, fill=QUIET)


def limits(bands: Sequence[LabBand]) -> List[float]:
    """The numbers at which one band ends and the next begins."""
    return sorted({band.low for band in bands if band.low is not None})


def _draw_own(drawing: Drawing, scale: Scale, own: Sequence[Optional[float]]) -> float:
    y = BELOW + 22
    left = scale.x(scale.low if own[0] is None else own[0])
    right = scale.x(scale.high if own[1] is None else own[1])
    drawing.line(left, y, right, y, INK, 3)
    for x, end, beyond, towards in (
        (left, own[0], own[0] is not None and own[0] < scale.low, -1),
        (right, own[1], own[1] is not None and own[1] > scale.high, 1),
    ):
        if end is None or beyond:
            drawing.polygon([(x - towards * 12, y - 7), (x - towards * 12, y + 7), (x, y)], INK)
        else:
            drawing.line(x, y - 6, x, y + 6, INK, 3)
    text = word("own_range", range=span(own[0], own[1], scale.unit))
    middle = _kept_in((left + right) / 2, fonts.width(text, SIZE))
    drawing.text(middle, y + 26, text, SIZE, anchor=MIDDLE)
    return y + 34


def span(low: Optional[float], high: Optional[float], unit: str, inclusive: bool = True) -> str:
    """ "180 to 350 ng/L", "below 180 ng/L" or "from 350 ng/L"."""
    if low is None:
        return f"{word('up_to' if inclusive else 'below', high=f'{high:.4g}')} {unit}"
    if high is None:
        return f"{word('from', low=f'{low:.4g}')} {unit}"
    return f"{word('from_to', low=f'{low:.4g}', high=f'{high:.4g}')} {unit}"


def _alt(
    analyte: LabAnalyte, lab: LabResult, scale: Scale, value: str, own: Optional[Sequence[Optional[float]]]
) -> str:
    bands = [f"{band_word(band.band)}, {_span_of(band, scale)}" for band in scale.bands]
    parts = [f"{analyte.title}.", f"{word('here', value=value)}."]
    lies = word("own_range_lies" if own else "lies", band=band_word(lab.band))
    parts += [lies, f"{word('published')}: {'; '.join(bands)}."]
    if own:
        parts.append(f"{word('own_range', range=span(own[0], own[1], scale.unit))}.")
    return " ".join([*parts, word("scale_note")])


def _span_of(band: LabBand, scale: Scale) -> str:
    """A band in words; a band after one that includes its upper end begins above it."""
    after_inclusive = any(other.high == band.low and other.high_inclusive for other in scale.bands)
    if band.high is None and after_inclusive:
        return f"{word('above', low=f'{band.low:.4g}')} {scale.unit}"
    return span(band.low, band.high, scale.unit, band.high_inclusive)
