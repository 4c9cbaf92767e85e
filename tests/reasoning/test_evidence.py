"""The evidence model, checked against arithmetic by hand."""

from __future__ import annotations

import math
from typing import Dict

import numpy as np
import pytest

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Case, Fact
from bot.reasoning.evidence import CAUTION, GROUP_SHARE, OTHER, UNKNOWN, model_of, ranking, shares

FEET = Case(general={"site": ["foot"]}, facts=(Fact("finding", "tingling", "present"),))
SWOLLEN = Case(facts=(Fact("finding", "swelling", "present"),))


def share(case: Case, knowledge: Knowledge) -> Dict[str, float]:
    return dict(ranking(case, knowledge))


def test_nothing_said_leaves_the_tempered_priors(small: Knowledge) -> None:
    priors = {"b12_neuropathy": 0.3, "meralgia_paresthetica": 0.4, "deep_vein_thrombosis": 0.1, OTHER: 0.2}
    tempered = {name: prior**CAUTION for name, prior in priors.items()}
    total = sum(tempered.values())
    assert share(Case(), small) == pytest.approx({name: value / total for name, value in tempered.items()})


def test_one_clue_weighs_as_its_ratio(small: Knowledge) -> None:
    of_100 = {
        "b12_neuropathy": (0.3, 2),
        "meralgia_paresthetica": (0.4, 2),
        "deep_vein_thrombosis": (0.1, 90),
        OTHER: (0.2, 10),
    }
    odds = {name: (prior * number / 10) ** CAUTION for name, (prior, number) in of_100.items()}
    expected = {name: value / sum(odds.values()) for name, value in odds.items()}
    assert share(SWOLLEN, small) == pytest.approx(expected)


def test_absent_counts_too_and_unknown_does_not(small: Knowledge) -> None:
    denied = share(Case(facts=(Fact("finding", "swelling", "absent"),)), small)
    unsure = share(Case(facts=(Fact("finding", "swelling", "uncertain"),)), small)
    assert denied["deep_vein_thrombosis"] < 0.05
    assert unsure == pytest.approx(share(Case(), small))


def test_a_clue_a_condition_says_nothing_about_changes_only_the_others(small: Knowledge) -> None:
    before, after = share(Case(), small), share(Case(facts=(Fact("risk_factor", "vegan_diet", "present"),)), small)
    assert after["b12_neuropathy"] > before["b12_neuropathy"]
    ratio = after["meralgia_paresthetica"] / after["deep_vein_thrombosis"]
    assert ratio == pytest.approx(before["meralgia_paresthetica"] / before["deep_vein_thrombosis"])


def test_clues_of_one_group_are_not_counted_twice(small: Knowledge) -> None:
    model = model_of(small)
    weights = model.weights(model.states(FEET)[np.newaxis, :])[0]
    place = sorted(weights[model.clue_index[name]] for name in ("both_feet", "outer_thigh"))
    assert place == [GROUP_SHARE, 1.0]
    assert weights[model.clue_index["swelling"]] == 0.0


def test_weights_worked_out_from_a_neighbour_are_the_same(real: Knowledge) -> None:
    model = model_of(real)
    random = np.random.default_rng(1)
    sizes = np.array([len(clue.states) + 1 for clue in model.clues])
    base = random.integers(UNKNOWN, sizes)
    states = np.repeat(base[np.newaxis, :], 40, axis=0)
    for row in states:
        changed = random.integers(0, len(sizes), 3)
        row[changed] = random.integers(UNKNOWN, sizes[changed])
    assert np.allclose(model.weights(states), model.weights_near(model.situation(base), states))


def test_numbers_are_held_off_the_extremes(small: Knowledge) -> None:
    clue = small.clues["swelling"]
    assert shares(clue, {"yes": 0}).min() > 0 and shares(clue, {"yes": 100}).min() > 0
    assert math.isclose(shares(clue, {"yes": 40}).sum(), 1.0)


def test_reasons_say_what_fits_and_what_does_not(small: Knowledge) -> None:
    model = model_of(small)
    states = model.states(FEET)
    b12, meralgia = model.explain("b12_neuropathy", states), model.explain("meralgia_paresthetica", states)
    assert [reason.phrase for reason in b12.supports][0] == "it in the feet"
    assert {reason.clue for reason in meralgia.against} == {"both_feet", "outer_thigh"}
    assert all(reason.weight > 0 for reason in b12.supports) and all(reason.weight < 0 for reason in meralgia.against)


def test_nothing_may_fit(real: Knowledge) -> None:
    denied = [name for name in real.findings if name != "fatigue"]
    case = Case(facts=tuple(Fact("finding", name, "absent") for name in denied))
    assert share(case, real)[OTHER] > 0.05
