"""The questions with what their answers may change, worked out once for each knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.evaluate import Check, compiled
from bot.reasoning.evidence import model_of
from bot.reasoning.suppose import answers, looked_at
from bot.reasoning.triage import triage_of
from bot.reasoning.view import Key

STAGES = ("profile", "safety", "place", "feel", "course", "triggers", "strength", "general", "risk")
SITE: Key = ("attribute", "site")


@dataclass(frozen=True)
class Prepared:
    """A question with the clues and triage rules its answer may change.

    ``by_place`` marks clues that only look at the place, which few answers to a question about findings tell.
    ``neighbours`` are all clues in the groups of these. ``looks_at`` is all that the clues and rules look at,
    ``clue_keys`` and ``rule_keys`` what each of them does.
    """

    question: Question
    answers: Tuple[object, ...]
    clues: Tuple[int, ...]
    by_place: Tuple[bool, ...]
    neighbours: np.ndarray
    looks_at: Tuple[Key, ...]
    clue_keys: Tuple[Tuple[Key, ...], ...]
    rules: Tuple[Tuple[int, Check], ...]
    rule_keys: Tuple[Tuple[Key, ...], ...]
    flag_level: int
    when: Optional[Check]
    required: Optional[Check]
    stage: int
    b12_risk: bool


def prepare(knowledge: Knowledge) -> Dict[str, Prepared]:
    """Every question by its key."""
    return {question.key: _prepared(question, knowledge) for question in knowledge.questions.values()}


def _prepared(question: Question, knowledge: Knowledge) -> Prepared:
    model, triage = model_of(knowledge), triage_of(knowledge)
    touched = looked_at(question)
    risks = [name for kind, name in touched if kind == "risk_factor" and name in knowledge.risk_factors]
    clues = [i for i, found in enumerate(model.clue_keys) if touched.intersection(found)]
    groups = {model.clues[i].group for i in clues}
    rules = [i for i, found in enumerate(triage.rule_keys) if touched.intersection(found)]
    clue_keys, rule_keys = tuple(model.clue_keys[i] for i in clues), tuple(triage.rule_keys[i] for i in rules)
    return Prepared(
        question=question,
        answers=answers(question),
        clues=tuple(clues),
        by_place=tuple((touched - {SITE}).isdisjoint(found) for found in clue_keys),
        neighbours=np.array([i for i, clue in enumerate(model.clues) if clue.group in groups], dtype=int),
        looks_at=tuple(sorted(touched.union(*clue_keys, *rule_keys))),
        clue_keys=clue_keys,
        rules=tuple(triage.rules[i][:2] for i in rules),
        rule_keys=rule_keys,
        flag_level=triage.flag_levels.get(question.flag or "", triage.routine),
        when=compiled(question.when) if question.when is not None else None,
        required=compiled(question.required) if question.required is not None else None,
        stage=STAGES.index(question.stage),
        b12_risk=question.about == "risk_factor" and any(knowledge.risk_factors[name].b12_risk for name in risks),
    )
