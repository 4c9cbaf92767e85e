"""Plays hand-made patients through the interview, as the dialogue does it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Tuple

import yaml

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.assessment import Assessment, assess
from bot.reasoning.case import LIST_ATTRIBUTES, Case, Fact
from bot.reasoning.interview import next_question
from bot.reasoning.places import PARTS

FOLDER = Path(__file__).resolve().parent / "cases"


@dataclass(frozen=True)
class Patient:
    """Says ``opening`` and answers every question truthfully; what is not in ``present`` is denied."""

    condition: str
    urgencies: Tuple[str, ...]
    opening: Sequence[Fact]
    present: str
    age: int
    sex: str = "female"
    attributes: Dict[str, object] = field(default_factory=dict)
    id: str = ""
    within: int = 1  # how far up the ranking the condition has to be


def told(name: str, **attributes: object) -> Fact:
    """A finding that is present."""
    return Fact("finding", name, "present", attributes)


def read_patients() -> List[Patient]:
    """The patients of ``cases/*.yml``."""
    rows = [row for path in sorted(FOLDER.glob("*.yml")) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return [_patient(row) for row in rows]


def _patient(row: Mapping[str, Any]) -> Patient:
    urgency = row["urgency"]
    return Patient(
        condition=row.get("condition", ""),
        urgencies=tuple([urgency] if isinstance(urgency, str) else urgency),
        opening=[told(name, **attributes) for name, attributes in row["says"].items()],
        present=row["has"],
        age=row["age"],
        sex=row["sex"],
        attributes=row["about"],
        id=row["id"],
        within=row.get("within", 1),
    )


def answer(case: Case, question: Question, patient: Patient) -> Case:
    """Folds in what the patient says to a question."""
    offered = [option.value for option in question.options if option.value != "none"]
    present = patient.present.split()
    if question.about == "profile":
        return replace(case, profile={**case.profile, question.id: {"age": patient.age}.get(question.id, patient.sex)})
    if question.about != "attribute":
        told = {fact.id for fact in case.facts if fact.kind == question.about and fact.status == "present"}
        for name in [name for name in offered or [question.id] if name not in told or not offered]:
            case = case.with_fact(Fact(question.about, name, "present" if name in present else "absent"))
        return case
    value = patient.attributes.get(question.id, [])
    have: List[object] = list(value) if isinstance(value, list) else [value]
    asked: List[object] = [question.value] if question.type == "yes_no" else list(offered)
    said = [item for item in asked if _is_said(item, have)] if asked else have
    general = dict(case.general)
    denied = dict(general.get("denied", {}))  # type: ignore[call-overload]
    if said:
        known = list(general.get(question.id, []))  # type: ignore[call-overload]
        general[question.id] = known + said if question.id in LIST_ATTRIBUTES else said[0]
    elif question.type in ("choice", "number", "free"):
        return replace(case, unsure=case.unsure + (question.key,))
    if question.type in ("yes_no", "multi_choice"):
        denied[question.id] = denied.get(question.id, []) + [item for item in asked if item not in said]
        general["denied"] = denied
    return replace(case, general=general)


def _is_said(asked: object, have: Sequence[object]) -> bool:
    """Whether it is true of the patient, in itself or by one of its parts."""
    if asked == "one_side" and set(have) & {"left", "right"}:
        return True
    return asked in have or bool(PARTS.get(str(asked), frozenset()) & set(have))


def play(patient: Patient, knowledge: Knowledge) -> Tuple[Assessment, List[str]]:
    """The result of the interview and the questions asked."""
    case = Case(facts=tuple(patient.opening))
    asked: List[str] = []
    while (question := next_question(case, asked, knowledge)) is not None:
        asked.append(question.key)
        case = answer(case, question, patient)
    return assess(case, knowledge, asked), asked
