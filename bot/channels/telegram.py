"""The Telegram channel. Without a token in the environment it has no routes and does nothing."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any, Awaitable, Callable, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.channels.telegram_bot import CHANNEL, TelegramBot
from bot.channels.telegram_delivery import Delivery
from bot.channels.telegram_settings import WEBHOOK, TelegramSettings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# A message has up to 4,096 characters, and may quote another; with all its formatting it stays well below this.
LARGEST_UPDATE = 512 * 1024  # bytes

Bot = Callable[[TelegramSettings, Callable[[UserMessage], Awaitable[Any]]], TelegramBot]


class TelegramInput(InputChannel):
    """``POST /webhooks/telegram/webhook`` for Telegram alone, or long polling (``MYELIN_TELEGRAM_MODE=polling``)."""

    def __init__(self, settings: Optional[TelegramSettings] = None, bot: Bot = TelegramBot) -> None:
        self._settings = settings or TelegramSettings.from_environment()
        self._bot = bot
        self._delivery: Optional["asyncio.Task[None]"] = None

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The route of the webhook, and what starts and ends with the server."""
        blueprint = Blueprint("myelin_telegram")
        settings = self._settings
        if settings is None:
            return blueprint
        bot = self._bot(settings, on_new_message)

        @blueprint.listener("before_server_start")
        async def open_(app: Sanic, _: Any) -> None:
            bot.open(app)

        @blueprint.listener("after_server_start")
        async def set_up(_: Sanic, __: Any) -> None:
            self._delivery = asyncio.ensure_future(Delivery(settings, bot.api, bot.take).run())

        @blueprint.listener("before_server_stop")
        async def close(_: Sanic, __: Any) -> None:
            if self._delivery is not None:
                self._delivery.cancel()
            await bot.close()

        if settings.mode == WEBHOOK:

            @blueprint.post("/webhook", stream=True)
            async def webhook(request: Request) -> BaseHTTPResponse:
                if not _is_from_telegram(request, settings):
                    return response.json({"error": "secret"}, status=403)
                body = await _body(request)
                if body is None:
                    return response.json({"error": "size"}, status=413)
                try:
                    update = json.loads(body)
                except (ValueError, RecursionError):
                    return response.json({"error": "json"}, status=400)
                await bot.take(update)
                return response.json({"ok": True})

        return blueprint


def _is_from_telegram(request: Request, settings: TelegramSettings) -> bool:
    given = request.headers.get(SECRET_HEADER, "")
    return hmac.compare_digest(given.encode(errors="surrogateescape"), settings.webhook_secret.encode())


async def _body(request: Request) -> Optional[bytes]:
    """What was sent, or ``None`` if it is too large; then the rest is not read."""
    if int(request.headers.get("content-length") or 0) > LARGEST_UPDATE:
        return None
    body = b""
    while True:
        chunk = await request.stream.read()
        if chunk is None:
            return body
        body += chunk
        if len(body) > LARGEST_UPDATE:
            return None
