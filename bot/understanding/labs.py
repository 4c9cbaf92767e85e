"""Laboratory results in a message: which test, number, unit, comparator and range of the laboratory.

The turns: names of tests (``lab_names``), numbers (``lab_numbers``, ``lab_dates``), ranges and counts of other things
set apart (``lab_ranges``), numbers given to names (``lab_matching``), repetitions left out (``lab_repeats``), and last
the band. Doses, ages, dates, scores, supposed values and thresholds only asked about are left out (``lab_context``).
Words are data (``lab_words.yml``), as are names and units (``labs.yml``).
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from bot.knowledge import lab_bands
from bot.knowledge.loader import FOLDER, KnowledgeError, load, read_yaml
from bot.knowledge.schema import LabAnalyte
from bot.understanding.lab_antibody import AntibodyReader
from bot.understanding.lab_context import Context
from bot.understanding.lab_dates import DateReader
from bot.understanding.lab_matching import Found, Matcher
from bot.understanding.lab_names import OTHER, NameReader
from bot.understanding.lab_numbers import NumberReader
from bot.understanding.lab_ranges import Own, RangeReader, without
from bot.understanding.lab_repeats import Repeats
from bot.understanding.lab_units import UnitReader
from bot.understanding.mentions import Mention


class LabReader:
    """Reads laboratory results. Without arguments it uses the project's knowledge."""

    def __init__(
        self, analytes: Optional[Mapping[str, LabAnalyte]] = None, words: Optional[Mapping[str, object]] = None
    ) -> None:
        self._analytes = dict(analytes if analytes is not None else load().labs)
        words = dict(words) if words is not None else _words()
        self._units = UnitReader(self._analytes)
        self._context = Context(words)
        self._names = NameReader(self._analytes, words, self._units)
        self._numbers = NumberReader(words)
        self._dates = DateReader(words)
        self._ranges = RangeReader(self._units, self._context)
        self._matcher = Matcher(self._analytes, self._units, self._context)
        self._repeats = Repeats(self._analytes, words)
        self._antibody = AntibodyReader(words, self._context)

    def read(self, text: str) -> List[Mention]:
        """The results in the order in which they stand."""
        names = self._names.read(text)
        if all(name.analyte == OTHER for name in names):
            return []
        taken = [(name.start, name.end) for name in names]
        written = self._numbers.read(text, taken, self._dates.spans(text), self._units.spans(text))
        numbers = self._ranges.countable(text, written)
        ranges, numbers = self._ranges.split(text, names, numbers)
        found = self._repeats.without(text, self._matcher.match(without(text, ranges), names, numbers))
        dates = self._dates_of(text, found)
        mentions = [self._mention(text, item, _range_of(item, found, ranges), dates.get(item)) for item in found]
        return sorted(self._antibody.settle(text, names, mentions), key=lambda mention: mention.start)

    def read_unit_answer(self, text: str, analyte: Optional[str] = None) -> Optional[str]:
        """The unit named in a reply to the question for the unit, or ``None``."""
        return self._units.answer(text, analyte)

    def usual_units(self, analyte: str) -> Tuple[str, ...]:
        """The units to offer for the analyte."""
        return self._units.usual(analyte)

    def _dates_of(self, text: str, found: Sequence[Found]) -> Dict[Found, str]:
        """When the sample of each result was taken, where that was said."""
        spans = [(item.number.start, item.end) for item in found]
        dates = [self._dates.of(text, span, [other for other in spans if other != span]) for span in spans]
        return {item: date for item, date in zip(found, dates) if date}

    def _mention(self, text: str, item: Found, own: Optional[Own], when: Optional[str]) -> Mention:
        analyte = self._analytes[item.name.analyte]
        value = item.number.value
        own_range = [own.low, own.high] if own else None
        unit = item.unit or lab_bands.supplied_unit(analyte, value)
        band = lab_bands.band(analyte, value, unit, item.number.comparator, own_range)
        if unit is None and not lab_bands.may_be_meant(analyte, value):
            band = lab_bands.IMPLAUSIBLE
        extra: Dict[str, object] = {"number": int(value) if value == int(value) else value, "unit": unit, "band": band}
        if item.number.comparator:
            extra["comparator"] = item.number.comparator
        if own_range:
            extra["lab_range"] = own_range
        if when:
            extra["when"] = when
        if unit is not None:
            extra["canonical"] = {"number": lab_bands.convert(analyte, value, unit), "unit": analyte.canonical_unit}
        start, end = min(item.name.start, item.number.start), max(item.name.end, item.end)
        return Mention(
            entity="lab_result",
            value=analyte.id,
            start=start,
            end=end,
            status=self._context.status(text, item.name.start, start, end),
            extra=extra,
        )


def _range_of(item: Found, found: Sequence[Found], ranges: Sequence[Own]) -> Optional[Own]:
    """The range that stands nearest behind the number, or before it where it is the only result."""
    following = min((o.number.start for o in found if o.number.start > item.number.start), default=None)
    behind = [own for own in ranges if own.start >= item.number.end and (following is None or own.start < following)]
    if behind:
        return behind[0]
    return ranges[0] if len(found) == 1 and ranges else None


def _words() -> Dict[str, object]:
    words = read_yaml(FOLDER / "lab_words.yml")
    if not isinstance(words, dict):
        raise KnowledgeError("lab_words.yml: a mapping is expected")
    return words
