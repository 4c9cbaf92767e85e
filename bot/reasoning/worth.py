"""What each open question is worth now: how much its answer is expected to change.

The worth of a question is the expected fall in uncertainty about the ranking (in bits), plus the expected
change of urgency (in levels, weighing more), plus what it adds to the advice about vitamin B12 while that is
possible. How likely each answer is comes from the evidence model itself. Small bonuses keep the talk in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import List, Optional, Sequence

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.case import Case
from bot.reasoning.effects import Effects
from bot.reasoning.evidence import model_of, situation_of, softmax
from bot.reasoning.prepared import Prepared, prepare
from bot.reasoning.suppose import is_settled
from bot.reasoning.triage import fixed_level, triage_of
from bot.reasoning.view import view_of

B12 = "b12_neuropathy"
URGENCY_WEIGHT = 2.0  # bits one level of urgency is worth
ADVICE_WEIGHT = 1.0  # bits the first question about a cause of B12 deficiency is worth if that were certain
AGE_WORTH = 0.3  # bits beside the ranking: the talk is for adults, and tests are read by age
SAME_STAGE, BACKWARD = 1.6, 0.7  # worth is multiplied by this to keep subjects together


@dataclass(frozen=True)
class Valued:
    """A question with its worth: ``bits`` of ranking, ``levels`` of urgency, ``total`` with order of the talk."""

    question: Question
    bits: float
    levels: float
    total: float


class Appraiser:
    """Values the questions of one knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.triage = triage_of(knowledge)
        self.prepared = prepare(knowledge)
        self.effects = Effects(knowledge)
        self.b12 = model_of(knowledge).index.get(B12)

    def _open_questions(self, case: Case, asked: Sequence[str]) -> List[Prepared]:
        """Questions that may be asked: not yet asked or settled, their condition true, able to change something."""
        view, gone = view_of(case), {*asked, *case.unsure}
        return [
            item
            for key, item in self.prepared.items()
            if key not in gone
            and not item.question.opening
            and item.answers
            and (item.when is None or item.when(view) is True)
            and not is_settled(item.question, view, case)
        ]

    def value(self, case: Case, asked: Sequence[str]) -> List[Valued]:
        """Every open question with its worth, best first."""
        items = self._open_questions(case, asked)
        if not items:
            return []
        situation, level = situation_of(case, self.knowledge), fixed_level(case, self.knowledge)
        now = situation.posterior
        effect = self.effects.of(case, items)
        after = softmax(situation.logs + effect.shift, axis=1)
        concern_now = float(self.triage.concern(now[np.newaxis, :], np.array([level]))[0])
        concern_change = np.abs(self.triage.concern(after, np.minimum(effect.levels, level)) - concern_now)
        starts = np.cumsum([0] + [len(item.answers) for item in items])[:-1]
        chance = effect.chance @ now
        entropy_now = float(_entropy(now[np.newaxis, :])[0])
        bits = np.maximum(0.0, entropy_now - np.add.reduceat(chance * _entropy(after), starts))
        changes = np.add.reduceat(chance * concern_change, starts)
        last_stage = self._last_stage(asked)
        causes_asked = sum(1 for key in asked if key in self.prepared and self.prepared[key].b12_risk)
        b12_share = float(now[self.b12]) if self.b12 is not None else 0.0
        advice = ADVICE_WEIGHT * b12_share / (1 + causes_asked / 2)
        valued = [
            self._valued(item, float(bit), float(change), advice, last_stage)
            for item, bit, change in zip(items, bits, changes)
        ]
        return sorted(valued, key=lambda entry: -entry.total)

    def _last_stage(self, asked: Sequence[str]) -> Optional[int]:
        known = [self.prepared[key].stage for key in asked if key in self.prepared]
        return known[-1] if known else None

    @staticmethod
    def _valued(item: Prepared, bits: float, change: float, advice: float, last_stage: Optional[int]) -> Valued:
        total = bits + URGENCY_WEIGHT * change
        total += advice if item.b12_risk else AGE_WORTH if item.question.id == "age" else 0.0
        if last_stage is not None and item.question.id != "age":
            total *= SAME_STAGE if item.stage == last_stage else BACKWARD if item.stage < last_stage else 1.0
        return Valued(item.question, bits, change, total)


def _entropy(posteriors: np.ndarray) -> np.ndarray:
    """Uncertainty of each row, in bits."""
    return -(posteriors * np.log2(np.maximum(posteriors, 1e-12))).sum(axis=1)


@cache
def appraiser_of(knowledge: Knowledge) -> Appraiser:
    """The appraiser of this knowledge, prepared on first use."""
    return Appraiser(knowledge)
