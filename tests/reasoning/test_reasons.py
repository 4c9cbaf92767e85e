"""What a person is told as a reason: arguments only, and each thing once."""

from __future__ import annotations

from typing import List

import pytest

from bot.knowledge import load
from bot.reasoning.assessment import assess
from bot.reasoning.case import Case, Fact, LabResult
from bot.reasoning.evidence import Explanation, Reason, model_of
from bot.reasoning.labs import place
from bot.reasoning.reasons import LEAST_WEIGHT, arguments, without_repeats

KNOWLEDGE = load()
MODEL = model_of(KNOWLEDGE)
DENIED = ("statin", "smoking", "alcohol", "obesity", "pregnancy", "kidney_disease", "anticoagulant", "steroid")


def told(kind: str, id_: str, status: str = "present", **attributes: object) -> Fact:
    return Fact(kind, id_, status, attributes)


def reason(clue: str, state: str, weight: float) -> Reason:
    return Reason(clue, state, tuple(KNOWLEDGE.clues[clue].ids), f"{clue} {state}", weight)


def kept(*reasons: Reason) -> List[Reason]:
    supports = tuple(each for each in reasons if each.weight > 0)
    against = tuple(each for each in reasons if each.weight < 0)
    explanation = arguments(Explanation(supports, against), MODEL)
    return [*explanation.supports, *explanation.against]


@pytest.mark.parametrize(
    ("clue", "state", "weight", "is_told"),
    [
        ("statin", "otherwise", -1.0, False),  # nobody argues that a cause is unlikely because there is no statin
        ("aching", "otherwise", 1.0, False),
        ("back_pain", "otherwise", 1.0, False),  # speaks only for others by its absence
        ("rash", "otherwise", -1.0, True),
        ("onset", "otherwise", 1.0, True),  # a slow start is a sign of its own
        ("diabetes", "yes", -1.0, False),  # another cause beside this one is no argument against it
        ("diabetes", "yes", 1.0, True),
        ("diabetes", "otherwise", -1.0, True),
        ("cough_worse", "yes", -1.0, True),
        ("rash", "otherwise", -LEAST_WEIGHT / 2, False),
    ],
)
def test_only_arguments_are_told(clue, state, weight, is_told):
    assert bool(kept(reason(clue, state, weight))) is is_told


def test_what_tells_of_the_same_thing_is_told_once():
    reasons = [reason("both_feet", "yes", 2.0), reason("feet", "yes", 1.5), reason("tingling", "yes", 1.0)]
    assert [each.clue for each in without_repeats(reasons)] == ["both_feet", "tingling"]


def test_medicines_not_taken_are_no_argument_against_nerve_damage_from_diabetes():
    facts = [told("finding", "numbness", site=["foot"], side="both"), told("risk_factor", "diabetes")]
    facts += [told("risk_factor", name, "absent") for name in DENIED]
    first = assess(Case(facts=tuple(facts)), KNOWLEDGE).ranking[0]
    assert first.condition == "diabetic_neuropathy"
    assert not {"statin", "kidney_disease", "obesity"} & set(first.against)
    assert not [phrase for phrase in first.against_phrases if "statin" in phrase]


def test_no_cause_is_told_by_what_a_person_does_not_have():
    facts = [told("finding", "burning", site=["foot"], side="both")]
    facts += [told("risk_factor", name, "absent") for name in (*DENIED, "diabetes")]
    for ranked in assess(Case(facts=tuple(facts)), KNOWLEDGE).ranking:
        assert not [phrase for phrase in ranked.supports_phrases if phrase.startswith("no ")], ranked.condition


def test_a_low_result_speaks_only_of_what_the_test_looks_for():
    facts = [told("finding", name, site=["outer_thigh"], side="left") for name in ("pain", "numbness")]
    labs = [place(LabResult("serum_b12", 120, "ng/L")), place(LabResult("mma", 0.9, "µmol/L"))]
    ranking = assess(Case(facts=tuple(facts), labs=tuple(labs)), KNOWLEDGE).ranking
    of_b12 = next(ranked for ranked in ranking if ranked.condition == "b12_neuropathy")
    assert {"serum_b12", "mma"} <= set(of_b12.supports)
    assert not [ranked.condition for ranked in ranking if {"serum_b12", "mma"} & set(ranked.against)]


def test_a_result_above_the_grey_zone_still_speaks_against_b12():
    facts = [told("finding", "numbness", site=["foot"], side="both")]
    labs = (place(LabResult("serum_b12", 600, "ng/L")),)
    ranking = assess(Case(facts=tuple(facts), labs=labs), KNOWLEDGE).ranking
    assert "serum_b12" in next(ranked for ranked in ranking if ranked.condition == "b12_neuropathy").against
