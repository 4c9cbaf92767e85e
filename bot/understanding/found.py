"""A finding while it is being read, before it becomes a mention."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Tuple

from spacy.tokens import Doc

from bot.understanding.lexicon import Match
from bot.understanding.mentions import PRESENT, UNCERTAIN
from bot.understanding.places import Place


@dataclass
class Finding:
    """``values`` are attributes as (name, value); ``fast`` marks a worsening by the day or hour."""

    id: str
    match: Match
    status: str
    subject: str
    places: List[Place] = field(default_factory=list)
    values: List[Tuple[str, object]] = field(default_factory=list)
    fast: bool = False

    @property
    def live(self) -> bool:
        """Whether the speaker has it, or may have it, now."""
        return self.status in (PRESENT, UNCERTAIN)


def offsets(doc: Doc, first: int, last: int) -> Tuple[int, int]:
    """Characters of the tokens ``first`` to ``last``."""
    token = doc[last]
    return doc[first].idx, token.idx + len(token.text)


def same(doc: Doc, unit: str, one: int, other: int) -> bool:
    """Whether two tokens stand in one unit: "clauses" or "sentences"."""
    numbers: List[int] = doc.user_data[unit]
    return numbers[one] == numbers[other]
