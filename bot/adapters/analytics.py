"""Events for statistics through RabbitMQ, without anything that a person wrote or that tells who wrote it."""

from __future__ import annotations

import logging
from typing import Any, Dict, Optional, Text

from rasa.core.brokers.pika import PikaEventBroker

logger = logging.getLogger(__name__)

HOUR = 3600  # seconds


class AnonymousEvents(PikaEventBroker):
    """Rasa publishes the whole talk: texts, entities, slots, the id of the talk. This passes on four plain fields."""

    def publish(self, event: Dict[Text, Any], headers: Optional[Dict[Text, Text]] = None) -> None:
        """Publishes what is left of the event, if anything. A broker that is away never holds up a turn."""
        reduced = anonymous(event)
        if reduced is None:
            return
        try:
            super().publish(reduced)
        except Exception:  # noqa: BLE001 - statistics are never worth a turn
            logger.exception("analytics_failed")


def anonymous(event: Dict[Text, Any]) -> Optional[Dict[Text, Any]]:
    """Kind, hour, channel, and the name of the intent or action; ``None`` for kinds that carry what was told.

    The hour and not the second, and no id of the talk: events of one person cannot be put together again.
    """
    kind = event.get("event")
    hour = int(float(event.get("timestamp") or 0) // HOUR * HOUR)
    if kind == "user":
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        return {"event": kind, "hour": hour, "channel": event.get("input_channel"), "name": intent}
    if kind in ("action", "session_started"):
        return {"event": kind, "hour": hour, "channel": None, "name": event.get("name")}
    return None
