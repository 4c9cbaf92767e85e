"""Units of laboratory values as people type them."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Tuple

from bot.knowledge.schema import LabAnalyte
from bot.understanding.mentions import Span

USUAL_UNITS_SHOWN = 3
_PREFIXES = ("micro", "nano", "pico", "milli")
_GAP = r"[\s-]?"  # "micro mol"
_MICRO, _NANO, _PICO, _MILLI = (prefix + _GAP for prefix in ("mi[ck]ro", "nano", "pico", "milli"))
_MOL, _GRAM = r"mol(?:e?s?|\.)", r"gram(?:me)?s?"
# Spellings of the two halves of a unit, so that the data needs only the symbols.
_HEADS = {
    "pg": rf"pgs?|{_PICO}{_GRAM}",
    "ng": rf"ngs?|{_NANO}{_GRAM}",
    "ug": rf"(?:[uµμ]|mc)gs?|{_MICRO}{_GRAM}",
    "mg": rf"mgs?|{_MILLI}{_GRAM}",
    "pmol": rf"pmols?|{_PICO}{_MOL}",
    "nmol": rf"nmols?|{_NANO}{_MOL}",
    "umol": rf"(?:[uµμ]|mc)mols?|{_MICRO}{_MOL}",
    "mmol": rf"mmols?|{_MILLI}{_MOL}",
}
_TAILS = {
    "l": r"l|lit(?:re|er)s?|ltr",
    "ml": r"mls?|mil|milli[\s-]?lit(?:re|er)s?",
    "dl": r"dl|deci[\s-]?lit(?:re|er)s?",
    "mol": rf"{_MOL}",
}


def _pattern(alias: str) -> str:
    """The alias with tolerant spacing, "per" for the stroke, and any way to write micro."""
    head, _, tail = alias.partition("/")
    if head in _HEADS and tail in _TAILS:
        return rf"(?<![A-Za-z])(?:{_HEADS[head]})\s*(?:/|\\|\bper\b|\ban?\b)?\s*(?:{_TAILS[tail]})(?![A-Za-z0-9/])"
    parts = []
    for index, char in enumerate(alias):
        first = index == 0 or not alias[index - 1].isalpha()
        if char == "/":
            parts.append(r"\s*(?:/|\\|\bper\b|\ba\b|\ban\b)?\s*")
        elif char == " ":
            parts.append(r"\s*")
        elif char == "u" and first and alias[index + 1 : index + 2].isalpha() and not alias.startswith("un"):
            parts.append(r"(?:[uµμ]|mc)")
        elif char == "c" and alias[index - 2 : index + 3] == "micro":
            parts.append("[ck]")
        else:
            parts.append(re.escape(char) + (_GAP if alias[: index + 1].endswith(_PREFIXES) else ""))
    end = r"(?![A-Za-z0-9/])" if alias[-1].isalnum() else ""
    return rf"(?<![A-Za-z]){''.join(parts)}{end}"


class UnitReader:
    """Finds the units of the analytes in a text."""

    def __init__(self, analytes: Mapping[str, LabAnalyte]) -> None:
        self._analytes = analytes
        self._patterns: Dict[str, List[Tuple["re.Pattern[str]", str]]] = {}
        for analyte in analytes.values():
            aliases = [(alias, unit.unit) for unit in analyte.units for alias in (*unit.aliases, unit.unit)]
            aliases.sort(key=lambda pair: len(pair[0]), reverse=True)
            self._patterns[analyte.id] = [(re.compile(_pattern(alias), re.IGNORECASE), name) for alias, name in aliases]
        every = sorted(
            {alias for a in analytes.values() for unit in a.units for alias in unit.aliases}, key=len, reverse=True
        )
        self._any = re.compile("|".join(f"(?:{_pattern(alias)})" for alias in every), re.IGNORECASE)

    def at(self, text: str, position: int, analyte: Optional[str] = None) -> Optional[Tuple[str, int]]:
        """Unit and end offset right at the position (spaces, brackets and "units" allowed before it)."""
        lead = re.compile(r"[\s()\[\],]{0,3}(?:(?:in|units?|unit is|units are)\s*:?\s*)?").match(text, position)
        begin = lead.end() if lead else position
        for start in (position, begin):
            if analyte is None:
                match = self._any.match(text, start)
                if match:
                    return match.group(), match.end()
                continue
            for pattern, name in self._patterns[analyte]:
                match = pattern.match(text, start)
                if match:
                    return name, match.end()
        return None

    def spans(self, text: str) -> List[Span]:
        """Where any unit stands in the text."""
        return [match.span() for match in self._any.finditer(text)]

    def named_in(self, text: str, analyte: str) -> List[Tuple[str, int, int]]:
        """Units of the analyte in the text with their offsets."""
        found = []
        for start, _ in self.spans(text):
            unit = self.at(text, start, analyte)
            if unit is not None:
                found.append((unit[0], start, unit[1]))
        return found

    def answer(self, text: str, analyte: Optional[str] = None) -> Optional[str]:
        """The one unit a reply names; ``None`` if it names none or several that differ."""
        names: List[Tuple[str, float]] = []
        for candidate in (analyte,) if analyte else tuple(self._analytes):
            factors = {unit.unit: unit.factor for unit in self._analytes[candidate].units}
            names += [(name, factors[name]) for name, _, _ in self.named_in(text, candidate)]
        if not names and analyte:
            return self._by_quantity(text, analyte)
        if analyte is None:
            distinct = list(dict.fromkeys(name for name, _ in names))
            return distinct[0] if len(distinct) == 1 else None
        return names[0][0] if names and len({factor for _, factor in names}) == 1 else None

    def _by_quantity(self, text: str, analyte: str) -> Optional[str]:
        """ "nanograms" is enough where the analyte has one usual unit that begins so."""
        fitting = []
        for unit in self._analytes[analyte].units:
            heads = {alias.split("/")[0] for alias in unit.aliases if "/" in alias}
            pattern = "|".join(_pattern(head) for head in sorted(heads, key=len, reverse=True) if len(head) > 1)
            if not unit.slip and pattern and re.search(pattern, text, re.IGNORECASE):
                fitting.append(unit.unit)
        return fitting[0] if len(fitting) == 1 else None

    def usual(self, analyte: str) -> Tuple[str, ...]:
        """The units to offer when the unit is asked for."""
        return tuple(unit.unit for unit in self._analytes[analyte].units if not unit.slip)[:USUAL_UNITS_SHOWN]
