"""Sends to one chat at a time, and takes care of the buttons that wait there."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional, Sequence

from bot.channels.telegram_api import TelegramApi, TelegramError
from bot.channels.telegram_chats import Chat
from bot.channels.telegram_keyboard import EMPTY, MARK, Keyboard
from bot.channels.telegram_messages import Message, Part, needs_drawing, parts
from bot.channels.telegram_text import LONGEST_TEXT, LONGEST_TOAST, length, pieces, plain, shortened
from bot.channels.telegram_updates import Press

logger = logging.getLogger(__name__)

TRIES_ON_THE_SIDE = 2  # for calls that only tidy up; the reply must not wait for them


class Sender:
    """What can be done to a chat. Nothing here raises for what Telegram or the network does."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api
        self._drawing = ThreadPoolExecutor(max_workers=1)  # drawing must not hold up other people's talks

    async def send(self, chat: Chat, messages: Sequence[Message]) -> bool:
        """Sends the messages in order; only the first makes a sound. False if the person cannot be reached."""
        first = True
        for message in messages:
            for part in await self._parts(message):
                try:
                    await self._send_part(chat, part, silent=not first)
                except TelegramError as error:
                    if error.person_left:
                        logger.info("telegram_person_left")
                    else:
                        logger.error("telegram_reply_lost method=%s code=%s", error.method, error.code)
                    return False
                first = False
        return True

    def close_drawing(self) -> None:
        """Ends the thread that draws."""
        self._drawing.shutdown(wait=False)

    async def toast(self, press: Press, text: str = "") -> None:
        """Answers a press: the button stops spinning, and a notice shows if there is one."""
        notice: Dict[str, object] = {"text": shortened(text, LONGEST_TOAST)} if text else {}
        await self._tidy("answerCallbackQuery", {"callback_query_id": press.id, **notice})

    async def show(self, chat: Chat, message_id: int, keyboard: Keyboard) -> None:
        """Shows the keyboard as it is now."""
        await self._edit_markup(chat, message_id, keyboard.markup())

    async def clear(self, chat: Chat, message_id: int) -> None:
        """Takes the buttons of a message away."""
        await self._edit_markup(chat, message_id, EMPTY)

    async def close(self, chat: Chat, pressed: Optional[int] = None, label: str = "") -> None:
        """Takes all waiting buttons of the chat away; under the message that was ``pressed`` stands what was chosen."""
        waiting, chat.keyboards = chat.keyboards, {}
        for message_id, keyboard in waiting.items():
            html = f"{keyboard.html}\n\n{MARK}<b>{plain(label)}</b>"
            if message_id != pressed or length(html) > LONGEST_TEXT:
                await self.clear(chat, message_id)
                continue
            edited = {"text": html, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
            place = {"chat_id": chat.id, "message_id": message_id}
            if not await self._tidy("editMessageText", {**place, **edited, "reply_markup": EMPTY}):
                await self.clear(chat, message_id)

    async def leave(self, chat: Chat) -> None:
        """Leaves a group."""
        await self._tidy("leaveChat", {"chat_id": chat.id})

    async def _parts(self, message: Message) -> List[Part]:
        if not needs_drawing(message):
            return list(parts(message))
        return await asyncio.get_running_loop().run_in_executor(self._drawing, lambda: list(parts(message)))

    async def _send_part(self, chat: Chat, part: Part, silent: bool) -> None:
        common: Dict[str, object] = {"chat_id": chat.id, "disable_notification": silent}
        try:
            sent = await self._api.call(part.method, {**common, **part.parameters}, part.upload)
        except TelegramError as error:
            if error.person_left or not 400 <= error.code < 500 or error.code in (401, 404, 429):
                raise
            logger.warning("telegram_not_taken method=%s code=%s", error.method, error.code)
            sent = await self._send_plainly(common, part)
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        if part.keyboard is not None and isinstance(message_id, int):
            chat.keyboards[message_id] = part.keyboard
            chat.known = True

    async def _send_plainly(self, common: Dict[str, object], part: Part) -> Any:
        """What Telegram did not take, as bare text with the buttons; nothing if there are no words for it."""
        sent: Any = None
        for raw, _ in pieces(part.instead):
            markup = {"reply_markup": part.keyboard.markup()} if part.keyboard else {}
            sent = await self._api.call("sendMessage", {**common, "text": raw, **markup})
        return sent

    async def _edit_markup(self, chat: Chat, message_id: int, markup: object) -> None:
        place = {"chat_id": chat.id, "message_id": message_id}
        await self._tidy("editMessageReplyMarkup", {**place, "reply_markup": markup})

    async def _tidy(self, method: str, parameters: Dict[str, object]) -> bool:
        try:
            await self._api.call(method, parameters, tries=TRIES_ON_THE_SIDE)
            return True
        except TelegramError as error:
            # A message that is gone, a press that is too old or a text that is the same already: no harm is done.
            logger.info("telegram_tidy_failed method=%s code=%s", error.method, error.code)
            return False
