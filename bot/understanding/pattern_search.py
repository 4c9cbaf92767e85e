"""Where a pattern of red-flag words fits among the words of a message; ``red_flag_patterns.py`` has the language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

BLANK = "_"  # in the place of a word that is not to be read
_SKIPPED = frozenset(
    ", very really so just quite totally completely absolutely extremely literally proper fucking bloody actually "
    "kinda also both".split()
)
_NEVER_IN_GAP = frozenset(". ? not no never but without nor neither nothing".split()) | {BLANK}
_STEM = re.compile(r"[\w.]*")


@dataclass(frozen=True)
class Element:
    """Alternatives of which one must (or with ``optional`` may) come next, or a gap of up to ``gap`` words.

    ``alternatives`` are rows of words, the longest first; ``by_first`` has the places of those with this first word.
    """

    alternatives: Tuple[Tuple[str, ...], ...] = ()
    optional: bool = False
    gap: int = 0
    by_first: Mapping[str, Sequence[int]] = field(default_factory=dict)


class Search:
    """The words of one message, and where in it each element was found to fit."""

    def __init__(self, words: Sequence[str], vocabulary: Set[str]) -> None:
        self._words = (*words, ".")  # a message always ends with a full stop
        self._keys = [_keys(word) & vocabulary for word in self._words]
        self.keys: Dict[str, List[int]] = {}
        for place, keys in enumerate(self._keys):
            for key in keys:
                self.keys.setdefault(key, []).append(place)
        self._next = [self._skipping(place) for place in range(len(self._words) + 1)]
        self._begins: Dict[int, List[int]] = {}
        self._ends: Dict[Tuple[int, int], List[int]] = {}

    def matches(self, elements: Sequence[Element]) -> List[Tuple[int, int]]:
        """Where the row of elements fits: first word and the one behind the last; matches do not overlap."""
        if any(not self._beginning(element) for element in elements if not (element.gap or element.optional)):
            return []
        found: List[Tuple[int, int]] = []
        free = 0
        for start in self._starts(elements):
            if start < free:
                continue
            end = self._end(elements, 0, start)
            if end is not None:
                found.append((start, min(end, len(self._words) - 1)))
                free = end
        return found

    def _starts(self, elements: Sequence[Element]) -> List[int]:
        """Words with which a match may begin, in order: those of the first element, and of the next if it may miss."""
        places: Set[int] = set()
        for element in elements:
            if element.gap:
                return list(range(len(self._words)))
            places.update(self._beginning(element))
            if not element.optional:
                break
        return sorted(places)

    def _beginning(self, element: Element) -> List[int]:
        if id(element) not in self._begins:
            first = element.by_first
            self._begins[id(element)] = [place for key, own in self.keys.items() if key in first for place in own]
        return self._begins[id(element)]

    def _end(self, elements: Sequence[Element], number: int, place: int) -> Optional[int]:
        """The word behind the first way in which the elements from ``number`` fit from ``place``, if one does.

        Optional elements are taken rather than left out, longer alternatives before shorter ones, short gaps first.
        """
        if number == len(elements):
            return place
        element = elements[number]
        if element.gap:
            for skipped in range(element.gap + 1):
                end = self._end(elements, number + 1, place + skipped)
                if end is not None or not self._in_gap(place + skipped):
                    return end
            return None
        for after in self._after(element, place, number > 0):
            end = self._end(elements, number + 1, after)
            if end is not None:
                return end
        return self._end(elements, number + 1, place) if element.optional else None

    def _in_gap(self, place: int) -> bool:
        return place < len(self._words) and self._words[place] not in _NEVER_IN_GAP

    def _after(self, element: Element, place: int, separated: bool) -> List[int]:
        """The words behind each way in which the element fits from ``place``."""
        if not separated:
            return self._fits(element, place)
        return [after for start in self._next[place] for after in self._fits(element, start)]

    def _fits(self, element: Element, start: int) -> List[int]:
        key = (id(element), start)
        if key not in self._ends:
            candidates = {place for word in self._keys[start] for place in element.by_first.get(word, ())}
            rows = [element.alternatives[place] for place in sorted(candidates)]
            self._ends[key] = [after for row in rows for after in self._row_ends(row, 1, start + 1)]
        return self._ends[key]

    def _row_ends(self, row: Sequence[str], number: int, place: int) -> List[int]:
        if number == len(row):
            return [place]
        return [
            after
            for start in self._next[place]
            if row[number] in self._keys[start]
            for after in self._row_ends(row, number + 1, start + 1)
        ]

    def _skipping(self, place: int) -> List[int]:
        """Where the next word may stand if pauses and fillers before it are skipped, as many as possible first."""
        furthest = place
        while furthest < len(self._words) and self._words[furthest] in _SKIPPED:
            furthest += 1
        return [start for start in range(furthest, place - 1, -1) if start < len(self._words)]


def _keys(word: str) -> Set[str]:
    """The words of patterns that this one fits: itself, and its beginnings with ``*``."""
    stem = _STEM.match(word)
    length = len(word) if stem and stem.end() == len(word) else 0
    return {word, *(f"{word[:end]}*" for end in range(1, length + 1))}
