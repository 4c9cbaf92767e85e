"""One turn of the talk behind a chat: what the assistant says to a text, with what this channel adds."""

from __future__ import annotations

import logging
from typing import List, Optional, Sequence

from rasa.shared.core.events import UserUttered
from sanic import Sanic

from bot.channels.cleaning import clean
from bot.channels.safe_reply import safe_reply
from bot.channels.telegram_chats import Chat
from bot.channels.telegram_messages import Message, TelegramOutput, say
from bot.channels.telegram_settings import TelegramSettings
from bot.channels.turn import OnMessage, take_turn

logger = logging.getLogger(__name__)

LONGEST_TURN = 60.0  # seconds; after that the person hears the safe sentence instead of nothing


class Talk:
    """Asks the assistant."""

    def __init__(self, settings: TelegramSettings, on_new_message: OnMessage, channel: str) -> None:
        self._settings = settings
        self._on_new_message = on_new_message
        self._channel = channel
        self.app: Optional[Sanic] = None

    async def reply(self, chat: Chat, text: str) -> List[Message]:
        """What is said to the text; never nothing. Empty text is answered with what can be read here."""
        if not clean(text).text:
            return say("only_text")
        assert self.app is not None
        sender = self._settings.sender(chat.id)
        if chat.warned is None:
            chat.warned = not await self._is_new(sender)
        output = TelegramOutput()
        await take_turn(self._on_new_message, output, sender, text, self._channel, patience=LONGEST_TURN)
        return self._with_notices(chat, output.messages or safe_reply(sender))

    async def _is_new(self, sender: str) -> bool:
        """Whether nothing was said yet that is still stored."""
        assert self.app is not None
        try:
            store = self.app.ctx.agent.tracker_store
            tracker = None if store is None else await store.retrieve(sender)
        except Exception as error:  # noqa: BLE001 - the turn itself will say that the store is not there
            logger.warning("telegram_store_unavailable error=%s", type(error).__name__)
            return True
        return tracker is None or not any(isinstance(event, UserUttered) for event in tracker.events)

    @staticmethod
    def _with_notices(chat: Chat, messages: Sequence[Message]) -> List[Message]:
        """Adds who can read along, once, before what is asked last; advice in an emergency stands alone."""
        kinds = {str((message.get("custom") or {}).get("kind")) for message in messages}
        shown = list(messages)
        if "erased" in kinds:
            chat.warned = False
            return shown + say("after_delete")
        if not chat.warned and "urgent" not in kinds:
            asking = [number for number, message in enumerate(shown) if message.get("buttons")]
            place = asking[-1] if asking else len(shown)
            shown[place:place] = say("not_private")
            chat.warned = True
        return shown
