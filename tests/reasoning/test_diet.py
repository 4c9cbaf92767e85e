"""The estimate adds up what the foods hold and never says that all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

import pytest
import textstat

from bot.knowledge import load
from bot.knowledge.loader import FOLDER, read_yaml
from bot.reasoning.case import Case, Fact
from bot.reasoning.diet import BELOW, MEETS, UNCLEAR, bubbles, estimate, servings, spell

KNOWLEDGE = load()
WORDS = read_yaml(FOLDER / "diet.yml")["words"]


@dataclass(frozen=True)
class Told:
    foods: Tuple[str, ...]
    servings: Tuple[float, float]
    often_said: bool = True

    @property
    def words(self) -> str:
        return self.foods[0]


def food(id_, low, high=None, said=True):
    return Told((id_,), (low, low if high is None else high), said)


@pytest.mark.parametrize(
    ("eaten", "low", "high"),
    [
        ([], 0, 0),
        ([food("egg", 2)], 1.0, 1.0),
        ([food("egg", 1, 2)], 0.5, 1.0),
        ([food("egg", 2), food("milk", 1)], 2.3, 2.3),
        ([food("nutritional_yeast", 1)], 8.3, 24),
        ([food("plant_milk", 1)], 0.9, 2),
        ([Told(("chicken", "minced_beef"), (1, 1))], 0.3, 2.4),
        ([food("spirulina", 3), food("seaweed", 3), food("tempeh", 3)], 0, 0),
        ([food("vegetables", 5)], 0, 0),
    ],
)
def test_amounts_add_up(eaten, low, high):
    result = estimate(eaten, KNOWLEDGE)
    assert (result.low, result.high) == pytest.approx((low, high))
    assert sum(share.low for share in result.shares) == pytest.approx(low)


@pytest.mark.parametrize(
    ("servings", "verdicts"),
    [
        ((0, 0), (BELOW, BELOW, BELOW)),
        ((2, 2), (BELOW, BELOW, BELOW)),
        ((3, 3), (MEETS, BELOW, BELOW)),
        ((2, 4), (UNCLEAR, BELOW, BELOW)),
        ((5, 5), (MEETS, MEETS, BELOW)),
        ((8, 8), (MEETS, MEETS, MEETS)),
        ((2, 10), (UNCLEAR, UNCLEAR, UNCLEAR)),
    ],
)
def test_each_published_amount_is_compared(servings, verdicts):
    result = estimate([food("egg", *servings)], KNOWLEDGE)
    assert [need.id for need in result.needs] == ["uk", "us", "eu"]
    assert tuple(need.verdict for need in result.needs) == verdicts


def test_the_amounts_are_those_of_the_facts():
    needs = {need.id: need.micrograms for need in estimate([], KNOWLEDGE).needs}
    assert needs == {"uk": 1.5, "us": 2.4, "eu": 4.0}
    for need in estimate([], KNOWLEDGE).needs:
        assert KNOWLEDGE.facts[need.fact].values["adult_micrograms"] == need.micrograms
        assert KNOWLEDGE.facts[need.fact].citable


@pytest.mark.parametrize(
    ("risk", "status", "needs"),
    [
        ("pregnancy", "present", {"us": 2.6, "eu": 4.5}),
        ("breastfeeding", "present", {"us": 2.8, "eu": 5.0}),
        ("pregnancy", "absent", {"uk": 1.5, "us": 2.4, "eu": 4.0}),
    ],
)
def test_pregnancy_and_breast_feeding_have_their_own_amounts(risk, status, needs):
    case = Case(facts=(Fact("risk_factor", risk, status),))
    result = estimate([food("egg", 1)], KNOWLEDGE, case)
    assert {need.id: need.micrograms for need in result.needs} == needs


@pytest.mark.parametrize("id_", sorted(KNOWLEDGE.foods))
def test_recalled_figures_are_never_cited(id_):
    result = estimate([food(id_, 1)], KNOWLEDGE)
    of_needs = {source for need in result.needs for source in KNOWLEDGE.facts[need.fact].sources}
    entry = KNOWLEDGE.foods[id_]
    assert set(result.sources) == of_needs | set(entry.sources)
    with_recalled = estimate([food(id_, 1), food("sardines", 1)], KNOWLEDGE)
    assert set(with_recalled.sources) == of_needs


@pytest.mark.parametrize("servings", [0.01, 1, 3, 5, 8, 40])
@pytest.mark.parametrize("supplement", [False, True])
def test_the_limits_are_always_said(servings, supplement):
    told = " ".join(bubbles(estimate([food("egg", servings)], KNOWLEDGE, supplement=supplement)))
    assert WORDS["limits"] in told and WORDS["absorption"] in told
    assert (WORDS["supplement"] in told) is supplement


def test_what_is_missing_or_does_not_count_is_named():
    eaten = [food("egg", 0.2, 1, said=False), food("spirulina", 1), food("fortified_cereal", 1)]
    result = estimate(eaten, KNOWLEDGE)
    assert result.guessed == ("egg",) and result.unreliable == ("spirulina",) and result.fortified
    told = " ".join(bubbles(result))
    assert "egg" in told and "spirulina" in told and WORDS["label"] in told


def test_nothing_read_asks_again():
    assert bubbles(estimate([], KNOWLEDGE)) == [WORDS["nothing_read"]]
    assert WORDS["supplement"] in bubbles(estimate([], KNOWLEDGE, supplement=True))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.2, 2.46, "1.2 to 2.5"),
        (1, 1, "1"),
        (0.34, 0.34, "0.3"),
        (3.3, 8.1, "3 to 8"),
        (2.96, 3.04, "3"),
        (0, 1, "0 to 1"),
    ],
)
def test_ranges_are_no_finer_than_known(low, high, words):
    assert spell(low, high) == words


@pytest.mark.parametrize("amount", [0, 1, 3, 5, 8, 40])
@pytest.mark.parametrize("special", [(), (Fact("risk_factor", "pregnancy", "present"),)])
def test_every_bubble_is_plain(amount, special):
    eaten = [food("egg", amount, amount + 1, said=False), food("plant_milk", amount), food("grains", 1)]
    for bubble in bubbles(estimate(eaten, KNOWLEDGE, Case(facts=special), supplement=True)):
        assert len(bubble.split()) <= 60
        assert textstat.flesch_kincaid_grade(bubble) <= 10, bubble


@pytest.mark.parametrize(
    ("food_id", "shares"),
    [
        ("egg", "33% in the UK, 21% in the US and 12% in Europe"),
        ("salmon", "over 100% in the UK, over 100% in the US and 65% in Europe"),
        ("plant_milk", "60 to 100% in the UK, 38 to 83% in the US and 22 to 50% in Europe"),
    ],
)
def test_a_serving_is_told_with_its_share_of_the_day(food_id, shares):
    assert shares in servings([food(food_id, 1)], KNOWLEDGE)[0]


def test_in_pregnancy_the_shares_are_those_published_for_it():
    case = Case(facts=(Fact("risk_factor", "pregnancy", "present"),))
    told = servings([food("milk", 1)], KNOWLEDGE, case)
    assert "50% in the US" in told[0] and "UK" not in told[0] and told[1] == WORDS["shares_special"]


def test_what_gives_nothing_has_no_share():
    assert servings([food("spirulina", 1)], KNOWLEDGE) == [WORDS["unreliable"].format(foods="spirulina")]
