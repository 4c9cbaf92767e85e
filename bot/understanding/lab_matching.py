"""Which number belongs to which test.

Names claim the nearest number that can be theirs. A number with a unit of the test may stand further away than a
bare one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import List, Mapping, Optional, Sequence

from bot.knowledge import lab_bands
from bot.knowledge.schema import LabAnalyte
from bot.understanding.lab_context import Context
from bot.understanding.lab_names import OTHER, Name
from bot.understanding.lab_numbers import Number
from bot.understanding.lab_units import UnitReader

_DOTTED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}$")
_COMMA = re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d.,])")  # a decimal comma
_LINK = r"\s*(?:,\s*(?:and\s+|then\s+)?|;|→|->|\band\b|\bthen\b)\s*"
_BEHIND = re.compile(r"\W{0,4}(?:(?:level|result|was|is|of|at)\W+)*[<>]?\d", re.IGNORECASE)
_SERIES_LINK = re.compile(_LINK, re.IGNORECASE)
_SERIES = re.compile(rf"(?:{_LINK}\d[\d.]*)+", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A number that belongs to a name."""

    name: Name
    number: Number
    unit: Optional[str]
    end: int


class Matcher:
    """Gives numbers to names, and units to numbers."""

    def __init__(self, analytes: Mapping[str, LabAnalyte], units: UnitReader, context: Context) -> None:
        self._analytes = analytes
        self._units = units
        self._context = context

    def match(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        """The results of tests that are read, in the order of their numbers."""
        found = self._share_units(text, names, self._assign(text, names, numbers))
        return [item for item in found if item.name.analyte != OTHER]

    def _assign(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        listed = self._listed(text, names, numbers)
        found = list(listed)
        used = {item.number for item in listed}
        supposed = set()
        for number in numbers:
            if number in used:
                continue
            left = next((name for name in reversed(names) if name.end <= number.start), None)
            right = self._name_after(text, names, number)
            previous = next((item for item in reversed(found) if left is not None and item.name == left), None)
            if right is not None and (
                right.behind or left is None or previous or not self._belongs(text, left, number, previous)
            ):
                chosen: Optional[Name] = right
            elif left is not None and self._belongs(text, left, number, previous):
                chosen = left
            else:
                chosen = None
            if chosen is None:
                continue
            if self._context.is_supposed(text, chosen.start, chosen.end, number):
                supposed.add(number)
                continue
            item = self._with_unit(text, chosen, number)
            if item is not None:
                found.append(item)
        left_over = [number for number in numbers if number not in {item.number for item in found} | supposed]
        far = self._far(text, [name for name in names if all(item.name != name for item in found)], left_over)
        found += far or self._more(text, names, left_over)
        return sorted(found, key=lambda item: item.number.start)

    def _far(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        """The only test without a number and the only number with a unit of it: "It was 180 ng/L exactly, the B12"."""
        analytes = {name.analyte for name in names} - {OTHER}
        if len(analytes) != 1:
            return []
        name = next(name for name in names if name.analyte != OTHER)
        fitting = [
            number
            for number in numbers
            if self._has_unit(text, number, name.analyte)
            or (len(numbers) == 1 and self._context.is_reading(text, number))
        ]
        if len(fitting) != 1 or self._context.is_supposed(text, name.start, name.end, fitting[0]):
            return []
        if not self._context.is_told(text, name.start, name.end, fitting[0]):
            return []
        item = self._with_unit(text, name, fitting[0])
        return [item] if item else []

    def _more(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        """ "Hers was 90 ng/L, my own B12 is 230", "In 2019 it was 420 ng/L": the one test of the message once more."""
        if len({name.analyte for name in names}) != 1 or names[0].analyte == OTHER:
            return []
        name = names[0]
        fitting = [
            number
            for number in numbers
            if self._context.is_another(text, number)
            and self._has_unit(text, number, name.analyte)
            and not self._context.is_supposed(text, name.start, name.end, number)
        ]
        items = [self._with_unit(text, name, number) for number in fitting]
        return [item for item in items if item is not None]

    def _has_unit(self, text: str, number: Number, analyte: str) -> bool:
        """Whether a unit in which the test is reported stands behind the number."""
        unit = self._units.at(text, number.end, analyte) if analyte != OTHER else None
        known = lab_bands.unit_named(self._analytes[analyte], unit[0]) if unit else None
        return known is not None and not known.slip

    def _with_unit(self, text: str, name: Name, number: Number) -> Optional[Found]:
        if name.analyte == OTHER:
            return Found(name, number, None, number.end)
        unit = self._units.at(text, number.end, name.analyte)
        if unit is not None:
            return Found(name, self._grouped(text, name.analyte, number, unit[0]), unit[0], unit[1])
        if re.match(r"\s?%", text[number.end :]):
            return None
        return Found(name, number, None, number.end)

    def _grouped(self, text: str, analyte: str, number: Number, unit: str) -> Number:
        """1.120 pg/mL is thousands where a dot groups them: no one lives with 1.12, or decimals have a comma."""
        known, value = self._analytes[analyte], number.value * 1000
        dotted = _DOTTED.search(text, number.start, number.end)
        if not dotted or (lab_bands.is_plausible(known, number.value, unit) and not _COMMA.search(text)):
            return number
        return replace(number, value=value) if lab_bands.is_plausible(known, value, unit) else number

    def _name_after(self, text: str, names: Sequence[Name], number: Number) -> Optional[Name]:
        unit = self._units.at(text, number.end)
        end = unit[1] if unit else number.end
        right = next((name for name in names if name.start >= end), None)
        if right is None or not self._context.leads_to_name(text[end : right.start]):
            return None
        if unit is None and self._has_own(text, text[end : right.start], right):
            return None
        if unit is None and self._context.is_taken(text, number.start, right.end):
            return None
        if unit is None and (
            self._context.medicine_follows(text, right.end) or self._counts(text[end : right.start], right, number)
        ):
            return None
        return right

    @staticmethod
    def _has_own(text: str, gap: str, name: Name) -> bool:
        """ "2024 B12 301", "dad 78 B12 165": the name has its own number right behind."""
        return not gap.strip(" \t:–-") and _BEHIND.match(text, name.end) is not None

    def _counts(self, gap: str, name: Name, number: Number) -> bool:
        """ "5 B12 appointments": right before a name a number that no value can be counts something."""
        known = self._analytes.get(name.analyte)
        return known is not None and not gap.strip() and not lab_bands.may_be_meant(known, number.value)

    def _belongs(self, text: str, name: Name, number: Number, previous: Optional[Found]) -> bool:
        """Whether the number can be the name's, given what stands between them."""
        has_unit = self._has_unit(text, number, name.analyte)
        start = previous.end if previous else name.end
        gap = text[start : number.start]
        for unit_start, unit_end in reversed(self._units.spans(gap)):
            gap = gap[:unit_start] + gap[unit_end:]
        if not has_unit and (
            self._context.is_taken(text, name.start, name.end) or self._context.is_code(text, name.start, gap)
        ):
            return False
        if self._in_series(text, name.analyte, number):
            if previous is not None and _SERIES_LINK.fullmatch(gap):
                return True
            has_unit = has_unit or previous is None
        return self._context.bridges(gap, has_unit, number.spelled, again=previous is not None)

    def _in_series(self, text: str, analyte: str, number: Number) -> bool:
        """ "B12 160, 240, 390 ng/L": the numbers share the unit behind the last."""
        series = _SERIES.match(text, number.end)
        return series is not None and self._has_unit(text, replace(number, end=series.end()), analyte)

    def _listed(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        """ "B12 and folate were 180 and 2.1": as many numbers as names, in the same order."""
        found: List[Found] = []
        join = re.compile(r"\s*(?:,|;|\||\t|&|/|\band\b|,\s*and\b)\s*(?:my\s+|serum\s+)?", re.IGNORECASE)
        index = 0
        while index < len(names):
            group = [names[index]]
            for name in names[index + 1 :]:
                if not join.fullmatch(text, group[-1].end, name.start):
                    break
                group.append(name)
            index += len(group)
            stop = names[index].start if index < len(names) else len(text)
            values = [number for number in numbers if group[-1].end <= number.start < stop]
            ends = [self._with_unit(text, name, number) for name, number in zip(group, values)]
            if len(group) < 2 or len(values) != len(group) or any(end is None for end in ends):
                continue
            gaps = [text[first.end : second.number.start] for first, second in zip(ends, ends[1:])]  # type: ignore[union-attr]
            if all(join.fullmatch(gap) for gap in gaps):
                found += [item for item in ends if item is not None]
        return found

    def _share_units(self, text: str, names: Sequence[Name], found: Sequence[Found]) -> List[Found]:
        """Units that stand apart from their number: before it or all names, behind its range, in the next sentence."""
        attached = [(item.number.start, item.end) for item in found]
        result: List[Found] = []
        for position, item in enumerate(found):
            if item.unit is not None or item.name.analyte == OTHER:
                result.append(item)
                continue
            same = [
                other.unit
                for other in [*found[position + 1 :], *found[:position]]
                if other.name.analyte == item.name.analyte and other.unit
            ]
            units = self._units.named_in(text, item.name.analyte)
            free = [u for u in units if not any(start <= u[1] < end for start, end in attached)]
            later = [name.start for name in names if name.start > max(item.end, item.name.end)]
            near = [u for u in free if item.name.start <= u[1] < (min(later) if later else len(text))]
            near += [u for u in free if u[2] <= item.number.start and not text[u[2] : item.number.start].strip()]
            ahead = [u for u in free if u[2] <= names[0].start]
            near += ahead if len({unit for unit, _, _ in ahead}) == 1 else []
            result.append(replace(item, unit=(near[0][0] if near else None) or next(iter(same), None)))
        return result
