"""After the advice on an emergency the talk goes on only when help is on its way."""

from __future__ import annotations

import pytest

from bot.understanding.help_arranged import says_help_is_arranged


@pytest.mark.parametrize(
    "text",
    [
        "we rang 111 and they are sending someone",
        "The ambulance is on its way",
        "I've called 999",
        "I\u2019m in A&E now",
        "my wife is driving me to the hospital",
        "paramedics are here",
        "spoke to the samaritans just now",
        "ok help is arranged",
        "on the phone to 911 right now",
    ],
)
def test_help_on_its_way_is_understood(text: str) -> None:
    assert says_help_is_arranged(text)


@pytest.mark.parametrize(
    "text",
    [
        "I haven't called 999",
        "should I have called 111?",
        "my sister is with me",
        "the ambulance won't come",
        "I called 111 but no answer",
        "my leg hurts",
        "I don't want to go to hospital",
        "thanks",
        "yes",
        "do I need an ambulance on its way",
    ],
)
def test_nothing_else_is_taken_for_it(text: str) -> None:
    assert not says_help_is_arranged(text)
