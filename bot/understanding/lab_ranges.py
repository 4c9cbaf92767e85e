"""Numbers that are no results: counts of other things, and the ranges that laboratories give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from bot.understanding.lab_context import Context
from bot.understanding.lab_names import Name
from bot.understanding.lab_numbers import Number
from bot.understanding.lab_units import UnitReader

WIDE = 2  # a range this wide is a laboratory's, not a guess such as "150-200"


@dataclass(frozen=True)
class Own:
    """The laboratory's own range in the text; an open upper end is ``None``."""

    start: int
    end: int
    low: float
    high: Optional[float]


class RangeReader:
    """Sorts the numbers of a message into ranges and those that may be results."""

    def __init__(self, units: UnitReader, context: Context) -> None:
        self._units = units
        self._context = context

    def countable(self, text: str, numbers: Sequence[Number]) -> List[Number]:
        """Numbers that do not count something else; a range of such ("2-3 weeks") goes as a whole."""
        kept: List[Number] = []
        for number in reversed(numbers):
            unit = self._units.at(text, number.end)
            following = numbers[numbers.index(number) + 1] if number is not numbers[-1] else None
            joined = following is not None and re.fullmatch(r"\s?(?:-|–|to|or)\s?", text[number.end : following.start])
            if joined and following not in kept:
                continue
            if self._context.is_amount(text, number, unit is not None and unit[0] != "%"):
                kept.insert(0, number)
        return kept

    def split(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> Tuple[List[Own], List[Number]]:
        """Ranges of the laboratory, and the numbers that are left."""
        ranges: List[Own] = []
        left: List[Number] = []
        index = 0
        while index < len(numbers):
            number = numbers[index]
            following = numbers[index + 1] if index + 1 < len(numbers) else None
            since = max([name.end for name in names if name.end <= number.start] + [0])
            has_result = any(since <= other.start for other in left)
            if following is not None and self._is_range(text, number, following, has_result):
                unit = self._units.at(text, following.end)
                ranges.append(Own(number.start, unit[1] if unit else following.end, number.value, following.value))
                index += 2
                continue
            if following is not None and self._is_vague(text, number, following):
                if following.value >= WIDE * number.value:
                    ranges.append(Own(number.start, following.end, number.value, following.value))
                index += 2
                continue
            kind = self._context.limit(text, number, has_result)
            if kind:
                low, high = (0.0, number.value) if kind == "<" else (number.value, None)
                ranges.append(Own(number.start, number.end, low, high))
            elif kind is None:
                left.append(number)
            index += 1
        return ranges, left

    def _is_range(self, text: str, low: Number, high: Number, has_result: bool) -> bool:
        unit = self._units.at(text, low.end)
        between = text[unit[1] if unit else low.end : high.start]
        if low.value >= high.value or low.comparator or high.comparator:
            return False
        return self._context.is_range(text, low, high, between, has_result, self._units.at(text, high.end))

    def _is_vague(self, text: str, low: Number, high: Number) -> bool:
        """ "150-200" or "around 200 to 220" is neither a result nor a range of the laboratory."""
        between = text[low.end : high.start]
        dashed = re.fullmatch(r"\s?[-–—]\s?", between) is not None
        return low.value < high.value and (dashed or self._context.is_rough(text[: low.start], between))


def without(text: str, ranges: Sequence[Own]) -> str:
    """The text with blanks in place of the numbers of ranges, so that names reach over them."""
    for own in ranges:
        text = text[: own.start] + re.sub(r"[\d.,–—-]", " ", text[own.start : own.end]) + text[own.end :]
    return text
