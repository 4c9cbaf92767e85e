"""Which question comes next, when it stops, and why it asks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Case, Fact
from bot.reasoning.interview import HARD_CAP, expected_questions, next_question
from bot.reasoning.suppose import answers
from bot.reasoning.why import why
from bot.reasoning.worth import appraiser_of

PAIN = Case(facts=(Fact("finding", "pain", "present", {"site": ["leg"]}),))


def keys(case: Case, asked: list[str], knowledge: Knowledge) -> list[str]:
    return [entry.question.key for entry in appraiser_of(knowledge).value(case, asked)]


def test_danger_first_then_what_tells_apart(small: Knowledge) -> None:
    first = next_question(PAIN, [], small)
    assert first is not None and first.key == "swelling"
    denied = PAIN.with_fact(Fact("finding", "swelling", "absent"))
    second = next_question(denied, ["swelling"], small)
    assert second is not None and second.key == "site"


def test_what_changes_nothing_is_never_asked(small: Knowledge) -> None:
    case = PAIN
    asked: list[str] = []
    while (question := next_question(case, asked, small)) is not None:
        asked.append(question.key)
        case = replace(case, unsure=case.unsure + (question.key,))
    assert "rash" not in asked and "tongue" not in asked
    assert len(asked) == len(set(asked))


def test_what_was_said_or_skipped_is_not_asked(small: Knowledge) -> None:
    told = PAIN.with_fact(Fact("finding", "swelling", "present"))
    assert "swelling" not in keys(told, [], small)
    assert "swelling" not in keys(replace(PAIN, unsure=("swelling",)), [], small)
    assert "swelling" not in keys(PAIN, ["swelling"], small)
    assert "feet" not in keys(replace(PAIN, general={"site": ["foot"]}), [], small)


def test_a_condition_of_a_question_has_to_be_true(small: Knowledge) -> None:
    assert "warmth" not in keys(PAIN, [], small)
    assert "warmth" in keys(PAIN.with_fact(Fact("finding", "swelling", "present")), [], small)


def test_stops_once_nothing_is_worth_asking(small: Knowledge) -> None:
    case = Case(
        general={"site": ["outer_thigh"], "denied": {"site": ["foot"]}},
        facts=(
            Fact("finding", "burning", "present"),
            Fact("finding", "swelling", "absent"),
            Fact("risk_factor", "vegan_diet", "absent"),
        ),
    )
    assert next_question(case, ["swelling", "site", "vegan"], small) is None


def test_never_more_than_the_cap(real: Knowledge) -> None:
    asked = list(real.questions)[:HARD_CAP]
    assert next_question(PAIN, asked, real) is None
    assert expected_questions(PAIN, asked, real) == HARD_CAP
    assert 1 <= expected_questions(PAIN, [], real) <= HARD_CAP


def test_why_names_what_each_answer_speaks_for(small: Knowledge) -> None:
    reasons = why(small.questions["swelling"], PAIN, small)
    assert reasons["yes"] == ["deep_vein_thrombosis"]
    assert "deep_vein_thrombosis" not in reasons["no"]
    assert why(small.questions["site"], PAIN, small)["outer_thigh"] == ["meralgia_paresthetica"]


@pytest.mark.parametrize("stage", ["place", "feel", "course", "triggers", "strength"])
def test_every_real_question_can_change_something(real: Knowledge, stage: str) -> None:
    for key, item in appraiser_of(real).prepared.items():
        if item.question.stage == stage:
            assert item.answers and (len(item.clues) or item.rules), key


def test_every_real_question_has_reasons_for_its_answers(real: Knowledge) -> None:
    for question in real.questions.values():
        assert set(why(question, PAIN, real)) == {str(answer) for answer in answers(question)}
