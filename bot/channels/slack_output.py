"""Sends what the assistant says to one direct message, urgent advice at once and the rest together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Text

from rasa.core.channels.channel import OutputChannel

from bot.channels.slack_api import SlackApi
from bot.channels.slack_blocks import Block, Post, render
from bot.channels.slack_events import Place
from bot.channels.slack_files import file_of
from bot.channels.slack_words import word


@dataclass(frozen=True)
class Shown:
    """A post as it stands in Slack."""

    channel: str
    ts: str
    text: str
    blocks: List[Block]


class SlackOutput(OutputChannel):
    """The replies of one turn. Nothing here raises: a failure of Slack must not undo what was understood."""

    def __init__(
        self, api: SlackApi, place: Place, on_asked: Callable[[Shown], None], preface: Optional[str] = None
    ) -> None:
        self._api, self._place, self._on_asked = api, place, on_asked
        self._preface = preface
        self._waiting: List[Dict[str, Any]] = []
        self.said_anything = False
        self.erased = False
        self.channel, self.last_ts = place.channel, ""

    @classmethod
    def name(cls) -> Text:
        """The name that responses of the domain may be chosen by."""
        return "slack"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keeps the message for the end of the turn; urgent advice does not wait for the rest."""
        kind = (message.get("custom") or {}).get("kind")
        self.said_anything = True
        self.erased = self.erased or kind == "erased"
        self._waiting.append(dict(message))
        if kind == "urgent":
            await self._send()

    async def send_text_message(self, recipient_id: Text, text: Text, **kwargs: Any) -> None:
        """A message of words alone."""
        await self.send_response(recipient_id, {"text": text})

    async def finish(self) -> None:
        """Sends what is left of the turn."""
        if self._preface and not self.erased:
            self._waiting.insert(0, {"text": self._preface})
        await self._send()

    async def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        for post in render(waiting):
            if post.blocks:
                await self._post(post)
            if post.file is not None:
                await self._send_file(post.file)

    async def _post(self, post: Post) -> None:
        sent = await self._api.post(self.channel, post.text, post.blocks, self._place.thread)
        if sent is not None:
            self.channel, self.last_ts = sent
            if post.asks:
                self._on_asked(Shown(*sent, post.words, post.blocks))

    async def _send_file(self, custom: Mapping[str, Any]) -> None:
        """A picture or the doctor's page; if that does not work, its words or a note instead."""
        file = await asyncio.get_running_loop().run_in_executor(None, file_of, custom)
        if file is None or not await self._api.upload(self.channel, file, self._place.thread):
            text = str(custom.get("alt") or word("pdf_failed"))
            await self._post(render([{"text": text}])[0])
