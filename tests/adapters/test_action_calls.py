"""Calls hold what the actions read and no more; the prepared validation accepts and refuses what Rasa's own does."""

from __future__ import annotations

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

import bot.adapters  # noqa: F401 - importing it prepares calls and validation

KINDS = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]["oneOf"]
GOOD = [
    {},
    {"events": [], "responses": [{"text": "hi"}]},
    {"events": [{"event": "slot", "name": "a", "value": 1}]},
    {"events": [{"event": "restart"}, {"event": "user", "text": None, "parse_data": {"entities": []}}]},
    {"events": [{"event": "bot", "timestamp": None, "metadata": {}, "anything": [1]}]},
]
BAD = [
    {"events": {}},
    {"responses": ["x"]},
    {"events": [{"event": "slot"}]},
    [],
    {"events": [{}]},
    {"events": ["slot"]},
    {"events": [{"event": "unheard of"}]},
    {"events": [{"event": ["slot"]}]},
    {"events": [{"event": None}]},
    {"events": [{"event": "restart"}, {"event": "restart", "timestamp": "now"}]},
    {"events": [{"event": "user", "parse_data": {"intent": {"name": 1}}}]},
    {"events": [{"event": "entities"}]},
]


@pytest.mark.parametrize("result", GOOD)
def test_accepts(result):
    jsonschema.validate(result, RemoteAction.action_response_format_spec())
    assert RemoteAction("action_x", None)._validate_action_result(result)


@pytest.mark.parametrize("result", BAD)
def test_refuses(result):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_x", None)._validate_action_result(result)


def test_each_event_is_of_one_kind_by_its_name():
    names = [kind["properties"]["event"]["const"] for kind in KINDS]
    assert len(set(names)) == len(names) > 20


def test_a_call_holds_the_state_and_the_messages_not_yet_taken_in():
    domain = Domain.load("domain.yml")
    tracker = DialogueStateTracker("a", domain.slots)
    for event in (UserUttered("old"), SlotSet("talk", {"turn": 1}), UserUttered("missed"), UserUttered("new")):
        tracker.update(event, domain)
    call = RemoteAction("action_x", None)._action_call_format(tracker, domain)
    assert [event["text"] for event in call["tracker"]["events"]] == ["missed", "new"]
    assert call["tracker"]["slots"]["talk"] == {"turn": 1}
    assert (call["next_action"], call["sender_id"], "domain" in call) == ("action_x", "a", False)
