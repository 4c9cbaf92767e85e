"""What a turn sends to the actions and how their answer is checked, without what Rasa does needlessly each time."""

from __future__ import annotations

from typing import Any, Dict, Text

import rasa
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.adapters.red_flags import unseen


def prepare_calls() -> None:
    """Makes Rasa send the state and the messages not yet taken in, which is all that ``actions.base`` reads.

    Rasa 3.6 sends every event since the talk began.
    """

    def call(action: RemoteAction, tracker: DialogueStateTracker, _: Domain) -> Dict[Text, Any]:
        state = tracker.current_state(EventVerbosity.NONE)
        state["events"] = [message.as_dict() for message in unseen(tracker)]
        return {
            "next_action": action.name(),
            "sender_id": tracker.sender_id,
            "tracker": state,
            "version": rasa.__version__,
        }

    RemoteAction._action_call_format = call


def prepare_validation() -> None:
    """Makes Rasa validate action results with validators prepared once, one for each kind of event.

    Rasa 3.6 calls ``jsonschema.validate``, which proves the schema valid before each use. That took half of
    a turn (25 of 50 ms, measured in process). The schema then tries each event as all 23 kinds, of which the name
    of the event leaves one. What is accepted and refused is the same as before.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)
    validator.check_schema(schema)
    event = schema["properties"]["events"]["items"]
    outline = {name: rule for name, rule in event.items() if name != "oneOf"}
    events = {"events": {"type": "array", "items": outline}}
    result_outline = validator({**schema, "properties": {**schema["properties"], **events}})
    kinds = {kind["properties"]["event"]["const"]: validator(kind) for kind in event["oneOf"]}
    any_kind = validator(event)

    def validate(_: RemoteAction, result: Dict[Text, Any]) -> bool:
        result_outline.validate(result)
        for told in result.get("events", ()):
            kinds.get(told["event"], any_kind).validate(told)
        return True

    RemoteAction._validate_action_result = validate
