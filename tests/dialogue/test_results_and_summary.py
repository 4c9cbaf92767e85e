"""Results are placed, units asked for, and the summary holds only what was said or derived."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.skills import answer, interview, small_talk, steering, summary
from bot.dialogue.turn import in_a_sentence
from bot.understanding.implied import TOPIC


def lab(analyte, number, unit=None, band="needs_unit", **extra):
    return {"entity": "lab_result", "value": analyte, "number": number, "unit": unit, "band": band, **extra}


def test_a_bare_number_gets_the_unit_question_and_the_reply_places_it(in_interview):
    in_interview.says("my b12 was 200", "lab_result", lab("serum_b12", 200))
    assert in_interview.customs("lab_result")[0]["needs"] == ["unit"]
    assert "utter_ask_unit" in in_interview.responses
    in_interview.says("pmol/L", "inform")
    (result,) = in_interview.customs("lab_result")
    assert result["needs"] == [] and result["results"][0]["band"] == "indeterminate"
    assert in_interview.customs("question")


def test_the_same_number_in_another_unit_is_another_band(in_interview):
    in_interview.says("my b12 was 140", "lab_result", lab("serum_b12", 140)).says("ng/L", "inform")
    assert in_interview.customs("lab_result")[0]["results"][0]["band"] == "deficient"


def test_not_knowing_the_unit_ends_the_question(in_interview):
    in_interview.says("my b12 was 140", "lab_result", lab("serum_b12", 140)).says("no idea", "not_sure")
    assert "utter_unit_unknown" in in_interview.responses and in_interview.customs("question")


def test_an_implausible_value_is_questioned(in_interview):
    in_interview.says("hb 13.2 g/l", "lab_result", lab("haemoglobin", 13.2, "g/L", "implausible"))
    assert "utter_result_implausible" in in_interview.responses
    assert "utter_result_place" not in in_interview.responses


def test_the_summary_quotes_the_person_and_lists_denials(in_interview, finding):
    in_interview.says("no back pain though", "inform", finding("back_pain", "absent"))
    in_interview.says("summary", "summary", skill=summary.run)
    markdown = in_interview.customs("summary")[0]["markdown"]
    assert "burning feet" in markdown and "back pain" in markdown and "not a diagnosis" in markdown


def test_no_summary_of_nothing(person):
    person.says("hi", "greet").agrees().says("summary", "summary", skill=summary.run)
    assert not person.customs("summary")


def test_what_was_taken_back_is_not_in_the_summary(in_interview, finding):
    in_interview.says("no cramps", "inform", finding("cramps", "absent"))
    in_interview.says("actually I do get cramps", "change_answer", finding("cramps"))
    in_interview.says("summary", "summary", skill=summary.run)
    markdown = in_interview.customs("summary")[0]["markdown"]
    denied = [line for line in markdown.splitlines() if line.startswith("- said not")]
    assert "cramps" in markdown and not any("cramps" in line for line in denied)


def test_a_denial_of_one_side_leaves_the_other_side_standing(in_interview, finding):
    in_interview.says("cramps on the left", "inform", finding("cramps", side="left"))
    in_interview.says("no cramps on the right", "inform", finding("cramps", "absent", side="right"))
    in_interview.says("summary", "summary", skill=summary.run)
    assert in_interview.customs("summary")[0]["markdown"].count("cramps") >= 3


def test_how_long_and_how_old_are_played_back(person, finding):
    person.says("hi", "greet").agrees()
    age = {"entity": "profile", "name": "age", "value": 58}
    person.says("numb for half a year, I'm 58", "inform", finding("numbness", duration="P6M"), age)
    (understood,) = [say for say in person.turn.says if say.response == "utter_understood"]
    assert "6 months" in understood.variables["understood"] and "58" in understood.variables["understood"]


def test_a_detail_of_the_complaint_is_never_met_by_the_bare_question_again(in_interview):
    asked = in_interview.question["key"]
    in_interview.says("both", "inform", {"entity": "attribute", "name": "side", "value": "both"})
    assert "utter_understood" in in_interview.responses or in_interview.question["key"] != asked


@pytest.fixture
def told_the_result(in_interview):
    """Somebody who was told the whole result."""
    while not in_interview.customs("assessment"):
        in_interview.says("no", "deny")
    return in_interview


WHOLE = {"utter_result", "utter_result_so_far", "utter_possibility", "utter_safety_net"}


def test_after_the_result_a_value_tells_only_what_it_changes(told_the_result):
    told_the_result.says("hba1c 38", "lab_result", lab("hba1c", 38, "mmol/mol", "normal"))
    assert "utter_result_place" in told_the_result.responses and "utter_picture_unchanged" in told_the_result.responses
    assert not WHOLE & set(told_the_result.responses)
    assert told_the_result.customs("assessment")[0]["complete"]


def test_a_value_that_changes_the_advice_says_so(in_interview, finding):
    in_interview.says("my feet are numb", "inform", finding("numbness", site=["foot"], side="both"))
    while not in_interview.customs("assessment"):
        in_interview.says("no", "deny")
    before = in_interview.customs("assessment")[0]["urgency"]
    in_interview.talk = replace(in_interview.talk, asked=tuple(in_interview.knowledge.questions))
    in_interview.says("b12 90 pmol/L", "lab_result", lab("serum_b12", 90, "pmol/L", "deficient"))
    assert "utter_advice_changed" in in_interview.responses and not WHOLE & set(in_interview.responses)
    assert (before, in_interview.customs("assessment")[0]["urgency"]) == ("routine", "same_day")


def test_a_changed_fit_is_named(told_the_result):
    told_the_result.talk = replace(told_the_result.talk, asked=tuple(told_the_result.knowledge.questions))
    told_the_result.says("b12 90 pmol/L", "lab_result", lab("serum_b12", 90, "pmol/L", "deficient"))
    fits = [say.variables for say in told_the_result.turn.says if say.response == "utter_fit_changed"]
    name = "Nerve trouble from low vitamin B12"
    assert "utter_picture_unchanged" not in told_the_result.responses and name in [fit["name"] for fit in fits]
    assert not WHOLE & set(told_the_result.responses)


def test_the_result_so_far_tells_all_again(told_the_result):
    told_the_result.says("hba1c 38", "lab_result", lab("hba1c", 38, "mmol/mol", "normal"))
    told_the_result.says("result so far", "progress", skill=interview.result_so_far)
    assert {"utter_result", "utter_safety_net"} <= set(told_the_result.responses)


def test_a_new_symptom_with_the_value_tells_all(told_the_result, finding):
    value = lab("hba1c", 38, "mmol/mol", "normal")
    told_the_result.says("hba1c 38 and my hands tingle", "lab_result", value, finding("tingling", site=["hand"]))
    while not told_the_result.customs("assessment"):
        told_the_result.says("no", "deny")
    assert "utter_safety_net" in told_the_result.responses


def test_a_talk_stopped_before_the_result_was_never_told_it(in_interview):
    in_interview.says("stop", "stop", skill=steering.stop)
    in_interview.says("hba1c 38", "lab_result", lab("hba1c", 38, "mmol/mol", "normal"))
    assert "utter_picture_unchanged" not in in_interview.responses


def test_a_test_with_a_known_result_is_not_named_as_one_to_ask_for(told_the_result):
    def named():
        (tests,) = [say for say in told_the_result.turn.says if say.response == "utter_tests_worth_discussing"]
        return str(tests.variables["tests"])

    assert "total B12" in named()
    told_the_result.says("b12 300", "lab_result", lab("serum_b12", 300, "pmol/L", "unlikely"))
    told_the_result.says("result so far", "progress", skill=interview.result_so_far)
    assert "total B12" not in named()


def test_a_digression_does_not_lose_the_question_for_the_unit(in_interview):
    in_interview.says("my b12 was 200", "lab_result", lab("serum_b12", 200))
    in_interview.says("result so far", "progress", skill=interview.result_so_far)
    assert "utter_ask_unit" in in_interview.responses


def test_what_a_result_can_tell_is_said_only_once(in_interview):
    in_interview.says("hba1c 38", "lab_result", lab("hba1c", 38, "mmol/mol", "normal"))
    assert "utter_result_read" in in_interview.responses
    in_interview.says("mma 0.9", "lab_result", lab("mma", 0.9, "µmol/L", "raised"))
    assert "utter_result_noted" in in_interview.responses and in_interview.customs("lab_result")


def test_what_does_that_mean_is_about_the_latest_value(in_interview, knowledge):
    in_interview.says("homocysteine 22", "lab_result", lab("homocysteine", 22, "µmol/L", "raised"))
    implied = {"entity": "test", "value": "serum_b12", "evidence": TOPIC}
    in_interview.says("what does that mean?", "result_meaning", implied, skill=answer.run)
    assert in_interview.customs("answer")[0]["object"] == "homocysteine"
    assert any(knowledge.tests["homocysteine"].abnormal_means in (say.text or "") for say in in_interview.turn.says)


def test_a_name_keeps_its_capital():
    titles = ["Crohn's disease", "B12 injections", "Weak leg"]
    assert [in_a_sentence(title) for title in titles] == ["Crohn's disease", "B12 injections", "weak leg"]


def test_a_result_told_beside_something_else_is_read(person, risk):
    """The topic of "I'm pregnant and my b12 is 150" is pregnancy; the number must not be lost over it."""
    person.says("hi", "greet").agrees()
    told = (risk("pregnancy"), lab("serum_b12", 150, "ng/L", "deficient"))
    person.says("I'm pregnant and my b12 is 150 ng/L", "pregnancy_and_b12", *told, skill=answer.run)
    assert "utter_result_place" in person.responses and "lab_rule/b12_low_pregnancy" in person.talk.said
    assert not person.customs("answer")


def test_a_question_beside_a_result_is_answered_after_the_result(person):
    person.says("hi", "greet").agrees()
    text = "my b12 is 150 ng/L, do I need injections?"
    person.says(text, "injections_vs_oral", lab("serum_b12", 150, "ng/L", "deficient"), skill=answer.run)
    assert "utter_result_place" in person.responses and person.customs("answer")


def test_a_question_beside_a_bare_number_asks_for_the_unit_once(person):
    person.says("hi", "greet").agrees()
    person.says("my b12 is 150, do I need injections?", "injections_vs_oral", lab("serum_b12", 150), skill=answer.run)
    assert person.customs("answer") and person.responses.count("utter_ask_unit") == 1


def test_every_bare_number_gets_its_unit_question(in_interview):
    bare = [lab("active_b12", 20), lab("hba1c", 48), lab("tsh", 8)]
    in_interview.says("active b12 20, hba1c 48, tsh 8", "lab_result", *bare).says("pmol/L", "inform")
    assert in_interview.talk.pending == "unit:hba1c"
    in_interview.says("not sure", "not_sure")
    assert in_interview.talk.pending == "unit:tsh" and in_interview.responses.count("utter_ask_unit") == 1
    in_interview.says("mIU/L", "greet", skill=small_talk.greet)
    placed = {result.analyte: result.band for result in in_interview.turn.case.labs}
    assert placed == {"active_b12": "deficient", "hba1c": "needs_unit", "tsh": "high"}
    assert in_interview.talk.pending in in_interview.knowledge.questions


@pytest.mark.parametrize(
    "own, band, word",
    [([211, 911], "deficient", "result_by_own_range"), ([187, 883], "indeterminate", "result_inside_own_range")],
)
def test_the_range_on_the_report_is_named_and_not_uk_guidance(in_interview, knowledge, own, band, word):
    in_interview.says("b12 210", "lab_result", lab("serum_b12", 210, "pg/mL", band, lab_range=own))
    (said,) = [say.variables for say in in_interview.turn.says if say.response == "utter_result_place"]
    assert knowledge.words[word] in said["means"] and "UK guidance" not in said["means"]


def test_an_antibody_told_in_words_has_no_empty_number(in_interview):
    in_interview.says(
        "intrinsic factor antibody positive", "lab_result", lab("intrinsic_factor_antibody", None, band="raised")
    )
    assert "utter_result_in_words" in in_interview.responses and "utter_result_place" not in in_interview.responses


def test_what_does_that_mean_after_a_result_explains_it(in_interview):
    in_interview.says("mma 0.9", "lab_result", lab("mma", 0.9, "µmol/L", "raised"))
    in_interview.talk = replace(in_interview.talk, pending=None)
    in_interview.says("what does that mean", "rephrase", skill=steering.rephrase)
    assert in_interview.customs("answer")[0]["object"] == "mma"


def test_a_list_denied_whole_is_no_empty_answer_in_the_summary(in_interview):
    asked = in_interview.question["options"]
    in_interview.says("none of these", "deny").says("summary", "summary", skill=summary.run)
    markdown = in_interview.customs("summary")[0]["markdown"]
    assert len(asked) > 2 and "None of these" not in markdown and "asked about and denied" in markdown


def test_the_summary_asks_for_no_test_that_is_known_and_reads_an_antibody_as_a_word(in_interview):
    in_interview.says("b12 200", "lab_result", lab("serum_b12", 200, "ng/L", "indeterminate"))
    in_interview.says("IFAB negative", "lab_result", lab("intrinsic_factor_antibody", None, band="normal"))
    in_interview.says("summary", "summary", skill=summary.run)
    markdown = in_interview.customs("summary")[0]["markdown"]
    tests = markdown.split("## Tests worth discussing")[1].split("##")[0]
    assert "total B12" not in tests and "Intrinsic factor antibody: negative" in markdown
