"""A message that is sent again gets the reply it got before, never a second turn."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from contextlib import AsyncExitStack
from typing import Any, Awaitable, Callable, Dict, Optional, Tuple

from bot.shared import InMemory, Shared, UnavailableError

KEPT_FOR = 600.0  # seconds; after that the tracker answers
MOST_KEPT = 2000

Reply = Dict[str, Any]
Key = Tuple[str, str]
Make = Callable[[bool], Awaitable[Reply]]


class Replies:
    """Replies by sender and message id: those being made and the latest made.

    Other servers know only that a message was seen, never what was said: the reply is in the stored talk.
    """

    def __init__(self, memory: Optional[Shared] = None) -> None:
        self._shared = memory or InMemory()
        self._made: OrderedDict[Key, Tuple[float, Reply]] = OrderedDict()
        self._in_work: Dict[Key, "asyncio.Future[Reply]"] = {}

    async def once(self, sender: str, id_: str, make: Make) -> Reply:
        """The reply to this message; ``make`` runs at most once, also when the person stops waiting for it.

        ``make`` is told whether the message was seen before, perhaps by a server that did not finish it.
        """
        key = (sender, id_)
        self._forget_old()
        if key in self._made:
            return self._made[key][1]
        if key not in self._in_work:
            self._in_work[key] = asyncio.ensure_future(self._make(key, make))
        return await asyncio.shield(self._in_work[key])

    def forget(self, sender: str) -> None:
        """Drops every reply made so far to this sender."""
        for key in [key for key in self._made if key[0] == sender]:
            del self._made[key]

    async def _make(self, key: Key, make: Make) -> Reply:
        name = f"message {' '.join(key)}"
        try:
            async with AsyncExitStack() as stack:
                try:
                    await stack.enter_async_context(self._shared.turn(name))
                    seen = not await self._shared.first_time(name, KEPT_FOR)
                except (UnavailableError, TimeoutError):
                    seen = True
                reply = await make(seen)
            self._made[key] = (time.monotonic(), reply)
            return reply
        finally:
            del self._in_work[key]

    def _forget_old(self) -> None:
        oldest = time.monotonic() - KEPT_FOR
        while self._made and (len(self._made) > MOST_KEPT or next(iter(self._made.values()))[0] < oldest):
            self._made.popitem(last=False)
