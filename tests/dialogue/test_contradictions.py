"""A new word against an earlier one is asked about once; the reply settles it, and else the latest word counts."""

from __future__ import annotations

import pytest

from bot.dialogue.skills import answer, interview, small_talk, steering
from bot.reasoning.view import View


def last(person, kind, id_):
    """The status that counts: the truth of the view, told as a status."""
    view = View(person.turn.case)
    told = (view.findings if kind == "finding" else view.risk_factors)[id_]
    return "present" if any(said.truth for said in told) else "absent"


def doubt(person):
    """The clarification about a contradiction in the latest turn, if any."""
    return [custom for custom in person.customs("clarify") if custom["reason"] == "contradiction"]


@pytest.fixture
def denied(in_interview, finding, risk):
    """Somebody who denied numbness and metformin."""
    return in_interview.says(
        "no numbness, no metformin", "inform", finding("numbness", "absent"), risk("metformin", "absent")
    )


@pytest.mark.parametrize(
    ("reply", "intent", "status"),
    [
        ("yes", "affirm", "present"),
        ("no", "deny", "absent"),
        ("1", "nlu_fallback", "present"),
        ("2", "nlu_fallback", "absent"),
        ("I have numbness", "inform", "present"),
        ("I do not have numbness", "inform", "absent"),
        ("xyzzy", "nlu_fallback", "present"),
        ("not sure", "not_sure", "present"),
    ],
)
def test_the_reply_settles_it_and_the_talk_goes_on(denied, finding, reply, intent, status):
    denied.says("my toes are numb", "inform", finding("numbness", site=["toes"]))
    assert doubt(denied) and denied.question["id"] == "numbness"
    assert [option["value"] for option in denied.question["options"]] == ["affirm", "deny"]
    denied.says(reply, intent)
    assert last(denied, "finding", "numbness") == status
    assert not doubt(denied) and denied.question["id"] != "numbness"


def test_the_place_told_is_kept(denied, finding):
    denied.says("my toes are numb", "inform", finding("numbness", site=["toes"])).says("yes", "affirm")
    assert denied.turn.case.of("finding", "numbness")[-1].attributes["site"] == ["toes"]


def test_a_denial_after_a_complaint_is_asked_about_too(in_interview, finding):
    in_interview.says("no burning", "inform", finding("burning", "absent"))
    assert doubt(in_interview)
    in_interview.says("yes", "affirm")
    assert last(in_interview, "finding", "burning") == "present"
    assert in_interview.turn.case.of("finding", "burning")[-1].attributes["site"] == ["foot"]


def test_a_risk_factor_counts_as_well(denied, risk):
    denied.says("I take metformin", "inform", risk("metformin"))
    assert doubt(denied)[0]["id"] == "metformin"
    denied.says("no", "deny")
    assert last(denied, "risk_factor", "metformin") == "absent"


def test_it_is_asked_only_once(denied, finding):
    denied.says("my toes are numb", "inform", finding("numbness")).says("no", "deny")
    denied.says("they are numb", "inform", finding("numbness"))
    assert not doubt(denied)
    assert last(denied, "finding", "numbness") == "present"


def test_a_correction_is_taken_at_its_word(denied, finding):
    denied.says("actually I am numb", "change_answer", finding("numbness"), skill=steering.change_answer)
    assert not doubt(denied)
    assert last(denied, "finding", "numbness") == "present"


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"status": "absent", "site": ["hand"]}, {"site": ["foot"]}),
        ({"status": "absent", "side": "left"}, {"side": "right"}),
        ({"status": "past"}, {}),
        ({"status": "uncertain"}, {}),
        ({}, {"site": ["foot"]}),
    ],
)
def test_what_fits_together_is_not_asked_about(in_interview, finding, before, now):
    in_interview.says("first", "inform", finding("numbness", **before)).says(
        "then", "inform", finding("numbness", **now)
    )
    assert not doubt(in_interview)


def test_toes_are_part_of_the_foot(in_interview, finding):
    in_interview.says("not numb in the foot", "inform", finding("numbness", "absent", site=["foot"]))
    in_interview.says("my toes are numb", "inform", finding("numbness", site=["toes"]))
    assert doubt(in_interview)


def test_an_answer_may_contradict_what_was_told(in_interview, finding):
    in_interview.says("no weakness", "inform", finding("weakness", "absent"))
    in_interview.talk = in_interview.talk.ask("strength")
    in_interview.says("A weak leg, not just sore", "inform")
    assert doubt(in_interview)[0]["id"] == "weakness"


def test_what_is_not_chosen_from_a_list_takes_nothing_back(in_interview, risk):
    in_interview.says("I had cancer", "inform", risk("cancer_history"))
    in_interview.talk = in_interview.talk.ask("health_risks")
    in_interview.says("None of these", "deny")
    assert not doubt(in_interview)
    assert last(in_interview, "risk_factor", "cancer_history") == "present"


def test_the_question_that_waited_is_asked_again(denied, finding):
    waiting = denied.question["key"]
    denied.says("my toes are numb", "inform", finding("numbness")).says("yes", "affirm")
    assert waiting not in denied.talk.asked or denied.talk.pending == waiting


def test_after_the_result_it_is_asked_and_the_result_comes_again(denied, finding):
    for _ in range(30):
        if denied.customs("assessment"):
            break
        denied.says("no", "deny")
    denied.says("my toes are numb", "inform", finding("numbness", site=["toes"]))
    assert doubt(denied)
    denied.says("yes", "affirm")
    assert denied.customs("assessment") or denied.customs("question")


def test_a_question_of_knowledge_in_between_does_not_get_stuck(denied, finding):
    denied.says("my toes are numb", "inform", finding("numbness"))
    mma = {"entity": "test", "value": "mma"}
    denied.says("what does mma measure?", "test_explained", mma, skill=answer.run)
    assert denied.customs("question") and not doubt(denied)


def test_somebody_else_is_spoken_of(person, finding):
    told = finding("burning", "other_person", site=["foot"], side="both")
    person.says("my dad has burning feet", "inform", told).agrees()
    person.says("no burning", "inform", finding("burning", "absent"), skill=interview.run)
    assert [option["title"][:4] for option in person.question["options"]] == ["They", "They"]


def test_a_symptom_told_is_not_taken_back_by_none_of_these_but_asked_about(in_interview, finding):
    in_interview.says("I wobble", "inform", finding("balance_problem"))
    in_interview.talk = in_interview.talk.ask("strength")
    in_interview.says("None of these", "deny")
    assert doubt(in_interview)[0]["id"] == "balance_problem"
    assert last(in_interview, "finding", "balance_problem") == "present"
    in_interview.says("no", "deny")
    assert last(in_interview, "finding", "balance_problem") == "absent"


def test_a_claim_chosen_is_an_answer_whatever_it_sounds_like(denied, finding):
    denied.says("my toes are numb", "inform", finding("numbness", site=["toes"]))
    denied.says("I do not have numbness", "out_of_scope", skill=small_talk.out_of_scope)
    assert last(denied, "finding", "numbness") == "absent"
    assert denied.question["id"] != "numbness"
