"""Emergencies pause the interview; help comes before questions."""

from __future__ import annotations

import pytest

from bot.dialogue.skills import answer, interview


def flag(id_, urgency, subject="self"):
    return {"entity": "red_flag", "value": id_, "urgency": urgency, "subject": subject}


def test_an_emergency_pauses_and_keeps_the_answers(in_interview):
    in_interview.says("I can't pee", "inform", flag("F1", "emergency_department"), skill=interview.after_urgent)
    assert in_interview.talk.paused and in_interview.customs("assessment")
    in_interview.says("my feet still burn", "inform")
    assert in_interview.responses == ["utter_urgent_reminder"]
    in_interview.says("Help is arranged", "inform")
    assert not in_interview.talk.paused and in_interview.question


def test_a_crisis_gets_no_other_content(in_interview):
    in_interview.says("I want to end it", "inform", flag("F19", "emergency_now"), skill=interview.after_urgent)
    assert in_interview.responses == ["utter_crisis_stay", "utter_ask_country"]
    assert not in_interview.customs("assessment")


def test_a_bare_yes_does_not_end_a_crisis(in_interview):
    in_interview.says("I want to die", "inform", flag("F19", "same_day"), skill=interview.after_urgent)
    in_interview.says("yes", "affirm")
    assert in_interview.talk.paused and not in_interview.customs("question")


def test_a_bare_yes_answers_the_reminder(in_interview):
    in_interview.says("I can't pee", "inform", flag("F1", "emergency_department"), skill=interview.after_urgent)
    in_interview.says("what now", "nlu_fallback")
    assert in_interview.responses == ["utter_urgent_reminder"]
    assert not in_interview.says("yes", "affirm").talk.paused


def test_without_consent_an_arranged_help_leads_to_the_question_for_it(person):
    person.says("I can't pee", "inform", flag("F1", "emergency_department"), skill=interview.after_urgent)
    person.says("Help is arranged", "inform")
    assert person.question["id"] == "consent"


def test_a_joke_does_not_clear_a_crisis(in_interview):
    in_interview.says("I want to die", "inform", flag("F19", "same_day"), skill=interview.after_urgent)
    in_interview.says("just joking", "small_talk")
    assert in_interview.talk.paused


@pytest.mark.parametrize("urgency", ["same_day", "within_days"])
def test_a_lesser_urgency_does_not_stop_the_questions(in_interview, urgency):
    in_interview.says("no", "deny", flag("F17", urgency), skill=interview.after_urgent)
    assert in_interview.question and not in_interview.talk.paused


def test_a_flag_raised_never_lowers_the_urgency_of_the_result(in_interview):
    in_interview.says("no", "deny", flag("F4", "same_day"), skill=interview.after_urgent)
    in_interview.says("result", "progress", skill=interview.result_so_far)
    assert in_interview.customs("assessment")[0]["urgency"] in ("same_day", "emergency_department", "emergency_now")


def test_a_question_of_knowledge_is_still_answered_while_paused(in_interview):
    in_interview.says("I can't pee", "inform", flag("F1", "emergency_department"), skill=interview.after_urgent)
    in_interview.says("what is b12", "what_is_b12", skill=answer.run)
    assert in_interview.customs("answer") and not in_interview.customs("question")


def test_the_country_gives_the_right_number(in_interview):
    in_interview.says("I can't pee", "inform", flag("F1", "emergency_department"), skill=interview.after_urgent)
    assert "utter_ask_country" in in_interview.responses
    in_interview.says("Germany", "inform", {"entity": "profile", "name": "country", "value": "DE"})
    assert in_interview.turn.services.emergency == "112" and in_interview.talk.paused


def test_answers_can_make_a_flag_more_urgent(in_interview, risk, finding):
    in_interview.says("I did balloons", "inform", risk("nitrous_oxide"))
    assert in_interview.customs("urgent")[0]["urgency"] == "same_day" and not in_interview.talk.paused
    in_interview.says("I can hardly walk", "inform", finding("walking_difficulty"))
    assert in_interview.customs("urgent")[0]["urgency"] == "emergency_department" and in_interview.talk.paused


def test_a_danger_chosen_from_a_list_is_not_warned_of_twice(in_interview):
    in_interview.talk = in_interview.talk.ask("saddle_bladder_bowel")
    in_interview.says("1", "inform", skill=interview.after_urgent)
    assert [flag_["flag"] for flag_ in in_interview.talk.flags] == ["F1"]
    assert not in_interview.customs("urgent") and in_interview.talk.paused


def test_advice_that_came_of_answers_goes_when_they_change(in_interview, finding):
    in_interview.says("I wobble", "inform", finding("balance_problem"), finding("fatigue"))
    assert [entry["flag"] for entry in in_interview.talk.flags] == ["F17"]
    in_interview.says("I do not wobble", "change_answer", finding("balance_problem", "absent"))
    assert not in_interview.talk.flags
    assert "utter_advice_withdrawn" in in_interview.responses


def test_advice_on_a_danger_that_was_said_stays(in_interview, finding):
    in_interview.says("I wobble", "inform", finding("balance_problem"), flag("F17", "same_day"))
    in_interview.says("I do not wobble", "change_answer", finding("balance_problem", "absent"))
    assert [entry["flag"] for entry in in_interview.talk.flags] == ["F17"]


def test_in_a_crisis_the_talk_cannot_simply_go_on(person):
    crisis = flag("F19", "emergency_now")
    person.says("hi", "greet").agrees().says("I want to end it", "inform", crisis, skill=interview.after_urgent)
    person.says("hm", "inform")
    assert person.turn.says[-1].buttons == [person.turn.word("answer_help_arranged")]
    person.says("go on with the questions", "inform")
    assert "utter_crisis_stay" in person.responses


def test_help_told_of_in_own_words_lets_the_talk_go_on(person):
    saddle = flag("F1", "emergency_department")
    person.says("hi", "greet").agrees().says("numb saddle", "inform", saddle, skill=interview.after_urgent)
    person.says("the ambulance is on its way", "inform")
    assert "utter_help_arranged" in person.responses
