"""How updates come: Telegram calls the webhook, or we ask for them. Either is set up in the background."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Awaitable, Callable, Dict, Mapping, Optional

from bot.channels.telegram_api import TelegramApi, TelegramError
from bot.channels.telegram_settings import POLLING, PUBLIC_URL, TOKEN, TelegramSettings
from bot.channels.telegram_updates import WANTED, update_id
from bot.channels.telegram_words import COMMANDS, word

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds between tries; doubled each time
LONG_POLL = 50  # seconds that Telegram holds an answer back while there is nothing new
# One connection at a time keeps the order; an update is acknowledged at once, so that is fast enough.
CONNECTIONS = 1

Take = Callable[[object], Awaitable[None]]
Pause = Callable[[float], Awaitable[Any]]


class Delivery:
    """Sets delivery up and goes on trying until it works, or until Telegram says that the token is wrong."""

    def __init__(self, settings: TelegramSettings, api: TelegramApi, take: Take, pause: Pause = asyncio.sleep) -> None:
        self._settings = settings
        self._api = api
        self._take = take
        self._pause = pause

    async def run(self) -> None:
        """Returns when there is no more to do; in polling mode that is never."""
        try:
            if self._settings.mode == POLLING:
                await self._until_done("deleteWebhook", {"drop_pending_updates": False})
                await self._name_commands()
                await self._poll()
            elif self._settings.webhook_url:
                await self._until_done("setWebhook", self._webhook())
                await self._name_commands()
            else:
                logger.warning("telegram_not_set_up missing=%s", PUBLIC_URL)
        except TelegramError as error:
            logger.error("telegram_token_refused code=%s check=%s", error.code, TOKEN)

    def _webhook(self) -> Dict[str, object]:
        return {
            "url": self._settings.webhook_url,
            "secret_token": self._settings.webhook_secret,
            "allowed_updates": list(WANTED),
            "max_connections": CONNECTIONS,
            "drop_pending_updates": False,
        }

    async def _name_commands(self) -> None:
        commands = [{"command": command, "description": word(f"menu_{command}")} for command in COMMANDS]
        scope = {"type": "all_private_chats"}
        await self._until_done("setMyCommands", {"commands": commands, "scope": scope})

    async def _until_done(self, method: str, parameters: Mapping[str, object], patience: float = 20.0) -> Any:
        """The result, however long it takes. Raises ``TelegramError`` only if the token is refused."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._api.call(method, parameters, tries=1, patience=patience)
            except TelegramError as error:
                if error.token_refused:
                    raise
                logger.warning("telegram_not_reached method=%s code=%s again_in=%.0f", method, error.code, pause)
            await self._pause(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _poll(self) -> None:
        offset: Optional[int] = None
        while True:
            asked: Dict[str, object] = {"timeout": LONG_POLL, "allowed_updates": list(WANTED)}
            if offset is not None:
                asked["offset"] = offset
            updates = await self._until_done("getUpdates", asked, patience=LONG_POLL + 15)
            for update in updates if isinstance(updates, list) else ():
                number = update_id(update)
                offset = offset if number is None else number + 1
                await self._take(update)
