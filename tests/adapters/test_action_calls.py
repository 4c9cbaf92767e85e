"""The prepared validation accepts and refuses what Rasa's own does."""

from __future__ import annotations

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

import bot.adapters  # noqa: F401 - importing it prepares the validation

GOOD = [{}, {"events": [], "responses": [{"text": "hi"}]}, {"events": [{"event": "slot", "name": "a", "value": 1}]}]
BAD = [{"events": {}}, {"responses": ["x"]}, {"events": [{"event": "slot"}]}, []]


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
