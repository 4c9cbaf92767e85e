"""Which of the things told still stand, when later words take earlier ones back."""

from __future__ import annotations

from typing import List, Sequence

from bot.reasoning.case import Fact
from bot.reasoning.places import covers
from bot.understanding.mentions import ABSENT, PRESENT

OPPOSITE = {PRESENT: ABSENT, ABSENT: PRESENT}


def same_place(one: Fact, other: Fact) -> bool:
    """Whether both may be about the same place: a place or side that was not said may be any."""
    sides = {one.attributes.get("side"), other.attributes.get("side")}
    if sides == {"left", "right"}:
        return False
    first, second = _sites(one), _sites(other)
    return not first or not second or any(covers(a, b) or covers(b, a) for a in first for b in second)


def standing(facts: Sequence[Fact]) -> List[Fact]:
    """The facts, in order, without those that a later turn says the opposite of, about the same place."""
    return [fact for number, fact in enumerate(facts) if not any(_undoes(later, fact) for later in facts[number + 1 :])]


def _undoes(later: Fact, fact: Fact) -> bool:
    return (
        (later.kind, later.id) == (fact.kind, fact.id)
        and later.status == OPPOSITE.get(fact.status)
        and later.turn > fact.turn
        and same_place(fact, later)
    )


def _sites(fact: Fact) -> Sequence[object]:
    sites = fact.attributes.get("site") or ()
    return sites if isinstance(sites, (list, tuple)) else (sites,)
