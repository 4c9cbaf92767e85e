"""The questions with what their answers may change, worked out once for each knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, Optional, Sequence, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.evaluate import Check, compiled
from bot.reasoning.evidence import model_of
from bot.reasoning.keys import keys
from bot.reasoning.suppose import answers, looked_at
from bot.reasoning.triage import rule_keys, triage_of
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
    clue_keys = [frozenset().union(*(keys(state.when) for state in clue.states)) for clue in model_of(knowledge).clues]
    looked_at_by_rule = [rule_keys(rule) for _, _, rule in triage_of(knowledge).rules]
    return {
        question.key: _prepared(question, clue_keys, looked_at_by_rule, knowledge)
        for question in knowledge.questions.values()
    }


def _prepared(
    question: Question,
    clue_keys: Sequence[FrozenSet[Key]],
    looked_at_by_rule: Sequence[FrozenSet[Key]],
    knowledge: Knowledge,
) -> Prepared:
    model, triage = model_of(knowledge), triage_of(knowledge)
    touched = looked_at(question)
    risks = [name for kind, name in touched if kind == "risk_factor" and name in knowledge.risk_factors]
    clues = [i for i, found in enumerate(clue_keys) if found & touched]
    groups = {model.clues[i].group for i in clues}
    rules = [i for i, found in enumerate(looked_at_by_rule) if found & touched]
    return Prepared(
        question=question,
        answers=answers(question),
        clues=tuple(clues),
        by_place=tuple(not clue_keys[i] & (touched - {SITE}) for i in clues),
        neighbours=np.array([i for i, clue in enumerate(model.clues) if clue.group in groups], dtype=int),
        looks_at=tuple(sorted(touched.union(*(clue_keys[i] for i in clues), *(looked_at_by_rule[i] for i in rules)))),
        clue_keys=tuple(tuple(sorted(clue_keys[i])) for i in clues),
        rules=tuple(triage.rules[i][:2] for i in rules),
        rule_keys=tuple(tuple(sorted(looked_at_by_rule[i])) for i in rules),
        flag_level=triage.flag_levels.get(question.flag or "", triage.routine),
        when=compiled(question.when) if question.when is not None else None,
        required=compiled(question.required) if question.required is not None else None,
        stage=STAGES.index(question.stage),
        b12_risk=question.about == "risk_factor" and any(knowledge.risk_factors[name].b12_risk for name in risks),
    )
