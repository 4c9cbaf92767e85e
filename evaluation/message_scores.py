"""Scores of what a message wants: topics, acts, scope; and of laboratory results. Pure functions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from evaluation.measures import Counts, Hits, total
from evaluation.readings import Mistake, Reading

FALLBACK, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"
OBJECTS = ("test", "treatment", "condition")
TELLS = ("finding", "risk_factor", "lab_result", "attribute", "red_flag")
UNIT_SIGNS = str.maketrans({"µ": "u", "μ": "u", "²": "2", "³": "3"})  # micro sign and Greek mu, m² and m2

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class IntentScores:
    """``by_intent`` counts each intent, ``confusion`` counts (gold, predicted)."""

    hits: Hits
    by_intent: Mapping[str, Counts]
    confusion: Mapping[Tuple[str, str], int]
    mistakes: Sequence[Mistake]


def intents(readings: Sequence[Reading], key: str) -> IntentScores:
    """Whether the intent is named as the label under ``key``."""
    pairs = [(str(reading.gold[key]), reading.intent) for reading in readings]
    each: Dict[str, Counts] = {}
    for gold in sorted({gold for gold, _ in pairs}):
        found = sum(pair == (gold, gold) for pair in pairs)
        extra = sum(got == gold != true for true, got in pairs)
        each[gold] = Counts(found, extra, sum(true == gold for true, _ in pairs) - found)
    return IntentScores(
        hits=Hits.of(gold == got for gold, got in pairs),
        by_intent=dict(sorted(each.items(), key=lambda item: (item[1].f1 or 0.0, item[0]))),
        confusion=dict(Counter(pairs)),
        mistakes=[Mistake(reading.text, gold, got) for reading, (gold, got) in zip(readings, pairs) if gold != got],
    )


def named_objects(readings: Sequence[Reading]) -> Hits:
    """Where a test, treatment or condition is asked about: whether it is among the entities."""
    asked = [reading for reading in readings if reading.gold.get("object")]
    return Hits.of(
        str(reading.gold["object"]) in {str(entity["value"]) for entity in reading.entities(*OBJECTS)}
        for reading in asked
    )


def answers(readings: Sequence[Reading], ask: Callable[[str], Optional[Answer]]) -> Tuple[Hits, Hits, List[Mistake]]:
    """Topic, and object (or none) of the answer that the running assistant gives to each question."""
    given = [ask(reading.text) or {} for reading in readings]
    wanted = [(str(reading.gold["topic"]), reading.gold.get("object")) for reading in readings]
    got = [(str(answer.get("topic")), answer.get("object")) for answer in given]
    wrong = [
        Mistake(reading.text, f"{want[0]} / {want[1]}", f"{have[0]} / {have[1]}")
        for reading, want, have in zip(readings, wanted, got)
        if want[0] == have[0] and want[1] != have[1]
    ]
    topics = Hits.of(want[0] == have[0] for want, have in zip(wanted, got))
    objects = Hits.of(want[1] == have[1] for want, have in zip(wanted, got) if want[0] == have[0])
    return topics, objects, wrong


@dataclass(frozen=True)
class ScopeScores:
    """``rejected``: out of scope and refused; ``turned_away``: in scope but refused (to be small)."""

    rejected: Hits
    turned_away: Hits
    mistakes: Sequence[Mistake]


def refused(reading: Reading) -> bool:
    """Whether the message is treated as none of the assistant's business, or as understood by nothing at all."""
    return reading.intent == OUT_OF_SCOPE or (reading.intent == FALLBACK and not reading.entities(*TELLS))


def scope(readings: Sequence[Reading]) -> ScopeScores:
    """Scores the set ``scope``."""
    wrong = [reading for reading in readings if refused(reading) == bool(reading.gold["in_scope"])]
    return ScopeScores(
        rejected=Hits.of(refused(reading) for reading in readings if not reading.gold["in_scope"]),
        turned_away=Hits.of(refused(reading) for reading in readings if reading.gold["in_scope"]),
        mistakes=[
            Mistake(reading.text, "in scope" if reading.gold["in_scope"] else "out of scope", reading.intent)
            for reading in wrong
        ],
    )


@dataclass(frozen=True)
class LabScores:
    """``results`` are compared as a whole, ``messages`` have all results right and none too many."""

    results: Counts
    messages: Hits
    silent: Hits
    ranges: Hits
    mistakes: Sequence[Mistake]


def labs(readings: Sequence[Reading]) -> LabScores:
    """Scores the set ``labs``: analyte, number, unit, comparator and band must all be right."""
    pairs = [
        ([_result(row, "analyte") for row in reading.gold["results"]], _results_found(reading)) for reading in readings
    ]
    return LabScores(
        results=total(_compare(gold, found) for gold, found in pairs),
        messages=Hits.of(sorted(map(str, gold)) == sorted(map(str, found)) for gold, found in pairs),
        silent=Hits.of(not found for gold, found in pairs if not gold),
        ranges=Hits.of(
            _ranges(reading.gold["results"]) == _ranges(reading.entities("lab_result"))
            for reading in readings
            if _ranges(reading.gold["results"])
        ),
        mistakes=[
            Mistake(reading.text, _written(gold), _written(found))
            for reading, (gold, found) in zip(readings, pairs)
            if sorted(map(str, gold)) != sorted(map(str, found))
        ],
    )


Result = Tuple[str, Optional[float], str, str, str]


def _result(row: Mapping[str, Any], key: str) -> Result:
    number = None if row.get("number") is None else float(f"{float(row['number']):.6g}")
    unit = str(row.get("unit") or "").translate(UNIT_SIGNS).replace(" ", "").lower()
    band = str(row.get("band") or "")
    if row.get("lab_range") and band == "raised":
        band = "high"  # above the laboratory's own range both words are right (labelling: "high or raised")
    return str(row[key]), number, unit, str(row.get("comparator") or ""), band


def _results_found(reading: Reading) -> List[Result]:
    return [_result(entity, "value") for entity in reading.entities("lab_result")]


def _compare(gold: Sequence[Result], found: Sequence[Result]) -> Counts:
    common = sum((Counter(gold) & Counter(found)).values())
    return Counts(common, len(found) - common, len(gold) - common)


def _ranges(rows: Sequence[Mapping[str, Any]]) -> List[List[Optional[float]]]:
    ranges = [row["lab_range"] for row in rows if row.get("lab_range")]
    return [[None if end is None else float(end) for end in each] for each in ranges]


def _written(results: Sequence[Result]) -> str:
    return "; ".join(" ".join(str(part) for part in result if part not in ("", None)) for result in results)
