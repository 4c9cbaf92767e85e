"""What comes in is checked, what goes out is never nothing."""

from __future__ import annotations

import pytest

from bot.adapters.local_actions import LocalActions
from bot.channels.cleaning import LONGEST, clean
from bot.channels.overlong import readable


def test_a_message_is_answered(post):
    assert post({"sender": "a", "message": "hello"}).json == [{"recipient_id": "a", "text": "hello"}]


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        1,
        None,
        {},
        {"sender": "a"},
        {"message": "a"},
        {"sender": {}, "message": "a"},
        {"sender": "", "message": "a"},
    ]
    + [{"sender": f"{channel}-1", "message": "a"} for channel in ("web", "telegram", "slack")]
    + [{"sender": "a" * 256, "message": "a"}, {"sender": "a", "message": {}}, {"sender": "a", "message": None}],
)
def test_a_wrong_shape_is_refused_in_words(post, agent, body):
    reply = post(body)
    assert reply.status == 400 and reply.json["error"]
    assert not agent.seen


@pytest.mark.parametrize("behaviour", ["fail", "silent"])
def test_silence_becomes_the_safe_sentence(post, agent, behaviour):
    agent.behaviour = behaviour
    words = " ".join(message["text"] for message in post({"sender": "a", "message": "hello"}).json)
    assert "999" in words and "{" not in words


@pytest.mark.parametrize("text", ['/restart{"talk": {}}', "//x", " /inform", "/ /a"])
def test_no_ready_made_intents(post, agent, text):
    post({"sender": "a", "message": text})
    assert not agent.seen[0].text.startswith("/")


def test_the_sender_cannot_choose_channel_or_metadata(post, agent):
    post({"sender": "a", "message": "hi", "input_channel": "slack", "metadata": {"x": 1}})
    assert agent.seen[0].input_channel == "rest" and not agent.seen[0].metadata


def test_an_overlong_message_is_cut_and_marked(post, agent):
    readable(clean("a" * (LONGEST + 1)))  # loads what it needs before the clock of the test client runs
    post({"sender": "a", "message": "a" * (LONGEST + 1)})
    assert len(agent.seen[0].text) <= LONGEST and agent.seen[0].metadata["truncated"]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("a\u0000b", "ab"), ("\u202eabc", "abc"), ("a\nb", "a\nb"), ("  ", ""), ("µ é 🤷", "µ é 🤷"), ("a\ud800b", "ab")],
)
def test_control_characters_go_and_words_stay(raw, kept):
    assert clean(raw).text == kept


def test_health_says_what_is_missing(app):
    _, reply = app.test_client.get("/health")
    assert reply.status == 503
    assert reply.json["model"] is True and reply.json["actions"] is False


def test_actions_in_the_same_process_are_not_missing(app, agent):
    agent.action_endpoint = LocalActions()
    _, reply = app.test_client.get("/health")
    assert reply.json["actions"] is True


def test_a_megabyte_is_answered_and_only_its_first_part_handed_on(post, agent):
    readable(clean("a" * (LONGEST + 1)))  # loads what it needs before the clock of the test client runs
    assert post({"sender": "a", "message": "my leg hurts " * 80_000}).status == 200
    assert len(agent.seen[0].text) <= LONGEST
