"""One message of the person as the Rasa server understood it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Tuple

STORY, SURE = 2, 0.6  # findings that make a story, and the confidence from which a question in it is taken as asked

Entity = Mapping[str, object]


@dataclass(frozen=True)
class Message:
    """``entities`` are those of the contract, ``intent`` an act, a topic or one of the few other intents.

    ``sent_at`` is in seconds since 1970. ``read_up_to`` is set where the message was too long to be read whole:
    how many of its first characters were.
    """

    text: str
    intent: str
    confidence: float = 1.0
    entities: Tuple[Entity, ...] = ()
    sent_at: Optional[float] = None
    read_up_to: Optional[int] = None

    @classmethod
    def from_event(cls, event: Mapping[str, object]) -> "Message":
        """From a user event of the tracker."""
        metadata: Mapping[str, object] = event.get("metadata") or {}  # type: ignore[assignment]
        return replace(
            cls.from_parse_data(event.get("parse_data") or {}),  # type: ignore[arg-type]
            sent_at=event.get("timestamp"),  # type: ignore[arg-type]
            read_up_to=metadata.get("read") if metadata.get("truncated") else None,  # type: ignore[arg-type]
        )

    @classmethod
    def from_parse_data(cls, data: Mapping[str, object]) -> "Message":
        """From ``latest_message`` or the ``parse_data`` of a user event."""
        intent: Mapping[str, object] = data.get("intent") or {}  # type: ignore[assignment]
        entities: List[Dict[str, object]] = data.get("entities") or []  # type: ignore[assignment]
        return cls(
            text=str(data.get("text") or ""),
            intent=str(intent.get("name") or "nlu_fallback"),
            confidence=float(intent.get("confidence") or 0.0),  # type: ignore[arg-type]
            entities=tuple(entities),
        )

    def of(self, *kinds: str) -> List[Entity]:
        """Entities of these kinds, in the order said."""
        return [entity for entity in self.entities if entity.get("entity") in kinds]

    @property
    def tells_more_than_it_asks(self) -> bool:
        """A story that only sounds a little like a question of knowledge."""
        present = [entity for entity in self.of("finding") if entity.get("status") == "present"]
        return len(present) >= STORY and self.confidence < SURE

    @property
    def informs(self) -> bool:
        """Whether it tells something of a body, a risk or a result."""
        return bool(self.of("finding", "risk_factor", "lab_result", "attribute", "profile"))
