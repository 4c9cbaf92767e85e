"""What is done about each kind of update: in order for each chat, each once, and not more than a person can write."""

from __future__ import annotations

import asyncio
import time
from typing import Awaitable, Callable, Dict, Optional

from sanic import Sanic

from bot.channels.slack_order import REMEMBERED_FOR, Lines
from bot.channels.telegram_api import TelegramApi
from bot.channels.telegram_chats import Chat, Chats
from bot.channels.telegram_keyboard import Answer, Keyboard
from bot.channels.telegram_messages import say
from bot.channels.telegram_sender import Sender
from bot.channels.telegram_settings import TelegramSettings
from bot.channels.telegram_talk import Talk
from bot.channels.telegram_updates import EDITED, GROUP, LEFT, PRESS, TEXT, UNREADABLE, Press, Update, read_update
from bot.channels.telegram_words import meant, word
from bot.channels.turn import OnMessage
from bot.shared import Rate, Shared, shared

CHANNEL = "telegram"
CHAT_RATE = Rate(per_minute=30, burst=12)
PRESS_RATE = Rate(per_minute=90, burst=30)  # ticking several answers is quick work
QUIET_AFTER = 60.0  # seconds without a message left unread, after which a new flood is answered again
DRAIN_WITHIN = 8.0  # seconds for what is under way when the server stops

Handler = Callable[[Chat, Update], Awaitable[None]]


class TelegramBot:
    """Takes updates in and sends replies."""

    def __init__(
        self,
        settings: TelegramSettings,
        on_new_message: OnMessage,
        api: Optional[TelegramApi] = None,
        memory: Optional[Shared] = None,
        rate: Rate = CHAT_RATE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.api = api or TelegramApi(settings.token, settings.api)
        self._talk = Talk(settings, on_new_message, CHANNEL)
        self._sender = Sender(self.api)
        self._shared = memory or shared()
        self._name = settings.sender  # chats are shared under keyed hashes of their ids
        self._rate = rate
        self._clock = clock
        self._chats = Chats(self._shared, self._name)
        self._lines = Lines(self._shared)
        self._handlers: Dict[str, Handler] = {
            TEXT: self._text,
            UNREADABLE: self._unreadable,
            EDITED: self._edited,
            PRESS: self._press,
            GROUP: self._group,
            LEFT: self._left,
        }

    def open(self, app: Sanic) -> None:
        """The application whose agent answers."""
        self._talk.app = app

    async def close(self) -> None:
        """Finishes what is under way."""
        await self._lines.finish(DRAIN_WITHIN)
        self._sender.close_drawing()
        await self.api.close()

    async def take(self, data: object) -> None:
        """Takes one update in; returns at once, whatever it is."""
        update = read_update(data)
        if update is None or not await self._shared.first_time(f"telegram update {update.id}", REMEMBERED_FOR):
            return
        chat = self._chats.get(update.chat)
        if update.kind == GROUP and chat.refused and update.press is None:
            return
        stamp = f"{update.id:020d}"
        line = self._name(chat.id)
        if await self._too_much(update) or not self._lines.add(line, stamp, lambda: self._handle(update)):
            self._leave_unread(chat, update)

    async def _too_much(self, update: Update) -> bool:
        if update.kind == LEFT:
            return False
        what, rate = ("messages", self._rate) if update.press is None else ("presses", PRESS_RATE)
        return await self._shared.wait(f"telegram {what} {self._name(update.chat)}", rate) > 0

    async def _handle(self, update: Update) -> None:
        async with self._chats.remembered(update.chat) as chat:
            await self._handlers[update.kind](chat, update)

    def _leave_unread(self, chat: Chat, update: Update) -> None:
        """More than can be read: a press gets a notice, a flood of messages one sentence."""
        now = self._clock()
        first = now - chat.flooded > QUIET_AFTER
        chat.flooded = now
        press = update.press
        if press is not None:
            self._lines.beside(lambda: self._sender.toast(press, word("too_fast_press")))
        elif first and update.kind != GROUP:
            self._lines.beside(lambda: self._say(chat, "too_fast"))

    async def _say(self, chat: Chat, key: str) -> None:
        await self._sender.send(chat, say(key))

    async def _text(self, chat: Chat, update: Update) -> None:
        await self._turn(chat, meant(update.text))

    async def _unreadable(self, chat: Chat, update: Update) -> None:
        """A picture, a voice message and the like; what was written under it still counts."""
        if not update.album or update.album != chat.album:
            await self._say(chat, "only_text")
        chat.album = update.album
        if update.text:
            await self._turn(chat, meant(update.text))

    async def _edited(self, chat: Chat, _: Update) -> None:
        await self._say(chat, "edited")

    async def _press(self, chat: Chat, update: Update) -> None:
        press = update.press
        if press is None or press.message_id is None:
            if press is not None:
                await self._sender.toast(press)
            return
        keyboard = self._keyboard(chat, press)
        if keyboard is None:
            await self._sender.toast(press, word("answered_before"))
            await self._sender.clear(chat, press.message_id)
        elif keyboard.toggle(press.data):
            await asyncio.gather(self._sender.toast(press), self._sender.show(chat, press.message_id, keyboard))
        else:
            await self._answer(chat, press, press.message_id, keyboard.answer(press.data))

    @staticmethod
    def _keyboard(chat: Chat, press: Press) -> Optional[Keyboard]:
        """The keyboard that was pressed, or ``None`` if it waits no longer."""
        assert press.message_id is not None
        if press.message_id not in chat.keyboards and not chat.known and press.buttons:
            chat.keyboards[press.message_id] = Keyboard.of_press(press)
            chat.known = True
        return chat.keyboards.get(press.message_id)

    async def _answer(self, chat: Chat, press: Press, message_id: int, answer: Optional[Answer]) -> None:
        if answer is None:
            await self._sender.toast(press, word("choose_first"))
            return
        toast = self._sender.toast(press)
        await asyncio.gather(toast, self._turn(chat, answer.text, pressed=message_id, label=answer.label))

    async def _turn(self, chat: Chat, text: str, pressed: Optional[int] = None, label: str = "") -> None:
        """Asks the assistant; meanwhile the buttons just answered go away."""
        closing = self._sender.close(chat, pressed, label)
        messages, _ = await asyncio.gather(self._talk.reply(chat, text), closing)
        await self._sender.send(chat, messages)

    async def _group(self, chat: Chat, update: Update) -> None:
        """Health is talked about in private: says so once, and leaves."""
        if update.press is not None:
            await self._sender.toast(update.press)
        if not chat.refused:
            chat.refused = True
            await self._say(chat, "private_only")
            await self._sender.leave(chat)

    async def _left(self, chat: Chat, _: Update) -> None:
        """The person blocked the bot, or it was taken out of a group."""
        await self._chats.forget(chat.id)
