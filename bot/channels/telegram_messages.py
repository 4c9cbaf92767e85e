"""From the messages of the assistant to calls of the Bot API."""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel

from bot.channels.telegram_api import Upload
from bot.channels.telegram_keyboard import Keyboard
from bot.channels.telegram_text import LONGEST_CAPTION, markdown, pieces, plain, shortened
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
    picture = custom.get("picture")
    picture = picture if isinstance(picture, dict) else {}
    alt = str(picture.get("alt") or "")
    caption: Dict[str, object] = {"caption": shortened(alt, LONGEST_CAPTION)} if alt else {}
    content = _png(picture)
    if content is not None:
        yield Part("sendPhoto", caption, upload=Upload("photo", "picture.png", PNG, content), instead=alt)
    elif str(message.get("image") or "").startswith("https://"):
        yield Part("sendPhoto", {"photo": message["image"]})
    elif alt:
        yield from (Part("sendMessage", _text(html, None), instead=raw) for raw, html in pieces(alt))


def _png(picture: Mapping[str, Any]) -> Optional[bytes]:
    """The picture as PNG, given as such (bytes, or base64 in JSON) or drawn from its SVG."""
    png, svg = picture.get("png"), picture.get("svg")
    try:
        if isinstance(png, bytes):
            return png
        if isinstance(png, str):
            return base64.b64decode(png, validate=True)
        return to_png(svg) if isinstance(svg, str) else None
    except (binascii.Error, ValueError, SyntaxError) as error:
        logger.warning("telegram_picture_failed error=%s", type(error).__name__)
        return None


def _document(custom: Mapping[str, Any]) -> Iterator[Part]:
    content = _pdf(custom)
    if content is not None:
        yield Part("sendDocument", {}, upload=Upload("document", word("summary_file"), PDF, content))


def _pdf(custom: Mapping[str, Any]) -> Optional[bytes]:
    """The summary as PDF: as given, or else set from its text, so that no file has to be kept."""
    given, text = custom.get("pdf"), str(custom.get("markdown") or "")
    try:
        if isinstance(given, bytes):
            return given
        if isinstance(given, str) and given.endswith(".pdf") and Path(given).is_file():
            return Path(given).read_bytes()
        return summary_pdf(text, blocks(text)[0].text, LANGUAGE) if blocks(text) else None
    except Exception as error:  # noqa: BLE001 - the text was sent already; the log holds nothing of it
        logger.warning("telegram_pdf_failed error=%s", type(error).__name__)
        return None


def say(*keys: str) -> List[Message]:
    """Sentences of this channel as messages."""
    return [{"text": word(key)} for key in keys]
