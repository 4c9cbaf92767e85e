"""Which of the reasons that count are told to a person: none that nobody would argue with, none twice."""

from __future__ import annotations

from typing import Collection, List, Sequence, Set, Tuple

from bot.knowledge.schema import Clue
from bot.reasoning.evidence import OTHERWISE, EvidenceModel, Explanation, Reason

LEAST_WEIGHT = 0.25  # nats below which a reason is not worth telling


def arguments(explanation: Explanation, model: EvidenceModel, stated: Collection[str] = ()) -> Explanation:
    """The reasons of some weight that a person would bring forward, heaviest first.

    ``stated`` are the clues of which the condition itself says how often they go with it.
    """

    def kept(reasons: Sequence[Reason]) -> Tuple[Reason, ...]:
        return tuple(
            reason for reason in reasons if _is_argument(reason, model.clues[model.clue_index[reason.clue]], stated)
        )

    return Explanation(supports=kept(explanation.supports), against=kept(explanation.against))


def without_repeats(reasons: Sequence[Reason]) -> List[Reason]:
    """The same without those that tell of the same thing as a heavier one: of both feet, then of both legs."""
    told: List[Reason] = []
    seen: Set[str] = set()
    for reason in reasons:
        if not seen & set(reason.ids):
            told.append(reason)
            seen |= set(reason.ids)
    return told


def _is_argument(reason: Reason, clue: Clue, stated: Collection[str]) -> bool:
    if abs(reason.weight) < LEAST_WEIGHT:
        return False
    if clue.presence == "test" and reason.weight < 0 and clue.id not in stated:
        return False
    if reason.state == OTHERWISE:
        return clue.absence == "sign" or (clue.absence == "argument" and reason.weight < 0)
    return clue.presence != "cause" or reason.weight > 0
