"""The history of the complaint for the doctor's page: where, since when, how, what makes it better or worse."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Sequence, Tuple

from babel.units import format_unit

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Case

_DURATION = re.compile(r"^P(T?)(\d+(?:\.\d+)?)([HDWMY])$")
_UNITS = {"H": "hour", "D": "day", "W": "week", "M": "month", "Y": "year"}
MOST_SEVERE = 10
SAFETY = "safety"


def history(case: Case, knowledge: Knowledge, language: str) -> List[Tuple[str, str]]:
    """Title and values of each attribute that was told, in the order of ``attributes.yml``."""
    told: Dict[str, List[object]] = {}
    for attributes in (case.general, *(fact.attributes for fact in case.facts if fact.status == "present")):
        for name, value in attributes.items():
            known = told.setdefault(name, [])
            known += [item for item in _listed(value) if item not in known]
    rows = []
    for name, attribute in knowledge.attributes.items():
        titles = {entry.id: entry.title for entry in attribute.values}
        words = [titles.get(str(value)) or measure(name, value, language) for value in told.get(name, ())]
        if words:
            rows.append((attribute.title, ", ".join(word if n == 0 else _small(word) for n, word in enumerate(words))))
    return rows


def ruled_out(case: Case, knowledge: Knowledge, asked: Sequence[str]) -> List[str]:
    """Phrases of the warning signs that were asked about in the interview and denied."""
    denied = {(fact.kind, fact.id) for fact in case.facts if fact.status == "absent"}
    questions = [knowledge.questions[key] for key in asked if key in knowledge.questions]
    phrases: Dict[str, Mapping[str, str]] = {
        "finding": {entry.id: entry.phrase for entry in knowledge.findings.values()},
        "risk_factor": {entry.id: _small_title(entry.title) for entry in knowledge.risk_factors.values()},
    }
    return [
        phrases[question.about][id_]
        for question in questions
        if question.stage == SAFETY
        for id_ in [option.value for option in question.options] or [question.id]
        if (question.about, id_) in denied
    ]


def _listed(value: object) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    return () if value is None or isinstance(value, Mapping) else (value,)


def measure(name: str, value: object, language: str) -> str:
    """A severity as "7/10" and an ISO 8601 duration in words; anything else as it is."""
    if name == "severity":
        return f"{value}/{MOST_SEVERE}"
    match = _DURATION.match(str(value))
    if name != "duration" or match is None:
        return str(value)
    clock, number, letter = match.groups()
    unit = "minute" if clock and letter == "M" else _UNITS[letter]
    return str(format_unit(float(number), f"duration-{unit}", locale=language.replace("-", "_")))


def _small_title(title: str) -> str:
    """The title inside a sentence; abbreviations such as "HIV" and "B12" stay as they are."""
    return _small(title) if title[1:2].islower() else title


def _small(word: str) -> str:
    return word[:1].lower() + word[1:]
