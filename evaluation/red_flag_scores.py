"""Scores of the test set ``red_flags``: emergencies that must fire, and near misses that must not. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple

from evaluation.measures import Hits
from evaluation.readings import Mistake, Reading

URGENCIES = ("routine", "within_days", "same_day", "emergency_department", "emergency_now")  # least to most urgent
SILENT_STATUSES = ("absent", "past", "hypothetical")  # an entity with one of these does not warn


@dataclass(frozen=True)
class RedFlagScores:
    """``fired`` any flag, ``right_flag`` the labelled one, ``beside`` one that is not labelled.

    Urgency and subject are those of the labelled flag. ``beside`` may be true of the message all the same, for a
    message has one label only; but many of them mean that people are told what does not concern them.
    """

    fired: Hits
    right_flag: Hits
    beside: Hits
    urgency: Hits
    less_urgent: Hits
    subject: Hits
    false_alarms: Hits
    flags: Mapping[str, Tuple[Hits, Hits]]
    mistakes: Sequence[Mistake]


def warnings(reading: Reading) -> List[Mapping[str, object]]:
    """The red flags that fire in the message."""
    return [flag for flag in reading.entities("red_flag") if flag.get("status") not in SILENT_STATUSES]


def score(readings: Sequence[Reading]) -> RedFlagScores:
    """Scores the set ``red_flags``."""
    true = [reading for reading in readings if reading.gold["flag"]]
    near = [reading for reading in readings if not reading.gold["flag"]]
    matched = [(reading.gold, flag) for reading in true for flag in _right(reading)[:1]]
    return RedFlagScores(
        fired=Hits.of(bool(warnings(reading)) for reading in true),
        right_flag=Hits.of(bool(_right(reading)) for reading in true),
        beside=Hits.of(any(flag not in _right(reading) for flag in warnings(reading)) for reading in true),
        urgency=Hits.of(gold["urgency"] == flag.get("urgency") for gold, flag in matched),
        less_urgent=Hits.of(_reached(reading) < URGENCIES.index(reading.gold["urgency"]) for reading in true),
        subject=Hits.of(gold["subject"] == flag.get("subject") for gold, flag in matched),
        false_alarms=Hits.of(bool(warnings(reading)) for reading in near),
        flags=_each(true, near),
        mistakes=_mistakes(true, near),
    )


def _right(reading: Reading) -> List[Mapping[str, object]]:
    return [flag for flag in warnings(reading) if flag["value"] == reading.gold["flag"]]


def _reached(reading: Reading) -> int:
    """How urgent the message is taken to be; nothing at all is less than routine."""
    return max((URGENCIES.index(str(flag.get("urgency", "routine"))) for flag in warnings(reading)), default=-1)


def _each(true: Sequence[Reading], near: Sequence[Reading]) -> Dict[str, Tuple[Hits, Hits]]:
    flags = sorted({str(reading.gold["flag"]) for reading in true}, key=lambda flag: int(flag[1:]))
    return {
        flag: (
            Hits.of(bool(_right(reading)) for reading in true if reading.gold["flag"] == flag),
            Hits.of(bool(warnings(reading)) for reading in near if reading.gold.get("near") == flag),
        )
        for flag in flags
    }


def _mistakes(true: Sequence[Reading], near: Sequence[Reading]) -> List[Mistake]:
    wrong = []
    for reading in true:
        right = _right(reading)
        gold = _written(reading.gold, "flag")
        if not right or gold != _written(right[0], "value"):
            weight = 1 if right else 2 if warnings(reading) else 3  # silence is the worst
            wrong.append(Mistake(reading.text, gold, _all(reading), weight))
    wrong += [
        Mistake(each.text, f"none (near {each.gold.get('near')})", _all(each), 2) for each in near if warnings(each)
    ]
    return sorted(wrong, key=lambda mistake: -mistake.weight)


def _written(flag: Mapping[str, object], key: str) -> str:
    return " ".join(str(flag.get(part)) for part in (key, "urgency", "subject"))


def _all(reading: Reading) -> str:
    return "; ".join(_written(flag, "value") for flag in warnings(reading)) or "nothing"
