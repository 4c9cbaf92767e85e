"""Whoever writes more than can be read hears where the reading ended."""

from __future__ import annotations

import pytest

from bot.dialogue.skills import privacy

WORDS = "my feet burn and tingle every night since the winter"


def test_it_is_said_first_and_quotes_the_last_words(in_interview, finding):
    in_interview.says(WORDS + " danger", "inform", finding("tingling"), read_up_to=len(WORDS))
    first = in_interview.turn.says[0]
    assert first.response == "utter_overlong" and first.variables == {"last": "tingle every night since the winter"}
    assert in_interview.customs("overlong") and in_interview.question, "and the talk goes on"


def test_it_is_said_before_consent_too(person, finding):
    person.says(WORDS, "inform", finding("burning"), read_up_to=len(WORDS))
    assert person.responses[0] == "utter_overlong" and person.question["id"] == "consent"


def test_it_does_not_count_as_an_answer(in_interview):
    pending = in_interview.talk.pending
    in_interview.says("bla bla", "nlu_fallback", read_up_to=7)
    assert in_interview.responses[:1] == ["utter_overlong"] and "utter_ask" in in_interview.responses
    assert in_interview.talk.pending == pending and in_interview.talk.misses == 1


@pytest.mark.parametrize("more", [{}, {"read_up_to": None}])
def test_of_a_message_that_fits_nothing_is_said(in_interview, finding, more):
    in_interview.says(WORDS, "inform", finding("tingling"), **more)
    assert not in_interview.customs("overlong")


def test_after_deletion_nothing_is_quoted(in_interview):
    in_interview.says("delete my data", "delete_data", skill=privacy.delete, read_up_to=5)
    assert in_interview.responses == ["utter_erased"]
