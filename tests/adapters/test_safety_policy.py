"""Red flags first, never silence, one action a turn."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.adapters.red_flags import flags_raised
from bot.adapters.safety_policy import next_safe_action
from bot.knowledge import load

URGENT, AFTER, TROUBLE = "utter_urgent", "action_urgent", "utter_technical_problem"
LISTEN = "action_listen"


@pytest.fixture(scope="module")
def domain():
    return Domain.load("domain.yml")


def tracker(domain, entities=(), intent="inform", slots=None, done=(), text="..."):
    events = [SlotSet(name, value) for name, value in (slots or {}).items()]
    message = UserUttered(text, {"name": intent, "confidence": 1.0}, list(entities))
    known = DialogueStateTracker("p", domain.slots)
    for event in [*events, ActionExecuted(LISTEN), message, *done]:
        known.update(event, domain)
    return known


def flag(name, urgency="emergency_department"):
    return {"entity": "red_flag", "value": name, "urgency": urgency, "subject": "self"}


def said(action):
    return [ActionExecuted(action), BotUttered("words")]


def test_without_a_flag_the_rules_decide(domain):
    assert next_safe_action(tracker(domain)) is None


def test_a_flag_is_answered_before_anything_else(domain):
    assert next_safe_action(tracker(domain, [flag("F1")])) == URGENT


def test_each_flag_gets_its_advice_and_then_the_talk_goes_on(domain):
    flags = [flag("F1"), flag("F9")]
    assert next_safe_action(tracker(domain, flags, done=said(URGENT))) == URGENT
    assert next_safe_action(tracker(domain, flags, done=said(URGENT) * 2)) == AFTER
    assert next_safe_action(tracker(domain, flags, done=said(URGENT) * 2 + said(AFTER))) == LISTEN


def test_no_more_than_four_warnings(domain):
    flags = [flag(name) for name in ("F1", "F2", "F3", "F5", "F9")]
    assert next_safe_action(tracker(domain, flags, done=said(URGENT) * 3)) == URGENT
    assert next_safe_action(tracker(domain, flags, done=said(URGENT) * 4)) == AFTER


def test_silence_after_a_warning_is_filled(domain):
    done = said(URGENT) + [ActionExecuted(AFTER)]
    assert next_safe_action(tracker(domain, [flag("F1")], done=done)) == "utter_technical_problem_after_urgent"


def test_a_silent_action_is_followed_by_the_safe_sentence_once(domain):
    done = [ActionExecuted("action_interview")]
    assert next_safe_action(tracker(domain, done=done)) == TROUBLE
    assert next_safe_action(tracker(domain, done=done + said(TROUBLE))) == LISTEN


def test_a_turn_is_one_action(domain):
    assert next_safe_action(tracker(domain, done=said("action_interview"))) == LISTEN


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("2", "inform", URGENT),
        ("Loss of feeling during sex", "human", URGENT),
        ("None of these", "deny", None),
        ("no", "deny", None),
    ],
)
def test_an_option_of_a_red_flag_question_raises_the_flag(domain, text, intent, expected):
    slots = {"talk": {"pending": "saddle_bladder_bowel", "consent": True}}
    assert next_safe_action(tracker(domain, intent=intent, slots=slots, text=text)) == expected


GUESS = {"entity": "red_flag", "value": "F21", "urgency": "emergency_now", "status": "uncertain", "evidence": "wording"}


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("New swelling", [GUESS], ["F4"]),
        ("1", [], ["F4"]),
        ("Warm or red skin", [GUESS], []),
        ("new swelling, a growing lump", [GUESS, {**GUESS, "value": "F15"}], ["F4", "F14"]),
        ("New swelling", [{**GUESS, "evidence": "rule", "status": "present"}], ["F21", "F4"]),
        ("new swelling of my lips", [GUESS], ["F21"]),
    ],
)
def test_of_the_words_of_an_option_nothing_is_guessed(domain, text, entities, expected):
    slots = {"talk": {"pending": "look_at_leg", "consent": True}}
    assert [raised["flag"] for raised in flags_raised(tracker(domain, entities, slots=slots, text=text))] == expected


def test_a_press_and_its_number_raise_the_same_flags(domain):
    """On the web a press sends titles, on Telegram and Slack several answers go as numbers."""
    for question in load().questions.values():
        slots = {"talk": {"pending": question.key, "consent": True}}
        for number, option in enumerate(question.options, start=1):
            titled, numbered = (flags_raised(tracker(domain, slots=slots, text=t)) for t in (option.title, str(number)))
            assert titled == numbered, (question.key, option.title)


def test_a_yes_to_the_question_before_does_not_answer_the_next_one(domain):
    done = [
        ActionExecuted("action_interview"),
        SlotSet("talk", {"pending": "saddle_bladder_bowel"}),
        BotUttered("words"),
    ]
    assert (
        next_safe_action(tracker(domain, intent="affirm", slots={"talk": {"pending": "consent"}}, done=done)) == LISTEN
    )


def test_a_store_that_cannot_be_read_is_said_so(domain):
    assert next_safe_action(tracker(domain, slots={"store_unavailable": True})) == TROUBLE


@pytest.mark.parametrize("value", ["F99", "", None, {"F1": 1}])
def test_a_forged_flag_is_ignored(domain, value):
    assert next_safe_action(tracker(domain, [{"entity": "red_flag", "value": value}])) is None
