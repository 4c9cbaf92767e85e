"""Urgency is the worst of flags, rules and conditions that must not be missed."""

from __future__ import annotations

import pytest

from bot.knowledge import load
from bot.knowledge.loader import Knowledge
from bot.reasoning.assessment import assess
from bot.reasoning.case import Case, Fact, LabResult
from bot.reasoning.triage import triage


def present(*names: str) -> Case:
    return Case(facts=tuple(Fact("finding", name, "present") for name in names))


def test_nothing_said_is_routine(small: Knowledge) -> None:
    outcome = triage(Case(), small)
    assert (outcome.urgency, outcome.reasons) == ("routine", ())


@pytest.mark.parametrize(
    ("case", "urgency", "kinds"),
    [
        (present("warmth_redness"), "same_day", ["rule"]),
        (present("saddle_numbness"), "emergency_department", ["rule"]),
        (present("warmth_redness", "saddle_numbness"), "emergency_department", ["rule", "rule"]),
        (present("swelling"), "same_day", ["condition"]),
        (Case(red_flags=("F4",)), "same_day", ["red_flag"]),
        (Case(red_flags=("F4", "F1")), "emergency_department", ["red_flag", "red_flag"]),
        (Case(red_flags=("F9",)), "emergency_now", ["red_flag"]),  # a flag without data is taken seriously
    ],
)
def test_the_worst_wins_and_every_reason_is_told(small: Knowledge, case: Case, urgency: str, kinds: list[str]) -> None:
    outcome = triage(case, small)
    assert outcome.urgency == urgency
    assert [reason.kind for reason in outcome.reasons] == kinds
    assert outcome.reasons[0].urgency == urgency


def test_a_harmless_cause_does_not_outweigh_a_flag(small: Knowledge) -> None:
    case = Case(general={"site": ["outer_thigh"]}, facts=(Fact("finding", "burning", "present"),), red_flags=("F1",))
    assert triage(case, small).urgency == "emergency_department"


def test_a_denied_danger_is_no_danger(small: Knowledge) -> None:
    case = Case(
        facts=tuple(Fact("finding", name, "absent") for name in ("saddle_numbness", "warmth_redness", "swelling"))
    )
    assert triage(case, small).urgency == "routine"


def test_a_picture_worse_than_the_flag_that_was_found_still_counts(real: Knowledge) -> None:
    told = (Fact("risk_factor", "nitrous_oxide", "present"), Fact("finding", "walking_difficulty", "present"))
    case = Case(facts=told, red_flags=("F17",), flag_urgency={"F17": "same_day"})
    assert triage(case, real).urgency == "emergency_department"


def puffy(*signs: str, **told: object) -> Case:
    """Somebody pregnant with swelling, and what else was told."""
    facts = [Fact("risk_factor", "pregnancy", "present"), Fact("finding", "swelling", "present", told)]
    return Case(facts=tuple(facts + [Fact("finding", name, "present") for name in signs]))


def one_side(**told: object) -> Case:
    """Somebody whose one thigh tingles and whose legs are swollen for a week."""
    facts = (
        Fact("finding", "tingling", "present", {"side": "left", "site": ["thigh"]}),
        Fact("finding", "swelling", "present", told),
    )
    return Case(facts=facts, general={"duration": "P1W"})


def test_swelling_is_of_one_leg_unless_it_was_told_of_both(real: Knowledge) -> None:
    assert triage(one_side(), real).urgency == "same_day"
    assert triage(one_side(side="left"), real).urgency == "same_day"
    assert triage(one_side(side="both"), real).urgency == "routine"


EVENING = {"site": ["ankle"], "side": "both", "timing": ["evening"]}


@pytest.mark.parametrize(
    ("case", "urgency"),
    [
        (puffy(**EVENING), "routine"),
        (puffy(), "same_day"),
        (puffy(site=["ankle"], side="both"), "same_day"),
        (puffy(site=["ankle"], timing=["evening"]), "same_day"),
        (puffy(**{**EVENING, "side": "left"}), "same_day"),
        (puffy(**{**EVENING, "site": ["calf"]}), "same_day"),
        (puffy("headache", **EVENING), "same_day"),
        (puffy("warmth_redness", **EVENING), "same_day"),
    ],
)
def test_an_exception_counts_only_once_it_is_known(real: Knowledge, case: Case, urgency: str) -> None:
    assert triage(case, real).urgency == urgency


@pytest.mark.parametrize(
    ("finding", "analyte", "band", "urgency"),
    [
        ("burning", "serum_b12", "deficient", "within_days"),
        ("burning", "active_b12", "deficient", "within_days"),
        ("numbness", "serum_b12", "deficient", "same_day"),
        ("burning", "serum_b12", "indeterminate", "routine"),
    ],
)
def test_a_low_b12_result_is_never_left_for_weeks(finding, analyte, band, urgency):
    case = Case(facts=(Fact("finding", finding, "present"),), labs=(LabResult(analyte, 90, "pmol/L", band=band),))
    assert triage(case, load()).urgency == urgency
    assert len(assess(case, load()).reasons) == (urgency != "routine")
