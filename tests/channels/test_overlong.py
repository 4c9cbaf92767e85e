"""A message over the limit: the first part is read, dangers are looked for in the rest, and the person is told."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.channels.channel import CollectingOutputChannel

from bot.channels.cleaning import FIRST_PART, LONGEST, clean
from bot.channels.overlong import SEARCHED, readable
from bot.channels.turn import take_turn
from bot.understanding import red_flags

STORY = "My leg aches a little in the evening, and I like to walk the dog. "
DANGER = "Since this morning I can't pee and I am numb between my legs."
LESSER = "And one of my calves is swollen and sore since the flight."


def long_story(*ends):
    return STORY * 150 + " ".join(ends)


def read(text):
    return readable(clean(text))


def flags(text):
    return {mention.value for mention in red_flags.RedFlagDetector().detect(text)}


def test_up_to_the_limit_nothing_is_left_out():
    cleaned = clean("a" * LONGEST)
    assert not cleaned.truncated and cleaned.text == "a" * LONGEST and cleaned.metadata is None


def test_over_the_limit_it_is_cut_at_a_space_and_what_was_read_is_known():
    text = long_story()
    cleaned = clean(text)
    assert cleaned.metadata == {"truncated": True, "read": len(cleaned.text)}
    assert len(cleaned.text) <= FIRST_PART and text.startswith(cleaned.text)
    assert (
        text[len(cleaned.text)] == " "
        and (cleaned.text + cleaned.rest).replace(" ", "")
        == text.replace(" ", "")[: len((cleaned.text + cleaned.rest).replace(" ", ""))]
    )


def test_what_is_handed_on_is_read_whole_by_the_detector():
    assert len(read(long_story(*[DANGER] * 100))) <= LONGEST <= red_flags.LONGEST


@pytest.mark.parametrize("place", [LONGEST, 2 * LONGEST, 3 * LONGEST])
def test_a_danger_far_behind_is_found(place):
    text = (STORY * 1000)[:place] + DANGER + " " + STORY
    assert "F1" not in flags(clean(text).text)
    assert "F1" in flags(read(text)) and DANGER in read(text)


def test_several_dangers_are_found_the_worst_first():
    handed_on = read(long_story(LESSER, STORY * 10, DANGER))
    assert handed_on.index(DANGER) < handed_on.index(LESSER)


def test_a_danger_that_is_denied_or_somebody_elses_raises_nothing():
    assert read(long_story("I can pee as always and I am not numb between my legs.")) == clean(long_story()).text


def test_a_wall_of_text_without_spaces_or_ends_is_read_in_time():
    started = time.monotonic()
    assert len(read("x" * 1_000_000)) <= LONGEST
    assert len(read("numb " * 200_000)) <= LONGEST
    assert time.monotonic() - started < 30, f"{SEARCHED} characters are searched, however long it is"


def test_every_channel_hands_on_the_same():
    seen = []

    async def on_message(message):
        seen.append(message)

    asyncio.run(take_turn(on_message, CollectingOutputChannel(), "a", long_story(DANGER), "web", message_id="1"))
    (message,) = seen
    assert DANGER in message.text and message.metadata["truncated"]
    assert (message.sender_id, message.input_channel, message.message_id) == ("a", "web", "1")


@pytest.mark.parametrize("failure", [RuntimeError("broken"), asyncio.TimeoutError()])
def test_no_failure_gets_past(failure, caplog):
    async def on_message(message):
        raise failure

    asyncio.run(take_turn(on_message, CollectingOutputChannel(), "a", "my secret words", "web"))
    assert "message_failed channel=web" in caplog.text and "secret" not in caplog.text
