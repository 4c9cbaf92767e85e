"""Results said twice: put right, repeated, or given in a second unit."""

from __future__ import annotations

import re
from typing import List, Mapping, Sequence

from bot.knowledge import lab_bands
from bot.knowledge.schema import LabAnalyte
from bot.understanding.lab_matching import Found
from bot.understanding.lab_numbers import alternatives

SAME_VALUE = 0.03  # relative difference up to which "180 ng/L (133 pmol/L)" is one result


class Repeats:
    """Leaves one result of those that mean the same; ``words`` are the lists of ``lab_words.yml``."""

    def __init__(self, analytes: Mapping[str, LabAnalyte], words: Mapping[str, object]) -> None:
        self._analytes = analytes
        put_right, not_this = (alternatives(words[key]) for key in ("put_right", "not_this"))  # type: ignore[arg-type]
        self._denied = re.compile(rf"{not_this}\s+(?:just\s+|only\s+|the\s+)?$", re.IGNORECASE)
        self._corrects = re.compile(rf"[\s,.;:(–-]*(?:{put_right}[\s,.;:–-]*)+", re.IGNORECASE)

    def without(self, text: str, found: Sequence[Found]) -> List[Found]:
        """The results without those that others take back or say again."""
        return self._distinct(self._put_right(text, found))

    def _put_right(self, text: str, found: Sequence[Found]) -> List[Found]:
        """Without numbers denied ("180 not 280"), or taken back by the next of the test: "210, no sorry 120"."""
        found = [item for item in found if not self._denied.search(text, 0, item.number.start)]
        return [
            item
            for item, following in zip(found, [*found[1:], None])
            if following is None
            or item.name.analyte != following.name.analyte
            or not self._corrects.fullmatch(text, item.end, following.number.start)
        ]

    def _distinct(self, found: Sequence[Found]) -> List[Found]:
        """Without repetitions, and without the same value in a second unit."""
        kept: List[Found] = []
        for item in found:
            if not any(self._same_value(item, other) for other in kept if other.name.analyte == item.name.analyte):
                kept.append(item)
        return kept

    def _same_value(self, item: Found, other: Found) -> bool:
        if item.number.value == other.number.value and (item.unit is None or item.unit == other.unit):
            return True
        if item.unit is None or other.unit is None or item.unit == other.unit:
            return False
        analyte = self._analytes[item.name.analyte]
        first, second = (lab_bands.convert(analyte, i.number.value, str(i.unit)) for i in (item, other))
        return abs(first - second) <= SAME_VALUE * max(first, second)
