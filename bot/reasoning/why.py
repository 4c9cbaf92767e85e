"""Why a question is asked: the conditions that each of its answers would speak for."""

from __future__ import annotations

from typing import Dict, List

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.case import Case
from bot.reasoning.evidence import model_of, situation_of, softmax
from bot.reasoning.worth import appraiser_of

SPEAKS_FOR = 1.15  # growth of a condition's odds from which an answer is said to speak for it
WORTH_NAMING = 0.02  # share below which a condition is not named as a reason to ask


def why(question: Question, case: Case, knowledge: Knowledge) -> Dict[str, List[str]]:
    """For each answer to the question, the conditions it would speak for, most first."""
    appraiser = appraiser_of(knowledge)
    conditions = model_of(knowledge).conditions
    item = appraiser.prepared.get(question.key)
    if item is None or not item.answers:
        return {}
    situation = situation_of(case, knowledge)
    shift = appraiser.effects.of(case, [item]).shift
    result: Dict[str, List[str]] = {}
    now = situation.posterior
    odds_now = now / (1 - now)
    for answer, after in zip(item.answers, softmax(situation.logs + shift, axis=1)):
        growth = (after / (1 - after) / odds_now)[:-1]
        named = [i for i in np.argsort(-(after - now)[:-1]) if growth[i] >= SPEAKS_FOR and after[i] >= WORTH_NAMING]
        result[str(answer)] = [conditions[i] for i in named]
    return result
