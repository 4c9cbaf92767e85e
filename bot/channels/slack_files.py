"""Pictures and the doctor's page as files."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Mapping, Optional

from bot.channels.slack_text import shorten
from bot.channels.slack_words import word
from bot.dialogue.turn import LANGUAGE
from bot.rendering.pdf import summary_pdf
from bot.rendering.png import to_png

logger = logging.getLogger(__name__)

LONGEST_ALT = 1000  # characters


@dataclass(frozen=True)
class File:
    """``alt`` is the text alternative of a picture."""

    name: str
    title: str
    content: bytes
    alt: Optional[str] = None


def file_of(custom: Mapping[str, Any]) -> Optional[File]:
    """The file of a ``picture`` or ``summary``; ``None`` if it cannot be made. Takes a good part of a second."""
    try:
        if custom.get("kind") == "picture":
            title, alt = str(custom["title"]), shorten(str(custom["alt"]), LONGEST_ALT)
            return File(word("picture_file"), title, to_png(str(custom["svg"])), alt)
        title = word("pdf_title")
        return File(word("pdf_file"), title, summary_pdf(str(custom["markdown"]), title, LANGUAGE.replace("_", "-")))
    except Exception as error:  # noqa: BLE001 - the words are shown instead; the log holds none of them
        logger.warning("slack_file_failed kind=%s error=%s", custom.get("kind"), type(error).__name__)
        return None
