"""Nothing of a talk leaves through the event broker."""

from __future__ import annotations

import json

import pytest
from rasa.core.brokers.pika import PikaEventBroker
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

from bot.adapters.analytics import AnonymousEvents, anonymous

SECRET = "zanzibar"
PARSED = {"intent": {"name": "inform"}, "entities": [{"entity": "finding", "value": SECRET}], "text": SECRET}


def body(event):
    event.timestamp = 1_000_003_723.25
    return {"sender_id": f"web-{SECRET}", **event.as_dict()}


def test_a_message_becomes_kind_hour_channel_and_intent():
    said = UserUttered(SECRET, PARSED["intent"], PARSED["entities"], PARSED, input_channel="web", message_id=SECRET)
    assert anonymous(body(said)) == {
        "event": "user",
        "hour": 1_000_000_800,
        "channel": "web",
        "name": "inform",
    }


@pytest.mark.parametrize(
    "event",
    [
        UserUttered(SECRET, PARSED["intent"], PARSED["entities"], PARSED, message_id=SECRET, metadata={"x": SECRET}),
        BotUttered(SECRET, {"custom": {"x": SECRET}}, {"x": SECRET}),
        SlotSet("talk", {"journal": [SECRET]}),
        ActionExecuted("action_interview", metadata={"x": SECRET}),
        SessionStarted(metadata={"x": SECRET}),
    ],
    ids=lambda event: event.type_name,
)
def test_what_was_said_and_by_whom_is_left_out(event, monkeypatch):
    published = []
    monkeypatch.setattr(PikaEventBroker, "publish", lambda self, event, headers=None: published.append(event))
    AnonymousEvents.__new__(AnonymousEvents).publish(body(event))
    assert SECRET not in json.dumps(published)
    assert all(set(row) == {"event", "hour", "channel", "name"} for row in published)
    assert bool(published) == (event.type_name in ("user", "action", "session_started"))


def test_a_broker_that_fails_costs_no_turn(monkeypatch):
    monkeypatch.setattr(PikaEventBroker, "publish", lambda *_, **__: 1 / 0)
    AnonymousEvents.__new__(AnonymousEvents).publish(body(ActionExecuted("action_listen")))
