"""What was only guessed from the wording raises no alarm before one question, and is not lost by doubt."""

from __future__ import annotations

import pytest


@pytest.fixture
def guessing(person, finding):
    """Somebody whose wording made the reader guess at growing weakness of both legs."""
    numb = finding("numbness", site=["foot"], side="both")
    guess = finding("progressive_weakness", evidence="wording")
    return person.says("numb feet, and it climbs", "inform", numb, guess).agrees()


def test_a_guess_is_asked_about_first(guessing):
    assert not guessing.customs("urgent")
    assert guessing.question["id"] == "progressive_weakness"


def test_a_denied_guess_raises_nothing(guessing):
    guessing.says("no", "deny")
    assert not guessing.customs("urgent") and not guessing.talk.flags


@pytest.mark.parametrize(("reply", "intent"), [("yes", "affirm"), ("not sure", "not_sure"), ("skip", "skip")])
def test_a_guess_that_is_not_denied_is_taken_as_true(guessing, reply, intent):
    guessing.says(reply, intent)
    assert [custom["flag"] for custom in guessing.customs("urgent")] == ["F9"]


def test_a_guess_in_a_list_is_taken_back_when_not_chosen(person, finding):
    pain = finding("hip_pain", side="left")
    person.says("sore hip, and I feel odd", "inform", pain, finding("fever", evidence="wording")).agrees()
    assert person.question["key"] == "fever_weight" and not person.customs("urgent")
    person.says("None of these", "deny")
    assert not person.talk.flags


def test_what_was_named_does_not_wait(person, finding):
    pain = finding("hip_pain", side="left")
    person.says("sore hip and a fever", "inform", pain, finding("fever", evidence="rule")).agrees()
    assert [custom["flag"] for custom in person.customs("urgent")] == ["F7"]


def test_a_guess_is_asked_about_too_where_the_urgency_hangs_on_what_is_said_of_it(person, finding):
    guess = finding("numbness", onset="sudden", evidence="wording")
    person.says("my foot is white and cold, all at once I knew no floor", "inform", finding("cold_pale_limb"), guess)
    person.agrees()
    assert not person.customs("urgent") and person.question["id"] in ("numbness", "finding")
    person.says("yes", "affirm")
    assert [custom["flag"] for custom in person.customs("urgent")] == ["F6"]
