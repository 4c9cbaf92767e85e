"""Any answer can be changed at any time, in free words or by choosing it, and everything is worked out anew."""

from __future__ import annotations

import pytest

from bot.dialogue.changes import title
from bot.dialogue.skills import interview, steering
from bot.reasoning.evidence import ranking


def change(person):
    """Says the words of the button, without naming an answer."""
    return person.says("change an answer", "change_answer", skill=steering.change_answer)


def finish(person, most=30):
    for _ in range(most):
        if person.customs("assessment"):
            return person.customs("assessment")[0]
        person.says("no", "deny")
    raise AssertionError("the interview did not end")


def answered(person):
    return [entry["question"] for entry in person.talk.journal if entry["kind"] == "answer"]


def offered(person):
    return next(list(say.buttons) for say in person.turn.says if say.response == "utter_change_which")


def test_every_answer_of_a_talk_can_be_chosen_by_number_after_the_result(in_interview):
    finish(in_interview)
    for position in range(1, min(len(answered(in_interview)), 8) + 1):
        change(in_interview)
        key = answered(in_interview)[-position]
        in_interview.says(str(position), "nlu_fallback")
        assert in_interview.question["key"] == key and key not in answered(in_interview)
        in_interview.says("no", "deny")
        while not in_interview.customs("assessment"):
            in_interview.says("no", "deny")


def test_titles_are_distinct_and_choose_their_question(in_interview, finding):
    finish(in_interview)
    titles = offered(change(in_interview))
    assert len(set(titles)) == len(titles)
    # the words of a title are no complaint, whatever they are taken for
    in_interview.says(titles[0], "inform", finding("weakness"))
    assert in_interview.question and not in_interview.turn.new_facts


def test_all_titles_of_the_interview_are_distinct(knowledge):
    titles = [title(question, knowledge) for question in knowledge.questions.values()]
    assert sorted(titles) == sorted(set(titles))


def test_an_answer_named_at_once_is_asked_again(in_interview):
    in_interview.talk = in_interview.talk.ask("age")
    in_interview.says("45", "nlu_fallback")
    in_interview.says("I want to change my age", "change_answer", skill=steering.change_answer)
    assert in_interview.question["key"] == "age"
    in_interview.says("54", "nlu_fallback")
    assert in_interview.turn.case.profile["age"] == 54


def test_a_changed_answer_changes_the_result(in_interview):
    in_interview.talk = in_interview.talk.ask("diet")
    in_interview.says("No animal foods at all", "inform")
    finish(in_interview)
    before = dict(ranking(in_interview.turn.case, in_interview.knowledge))["b12_neuropathy"]
    change(in_interview).says("change my way of eating", "change_answer", skill=steering.change_answer)
    assert in_interview.question["key"] == "diet"
    in_interview.says("None of these", "deny")
    assert dict(ranking(in_interview.turn.case, in_interview.knowledge))["b12_neuropathy"] < before
    assert in_interview.customs("assessment") or in_interview.customs("question")


@pytest.mark.parametrize("after_result", [False, True])
def test_free_words_change_a_finding(in_interview, finding, after_result):
    if after_result:
        finish(in_interview)
    in_interview.says(
        "no, it does not burn", "change_answer", finding("burning", "absent"), skill=steering.change_answer
    )
    assert in_interview.turn.case.of("finding", "burning")[-1].status == "absent"
    in_interview.says("oh it does", "change_answer", finding("burning"), skill=steering.change_answer)
    assert in_interview.turn.case.of("finding", "burning")[-1].status == "present"


@pytest.mark.parametrize("after_result", [False, True])
def test_free_words_change_a_place_or_side(in_interview, after_result):
    if after_result:
        finish(in_interview)
    side = {"entity": "attribute", "name": "side", "value": "left"}
    site = {"entity": "attribute", "name": "site", "value": "outer_thigh"}
    in_interview.says("it's the left outer thigh", "change_answer", side, site, skill=steering.change_answer)
    case = in_interview.turn.case
    assert case.general["side"] == "left" and case.general["site"] == ["outer_thigh"]
    assert not any("side" in fact.attributes or "site" in fact.attributes for fact in case.facts)
    assert dict(ranking(case, in_interview.knowledge))["meralgia_paresthetica"] > 0.1


def test_free_words_change_age_and_results(in_interview):
    age = {"entity": "profile", "name": "age", "value": 60}
    in_interview.says("I am 60", "inform", age)
    in_interview.says("sorry, 62", "change_answer", {**age, "value": 62}, skill=steering.change_answer)
    assert in_interview.turn.case.profile["age"] == 62
    result = {"entity": "lab_result", "value": "serum_b12", "number": 100.0, "unit": "pmol/L", "band": "deficient"}
    in_interview.says("b12 100", "lab_result", result).says(
        "no, 400", "lab_result", {**result, "number": 400.0, "band": "unlikely"}
    )
    assert [lab.number for lab in in_interview.turn.case.labs] == [400.0]


def test_a_change_may_raise_the_urgency(in_interview, risk):
    first = finish(in_interview)
    in_interview.says("I did use laughing gas", "change_answer", risk("nitrous_oxide"), skill=steering.change_answer)
    in_interview.says("result", "progress", skill=interview.result_so_far)
    assert (first["urgency"], in_interview.customs("assessment")[0]["urgency"]) == ("routine", "same_day")


def test_nothing_to_change_is_said_kindly(in_interview):
    change(in_interview)
    assert "utter_change_how" in in_interview.responses and in_interview.customs("question")


def test_a_question_met_by_other_news_is_not_lost(in_interview, finding):
    waiting = in_interview.question["key"]
    in_interview.says("my back hurts too", "inform", finding("back_pain"))
    assert in_interview.talk.pending == waiting or waiting not in in_interview.talk.asked
