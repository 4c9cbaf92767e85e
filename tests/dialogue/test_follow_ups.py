"""Short questions that only make sense with the last answer, and what is kept of a reported problem."""

from __future__ import annotations

import pytest

from bot.dialogue.follow_up import _data
from bot.dialogue.skills import answer, feedback, interview, summary


def entity(kind, value):
    return {"entity": kind, "value": value, "start": 0, "end": 1}


def answered(person):
    (custom,) = person.customs("answer")
    return custom["topic"], custom["object"]


def words(person):
    return "\n".join(str(say.text or say.variables) for say in person.turn.says)


@pytest.fixture
def about_mma(person):
    mma = entity("test", "mma")
    return person.says("hi", "greet").agrees().says("what is MMA?", "test_explained", mma, skill=answer.run)


@pytest.mark.parametrize(
    "text, intent, field",
    [
        ("and what is it like?", "nlu_fallback", "what_it_is_like"),
        ("does it hurt?", "nlu_fallback", "what_it_is_like"),
        ("how do I prepare for it?", "what_to_ask_doctor", "prepare"),
        ("and if it's high?", "nlu_fallback", "abnormal_means"),
        ("what if it is normal?", "normal_result_but_symptoms", "normal_means"),
        ("can it miss something?", "nlu_fallback", "cannot_tell"),
    ],
)
def test_a_part_of_the_test_talked_about(about_mma, knowledge, text, intent, field):
    about_mma.says(text, intent)
    assert answered(about_mma) == ("test_explained", "mma")
    assert getattr(knowledge.tests["mma"], field) in words(about_mma)


def test_more_tells_the_parts_not_yet_told(about_mma, knowledge):
    about_mma.says("more", "more", skill=feedback.more)
    test = knowledge.tests["mma"]
    assert all(
        part in words(about_mma) for part in (test.normal_means, test.abnormal_means, test.prepare, test.ask_why)
    )
    assert test.looks_at not in words(about_mma)


def test_another_test_goes_on_with_the_question(about_mma):
    about_mma.says("and homocysteine?", "nlu_fallback", entity("test", "homocysteine"))
    assert answered(about_mma) == ("test_explained", "homocysteine")


@pytest.mark.parametrize(
    "before, text, intent, topic",
    [
        ("injections_vs_oral", "and how often would I need them?", "nlu_fallback", "injection_schedule"),
        ("oral_dose", "how often?", "affirm", "oral_dose"),
        ("what_is_b12", "and which foods have it?", "nlu_fallback", "food_sources"),
        ("injections_vs_oral", "is it safe?", "nlu_fallback", "side_effects"),
        ("injection_schedule", "how long does that take?", "progress", "recovery_time"),
        ("test_explained", "how often should it be done again?", "nlu_fallback", "monitoring"),
        ("food_sources", "and for vegans?", "nlu_fallback", "vegan_sources"),
    ],
)
def test_a_question_takes_its_meaning_from_the_last_answer(person, before, text, intent, topic):
    person.says("hi", "greet").agrees().says("a question", before, skill=answer.run).says(text, intent)
    assert answered(person)[0] == topic


def test_any_two_conditions_side_by_side(person):
    conditions = entity("condition", "peripheral_artery_disease"), entity("condition", "meralgia_paresthetica")
    person.says("hi", "greet").agrees()
    person.says("difference between PAD and meralgia", "b12_vs_meralgia", *conditions, skill=answer.run)
    (custom,) = person.customs("answer")
    assert custom["topic"] == "compare_conditions" and len(custom["table"]["columns"]) == 3


def test_an_answer_to_a_question_is_no_follow_up(in_interview):
    in_interview.says("no", "deny")
    assert not in_interview.customs("answer")


def test_the_test_is_explained_for_the_person(person, risk):
    person.says("my kidneys are bad", "inform", risk("kidney_disease")).agrees()
    person.says("what is MMA?", "test_explained", entity("test", "mma"), skill=answer.run)
    assert "You told me about kidney disease" in words(person)


def test_two_sources_are_named_and_the_bare_word_brings_the_rest(about_mma):
    (said,) = [say for say in about_mma.turn.says if say.response == "utter_sources"]
    shown = about_mma.customs("answer")[0]["sources"]
    assert len(shown) > 2 and str(said.variables["sources"]).count("• ") == 2
    assert str(said.variables["sources"]).endswith('Say "sources" for the rest.')
    about_mma.says("sources", "sources", skill=answer.run)
    assert about_mma.customs("answer")[0]["sources"] == shown[:12]


