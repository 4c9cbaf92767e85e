"""One turn behind every channel: what was sent becomes the message Rasa reads, and no failure gets past it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Awaitable, Callable, Optional, Text

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.channels.cleaning import clean
from bot.channels.overlong import readable

logger = logging.getLogger(__name__)

OnMessage = Callable[[UserMessage], Awaitable[Any]]


async def take_turn(
    on_message: OnMessage,
    output: OutputChannel,
    sender: Text,
    text: Text,
    channel: Text,
    message_id: Optional[Text] = None,
    patience: Optional[float] = None,
) -> None:
    """Cleans the text and has it answered on ``output``, within ``patience`` seconds if given.

    Never raises. Whoever calls says ``safe_reply`` if the output stayed empty; only there it is known whether it did.
    """
    cleaned = clean(text)
    words = cleaned.text
    if cleaned.truncated:  # in a thread: it may take a second, and holds up no other talk
        words = await asyncio.get_running_loop().run_in_executor(None, readable, cleaned)
    message = UserMessage(
        words, output, sender, input_channel=channel, message_id=message_id, metadata=cleaned.metadata
    )
    try:
        await asyncio.wait_for(on_message(message), patience)
    except Exception:  # noqa: BLE001 - the person must get an answer; the log holds no message text
        logger.exception("message_failed channel=%s", channel)
