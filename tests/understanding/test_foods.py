"""What people say they eat becomes foods with servings a day."""

from __future__ import annotations

import pytest

from bot.knowledge import load
from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.foods import FoodReader

KNOWLEDGE = load()
READER = FoodReader()
WORDS = read_yaml(FOLDER / "diet.yml")
FISH, MEAT = WORDS["groups"]["fish"]["foods"], WORDS["groups"]["meat"]["foods"]
SOME = (0.7, 1.3)  # a portion whose size was not told


def times(portion, factor):
    return tuple(part * factor for part in portion)


def read(text):
    return {item.words: item.servings for item in READER.read(text).eaten}


@pytest.mark.parametrize(
    ("text", "servings"),
    [
        ("two eggs a day", {"eggs": (2, 2)}),
        ("2 eggs a day", {"eggs": (2, 2)}),
        ("2 eggs daily", {"eggs": (2, 2)}),
        ("an egg every morning", {"egg": SOME}),
        ("3 eggs a week", {"eggs": (3 / 7, 3 / 7)}),
        ("half a dozen eggs a week", {"eggs": (6 / 7, 6 / 7)}),
        ("two or three eggs a week", {"eggs": (2 / 7, 3 / 7)}),
        ("2-3 eggs a week", {"eggs": (2 / 7, 3 / 7)}),
        ("a couple of eggs twice a week", {"eggs": (4 / 7, 4 / 7)}),
        ("fish once a week", {"fish": times(SOME, 1 / 7)}),
        ("fish on Fridays", {"fish": times(SOME, 1 / 7)}),
        ("salmon once or twice a week", {"salmon": (0.7 / 7, 2.6 / 7)}),
        ("chicken 3-4 times a week", {"chicken": (2.1 / 7, 5.2 / 7)}),
        ("chicken 3x a week", {"chicken": times(SOME, 3 / 7)}),
        ("liver once a month", {"liver": times(SOME, 1 / 30)}),
        ("a glass of milk a day", {"milk": (1, 1)}),
        ("two glasses of milk per day", {"milk": (2, 2)}),
        ("120 ml of milk daily", {"milk": (0.5, 0.5)}),
        ("120ml milk daily", {"milk": (0.5, 0.5)}),
        ("half a pint of milk a day", {"milk": (0.5 * 568 / 240,) * 2}),
        ("85 g of salmon a day", {"salmon": (1, 1)}),
        ("170g of salmon twice a week", {"salmon": (4 / 7, 4 / 7)}),
        ("milk in my tea", {"milk": (0.1, 0.8)}),
        ("a splash of milk in my coffee every day", {"milk": (0.1, 0.8)}),
        ("two cups of tea with milk a day", {"milk": (0.2, 0.4)}),
        ("eggs every other day", {"eggs": times(SOME, 0.5)}),
        ("cheese most days", {"cheese": (0.7 * 0.55, 1.3 * 0.9)}),
        ("eggs and cheese every day", {"eggs": SOME, "cheese": SOME}),
        ("every day two eggs, a glass of milk and some cheese", {"eggs": (2, 2), "milk": (1, 1), "cheese": SOME}),
        ("two eggs a day, milk in my tea and fish once a week",
         {"eggs": (2, 2), "milk": (0.1, 0.8), "fish": times(SOME, 1 / 7)}),
        ("cereal with milk for breakfast", {"cereal": SOME, "milk": SOME}),
        ("oat milk every morning and marmite on toast twice a week",
         {"oat milk": SOME, "marmite": times(SOME, 2 / 7), "toast": times(SOME, 2 / 7)}),
        ("a large steak once a week", {"steak": (1.3 / 7, 2 / 7)}),
        ("not much meat, fish and chips on fridays", {"meat": (0, 1.3 * 0.15), "fish and chips": times(SOME, 1 / 7)}),
        ("I hardly ever eat meat", {"meat": (0, 1.3 * 0.05)}),
        ("I don’t eat meat but I do have a glass of milk a day", {"milk": (1, 1)}),
        ("no eggs, I eat fish twice a week", {"fish": times(SOME, 2 / 7)}),
        ("I'm a nurse and my legs hurt", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_servings_a_day(text, servings):
    found = read(text)
    assert set(found) == set(servings)
    for name, expected in servings.items():
        assert found[name] == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(
    ("text", "avoided"),
    [
        ("no meat, fish or eggs", [*MEAT, *FISH, "egg"]),
        ("I don't eat meat or fish", [*MEAT, *FISH]),
        ("I never eat cheese. Yoghurt most days", ["cheddar"]),
        ("neither meat nor fish", [*MEAT, *FISH]),
        ("no dairy", WORDS["groups"]["dairy"]["foods"]),
        ("I gave up meat", MEAT),
        ("eggs every day", []),
        ("hardly ever meat", []),
    ],
)
def test_what_is_not_eaten(text, avoided):
    assert list(READER.read(text).avoided) == list(avoided)


@pytest.mark.parametrize(
    ("text", "said"),
    [("eggs and cheese", False), ("I eat eggs", False), ("eggs on sundays", True), ("milk in my tea", True)],
)
def test_whether_it_was_said_how_often(text, said):
    assert all(item.often_said is said for item in READER.read(text).eaten)


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("oat milk every day", "plant_milk"),
        ("soya milk every day", "plant_milk"),
        ("milk every day", "milk"),
        ("peanut butter every day", "nuts"),
        ("smoked salmon every day", "salmon"),
        ("tinned sardines on mondays", "sardines"),
        ("nutritional yeast daily", "nutritional_yeast"),
    ],
)
def test_the_longest_name_wins(text, food):
    (item,) = READER.read(text).eaten
    assert item.foods == (food,)


@pytest.mark.parametrize(
    "text", ["I take a B12 tablet", "a multivitamin every day", "I get b12 injections", "vegan but take a supplement"]
)
def test_supplements_are_noticed_and_not_eaten(text):
    diet = READER.read(text)
    assert diet.supplement and not diet.eaten


def test_every_word_for_a_food_is_read():
    for food in KNOWLEDGE.foods.values():
        for word in food.words:
            assert [item.foods for item in READER.read(f"{word} every day").eaten] == [(food.id,)], word


def test_groups_and_foods_share_no_word():
    names = [word.lower() for food in KNOWLEDGE.foods.values() for word in food.words]
    for group in WORDS["groups"].values():
        assert set(group["foods"]) <= set(KNOWLEDGE.foods)
        assert not set(group["words"]) & set(names)


@pytest.mark.parametrize("row", WORDS["sizes"], ids=lambda row: row["words"][0])
def test_ranges_are_in_order(row):
    for key in ("servings", "daily"):
        if key in row:
            low, high = row[key]
            assert 0 < low <= high
