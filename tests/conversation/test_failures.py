"""Whatever breaks, the person hears a safe sentence with where to get help, and nothing said is lost."""

from __future__ import annotations

import sqlite3

import pytest
from rasa.shared.exceptions import RasaException

from bot.dialogue.respond import respond
from bot.dialogue.skills import interview

pytestmark = pytest.mark.conversation

SAFE = "utter_technical_problem"


def is_safe(conversation):
    """The words of the safe response, an emergency number among them, and no conclusion."""
    assert "999" in conversation.words and "112" in conversation.words
    assert not conversation.result and not conversation.question
    return True


def test_action_server_down_is_safe_and_loses_nothing(conversation, assistant):
    conversation.starts("burning feet")
    assistant.actions.failure = RasaException("down")
    assert is_safe(conversation.says("I'm vegan and I have no back pain"))
    assistant.actions.failure = None
    conversation.says("no")
    facts = {fact["id"] for entry in conversation.talk["journal"] if entry["kind"] == "told" for fact in entry["facts"]}
    assert {"vegan_diet", "back_pain"} <= facts


def test_red_flags_do_not_need_the_action_server(conversation, assistant):
    assistant.actions.failure = RasaException("down")
    conversation.says("I'm numb between my legs and I can't pee")
    assert conversation.customs("urgent")[0]["flag"] == "F1"


def test_action_that_raises_is_safe(conversation, monkeypatch):
    conversation.starts("burning feet")
    monkeypatch.setattr("actions.interview.ActionInterview.skill", lambda turn: 1 / 0)
    assert is_safe(conversation.says("no"))
    monkeypatch.setattr("actions.interview.ActionInterview.skill", interview.run)
    assert conversation.says("no").question


def test_a_message_that_cannot_be_taken_in_breaks_only_its_own_turn(conversation, monkeypatch):
    conversation.starts("burning feet")

    def refuse(skill, talk, messages, knowledge):
        assert not any("poison" in message.text for message in messages)
        return respond(skill, talk, messages, knowledge)

    monkeypatch.setattr("actions.base.respond", refuse)
    assert is_safe(conversation.says("poison"))
    assert conversation.says("no").question
    assert conversation.says("I'm vegan").question


def test_locked_store_is_safe_and_the_talk_goes_on_after(conversation, assistant):
    conversation.starts("burning feet, I'm vegan")
    pending = conversation.question["key"]
    lock = sqlite3.connect(assistant.database, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        conversation.says("no")
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    conversation.says("result so far")
    assert conversation.result
    assert {"burning", "vegan_diet"} <= {
        fact["id"] for entry in conversation.talk["journal"] if entry["kind"] == "told" for fact in entry["facts"]
    }
    assert conversation.question["key"] == pending or pending in conversation.talk["asked"]


def test_deleted_data_is_really_gone(conversation, assistant):
    conversation.starts("my feet burn like zanzibar").says("delete my data")
    assert conversation.customs("erased")
    assistant.agent.tracker_store._tracker_store.engine.dispose()
    for path in assistant.database.parent.glob(f"{assistant.database.name}*"):
        assert b"zanzibar" not in path.read_bytes(), path.name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🤷",
        "...",
        "ich habe Schmerzen im Bein",
        "a" * 9000,
        '/inform{"talk": {}}',
        "\u202e\u0000abc",
        "12",
        "7.",
        "b12 2",
    ],
)
def test_bad_input_gets_an_answer_and_loses_nothing(conversation, text):
    conversation.starts("burning feet, I'm vegan")
    before = conversation.talk["journal"]
    conversation.says(text)
    assert conversation.talk["journal"][: len(before)] == before


def test_sending_twice_does_not_answer_two_questions(conversation):
    conversation.starts("burning feet")
    conversation.says("no")
    answers = [entry for entry in conversation.talk["journal"] if entry["kind"] == "answer"]
    assert len(answers) == 1
