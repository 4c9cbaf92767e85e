"""What was understood in one message. Offsets are characters of the text as the person sent it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

PRESENT, ABSENT, PAST, UNCERTAIN, OTHER_PERSON, HYPOTHETICAL = (
    "present",
    "absent",
    "past",
    "uncertain",
    "other_person",
    "hypothetical",
)
GUESSED = "wording"
"""Evidence of what no words of the lexicon and no rule say: it was learnt how people put it."""


@dataclass(frozen=True)
class Mention:
    """Words that say something: ``entity`` is the contract's kind, ``value`` the vocabulary id."""

    entity: str
    value: str
    start: int
    end: int
    status: Optional[str] = None
    confidence: float = 1.0
    evidence: str = "lexicon"
    extra: Dict[str, object] = field(default_factory=dict)

    def as_entity(self, extractor: str) -> Dict[str, object]:
        """The mention as an entity of Rasa, with the additional keys of the contract."""
        entity: Dict[str, object] = {
            "entity": self.entity,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "extractor": extractor,
            "confidence_entity": self.confidence,
            "evidence": self.evidence,
        }
        if self.status is not None:
            entity["status"] = self.status
        entity.update(self.extra)
        return entity


Span = Tuple[int, int]
Mentions = List[Mention]
