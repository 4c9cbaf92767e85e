"""Results are placed, units asked for, and the summary holds only what was said or derived."""

from __future__ import annotations

from bot.dialogue.skills import summary


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
