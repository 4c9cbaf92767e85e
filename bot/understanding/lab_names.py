"""The names of laboratory tests in a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence

from rapidfuzz import fuzz

from bot.knowledge.schema import LabAnalyte
from bot.understanding.lab_numbers import alternatives, digits_value
from bot.understanding.lab_units import UnitReader

CLAUSE_END = r"(?=\s*(?:[,;.)&]|$|and\b|but\b))"
OTHER = "other"  # a test of the report that is not read; it claims its own number
_NUMBER = re.compile(r"(?<![\d.,])(\d+(?:[.,]\d+)?)\s*$")
FUZZY_LENGTH, FUZZY_SCORE = 7, 88  # shorter names are too close to everyday words


@dataclass(frozen=True)
class Name:
    """A test named in the text; ``analyte`` is its id or ``OTHER``."""

    analyte: str
    start: int
    end: int
    behind: bool = False  # a short name right behind its number: "27.4 pmol/L active"


def _spaced(name: str) -> str:
    return re.escape(name).replace(r"\-", r"[\-\s]?").replace(r"\ ", r"[\s\-]*")


class NameReader:
    """Finds names; ``words`` are the lists of ``lab_words.yml``."""

    def __init__(self, analytes: Mapping[str, LabAnalyte], words: Mapping[str, object], units: UnitReader) -> None:
        self._units = units
        self._by_name: Dict[str, str] = {name: OTHER for name in words["other_tests"]}  # type: ignore[attr-defined]
        self._by_name.update({name.lower(): a.id for a in analytes.values() for name in a.names})
        ordered = sorted(self._by_name, key=len, reverse=True)
        self._name_patterns = [(re.compile(_spaced(name), re.IGNORECASE), self._by_name[name]) for name in ordered]
        union = "|".join(_spaced(name) for name in ordered)
        self._any_name = re.compile(rf"(?<![A-Za-z0-9])(?:{union})(?:['’]?s)?(?![A-Za-z0-9])", re.IGNORECASE)
        self._fuzzy = [name for name in ordered if " " not in name and len(name) >= FUZZY_LENGTH]
        self._nameless = re.compile(alternatives(words["nameless"]), re.IGNORECASE)  # type: ignore[arg-type]
        self._nameless_units: Mapping[str, Mapping[str, float]] = words["nameless_units"]  # type: ignore[assignment]

        short: Mapping[str, Sequence[str]] = words["short_names"]  # type: ignore[assignment]
        before_number = r"(?=\W{0,3}(?:(?:one|level|result|is|was|of|at|only)\W+)*[<>]?\d)"
        self._short_names = {
            analyte: re.compile(alternatives(listed) + before_number, re.IGNORECASE)
            for analyte, listed in short.items()
        }
        self._short_behind = {
            analyte: re.compile(r"\s*\(?" + alternatives(listed) + CLAUSE_END, re.IGNORECASE)
            for analyte, listed in short.items()
        }

    def read(self, text: str) -> List[Name]:
        """The names in order; where no test is named, the words that stand for one that its unit tells."""
        return self._names(text) or self._unnamed(text)

    def _names(self, text: str) -> List[Name]:
        names: List[Name] = []
        for match in self._any_name.finditer(text):
            analyte = next(a for pattern, a in self._name_patterns if pattern.match(text, match.start()))
            last = names[-1] if names else None
            between = text[last.end : match.start()] if last else "?"
            if last is not None and last.analyte == analyte and re.fullmatch(r"[\s(,:/\-]*", between):
                names[-1] = Name(analyte, last.start, match.end())  # MMA (methylmalonic acid)
            else:
                names.append(Name(analyte, match.start(), match.end()))
        for match in re.finditer(rf"[A-Za-z]{{{FUZZY_LENGTH},}}", text):
            if any(name.start < match.end() and match.start() < name.end for name in names):
                continue
            word = match.group().lower()
            best = max(self._fuzzy, key=lambda name: fuzz.ratio(word, name))
            if fuzz.ratio(word, best) >= FUZZY_SCORE:
                names.append(Name(self._by_name[best], match.start(), match.end()))
        names += self._short(text, names)
        return sorted(names, key=lambda name: name.start)

    def _short(self, text: str, names: Sequence[Name]) -> List[Name]:
        """ "B12 367, active 61": short names count beside a long one of the same kind, right before a number."""
        if not any(name.analyte in self._short_names for name in names):
            return []
        found = self._behind(text, names)
        for analyte, pattern in self._short_names.items():
            for match in pattern.finditer(text):
                if not any(name.start < match.end() and match.start() < name.end for name in [*names, *found]):
                    found.append(Name(analyte, match.start(), match.end()))
        return found

    def _behind(self, text: str, names: Sequence[Name]) -> List[Name]:
        """ "B12: 27.4 pmol/L active, 198 ng/L total": short names behind the units of their numbers."""
        found: List[Name] = []
        for _, end in self._units.spans(text):
            for analyte, pattern in self._short_behind.items():
                match = pattern.match(text, end)
                if match and not any(name.start < match.end() and end < name.end for name in names):
                    found.append(Name(analyte, end, match.end(), behind=True))
        return found

    def _unnamed(self, text: str) -> List[Name]:
        """ "Mine was 167 pg/mL": the words that stand for the name of the test that only this unit belongs to."""
        for analyte, least in self._nameless_units.items():
            stands = [
                start
                for name, start, _ in self._units.named_in(text, analyte)
                if name in least and _number_before(text, start) >= least[name]
            ]
            cues = [match for match in self._nameless.finditer(text) if stands and match.end() <= stands[0]]
            if cues:
                return [Name(analyte, cues[-1].start(), cues[-1].end())]
        return []


def _number_before(text: str, unit: int) -> float:
    """The number in digits right before a unit, or 0."""
    digits = _NUMBER.search(text, 0, unit)
    return digits_value(digits.group(1)) if digits else 0.0
