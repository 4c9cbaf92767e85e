"""Turns that the database could not take, kept where every server finds them."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Set

from bot.shared import Shared, UnavailableError, shared

KEPT_FOR = 24 * 3600.0  # seconds

Events = List[Dict[str, Any]]


class Unsaved:
    """All events of a talk whose latest turn waits to be written. The database is older than this."""

    def __init__(self, memory: Optional[Shared] = None) -> None:
        self._shared = memory or shared()
        self.senders: Set[str] = set()  # of the turns that this server could not write

    async def events(self, sender: str) -> Optional[Events]:
        """The events that wait, ``None`` if the database has everything. Raises ``UnavailableError``."""
        kept = await self._shared.get(_key(sender))
        return json.loads(kept) if kept else None

    async def keep(self, sender: str, events: Events) -> bool:
        """Keeps the talk until it is written; false if that is not possible either."""
        try:
            await self._shared.put(_key(sender), json.dumps(events), KEPT_FOR)
        except UnavailableError:
            return False
        self.senders.add(sender)
        return True

    async def drop(self, sender: str) -> None:
        """The talk was written, or is to be forgotten. Raises ``UnavailableError``."""
        await self._shared.drop(_key(sender))
        self.senders.discard(sender)


def _key(sender: str) -> str:
    return f"unsaved {sender}"
