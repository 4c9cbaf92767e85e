"""The shared memory of a server that is alone."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from contextlib import asynccontextmanager
from typing import AsyncIterator, Callable, Dict, Hashable, Optional, Tuple

from bot.shared.limits import InProcessLimiter, Rate

MOST_REMEMBERED = 100_000
MOST_VALUES = 20_000  # the one not used for longest is forgotten first
LONGEST_WAIT = 60.0  # seconds for a turn

Clock = Callable[[], float]


class Seen:
    """Remembers what came in, each key for its own time."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._seen: "OrderedDict[Hashable, float]" = OrderedDict()

    def first_time(self, key: Hashable, seconds: float) -> bool:
        """Whether this key is new; for so many seconds it is not."""
        now = self._clock()
        while self._seen and (len(self._seen) >= MOST_REMEMBERED or next(iter(self._seen.values())) < now):
            self._seen.popitem(last=False)
        if self._seen.get(key, now) > now:
            return False
        self._seen.pop(key, None)
        self._seen[key] = now + seconds
        return True


class _Kept:
    """A turn of a single process cannot be lost."""

    async def still(self) -> bool:
        """Always."""
        return True


class InMemory:
    """``Shared`` inside one process."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._limiter = InProcessLimiter(clock)
        self._seen = Seen(clock)
        self._values: "OrderedDict[str, Tuple[float, str]]" = OrderedDict()
        self._turns: Dict[str, Tuple[asyncio.Lock, int]] = {}

    async def wait(self, key: str, rate: Rate) -> float:
        """See ``Shared``."""
        return await self._limiter.wait(key, rate)

    async def first_time(self, key: str, seconds: float) -> bool:
        """See ``Shared``."""
        return self._seen.first_time(key, seconds)

    async def get(self, key: str) -> Optional[str]:
        """See ``Shared``."""
        end, value = self._values.get(key, (0.0, None))
        if value is None or end < self._clock():
            self._values.pop(key, None)
            return None
        self._values.move_to_end(key)
        return value

    async def put(self, key: str, value: str, seconds: float) -> None:
        """See ``Shared``."""
        self._values.pop(key, None)
        self._values[key] = (self._clock() + seconds, value)
        if len(self._values) > MOST_VALUES:
            self._values.popitem(last=False)

    async def drop(self, key: str) -> None:
        """See ``Shared``."""
        self._values.pop(key, None)

    @asynccontextmanager
    async def turn(self, key: str, order: Optional[float] = None) -> AsyncIterator[_Kept]:
        """See ``Shared``. Those of one process come in order anyway, so ``order`` is not looked at."""
        lock, users = self._turns.get(key) or (asyncio.Lock(), 0)
        self._turns[key] = (lock, users + 1)
        try:
            if not lock.locked():
                await lock.acquire()  # at once; wait_for would cost a task, and may swallow a cancellation
            else:
                try:
                    await asyncio.wait_for(lock.acquire(), LONGEST_WAIT)
                except asyncio.TimeoutError:
                    raise TimeoutError("waited too long for a turn") from None
            try:
                yield _Kept()
            finally:
                lock.release()
        finally:
            lock, users = self._turns.pop(key)
            if users > 1:
                self._turns[key] = (lock, users - 1)

    async def ping(self) -> bool:
        """See ``Shared``."""
        return True
