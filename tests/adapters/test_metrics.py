"""What operators count, and that it tells nothing of a person."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest
from prometheus_client import REGISTRY, generate_latest
from rasa.core.channels.channel import UserMessage

from bot.adapters import metrics


def value(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.asyncio
@pytest.mark.parametrize(("channel", "counted"), [("web", "web"), ("somebody@example.org", "other"), (None, "other")])
async def test_a_turn_is_counted_and_timed_whatever_comes_of_it(channel, counted):
    async def answer(message):
        if message.text == "fail":
            raise RuntimeError
        return "answered"

    app = SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(handle_message=answer)))
    metrics.measure_turns(app)
    before = [value("myelin_turns_total", channel=counted, outcome=outcome) for outcome in ("answered", "failed")]
    timed = value("myelin_turn_seconds_count")
    assert await app.ctx.agent.handle_message(UserMessage("hello", input_channel=channel)) == "answered"
    with pytest.raises(RuntimeError):
        await app.ctx.agent.handle_message(UserMessage("fail", input_channel=channel))
    after = [value("myelin_turns_total", channel=counted, outcome=outcome) for outcome in ("answered", "failed")]
    assert [new - old for new, old in zip(after, before)] == [1, 1]
    assert value("myelin_turn_seconds_count") == timed + 2 and value("myelin_turns_under_way") == 0
    assert b"somebody" not in generate_latest()


def test_responses_fallbacks_safe_sentences_and_red_flags_are_counted():
    names = ("myelin_fallbacks_total", "myelin_safe_sentences_total")
    before = [value(name) for name in names]
    flags = value("myelin_red_flags_total", flag="F1")
    for response in ("utter_clarify_yes_no", "utter_technical_problem", "utter_greet"):
        metrics.said(response)
    metrics.said("utter_urgent", "F1")
    assert [value(name) for name in names] == [before[0] + 1, before[1] + 1]
    assert value("myelin_red_flags_total", flag="F1") == flags + 1


@pytest.mark.parametrize(
    ("logger", "message", "kind"),
    [
        ("bot.channels.web", "message_failed channel=%s", "message_failed"),
        ("bot.adapters.tracker_store", "store_unavailable on=read", "store_unavailable"),
        ("rasa.core.processor", "my leg hurts", "rasa"),
        ("bot.x", "My leg hurts", "bot"),
        ("bot.x", "", "bot"),
    ],
)
def test_errors_are_counted_by_kind_and_not_by_words(logger, message, kind):
    before = value("myelin_errors_total", kind=kind)
    handler = metrics.CountErrors()
    handler.handle(logging.LogRecord(logger, logging.ERROR, "", 0, message, ("x",) if "%" in message else None, None))
    assert value("myelin_errors_total", kind=kind) == before + 1
    assert b"leg" not in generate_latest()
