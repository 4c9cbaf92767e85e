"""The words of the channel are as plain as all others, and its commands are understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import textstat
import yaml

from bot.channels.telegram_keyboard import Keyboard
from bot.channels.telegram_text import LONGEST_TOAST, length
from bot.channels.telegram_words import COMMANDS, all_words, meant, word
from bot.knowledge import load

SENTENCES = [(key, text) for key, text in all_words().items() if len(text.split()) > 3]


@pytest.mark.parametrize(("key", "text"), SENTENCES, ids=[key for key, _ in SENTENCES])
def test_plain(key, text):
    text = re.sub(r"{\w+}", "999", text)
    assert len(text.split()) <= 60
    assert all(len(sentence.split()) <= 20 for sentence in re.split(r"(?<=[.!?:])\s+", text))
    if len(text.split()) >= 12:
        assert textstat.flesch_kincaid_grade(text) <= 8


@pytest.mark.parametrize("key", ["too_fast_press", "answered_before", "choose_first"])
def test_notices_fit(key):
    assert length(word(key)) <= LONGEST_TOAST


def test_no_variable_is_left_unfilled():
    assert not [key for key in all_words() if "{" in word(key[len("telegram_") :])]


@pytest.mark.parametrize(
    ("command", "intent"),
    [
        ("start", "greet"),
        ("help", "help"),
        ("stop", "stop"),
        ("restart", "restart"),
        ("delete", "delete_data"),
    ],
)
def test_a_command_stands_for_words_that_were_taught(command, intent):
    files = sorted(Path("data/nlu/acts").glob("*.yml"))
    taught = [entry for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]]
    examples = {entry["intent"]: str(entry["examples"]) for entry in taught if "intent" in entry}
    said = word(f"command_{command}")
    found = [name for name, text in examples.items() if re.search(rf"^\W*{said}$", text, re.MULTILINE)]
    assert command in COMMANDS and meant(f"/{command}") == word(f"command_{command}")
    assert found == [intent]


@pytest.mark.parametrize(
    "question", [q for q in load().questions.values() if q.type == "multi_choice"], ids=lambda q: q.key
)
def test_several_answers_are_read_as_they_were_ticked(question):
    from bot.dialogue.answers import as_contract, read_answer
    from bot.dialogue.message import Message

    titles = [option.title for option in question.options]
    custom = {"kind": "question", "type": "multi_choice", "options": as_contract(question.options)}
    keyboard = Keyboard.of_message("?", {"buttons": [{"title": title} for title in titles], "custom": custom})
    toggles = [data for data, _ in keyboard.buttons if data.startswith("t")]
    assert keyboard.toggle(toggles[-1]) and keyboard.toggle(toggles[0])
    answer = keyboard.answer("d")
    value = read_answer(question, Message(answer.text, "inform"), load())
    offered = [option.value for option in question.options if option.value != "none"]
    assert value == [offered[0], offered[-1]]
