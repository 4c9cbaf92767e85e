"""What a terminal shows: words, numbered answers, and other buttons as words to type."""

from __future__ import annotations

import json
import uuid

import pytest
from rasa.core.channels.channel import register
from rasa.core.channels.console import CmdlineInput
from sanic import Sanic

import bot.adapters  # noqa: F401 - importing it prepares the prompt
from bot.channels.shell import as_text
from bot.rendering.picture import word
from tests.channels.conftest import FakeAgent

QUESTION = {"kind": "question", "options": [{"value": "affirm", "title": "Yes"}, {"value": "deny", "title": "No"}]}


def buttons(*titles):
    return [{"title": title, "payload": title} for title in titles]


def shown(*messages):
    return [row["text"] for row in as_text([{"recipient_id": "a", **message} for message in messages])]


def test_only_the_answers_of_a_question_have_numbers():
    asked = {"text": "Numb?", "buttons": buttons("Yes", "No", "Skip", "Back")}
    assert shown(asked, {"custom": QUESTION}) == ["Numb?\n  1. Yes\n  2. No\n  (Skip / Back)\n"]


def test_other_buttons_are_words_and_structure_is_left_out():
    assert shown({"text": "More?", "buttons": buttons("Tell me more")}, {"custom": {"kind": "answer"}}) == [
        "More?\n  (Tell me more)\n"
    ]
    assert shown({"custom": {"kind": "picture", "title": "Your result", "alt": "In words"}}) == ["[In words]\n"]


def test_what_a_picture_shows_is_not_said_twice():
    ranked = {"text": "This is what fits.", "custom": {"kind": "assessment", "ranking": [{"condition": "sciatica"}]}}
    compared = {"text": "Side by side.", "custom": {"kind": "answer", "table": {"title": "Two pains"}}}
    for said, title in ((ranked, word("for_title")), (compared, "Two pains")):
        drawn = {"custom": {"kind": "picture", "title": title, "alt": "In words"}}
        assert shown(said, drawn) == [f"{said['text']}\n"]


@pytest.fixture
def prompt(domain):
    """What ``rasa shell`` posts for each line that is typed, and what it gets to print; and the agent behind it."""
    running = Sanic(f"prompt-{uuid.uuid4().hex}", configure_logging=False)
    running.ctx.agent = FakeAgent(domain)
    register([CmdlineInput()], running, route="/webhooks/")

    def types(text):
        body = {"sender": "me", "message": text}
        _, reply = running.test_client.post("/webhooks/rest/webhook?stream=true", json=body)
        return [json.loads(line) for line in reply.text.splitlines()]

    return types, running.ctx.agent


def test_the_prompt_of_rasa_prints_words_alone(prompt):
    types, agent = prompt
    agent.behaviour = "ask"
    assert types("hello") == [{"recipient_id": "me", "text": "Numb?\n  1. Yes\n  2. No\n"}]


def test_what_is_typed_at_the_prompt_is_cleaned_and_always_answered(prompt):
    types, agent = prompt
    assert types("/restart") and agent.seen[-1].text != "/restart"
    agent.behaviour = "fail"
    assert any("999" in row["text"] for row in types("hello"))
