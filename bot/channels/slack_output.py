"""Sends what the assistant says to one direct message, urgent advice at once and the rest together."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import OutputChannel

from bot.channels.slack_api import SlackApi
from bot.channels.slack_blocks import Block, Post, render
from bot.channels.slack_events import Place
from bot.channels.slack_words import word
from bot.dialogue.turn import LANGUAGE
from bot.rendering.pdf import summary_pdf

logger = logging.getLogger(__name__)


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
            sent = await self._api.post(self.channel, post.text, post.blocks, self._place.thread)
            if sent is not None:
                self.channel, self.last_ts = sent
                if post.asks:
                    self._on_asked(Shown(*sent, post.text, post.blocks))
            if post.summary:
                await self._send_file(post)

    async def _send_file(self, post: Post) -> None:
        title = word("pdf_title")
        try:
            content = await asyncio.get_running_loop().run_in_executor(
                None, summary_pdf, str(post.summary), title, LANGUAGE.replace("_", "-")
            )
        except Exception:  # noqa: BLE001 - the summary was shown as text; the file is an extra
            logger.exception("slack_pdf_failed")
            content = b""
        name = word("pdf_file")
        if not content or not await self._api.upload(self.channel, name, title, content, self._place.thread):
            await self._api.post(self.channel, word("pdf_failed"), thread=self._place.thread)
