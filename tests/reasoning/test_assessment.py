"""The result in the terms of the contract."""

from __future__ import annotations

from bot.knowledge.loader import Knowledge
from bot.reasoning.assessment import assess
from bot.reasoning.case import Case, Fact

THIGH = Case(
    general={"site": ["outer_thigh"], "side": "one_side", "denied": {"site": ["foot"]}},
    facts=(
        Fact("finding", "burning", "present"),
        Fact("finding", "swelling", "absent"),
        Fact("risk_factor", "vegan_diet", "absent"),
    ),
)


def test_ranking_reasons_and_tests(small: Knowledge) -> None:
    result = assess(THIGH, small)
    first = result.ranking[0]
    assert (first.condition, first.likelihood) == ("meralgia_paresthetica", "strong")
    assert first.supports == ("outer_thigh",)
    assert "it at the outer thigh" in first.supports_phrases
    assert [row.share for row in result.ranking] == sorted((row.share for row in result.ranking), reverse=True)
    assert result.tests[:2] == ("serum_b12", "mma")
    assert result.urgency == "routine" and result.complete


def test_b12_is_always_answered_with_what_speaks_against_it(small: Knowledge, real: Knowledge) -> None:
    for knowledge in (small, real):
        b12 = [row for row in assess(THIGH, knowledge).ranking if row.condition == "b12_neuropathy"]
        assert b12 and b12[0].likelihood == "less_likely" and b12[0].against


def test_a_danger_sets_the_urgency_and_its_reason(small: Knowledge) -> None:
    result = assess(Case(facts=(Fact("finding", "saddle_numbness", "present"),)), small)
    assert (result.urgency, result.reasons) == ("emergency_department", ("Numb.",))


def test_few_facts_are_never_called_strong(real: Knowledge) -> None:
    result = assess(Case(facts=(Fact("finding", "pain", "present", {"site": ["leg"]}),)), real)
    assert all(row.likelihood != "strong" for row in result.ranking)
    assert not result.complete


def test_only_ids_that_were_spoken_of_are_given_as_support(real: Knowledge) -> None:
    case = Case(facts=(Fact("finding", "tingling", "present", {"site": ["foot"], "side": "both"}),))
    b12 = next(row for row in assess(case, real).ranking if row.condition == "b12_neuropathy")
    assert set(b12.supports) <= {"tingling", "foot", "both", "site", "side"} and b12.supports
