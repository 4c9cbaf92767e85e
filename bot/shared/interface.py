"""The one interface to what servers share."""

from __future__ import annotations

from typing import AsyncContextManager, Optional, Protocol

from bot.shared.limits import Rate


class UnavailableError(Exception):
    """The shared memory does not answer. The caller decides what is safe without it."""


class Held(Protocol):
    """A turn that was waited for and is now held."""

    async def still(self) -> bool:
        """Whether it is held still: a server that stood still for long may have lost it to another."""
        ...


class Shared(Protocol):
    """Small facts with an end, and turns. Keys name a purpose and an id, values are text.

    ``wait`` and ``first_time`` always answer; while the shared memory is away each server counts alone.
    """

    async def wait(self, key: str, rate: Rate) -> float:
        """Takes one of what the rate allows; 0 if granted, else the seconds until the next would be."""
        ...

    async def first_time(self, key: str, seconds: float) -> bool:
        """Whether this key is new; for so many seconds it is not."""
        ...

    async def get(self, key: str) -> Optional[str]:
        """The value, ``None`` if there is none or it has ended. Raises ``UnavailableError``."""
        ...

    async def put(self, key: str, value: str, seconds: float) -> None:
        """Keeps the value for so many seconds. Raises ``UnavailableError``."""
        ...

    async def drop(self, key: str) -> None:
        """Forgets the value. Raises ``UnavailableError``."""
        ...

    def turn(self, key: str, order: Optional[float] = None) -> AsyncContextManager[Held]:
        """Waits until nobody else holds this key. Of those waiting the lowest order is next; default: as they came.

        Entering raises ``UnavailableError`` and, if it takes longer than a minute, ``TimeoutError``.
        """
        ...

    async def ping(self) -> bool:
        """Whether the shared memory answers."""
        ...
