"""Whole talks against the trained model and the real actions."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.conversation

VEGAN = (
    "for half a year burning and tingling in both feet creeping up to my thighs, worse at night, "
    "I've been vegan for six years, no back pain"
)


def told(conversation):
    return {
        (fact["id"], fact["status"])
        for entry in conversation.talk["journal"]
        if entry["kind"] == "told"
        for fact in entry["facts"]
    }


def test_b12_from_the_first_words_to_the_summary(conversation):
    conversation.says(VEGAN)
    assert conversation.question["id"] == "consent"
    conversation.says("yes")
    assert {
        ("burning", "present"),
        ("tingling", "present"),
        ("back_pain", "absent"),
        ("vegan_diet", "present"),
    } <= told(conversation)
    result = conversation.finishes({"age": "44"})
    assert result["ranking"][0]["condition"] == "b12_neuropathy"
    assert result["urgency"] == "routine"
    assert {"serum_b12", "mma"} <= set(result["tests"])
    assert not {"back_pain", "vegan_diet", "night"} & {key for key in conversation.talk["asked"]}
    conversation.says("summary for my doctor please")
    markdown = conversation.customs("summary")[0]["markdown"]
    assert "vegan" in markdown and "creeping up to my thighs" in markdown


def test_sciatica(conversation):
    conversation.starts(
        "sharp shooting pain from my lower back through the buttock down the back of my right leg to the foot, "
        "since I lifted a box last week"
    )
    result = conversation.finishes({"cough": "yes, coughing makes it worse", "sitting_worse": "yes", "age": "41"})
    assert result["ranking"][0]["condition"] == "sciatica"


def test_meralgia(conversation):
    conversation.starts(
        "a burning numb patch on the outside of my left thigh, never below the knee, "
        "since I started wearing a tool belt"
    )
    result = conversation.finishes({"age": "48", "touch_sensitivity": "yes", "standing": "yes"})
    assert result["ranking"][0]["condition"] == "meralgia_paresthetica"


def test_a_red_flag_in_the_middle_comes_first_and_pauses(conversation):
    conversation.starts(VEGAN)
    conversation.says("no, but since this morning I'm numb between my legs and can't pee")
    assert (
        conversation.messages[0].get("text") and "custom" in conversation.messages[1] or conversation.customs("urgent")
    )
    assert "F1" in [urgent["flag"] for urgent in conversation.customs("urgent")]
    assert conversation.question is None
    assert conversation.result["urgency"] in ("emergency_department", "emergency_now")


def test_a_red_flag_is_raised_by_a_plain_yes_to_its_question(conversation):
    conversation.starts("pain in my lower back and numb feet")
    for _ in range(12):
        if conversation.question["id"] in ("bladder_problem", "saddle_numbness"):
            break
        conversation.says("no")
    conversation.says("yes")
    assert conversation.customs("urgent")


def test_a_correction_changes_what_follows(conversation):
    conversation.starts(VEGAN)
    conversation.finishes({})
    before = conversation.talk["journal"]
    conversation.says("actually I do have back pain")
    assert len(conversation.talk["journal"]) > len(before)
    assert ("back_pain", "present") in told(conversation)


def test_side_questions_are_answered_and_the_interview_resumes(conversation):
    conversation.starts(VEGAN)
    pending = conversation.question["key"]
    for text, topic in (("what does MMA measure?", "test_explained"), ("injections or tablets?", "injections_vs_oral")):
        conversation.says(text)
        assert conversation.customs("answer")[0]["topic"] == topic
        assert conversation.question["key"] == pending


def test_why_back_skip_and_result_so_far(conversation):
    conversation.starts(VEGAN)
    first = conversation.question["key"]
    assert conversation.says("why do you ask?").question["key"] == first
    conversation.says("no")
    assert conversation.says("go back").question["key"] == first
    assert conversation.says("skip").question["key"] != first
    assert conversation.says("what's the result so far?").result["complete"] is False
    assert conversation.question


def test_a_server_restart_keeps_the_talk(conversation, assistant):
    conversation.starts(VEGAN)
    pending = conversation.question["key"]
    again = type(assistant)(assistant.database)
    conversation.assistant = again
    conversation.says("what's the result so far?")
    assert conversation.result and conversation.question["key"] == pending
    again.close()


def test_restart_begins_anew(conversation):
    conversation.starts(VEGAN).says("restart")
    assert [entry["id"] for entry in conversation.talk["journal"]] == ["consent"]
    conversation.says("my left calf hurts when I walk")
    assert conversation.question


def test_a_lab_result_without_unit_is_asked_for(conversation):
    conversation.starts(VEGAN).says("my B12 was 200")
    assert conversation.customs("lab_result")[0]["needs"] == ["unit"]
    conversation.says("ng/L")
    assert conversation.customs("lab_result")[0]["results"][0]["band"] == "indeterminate"


def test_somebody_else(conversation):
    conversation.starts("my dad has burning feet and he can't feel his toes, he is 71")
    assert conversation.talk["about_other"]
    assert " they " in f" {conversation.words.lower()} " or " their " in f" {conversation.words.lower()} "
