"""What a terminal shows: words, numbered answers, and other buttons as words to type."""

from __future__ import annotations

from bot.channels.shell import ShellInput

QUESTION = {"kind": "question", "options": [{"value": "affirm", "title": "Yes"}, {"value": "deny", "title": "No"}]}


def buttons(*titles):
    return [{"title": title, "payload": title} for title in titles]


def shown(*messages):
    return [row["text"] for row in ShellInput().render([{"recipient_id": "a", **message} for message in messages])]


def test_only_the_answers_of_a_question_have_numbers():
    asked = {"text": "Numb?", "buttons": buttons("Yes", "No", "Skip", "Back")}
    assert shown(asked, {"custom": QUESTION}) == ["Numb?\n  1. Yes\n  2. No\n  (Skip / Back)"]


def test_other_buttons_are_words_and_structure_is_left_out():
    assert shown({"text": "More?", "buttons": buttons("Tell me more")}, {"custom": {"kind": "answer"}}) == [
        "More?\n  (Tell me more)"
    ]
    assert shown({"custom": {"kind": "picture", "title": "Your result", "alt": "In words"}}) == ["[In words]"]
