"""From the messages of the assistant to calls of the Bot API."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel

from bot.channels.telegram_api import Upload
from bot.channels.telegram_keyboard import Keyboard
from bot.channels.telegram_text import LONGEST_CAPTION, length, markdown, pieces, plain
from bot.channels.telegram_words import word
from bot.rendering.markdown import blocks
from bot.rendering.pdf import summary_pdf
from bot.rendering.png import to_png

logger = logging.getLogger(__name__)

LANGUAGE = "en-GB"
PDF, PNG = "application/pdf", "image/png"

Message = Mapping[str, Any]


class TelegramOutput(CollectingOutputChannel):
    """Keeps text, buttons and machine-readable part of a message together."""

    @classmethod
    def name(cls) -> Text:
        """The name that responses of the domain may be chosen by."""
        return "telegram"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Collects the message as it is."""
        self.messages.append(dict(message))


@dataclass(frozen=True)
class Part:
    """One call; ``instead`` is the text to send if Telegram does not take it."""

    method: str
    parameters: Mapping[str, object]
    upload: Optional[Upload] = None
    keyboard: Optional[Keyboard] = None
    instead: str = ""


def needs_drawing(message: Message) -> bool:
    """Whether ``parts`` takes a good part of a second, because it draws a picture or sets a page."""
    return (message.get("custom") or {}).get("kind") in ("picture", "summary")


def parts(message: Message) -> Iterator[Part]:
    """The calls that show one message: a picture, its text in pieces, the buttons under the last, a document."""
    custom = message.get("custom") or {}
    yield from _picture(message, custom)
    is_summary = custom.get("kind") == "summary"
    text = str(message.get("text") or (word("choose") if message.get("buttons") else ""))
    texts = pieces(text, markdown if is_summary else plain)
    for number, (raw, html) in enumerate(texts, start=1):
        keyboard = Keyboard.of_message(html, message) if number == len(texts) else None
        yield Part("sendMessage", _text(html, keyboard), keyboard=keyboard, instead=raw)
    if is_summary:
        yield from _document(custom)


def _text(html: str, keyboard: Optional[Keyboard]) -> Dict[str, object]:
    parameters: Dict[str, object] = {
        "text": html,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},  # a preview would make Telegram fetch the page
    }
    return {**parameters, "reply_markup": keyboard.markup()} if keyboard else parameters


def _picture(message: Message, custom: Mapping[str, Any]) -> Iterator[Part]:
    """A picture with its words as caption; if they are too long for one, its title, and the words follow."""
    if str(message.get("image") or "").startswith("https://"):
        yield Part("sendPhoto", {"photo": message["image"]})
    if custom.get("kind") != "picture":
        return
    alt, title = str(custom.get("alt") or ""), str(custom.get("title") or "")
    fits = length(alt) <= LONGEST_CAPTION
    content = _png(custom)
    if content is not None:
        upload = Upload("photo", "picture.png", PNG, content)
        yield Part("sendPhoto", {"caption": alt if fits else title}, upload=upload, instead=alt if fits else title)
    if content is None or not fits:
        for raw, html in pieces(alt):
            yield Part("sendMessage", _text(html, None), instead=raw)


def _png(picture: Mapping[str, Any]) -> Optional[bytes]:
    try:
        return to_png(str(picture.get("svg")))
    except (ValueError, SyntaxError) as error:
        logger.warning("telegram_picture_failed error=%s", type(error).__name__)
        return None


def _document(custom: Mapping[str, Any]) -> Iterator[Part]:
    content = _pdf(custom)
    if content is not None:
        yield Part("sendDocument", {}, upload=Upload("document", word("summary_file"), PDF, content))


def _pdf(custom: Mapping[str, Any]) -> Optional[bytes]:
    """The summary as PDF, set from its text: the link in the contract is for channels that can fetch it."""
    parsed = blocks(str(custom.get("markdown") or ""))
    try:
        return summary_pdf(str(custom["markdown"]), parsed[0].text, LANGUAGE) if parsed else None
    except Exception as error:  # noqa: BLE001 - the text was sent already; the log holds nothing of it
        logger.warning("telegram_pdf_failed error=%s", type(error).__name__)
        return None


def say(*keys: str) -> List[Message]:
    """Sentences of this channel as messages."""
    return [{"text": word(key)} for key in keys]
