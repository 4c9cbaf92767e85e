"""How well the assistant did on the simulated patients: plain data, and the same as a Markdown report."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Dict, List, Mapping, Optional, Sequence

from evaluation.patient_records import Patient
from evaluation.patient_talk import URGENCIES, Talk

NO_RESULT = "no_result"
TOP = 3
# A case of at least this urgency must never be given less; below it a lesser answer is reported, not a failure.
MUST_NOT_MISS = "same_day"


@dataclass(frozen=True)
class Outcome:
    """One patient's result against the gold standard; ``rank`` counts from 1, ``None`` if not ranked at all."""

    patient: str
    condition: Optional[str]
    rank: Optional[int]
    first: Optional[str]
    gold_urgency: str
    urgency: str
    questions: int
    clarified: int
    ended: str
    flags: Sequence[str]

    def within(self, top: int) -> bool:
        """Whether the right condition is among the first ``top``."""
        return self.rank is not None and self.rank <= top

    @property
    def under(self) -> bool:
        """Whether the urgency reached is less than the gold urgency; no result is less than any."""
        return _level(self.urgency) < _level(self.gold_urgency)

    @property
    def over(self) -> bool:
        """Whether the urgency reached is more than the gold urgency."""
        return _level(self.urgency) > _level(self.gold_urgency)


def _level(urgency: str) -> int:
    return URGENCIES.index(urgency) if urgency in URGENCIES else -1


def outcome(patient: Patient, talk: Talk) -> Outcome:
    """Compares one talk with what is true."""
    ranks = [place for place, condition in enumerate(talk.ranking, 1) if condition in patient.accepted]
    return Outcome(
        patient=patient.id,
        condition=patient.condition,
        rank=min(ranks, default=None),
        first=talk.ranking[0] if talk.ranking else None,
        gold_urgency=patient.urgency,
        urgency=talk.urgency or NO_RESULT,
        questions=talk.questions,
        clarified=talk.clarified,
        ended=talk.ended,
        flags=[str(flag["flag"]) for flag in talk.flags],
    )


def score(outcomes: Sequence[Outcome]) -> Dict[str, object]:
    """All measures as plain data; shares run from 0 to 1, ``None`` where there was nothing to measure.

    ``questions_median`` leaves out talks that an emergency cut short, which would make it look better than it is.
    """
    ranked = [each for each in outcomes if each.condition]
    urgent = [each for each in outcomes if _level(each.gold_urgency) >= _level(MUST_NOT_MISS)]
    routine = [each for each in outcomes if each.gold_urgency == "routine"]
    full = [each.questions for each in outcomes if each.ended == "assessment" and each.questions]
    interviewed = [
        each.questions
        for each in outcomes
        if each.ended == "assessment" and each.questions and _level(each.urgency) < _level("emergency_department")
    ]
    return {
        "patients": len(outcomes),
        "top_1": _share([each.within(1) for each in ranked]),
        "top_3": _share([each.within(TOP) for each in ranked]),
        "confusion": confusion(outcomes),
        "under_triaged": [each.patient for each in urgent if each.under],
        "under_triaged_lesser": [each.patient for each in outcomes if each.under and each not in urgent],
        "over_triaged_routine": [each.patient for each in routine if each.over],
        "over_triage_share": _share([each.over for each in routine]),
        "questions_median": median(interviewed or full) if full else None,
        "questions_most": max((each.questions for each in outcomes), default=0),
        "clarified": sum(each.clarified for each in outcomes),
        "without_result": [each.patient for each in outcomes if each.urgency == NO_RESULT],
        "by_condition": by_condition(ranked),
    }


def confusion(outcomes: Sequence[Outcome]) -> Dict[str, Dict[str, int]]:
    """How many of each gold urgency (outer key) reached each urgency (inner key)."""
    table = {gold: {reached: 0 for reached in (*URGENCIES, NO_RESULT)} for gold in URGENCIES}
    for each in outcomes:
        table[each.gold_urgency][each.urgency] += 1
    return table


def by_condition(outcomes: Sequence[Outcome]) -> Dict[str, Dict[str, object]]:
    """For each gold condition: patients, how many are right first and in the first three, what came first instead."""
    table: Dict[str, Dict[str, object]] = {}
    for condition in sorted({each.condition for each in outcomes if each.condition}):
        own = [each for each in outcomes if each.condition == condition]
        table[condition] = {
            "patients": len(own),
            "top_1": sum(each.within(1) for each in own),
            "top_3": sum(each.within(TOP) for each in own),
            "first_instead": sorted({str(each.first or NO_RESULT) for each in own if not each.within(1)}),
            "questions_median": median(each.questions for each in own),
        }
    return table


def _share(hits: Sequence[bool]) -> Optional[float]:
    return sum(hits) / len(hits) if hits else None


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The report."""
    result = score(outcomes)
    parts = [
        "# Simulated patients",
        _overall(result),
        "## Urgency: gold standard (rows) and reached (columns)",
        _confusion_table(confusion(outcomes)),
        "## Conditions",
        _condition_table(by_condition([each for each in outcomes if each.condition])),
        "## Patients",
        _patient_table(outcomes),
    ]
    return "\n\n".join(parts) + "\n"


def _overall(result: Mapping[str, object]) -> str:
    rows = [
        ["patients", str(result["patients"])],
        ["right condition first", _percent(result["top_1"])],
        [f"right condition in the first {TOP}", _percent(result["top_3"])],
        ["emergency and same-day cases under-triaged", _names(result["under_triaged"])],
        ["lesser cases under-triaged", _names(result["under_triaged_lesser"])],
        [
            "routine cases over-triaged",
            f"{_percent(result['over_triage_share'])}: {_names(result['over_triaged_routine'])}",
        ],
        ["questions, median (emergencies left out)", _number(result["questions_median"])],
        ["questions, most", str(result["questions_most"])],
        ["answers not understood", str(result["clarified"])],
        ["no result", _names(result["without_result"])],
    ]
    return table(["measure", "value"], rows)


def _confusion_table(counts: Mapping[str, Mapping[str, int]]) -> str:
    reached = [*URGENCIES, NO_RESULT]
    rows = [[gold, *(str(counts[gold][column] or "") for column in reached)] for gold in URGENCIES]
    return table(["", *reached], rows)


def _condition_table(conditions: Mapping[str, Mapping[str, object]]) -> str:
    rows = [
        [
            condition,
            str(row["patients"]),
            str(row["top_1"]),
            str(row["top_3"]),
            _number(row["questions_median"]),
            _names(row["first_instead"]),
        ]
        for condition, row in conditions.items()
    ]
    return table(["condition", "patients", "first", f"first {TOP}", "questions, median", "first instead"], rows)


def _patient_table(outcomes: Sequence[Outcome]) -> str:
    rows = [
        [
            each.patient,
            each.condition or "",
            str(each.rank or ""),
            each.first or "",
            each.gold_urgency,
            each.urgency,
            " ".join(each.flags),
            str(each.questions),
            str(each.clarified),
            each.ended,
        ]
        for each in outcomes
    ]
    titles = [
        "patient",
        "condition",
        "rank",
        "came first",
        "gold urgency",
        "urgency",
        "flags",
        "questions",
        "misses",
        "ended",
    ]
    return table(titles, rows)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [list(titles), ["---"] * len(titles), *[list(row) for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(share: object) -> str:
    return f"{100 * share:.0f} %" if isinstance(share, float) else "none"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else "none"


def _names(names: object) -> str:
    listed: List[str] = [str(name) for name in names] if isinstance(names, (list, tuple)) else []
    return ", ".join(listed) or "none"
