"""Test messages beside what was understood of them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Sequence, Tuple

import yaml

from bot.serve import ROOT

FOLDER = Path(__file__).resolve().parent / "sets"
SETS = ("findings", "acts", "topics", "scope", "labs", "red_flags")
WARM_UP = 3  # messages read before the clock counts, so that lazy loading is not measured

Row = Mapping[str, Any]
Parse = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Reading:
    """``gold`` is a row of a test set, ``parsed`` the answer of ``POST /model/parse`` to its text."""

    gold: Row
    parsed: Mapping[str, Any]
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return str(self.gold["text"])

    @property
    def intent(self) -> str:
        """The intent; Rasa's fallback if there is none."""
        return str((self.parsed.get("intent") or {}).get("name") or "nlu_fallback")

    def entities(self, *kinds: str) -> List[Mapping[str, Any]]:
        """The entities of these kinds, in order."""
        return [entity for entity in self.parsed.get("entities") or [] if entity["entity"] in kinds]


@dataclass(frozen=True)
class Mistake:
    """One message that was misread, for the list of worst errors."""

    text: str
    expected: str
    got: str
    weight: int = 1


def load_set(name: str, folder: Path = FOLDER) -> List[Row]:
    """The rows of a test set; none if the set does not exist."""
    path = folder / f"{name}.yml"
    return list(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)) if path.exists() else []


def read_all(rows: Sequence[Row], parse: Parse) -> List[Reading]:
    """Reads every message and takes the time of each."""
    for row in rows[:WARM_UP]:
        parse(str(row["text"]))
    readings = []
    for row in rows:
        start = time.perf_counter()
        parsed = parse(str(row["text"]))
        readings.append(Reading(row, parsed, time.perf_counter() - start))
    return readings


def paired_seconds(texts: Sequence[str], parses: Sequence[Parse]) -> List[List[float]]:
    """The times of several parsers, each text read by all in turn, so that other load hits all alike."""
    times: List[List[float]] = [[] for _ in parses]
    for text in texts:
        for parse, own in zip(parses, times):
            start = time.perf_counter()
            parse(text)
            own.append(time.perf_counter() - start)
    return times


def vocabulary() -> Dict[str, FrozenSet[str]]:
    """All ids of each kind of the vocabulary."""
    content = yaml.safe_load((ROOT / "knowledge" / "vocabulary.yml").read_text(encoding="utf-8"))
    return {
        kind: frozenset(id_ for group in ids.values() for id_ in group) if kind == "finding" else frozenset(ids)
        for kind, ids in content.items()
        if kind == "finding" or isinstance(ids, list)
    }


def values(value: object) -> FrozenSet[str]:
    """One value or a list of them as a set of words."""
    if value is None:
        return frozenset()
    listed = value if isinstance(value, (list, tuple, set)) else [value]
    return frozenset(str(item) for item in listed)


def length(duration: str) -> Tuple[float, float]:
    """An ISO 8601 duration as (months, days), so that P1Y equals P12M and P2W equals P14D."""
    amounts = {unit: float(number) for number, unit in re.findall(r"([\d.]+)([YMWD])", duration.split("T")[0])}
    months = 12 * amounts.get("Y", 0.0) + amounts.get("M", 0.0)
    return months, 7 * amounts.get("W", 0.0) + amounts.get("D", 0.0)
