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
        for number in numbers:
            if number in used:
                continue
            left = next((name for name in reversed(names) if name.end <= number.start), None)
            right = self._name_after(text, names, number)
            previous = next((item for item in reversed(found) if left is not None and item.name == left), None)
            if right is not None and (left is None or previous or not self._belongs(text, left, number, previous)):
                chosen: Optional[Name] = right
            elif left is not None and self._belongs(text, left, number, previous):
                chosen = left
            else:
                chosen = None
            if chosen is None or self._context.is_supposed(text, chosen.start, chosen.end, number):
                continue
            item = self._with_unit(text, chosen, number)
            if item is not None:
                found.append(item)
        return sorted(found, key=lambda item: item.number.start)

    def _with_unit(self, text: str, name: Name, number: Number) -> Optional[Found]:
        if name.analyte == OTHER:
            return Found(name, number, None, number.end)
        unit = self._units.at(text, number.end, name.analyte)
        if unit is not None:
            return Found(name, number, unit[0], unit[1])
        if re.match(r"\s?%", text[number.end :]):
            return None
        return Found(name, number, None, number.end)

    def _name_after(self, text: str, names: Sequence[Name], number: Number) -> Optional[Name]:
        unit = self._units.at(text, number.end)
        end = unit[1] if unit else number.end
        right = next((name for name in names if name.start >= end), None)
        if right is None or not self._context.leads_to_name(text[end : right.start]):
            return None
        after = self._context.medicine_follows(text, right.end)
        return None if after and unit is None else right

    def _belongs(self, text: str, name: Name, number: Number, previous: Optional[Found]) -> bool:
        """Whether the number can be the name's, given what stands between them."""
        analyte = None if name.analyte == OTHER else name.analyte
        unit = self._units.at(text, number.end, analyte) if analyte else None
        known = lab_bands.unit_named(self._analytes[analyte], unit[0]) if analyte and unit else None
        has_unit = known is not None and not known.slip
        start = previous.end if previous else name.end
        gap = text[start : number.start]
        for unit_start, unit_end in reversed(self._units.spans(gap)):
            gap = gap[:unit_start] + gap[unit_end:]
        if not has_unit and self._context.is_taken(text, name.start, name.end):
            return False
        return self._context.bridges(gap, has_unit, number.spelled, again=previous is not None)

    def _listed(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        """ "B12 and folate were 180 and 2.1": as many numbers as names, in the same order."""
        found: List[Found] = []
        join = re.compile(r"\s*(?:,|&|/|\band\b|,\s*and\b)\s*(?:my\s+|serum\s+)?", re.IGNORECASE)
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
        """Units that stand apart from their number: before it, behind its range, or in the next sentence."""
        attached = [(item.number.start, item.end) for item in found]
        result: List[Found] = []
        for position, item in enumerate(found):
            if item.unit is not None or item.name.analyte == OTHER:
                result.append(item)
                continue
            same = [
                other.unit
                for other in [*found[position + 1 :], *found[:position]]
                if other.name == item.name and other.unit
            ]
            units = self._units.named_in(text, item.name.analyte)
            free = [u for u in units if not any(start <= u[1] < end for start, end in attached)]
            later = [name.start for name in names if name.start > max(item.end, item.name.end)]
            near = [u for u in free if item.name.start <= u[1] < (min(later) if later else len(text))]
            result.append(replace(item, unit=(near[0][0] if near else None) or next(iter(same), None)))
        return result