def test_sources_of_the_last_answer_and_all_of_them(about_mma, knowledge):
    shown = about_mma.customs("answer")[0]["sources"]
    about_mma.says("where does that come from?", "sources", skill=answer.run)
    assert about_mma.customs("answer")[0]["sources"] == shown[:12]
    about_mma.says("list all your sources", "sources", skill=answer.run)
    told = list(about_mma.customs("answer")[0]["sources"])
    while "utter_no_more" not in about_mma.responses:
        about_mma.says("more", "more", skill=feedback.more)
        told += [key for custom in about_mma.customs("answer") for key in custom["sources"]]
    citable = {source for fact in knowledge.facts.values() if fact.citable for source in fact.sources}
    assert set(told) == citable and len(told) == len(citable)


def test_every_rule_leads_to_a_topic_and_a_field(knowledge):
    for rule in _data()["topics"]:
        assert {rule["topic"], *rule.get("after", [])} <= set(knowledge.topics)
    for rule in _data()["test_parts"]:
        assert all(hasattr(knowledge.tests["mma"], part) for part in rule["parts"])


def test_what_is_eaten_is_told_after_a_question_about_food(person):
    person.says("hi", "greet").agrees().says("is what I eat enough?", "nlu_fallback")
    assert "two eggs a day" in words(person)
    person.says("three eggs a day and a glass of milk every day", "nlu_fallback")
    assert "micrograms of B12 a day" in words(person)


def test_a_reported_problem_names_the_answer_and_nothing_of_the_talk(about_mma):
    about_mma.says("report a problem with this answer", "report_problem", skill=feedback.report_problem)
    (report,) = about_mma.customs("problem")
    assert report["said"] == ["answer/test_explained/mma"] and set(report) == {"kind", "said", "knowledge"}


def test_a_result_keeps_its_date_and_somebody_elses_is_left_out(in_interview):
    lab = {"entity": "lab_result", "value": "serum_b12", "number": 167, "unit": "pg/mL", "band": "deficient"}
    in_interview.says("mine was 167 pg/mL in June", "lab_result", {**lab, "when": "June"})
    assert "167 pg/mL (June)" in words(in_interview)
    other = {**lab, "number": 95, "status": "other_person"}
    in_interview.says("my mum's was 95", "lab_result", other, skill=interview.run)
    assert "utter_result_of_other" in in_interview.responses
    in_interview.says("summary", "summary", skill=summary.run)
    markdown = in_interview.customs("summary")[0]["markdown"]
    assert '**167 pg/mL**, low. Sample: "June"' in markdown and "95" not in markdown.split("---")[0]


def test_what_a_result_would_mean_is_told_as_an_answer_to_that_question(about_mma, knowledge):
    """ "Low B12 is less likely" alone would be read as said of the person."""
    about_mma.says("more", "more", skill=feedback.more)
    lines = words(about_mma).splitlines()
    for part in ("normal_means", "abnormal_means"):
        (line,) = [line for line in lines if getattr(knowledge.tests["mma"], part) in line]
        assert line.startswith(knowledge.words[f"part_{part}"])


def test_pain_relief_is_not_answered_with_b12(person, knowledge):
    person.says("hi", "greet").agrees()
    relief = entity("treatment", "pain_relief")
    person.says("what pain relief can I take?", "injections_vs_oral", relief, skill=answer.run)
    assert answered(person) == ("injections_vs_oral", "pain_relief")
    assert knowledge.treatments["pain_relief"].caution in words(person)


@pytest.mark.parametrize("text", ["how much b12 is in an egg?", "is there b12 in salmon"])
def test_a_food_named_is_told_with_its_share_of_the_day(person, text):
    person.says("hi", "greet").agrees().says(text, "food_sources", skill=answer.run)
    assert "micrograms of B12 in" in words(person) and "% in the UK" in words(person)
    assert person.customs("answer")[0]["sources"]


def test_a_plant_that_gives_nothing_is_said_not_to_count(person):
    person.says("hi", "greet").agrees().says("does spirulina have b12?", "vegan_sources", skill=answer.run)
    assert "spirulina" in words(person) and "don't count" in words(person)
    assert "nutritional yeast" in words(person)


def test_foods_asked_for_are_listed_and_not_counted(person):
    person.says("hi", "greet").agrees().says("which cereals are fortified?", "fortified_foods", skill=answer.run)
    assert answered(person)[0] == "fortified_foods" and "% in the UK" not in words(person)


@pytest.mark.parametrize("country, scheme", [("GB", "every other day"), ("US", "daily for a week")])
def test_the_schedule_fits_country_and_nerve_signs(person, country, scheme):
    numb = {"entity": "finding", "value": "numbness", "status": "present", "site": ["foot"], "side": "both"}
    person.says("my feet are numb", "inform", numb, {"entity": "profile", "name": "country", "value": country}).agrees()
    person.says("how often are injections given?", "injection_schedule", skill=answer.run)
    assert scheme in words(person) and "You told me about signs that can come from nerves" in words(person)
