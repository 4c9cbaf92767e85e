"""The component that adds what a question is about once its topic is known."""

from __future__ import annotations

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.adapters.object_extractor import ImpliedObjectExtractor


def parsed(text, intent, entities=()):
    message = Message({TEXT: text, INTENT: {"name": intent, "confidence": 0.9}, ENTITIES: list(entities)})
    ImpliedObjectExtractor().process([message])
    return [(entity["entity"], entity["value"]) for entity in message.get(ENTITIES)]


def test_the_object_of_the_topic_is_added_to_the_entities():
    age = {"entity": "profile", "value": 40, "start": 0, "end": 2}
    assert parsed("40, how many weeks between", "injection_schedule", [age]) == [
        ("profile", 40),
        ("treatment", "b12_injection"),
    ]


def test_a_message_that_was_not_understood_gets_none():
    assert parsed("how many weeks between", "nlu_fallback") == []
    message = Message({TEXT: ""})
    ImpliedObjectExtractor().process([message])
    assert message.get(ENTITIES) == []
