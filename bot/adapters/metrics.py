"""Numbers for those who run the assistant: how many, how fast, what went wrong. Nothing about any person."""

from __future__ import annotations

import logging
import re
import time
from typing import Any, Optional, Text

from prometheus_client import Counter, Gauge, Histogram
from rasa.core.channels.channel import UserMessage

CHANNELS = ("rest", "web", "telegram", "slack", "cmdline")
SAFE_SENTENCES = ("utter_technical_problem", "utter_technical_problem_after_urgent")
FALLBACK = "utter_clarify"  # every response that asks for other words begins so
SECONDS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 30.0)

TURNS = Counter("myelin_turns", "Messages answered", ["channel", "outcome"])
LATENCY = Histogram("myelin_turn_seconds", "From message to reply, waiting for earlier ones included", buckets=SECONDS)
UNDER_WAY = Gauge("myelin_turns_under_way", "Messages being answered", multiprocess_mode="livesum")
RESPONSES = Counter("myelin_responses", "Responses of the domain that were said", ["response"])
FALLBACKS = Counter("myelin_fallbacks", "Times that other words were asked for")
SAFE = Counter("myelin_safe_sentences", "Times that only the safe sentence could be said")
RED_FLAGS = Counter("myelin_red_flags", "Red flags spoken of", ["flag"])
ERRORS = Counter("myelin_errors", "Errors in the log by kind", ["kind"])

_EVENT = re.compile(r"[a-z][a-z_]{2,40}")


def said(response: Text, flag: Optional[str] = None) -> None:
    """Counts a response."""
    RESPONSES.labels(response).inc()
    if response in SAFE_SENTENCES:
        SAFE.inc()
    if response.startswith(FALLBACK):
        FALLBACKS.inc()
    if flag is not None:
        RED_FLAGS.labels(flag).inc()


def measure_turns(app: Any, _: Any = None) -> None:
    """A listener of the server: measures every turn, whatever channel it comes from."""
    agent = app.ctx.agent
    answer = agent.handle_message

    async def measured(message: UserMessage) -> Any:
        channel = message.input_channel if message.input_channel in CHANNELS else "other"
        started = time.perf_counter()
        outcome = "failed"
        UNDER_WAY.inc()
        try:
            result = await answer(message)
            outcome = "answered"
            return result
        finally:
            UNDER_WAY.dec()
            TURNS.labels(channel, outcome).inc()
            LATENCY.observe(time.perf_counter() - started)

    agent.handle_message = measured


class CountErrors(logging.Handler):
    """Counts errors by the first word of what is logged; our own lines begin with the name of an event."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Counts; what is logged is not looked at beyond its first word."""
        package = record.name.partition(".")[0]
        words = str(record.msg).split(maxsplit=1)
        event = _EVENT.fullmatch(words[0]) if words and package in ("bot", "actions") else None
        ERRORS.labels(event[0] if event else package).inc()
