"""The shared memory of several servers, in Redis."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import asynccontextmanager, suppress
from typing import Any, AsyncIterator, Awaitable, Callable, List, Optional, Sequence, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.shared.interface import UnavailableError
from bot.shared.limits import Rate
from bot.shared.memory import LONGEST_WAIT, InMemory
from bot.shared.scripts import FIRST, RELEASE, TAKE, TURN

logger = logging.getLogger(__name__)

PREFIX = "myelin:"
ANSWER_WITHIN = 3.0  # seconds for one command; a busy server may be late to read the answer
# A restart takes Redis about a second; a turn waits for it rather than be refused.
PATIENCE = 2.0  # seconds
TRY_AGAIN_AFTER = 0.1  # seconds
TURN_LASTS = 8.0  # seconds without a sign of life, after which the turn of a server that died is over
SIGN_OF_LIFE_EVERY = 2.0  # seconds
LOOK_EVERY = 0.03  # seconds between two looks of somebody who waits
QUIET_FOR = 10.0  # seconds between two lines of the log about the same trouble

Result = TypeVar("Result")


class InRedis:
    """``Shared`` by all servers with the same Redis. What is kept there ends by itself."""

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=ANSWER_WITHIN,
            socket_connect_timeout=ANSWER_WITHIN,
            health_check_interval=15,
            # A connection that Redis closed is opened anew at once.
            retry=Retry(ConstantBackoff(0.02), 1),
            retry_on_error=[RedisConnectionError],
        )
        self._alone = InMemory()
        self._take = self._redis.register_script(TAKE)
        self._first = self._redis.register_script(FIRST)
        self._turn = self._redis.register_script(TURN)
        self._release = self._redis.register_script(RELEASE)
        self._logged_at = float("-inf")

    async def wait(self, key: str, rate: Rate) -> float:
        """See ``Shared``."""
        arguments = [rate.per_minute / 60, rate.burst]
        try:
            return float(await self._ask(lambda: self._take([f"{PREFIX}rate:{key}"], arguments)))
        except UnavailableError:
            return await self._alone.wait(key, rate)

    async def first_time(self, key: str, seconds: float) -> bool:
        """See ``Shared``. A key is remembered here as well, for while Redis is away."""
        new_here = await self._alone.first_time(key, seconds)
        arguments = [secrets.token_hex(8), max(1, int(seconds * 1000))]
        try:
            new_everywhere = await self._ask(lambda: self._first([f"{PREFIX}seen:{key}"], arguments)) == 1
        except UnavailableError:
            return new_here
        return new_everywhere and new_here

    async def get(self, key: str) -> Optional[str]:
        """See ``Shared``."""
        return await self._ask(lambda: self._redis.get(f"{PREFIX}value:{key}"))

    async def put(self, key: str, value: str, seconds: float) -> None:
        """See ``Shared``."""
        await self._ask(lambda: self._redis.set(f"{PREFIX}value:{key}", value, px=max(1, int(seconds * 1000))))

    async def drop(self, key: str) -> None:
        """See ``Shared``."""
        await self._ask(lambda: self._redis.delete(f"{PREFIX}value:{key}"))

    @asynccontextmanager
    async def turn(self, key: str, order: Optional[float] = None) -> AsyncIterator["_Turn"]:
        """See ``Shared``. While the turn is held, signs of life keep others from taking it."""
        turn = _Turn(self._look, [f"{PREFIX}turn:{key}", f"{PREFIX}alive:{key}"], order)
        try:
            await turn.wait()
            signs = asyncio.ensure_future(turn.give_signs())
            try:
                yield turn
            finally:
                signs.cancel()
        finally:
            with suppress(UnavailableError):  # then it ends by itself
                await self._ask(lambda: self._release(turn.keys, [turn.token]))

    async def ping(self) -> bool:
        """See ``Shared``."""
        try:
            return bool(await self._ask(lambda: self._redis.ping()))
        except UnavailableError:
            return False

    async def _look(self, keys: Sequence[str], arguments: List[Any]) -> bool:
        return await self._ask(lambda: self._turn(keys, arguments)) == 1

    async def _ask(self, command: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await command()
        except (RedisConnectionError, RedisTimeoutError, BusyLoadingError, RedisError, OSError) as error:
            if time.monotonic() - self._logged_at > QUIET_FOR:
                self._logged_at = time.monotonic()
                logger.error("redis_unavailable error=%s", type(error).__name__)
            raise UnavailableError from error


Look = Callable[[Sequence[str], List[Any]], Awaitable[bool]]


class _Turn:
    """One who waits for a key, and then holds it."""

    def __init__(self, look: Look, keys: Sequence[str], order: Optional[float]) -> None:
        self._look = look
        self.keys = keys
        self.token = secrets.token_hex(12)
        self._order = "" if order is None else repr(order)

    async def wait(self) -> None:
        """Returns when it is our turn."""
        started = time.monotonic()
        answered = started
        while True:
            now = time.monotonic()
            if now - started > LONGEST_WAIT:
                raise TimeoutError("waited too long for a turn")
            try:
                if await self.still():
                    return
                answered = time.monotonic()
                await asyncio.sleep(LOOK_EVERY)
            except UnavailableError:
                if now - answered > PATIENCE:
                    raise
                await asyncio.sleep(TRY_AGAIN_AFTER)

    async def still(self) -> bool:
        """Whether it is our turn, which from now on lasts its full time. Raises ``UnavailableError``."""
        return await self._look(self.keys, [self.token, self._order, int(TURN_LASTS * 1000), "join"])

    async def give_signs(self) -> None:
        """Tells that the holder lives, until cancelled."""
        while True:
            await asyncio.sleep(SIGN_OF_LIFE_EVERY)
            with suppress(UnavailableError):
                await self._look(self.keys, [self.token, self._order, int(TURN_LASTS * 1000), ""])
