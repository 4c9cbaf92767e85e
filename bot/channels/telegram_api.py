"""A small client of the Telegram Bot API: one call, with patience for everything that passes by itself."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Mapping, Optional

import aiohttp

from bot.shared.limits import InProcessLimiter, Rate

logger = logging.getLogger(__name__)

MOST_TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between tries; doubled each time
LONGEST_RETRY_AFTER = 120.0  # seconds; told to wait longer, we give up
PATIENCE = 20.0  # seconds for one answer
# Telegram asks for at most 30 messages a second in all, and about one a second in a chat with short bursts.
ALL_CHATS = Rate(per_minute=1500, burst=25)
ONE_CHAT = Rate(per_minute=60, burst=20)

Pause = Callable[[float], Awaitable[Any]]


@dataclass(frozen=True)
class Upload:
    """A file sent along; ``field`` is the parameter it fills."""

    field: str
    name: str
    kind: str
    content: bytes


class TelegramError(Exception):
    """A call that failed for good. ``code`` is that of HTTP, 0 if there was no answer at all."""

    def __init__(self, method: str, code: int, description: str = "") -> None:
        super().__init__(f"{method} {code}")  # the description may quote the text that was sent
        self.method = method
        self.code = code
        self.description = description

    @property
    def token_refused(self) -> bool:
        """Whether the bot token is wrong; trying again cannot help."""
        return self.code in (401, 404)

    @property
    def person_left(self) -> bool:
        """Whether the person blocked the bot, or the account or chat is gone."""
        return self.code == 403 or (self.code == 400 and "chat not found" in self.description.lower())


class TelegramApi:
    """Calls methods of the Bot API. The address of a call holds the token, so it is never logged or redirected."""

    def __init__(self, token: str, base: str, pause: Pause = asyncio.sleep) -> None:
        self._address = f"{base}/bot{token}/"
        self._pause = pause
        self._limiter = InProcessLimiter()
        self._session: Optional[aiohttp.ClientSession] = None

    async def call(
        self,
        method: str,
        parameters: Optional[Mapping[str, object]] = None,
        upload: Optional[Upload] = None,
        tries: int = MOST_TRIES,
        patience: float = PATIENCE,
    ) -> Any:
        """The ``result`` of the method. Raises ``TelegramError`` after ``tries``, or when trying again is no use."""
        parameters = parameters or {}
        pause = FIRST_PAUSE
        for left in range(tries - 1, -1, -1):
            if method.startswith("send"):
                await self._wait_for_turn(parameters.get("chat_id"))
            answer = await self._once(method, parameters, upload, patience)
            if answer.get("ok") is True:
                return answer.get("result")
            error = TelegramError(method, _code(answer), str(answer.get("description") or ""))
            if not left or 400 <= error.code < 500 and error.code != 429:
                raise error
            wait = _retry_after(answer)
            if wait > LONGEST_RETRY_AFTER:
                raise error
            await self._pause(wait or pause * random.uniform(0.8, 1.2))
            pause = min(2 * pause, LONGEST_PAUSE)
        raise TelegramError(method, 0)

    async def close(self) -> None:
        """Ends all connections."""
        if self._session is not None:
            await self._session.close()

    async def _wait_for_turn(self, chat: object) -> None:
        for key, rate in (("all", ALL_CHATS), (str(chat), ONE_CHAT)):
            while True:
                seconds = await self._limiter.wait(key, rate)
                if seconds <= 0:
                    break
                await self._pause(seconds)

    async def _once(
        self, method: str, parameters: Mapping[str, object], upload: Optional[Upload], patience: float
    ) -> Mapping[str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True)
        body: Any = {"json": parameters} if upload is None else {"data": _form(parameters, upload)}
        timeout = aiohttp.ClientTimeout(total=patience)
        try:
            async with self._session.post(
                self._address + method, timeout=timeout, allow_redirects=False, **body
            ) as reply:
                content = await reply.read()
                return _read(content, reply.status)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return {"ok": False, "error_code": 0}


def _form(parameters: Mapping[str, object], upload: Upload) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field(upload.field, upload.content, filename=upload.name, content_type=upload.kind)
    return form


def _read(content: bytes, status: int) -> Mapping[str, Any]:
    """The answer; what is no answer of the Bot API, such as the page of a proxy, counts by its status."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and isinstance(answer.get("ok"), bool):
        return answer if answer["ok"] else {"error_code": status, **answer}
    return {"ok": False, "error_code": status if status >= 400 else 502}


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("error_code")
    return code if isinstance(code, int) else 0


def _retry_after(answer: Mapping[str, Any]) -> float:
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, (int, float)) and seconds > 0 else 0.0
