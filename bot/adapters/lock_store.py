"""One turn at a time for each talk, whichever servers its messages reach."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, AsyncGenerator, Iterator, Optional, Text

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore

from bot.shared import Held, Shared, UnavailableError, shared


class Guard:
    """Whether the talk that is being worked on is ours alone."""

    def __init__(self, held: Optional[Held]) -> None:
        self._held = held

    @property
    def taken(self) -> bool:
        """False if the turn could not be taken: then nothing may be read and carried on, or two servers might."""
        return self._held is not None

    async def kept(self) -> bool:
        """Whether it may be written still. A server that stood still too long may have lost the turn to another."""
        try:
            return self._held is not None and await self._held.still()
        except UnavailableError:
            return True  # nobody else can have taken it meanwhile


# Turns worked on at once by one server. More would only make each other slow, until locks and connections time out:
# the work is done by one processor, and waits for little.
MOST_AT_ONCE = 8

# Outside a turn (tools, tests, the history of the widget) everything may be read.
guard: "ContextVar[Optional[Guard]]" = ContextVar("guard", default=None)


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Turns in here neither read nor write a talk: red flags are answered, all else with the safe sentence."""
    token = guard.set(Guard(None))
    try:
        yield
    finally:
        guard.reset(token)


class SharedLockStore(LockStore):
    """Rasa's lock store gives two servers the same ticket, and keeps the ticket of a server that died for a minute.

    While the shared memory is away the turn goes on without a lock and without the stored talk: the person hears
    the safe sentence, red flags are answered in full, and nothing is written.
    """

    def __init__(self, endpoint_config: Any = None, memory: Optional[Shared] = None) -> None:
        self._shared = memory or shared()
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: Text,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[TicketLock, None]:
        """Holds the talk. Raises ``LockError`` if others hold it for too long."""
        outer = guard.get()
        held: Optional[Held] = None
        async with AsyncExitStack() as stack:
            if outer is None or outer.taken:
                try:
                    held = await stack.enter_async_context(self._shared.turn(f"talk {conversation_id}"))
                except UnavailableError:
                    held = None
                except TimeoutError as error:
                    raise LockError("The talk is busy.") from error
            await stack.enter_async_context(self._places)
            token = guard.set(Guard(held))
            try:
                yield TicketLock(conversation_id)
            finally:
                guard.reset(token)
