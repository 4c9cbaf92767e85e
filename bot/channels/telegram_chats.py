"""What is remembered of each chat for two days, by all servers. Nothing of it is in the database."""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import AsyncIterator, Callable, Dict, Optional

from bot.channels.telegram_keyboard import Keyboard
from bot.shared import Shared, UnavailableError

logger = logging.getLogger(__name__)

MOST_CHATS = 20_000  # the one not heard of for longest is forgotten first
KEPT_FOR = 2 * 24 * 3600.0  # seconds


@dataclass
class Chat:
    """``keyboards`` are those of the latest reply by the message they stand under, as long as they wait."""

    id: int
    keyboards: Dict[int, Keyboard] = field(default_factory=dict)
    known: bool = False  # whether all keyboards that wait are known; not so once the chat was forgotten
    warned: Optional[bool] = None  # whether the person was told who can read along; None if that is not known
    refused: bool = False  # whether a group was told that the bot talks in private only
    album: str = ""  # the latest album of pictures that was answered
    flooded: float = float("-inf")  # when a message was last left unread, on the clock of this server

    def as_text(self) -> str:
        """What other servers must know."""
        keyboards = [
            [number, keyboard.html, list(keyboard.buttons), sorted(keyboard.chosen)]
            for number, keyboard in self.keyboards.items()
        ]
        return json.dumps([keyboards, self.known, self.warned, self.refused, self.album])

    def take_over(self, text: Optional[str]) -> None:
        """Becomes what another server knows; what it does not know is unknown here too."""
        keyboards, self.known, self.warned, self.refused, self.album = json.loads(
            text or '[[], false, null, false, ""]'
        )
        self.keyboards = {
            number: Keyboard(html, [(data, title) for data, title in buttons], set(chosen))
            for number, html, buttons, chosen in keyboards
        }


class Chats:
    """The chats by their id; ``name`` gives the id under which a chat is shared."""

    def __init__(self, memory: Shared, name: Callable[[int], str]) -> None:
        self._shared = memory
        self._name = name
        self._chats: "OrderedDict[int, Chat]" = OrderedDict()

    def get(self, id_: int) -> Chat:
        """The chat as this server last knew it, a new one if it is not remembered."""
        chat = self._chats.setdefault(id_, Chat(id_))
        self._chats.move_to_end(id_)
        while len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)
        return chat

    @asynccontextmanager
    async def remembered(self, id_: int) -> AsyncIterator[Chat]:
        """The chat as all servers know it; what is changed meanwhile they know afterwards."""
        chat, key = self.get(id_), f"chat {self._name(id_)}"
        try:
            chat.take_over(await self._shared.get(key))
        except UnavailableError:
            logger.warning("chat_not_shared")
        try:
            yield chat
        finally:
            if id_ in self._chats:
                await self._share(key, chat)

    async def _share(self, key: str, chat: Chat) -> None:
        try:
            await self._shared.put(key, chat.as_text(), KEPT_FOR)
        except UnavailableError:
            logger.warning("chat_not_shared")

    async def forget(self, id_: int) -> None:
        """Drops all that is remembered of the chat."""
        self._chats.pop(id_, None)
        try:
            await self._shared.drop(f"chat {self._name(id_)}")
        except UnavailableError:
            logger.warning("chat_not_shared")
