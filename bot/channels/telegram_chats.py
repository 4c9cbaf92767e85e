"""What is remembered of each chat while the server runs. Nothing of it is written down."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Dict, Optional

from bot.channels.telegram_keyboard import Keyboard

MOST_CHATS = 20_000  # the one not heard of for longest is forgotten first


@dataclass
class Chat:
    """``keyboards`` are those of the latest reply by the message they stand under, as long as they wait."""

    id: int
    keyboards: Dict[int, Keyboard] = field(default_factory=dict)
    known: bool = False  # whether all keyboards that wait are known; not so after a restart
    warned: Optional[bool] = None  # whether the person was told who can read along; None if that is not known
    refused: bool = False  # whether a group was told that the bot talks in private only
    album: str = ""  # the latest album of pictures that was answered
    flooded: float = float("-inf")  # when a message was last left unread, on the clock of the channel


class Chats:
    """The chats by their id."""

    def __init__(self) -> None:
        self._chats: "OrderedDict[int, Chat]" = OrderedDict()

    def get(self, id_: int) -> Chat:
        """The chat, a new one if it is not remembered."""
        chat = self._chats.setdefault(id_, Chat(id_))
        self._chats.move_to_end(id_)
        while len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)
        return chat

    def forget(self, id_: int) -> None:
        """Drops all that is remembered of the chat."""
        self._chats.pop(id_, None)
