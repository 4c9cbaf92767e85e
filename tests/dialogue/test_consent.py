"""Consent comes first, and what was said before it is not lost."""

from __future__ import annotations

from bot.dialogue.skills import answer, interview, privacy, steering


def test_the_first_reply_greets_and_asks_for_consent(person):
    person.says("hello", "greet")
    assert person.responses == ["utter_greet", "utter_what_is_stored", "utter_ask_consent"]
    assert person.question["id"] == "consent"


def test_what_was_told_before_consent_is_used_after_it(person, finding):
    person.says("burning feet", "inform", finding("burning", site=["foot"], side="both")).agrees()
    assert "utter_understood" in person.responses
    assert person.question["id"] != "consent"


def test_no_consent_erases(person, finding):
    person.says("burning feet", "inform", finding("burning")).says("no", "deny")
    assert person.turn.erase
    assert not person.customs("question")


def test_anything_else_asks_again_without_going_on(person, finding):
    person.says("hi", "greet").says("my feet burn", "inform", finding("burning"))
    assert person.responses == ["utter_ask_consent_again"]
    assert person.question["id"] == "consent"


def test_knowledge_needs_no_consent(person):
    person.says("what does mma measure", "test_explained", {"entity": "test", "value": "mma"}, skill=answer.run)
    assert person.customs("answer")[0]["object"] == "mma"
    assert person.question["id"] == "consent"


def test_deleting_needs_no_consent(person):
    person.says("delete my data", "delete_data", skill=privacy.delete)
    assert person.turn.erase and person.customs("erased")


def test_an_emergency_comes_before_consent(person):
    flag = {"entity": "red_flag", "value": "F1", "urgency": "emergency_department", "subject": "self"}
    person.says("numb between my legs", "inform", flag, skill=interview.after_urgent)
    assert person.customs("assessment")[0]["urgency"] == "emergency_department"
    assert not person.customs("question")


def test_a_lesser_urgency_does_not_skip_consent(person):
    flag = {"entity": "red_flag", "value": "F17", "urgency": "same_day", "subject": "self"}
    person.says("unsteady and numb", "inform", flag, skill=interview.after_urgent)
    assert person.question["id"] == "consent"


def test_consent_is_recorded_with_its_time_and_survives_a_restart(person, finding):
    person.says("burning feet", "inform", finding("burning")).says("yes", "affirm", sent_at=1_790_000_000.5)
    recorded = [entry for entry in person.talk.journal if entry.get("id") == "consent"]
    assert recorded == [
        {"kind": "profile", "turn": 2, "id": "consent", "value": True, "at": "2026-09-21T14:13:20+00:00"}
    ]
    person.says("restart", "restart", skill=steering.restart)
    assert [entry for entry in person.talk.journal if entry.get("id") == "consent"] == recorded
