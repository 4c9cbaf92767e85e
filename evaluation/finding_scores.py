"""Scores of the test set ``findings``: findings with status and place, attributes, risk factors. Pure functions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Dict, FrozenSet, Hashable, Iterable, List, Mapping, Sequence, Set, Tuple

from evaluation.measures import Counts, Hits, total
from evaluation.readings import Mistake, Reading, length, values

PHENOMENA = ("free", "negation", "noisy", "story")
PRESENT = "present"
MISSED = "missed"
SAID = ("side", "quality", "onset", "course", "timing", "aggravating", "relieving", "severity", "duration")

Pair = Tuple[str, str]
Measure = Callable[[Reading], Counts]


def gold_pairs(reading: Reading, key: str = "findings") -> Set[Pair]:
    """The labelled (id, status)."""
    return {(str(row["id"]), str(row["status"])) for row in reading.gold.get(key) or []}


def found_pairs(reading: Reading, kind: str = "finding") -> Set[Pair]:
    """The predicted (id, status)."""
    return {(str(entity["value"]), str(entity.get("status", PRESENT))) for entity in reading.entities(kind)}


def with_status(reading: Reading) -> Counts:
    """Findings compared as (id, status); the words that carry them need not overlap."""
    return Counts.of(gold_pairs(reading), found_pairs(reading))


def by_id(reading: Reading) -> Counts:
    """Findings compared by id alone."""
    return Counts.of(_ids(gold_pairs(reading)), _ids(found_pairs(reading)))


def risk_factors(reading: Reading) -> Counts:
    """Risk factors compared as (id, status)."""
    return Counts.of(gold_pairs(reading, "risk_factors"), found_pairs(reading, "risk_factor"))


def _ids(pairs: Iterable[Pair]) -> FrozenSet[Hashable]:
    return frozenset(id_ for id_, _ in pairs)


def statuses_of(pairs: Iterable[Pair], id_: str) -> FrozenSet[str]:
    """All statuses of one finding."""
    return frozenset(status for other, status in pairs if other == id_)


def status_hits(reading: Reading) -> Hits:
    """For each labelled finding whose id was found: whether it got exactly the labelled status or statuses."""
    gold, found = gold_pairs(reading), found_pairs(reading)
    return Hits.of(
        statuses_of(gold, id_) == statuses_of(found, id_)
        for id_ in sorted({id_ for id_, _ in gold} & {id_ for id_, _ in found})
    )


def site_hits(reading: Reading) -> Hits:
    """For each present finding found as present: whether its places are exactly right, where any is named."""
    gold = _sites(reading.gold.get("findings") or [], "id")
    found = _sites(reading.entities("finding"), "value")
    return Hits.of(gold[id_] == found[id_] for id_ in sorted(gold.keys() & found.keys()) if gold[id_] or found[id_])


def _sites(rows: Iterable[Mapping[str, Any]], key: str) -> Dict[str, FrozenSet[str]]:
    sites: Dict[str, FrozenSet[str]] = {}
    for row in rows:
        if row.get("status", PRESENT) == PRESENT:
            id_ = str(row[key])
            sites[id_] = sites.get(id_, frozenset()) | values(row.get("site"))
    return sites


def side_hits(reading: Reading) -> Hits:
    """Whether the sides said in the message are exactly right, where any is labelled or predicted."""
    gold, found = _said_gold(reading, "side"), _said_found(reading, "side")
    return Hits.of([gold == found]) if gold or found else Hits()


def attribute(name: str) -> Measure:
    """A measure of what the message says of one attribute, over all its findings and attributes."""
    return lambda reading: Counts.of(_said_gold(reading, name), _said_found(reading, name))


def _said_gold(reading: Reading, name: str) -> FrozenSet[Hashable]:
    own = [row.get(name) for row in reading.gold.get("findings") or []]
    alone = [row["value"] for row in reading.gold.get("attributes") or [] if row["name"] == name]
    return _union(name, own + alone)


def _said_found(reading: Reading, name: str) -> FrozenSet[Hashable]:
    own = [entity.get(name) for entity in reading.entities("finding")]
    alone = [entity["value"] for entity in reading.entities("attribute") if entity.get("name") == name]
    return _union(name, own + alone)


def _union(name: str, said: Iterable[object]) -> FrozenSet[Hashable]:
    every = frozenset(word for value in said for word in values(value))
    if name == "duration":
        return frozenset(length(word) for word in every)
    return frozenset(float(word) for word in every) if name == "severity" else every


def phenomenon(reading: Reading) -> List[str]:
    """What the message was written to test; ``plain`` if nothing special."""
    return [name for name in PHENOMENA if reading.gold.get(name)] or ["plain"]


@dataclass(frozen=True)
class FindingScores:
    """All measures of the set."""

    status: Counts
    ids: Counts
    free: Counts
    free_ids: Counts
    negation: Hits
    all_statuses: Hits
    site: Hits
    side: Hits
    risks: Counts
    attributes: Mapping[str, Counts]
    phenomena: Mapping[str, Tuple[int, Counts, Counts, Hits]]
    findings: Mapping[str, Counts]
    confusion: Mapping[Tuple[str, str], int]
    mistakes: Sequence[Mistake]


def score(readings: Sequence[Reading]) -> FindingScores:
    """Scores the set ``findings``."""
    free = [reading for reading in readings if reading.gold.get("free")]
    negation = [reading for reading in readings if reading.gold.get("negation")]
    return FindingScores(
        status=total(map(with_status, readings)),
        ids=total(map(by_id, readings)),
        free=total(map(with_status, free)),
        free_ids=total(map(by_id, free)),
        negation=_hits(status_hits, negation),
        all_statuses=_hits(status_hits, readings),
        site=_hits(site_hits, readings),
        side=_hits(side_hits, readings),
        risks=total(map(risk_factors, readings)),
        attributes={name: total(map(attribute(name), readings)) for name in SAID},
        phenomena=_phenomena(readings),
        findings=_each_finding(readings),
        confusion=status_confusion(readings),
        mistakes=mistakes(readings),
    )


def _hits(measure: Callable[[Reading], Hits], readings: Iterable[Reading]) -> Hits:
    return sum(map(measure, readings), Hits())


def _phenomena(readings: Sequence[Reading]) -> Dict[str, Tuple[int, Counts, Counts, Hits]]:
    table = {}
    for name in (*PHENOMENA, "plain"):
        own = [reading for reading in readings if name in phenomenon(reading)]
        if own:
            table[name] = (len(own), total(map(with_status, own)), total(map(by_id, own)), _hits(status_hits, own))
    return table


def _each_finding(readings: Sequence[Reading]) -> Dict[str, Counts]:
    """Counts of (id, status) for each id, the worst F1 first."""
    counts: Dict[str, Counts] = {}
    for reading in readings:
        gold, found = gold_pairs(reading), found_pairs(reading)
        for id_ in {id_ for id_, _ in gold | found}:
            own = Counts.of(statuses_of(gold, id_), statuses_of(found, id_))
            counts[id_] = counts.get(id_, Counts()) + own
    return dict(sorted(counts.items(), key=lambda item: (item[1].f1 or 0.0, -item[1].missed - item[1].extra, item[0])))


def status_confusion(readings: Iterable[Reading]) -> Dict[Tuple[str, str], int]:
    """How often a labelled status became which predicted one, ``missed`` where the finding was not found."""
    counts: Counter[Tuple[str, str]] = Counter()
    for reading in readings:
        gold, found = gold_pairs(reading), found_pairs(reading)
        for id_ in {id_ for id_, _ in gold}:
            true, predicted = statuses_of(gold, id_), statuses_of(found, id_)
            wrong = sorted(predicted - true) or [MISSED]
            counts.update((status, status if status in predicted else wrong[0]) for status in true)
    return dict(counts)


def mistakes(readings: Iterable[Reading]) -> List[Mistake]:
    """Messages with a finding or risk factor wrong, those with most wrong first."""
    wrong = []
    for reading in readings:
        gold = gold_pairs(reading) | gold_pairs(reading, "risk_factors")
        found = found_pairs(reading) | found_pairs(reading, "risk_factor")
        if gold != found:
            wrong.append(Mistake(reading.text, _written(gold - found), _written(found - gold), len(gold ^ found)))
    return sorted(wrong, key=lambda mistake: -mistake.weight)


def _written(pairs: Iterable[Pair]) -> str:
    return ", ".join(f"{id_} {status}" for id_, status in sorted(pairs))
