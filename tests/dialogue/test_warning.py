"""Several dangers at once: the most urgent in full, the rest in few words, and whom to call is never left out."""

from __future__ import annotations

from itertools import permutations

import pytest

from bot.dialogue.warning import act_of, is_brief, warning
from bot.understanding.red_flags import red_flag_detector


def flag(id_, urgency, subject="self"):
    return {"flag": id_, "urgency": urgency, "subject": subject}


def test_the_first_is_said_in_full(knowledge):
    said = warning([flag("F6", "emergency_now"), flag("F4", "same_day")], 0, knowledge)
    assert said == {"act": knowledge.red_flags["F6"].act, "reason": knowledge.red_flags["F6"].reason}


def test_a_lesser_one_says_what_to_tell_and_whom_to_call_but_sends_nobody_elsewhere(knowledge):
    said = warning([flag("F15", "emergency_department"), flag("F4", "same_day")], 1, knowledge)
    assert said["act"] == f"Tell them this too. {knowledge.red_flags['F4'].reason}"
    assert said["reason"] == "If you get breathless or have chest pain, call {emergency}."


def test_one_as_urgent_keeps_its_own_advice_and_repeats_nothing(knowledge):
    said = warning([flag("F5", "emergency_now"), flag("F6", "emergency_now")], 1, knowledge)
    assert said["reason"].startswith("Say the leg has turned cold") and "{emergency}" not in said["reason"]


def test_another_person_and_a_crisis_get_all_their_words(knowledge):
    for second in (flag("F4", "same_day", "other"), flag("F19", "same_day")):
        flags = [flag("F6", "emergency_now"), second]
        assert not is_brief(flags, 1, knowledge)
        assert warning(flags, 1, knowledge)["act"] == act_of(second, knowledge)
    assert not is_brief([flag("F19", "same_day"), flag("F4", "same_day")], 1, knowledge)


def test_whom_to_call_is_never_left_out(knowledge):
    order = knowledge.vocabulary["urgency"]
    each = [flag(entry.id, entry.urgency) for entry in knowledge.red_flags.values()]
    for pair in permutations(each, 2):
        flags = sorted(pair, key=lambda one: order.index(one["urgency"]))
        full = " ".join(act_of(one, knowledge) for one in flags)
        said = " ".join(text for number in (0, 1) for text in warning(flags, number, knowledge).values())
        for contact in ("{emergency}", "{crisis}"):
            assert (contact in full) == (contact in said), pair


@pytest.mark.parametrize("subject", ["self", "other"])
def test_more_signs_change_the_advice_with_the_urgency(knowledge, subject):
    lead = {"emergency_now": "all {emergency}", "emergency_department": "go to the emergency department now"}
    for id_, urgencies in red_flag_detector().urgencies.items():
        for urgency in urgencies[1:]:
            act = act_of(flag(id_, urgency, subject), knowledge)
            assert lead[urgency] in act.replace("Go ", "go ") and act != act_of(
                flag(id_, urgencies[0], subject), knowledge
            )


def test_answers_that_raise_several_at_once_warn_in_full_only_once(in_interview, risk, finding):
    in_interview.says("I use balloons, walking fails", "inform", risk("nitrous_oxide"), finding("walking_difficulty"))
    urgent = in_interview.customs("urgent")
    assert urgent and [bool(custom.get("further")) for custom in urgent] == [n > 0 for n in range(len(urgent))]
    assert in_interview.responses.count("utter_urgent_paused") <= 1
