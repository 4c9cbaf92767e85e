"""The factual core: sources, facts, tests, treatments and foods, read without the rest of the knowledge."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Tuple, Type, TypeVar

import pytest
import yaml

from bot.knowledge import schema

FOLDER = Path(__file__).resolve().parents[2] / "knowledge"
FACT_FILES = sorted((FOLDER / "facts").glob("*.yml"))
CLINICAL_STEMS = (
    "tests",
    "results",
    "nerve_tests",
    "treatment",
    "differentials",
    "risk",
    "diet",
    "red_flags",
    "contacts",
)
MACHINE_WRITTEN = {"NG239-2nd", "IFA-2nd", "AAN-2nd", "B12NP-2nd", "ORAL-2nd", "WOLF-2nd", "SHING-2nd"}
MAX_SENTENCE_WORDS = 20
MAX_BUBBLE_WORDS = 60

EntryType = TypeVar("EntryType", bound=schema.Entry)


def read(path: Path, entry_type: Type[EntryType]) -> List[EntryType]:
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [entry_type.parse_obj(row) for row in rows]


SOURCES = read(FOLDER / "sources.yml", schema.Source)
FACTS = [fact for path in FACT_FILES for fact in read(path, schema.Fact)]
CLINICAL_FACTS = [fact for stem in CLINICAL_STEMS for fact in read(FOLDER / "facts" / f"{stem}.yml", schema.Fact)]
TESTS = read(FOLDER / "tests.yml", schema.Test)
TREATMENTS = read(FOLDER / "treatments.yml", schema.Treatment)
FOODS = read(FOLDER / "foods.yml", schema.Food)
VOCABULARY: Dict[str, List[str]] = yaml.load((FOLDER / "vocabulary.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
FACT_BY_ID = {fact.id: fact for fact in FACTS}

TEST_FIELDS = ("looks_at", "cannot_tell", "what_it_is_like", "prepare", "normal_means", "abnormal_means", "ask_why")
TREATMENT_FIELDS = ("what", "when_used", "how", "how_uk", "how_us", "good", "less_good", "caution")


def shown() -> Iterator[Tuple[str, str, List[str]]]:
    """Every text people may read: where it is, the text, and the facts it rests on."""
    for test in TESTS:
        for field in TEST_FIELDS:
            yield f"{test.id}.{field}", getattr(test, field), test.facts
    for treatment in TREATMENTS:
        for field in TREATMENT_FIELDS:
            text = getattr(treatment, field)
            if text is not None:
                yield f"{treatment.id}.{field}", text, treatment.facts


SHOWN = list(shown())
BUBBLES = [(where, text) for where, text, _ in SHOWN] + [(fact.id, fact.statement) for fact in CLINICAL_FACTS]


def sentences(text: str) -> List[str]:
    return [sentence for sentence in re.split(r"(?<=[.?!])\s+", text) if sentence]


def numbers(text: str) -> List[float]:
    """Numbers of a text that claim something: names such as B12 or B6 and the base of "in 100" do not."""
    text = re.sub(r"\bB\d+\b", "", text)
    text = text.replace("116 123", "116123")
    text = re.sub(r"\bin 10+(?:,000)*\b", "", text)
    return [float(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)]


def unique(ids: List[str]) -> bool:
    return max(Counter(ids).values()) == 1


@pytest.mark.parametrize("entries", [SOURCES, FACTS, TESTS, TREATMENTS, FOODS], ids=lambda rows: type(rows[0]).__name__)
def test_ids_are_unique(entries: List[schema.Entry]) -> None:
    assert unique([entry.id for entry in entries])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "prefix, count", [("T", 22), ("X", 19), ("N", 8), ("R", 29), ("F", 21)], ids=["T", "X", "N", "R", "F"]
)
def test_every_fact_of_the_reference_is_stated(prefix: str, count: int) -> None:
    assert {f"{prefix}{number}" for number in range(1, count + 1)} <= set(FACT_BY_ID)


@pytest.mark.parametrize("number", range(1, 27))
def test_every_differential_is_stated(number: int) -> None:
    assert any(re.fullmatch(rf"D{number}[a-z]", fact_id) for fact_id in FACT_BY_ID)


def test_sources_of_facts_and_foods_exist() -> None:
    known = {source.id for source in SOURCES}
    named = {name for fact in FACTS for name in fact.sources} | {name for food in FOODS for name in food.sources}
    assert named <= known


@pytest.mark.parametrize("fact", [f for f in FACTS if not f.citable], ids=lambda fact: fact.id)
def test_what_may_not_be_cited_names_no_source(fact: schema.Fact) -> None:
    assert fact.sources == []


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_foods_are_cited_only_when_seen(food: schema.Food) -> None:
    assert bool(food.sources) == (food.confidence in ("seen", "seen_2nd"))


@pytest.mark.parametrize("fact", [f for f in CLINICAL_FACTS if f.sources], ids=lambda fact: fact.id)
def test_no_fact_rests_on_machine_written_pages(fact: schema.Fact) -> None:
    assert not set(fact.sources) & MACHINE_WRITTEN


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_addresses_are_whole(source: schema.Source) -> None:
    assert source.url is None or re.fullmatch(r"https?://\S+[^\s…]", source.url)


@pytest.mark.parametrize(
    "fact_id, values",
    [
        ("T1", {"deficient_below_ng_l": 180, "deficient_below_pmol_l": 133, "unlikely_above_ng_l": 350}),
        ("T1", {"unlikely_above_pmol_l": 258}),
        ("T2", {"deficient_below_pmol_l": 25, "unlikely_above_pmol_l": 70}),
        ("T10", {"pmol_l_per_pg_ml": 0.738, "pg_ml_per_pmol_l": 1.355}),
        ("T19", {"high_above_pg_ml": 1000}),
        ("X1", {"upper_high_umol_l": 0.40, "strong_above_umol_l": 0.75}),
        ("X4", {"upper_umol_l": 15}),
        ("X8", {"normal_low_fl": 80, "normal_high_fl": 100}),
        ("R1", {"dose_mg": 1, "maintenance_months_low": 2, "maintenance_months_high": 3}),
        ("R2", {"loading_every_days": 2, "maintenance_months": 2}),
        ("R13", {"folic_acid_mg_above": 0.1}),
    ],
)
def test_thresholds_and_doses_are_those_published(fact_id: str, values: Dict[str, float]) -> None:
    assert values.items() <= FACT_BY_ID[fact_id].values.items()


def test_both_units_of_a_threshold_agree() -> None:
    factor = FACT_BY_ID["T10"].values["pmol_l_per_pg_ml"]
    values = FACT_BY_ID["T1"].values
    for name in ("deficient_below", "unlikely_above"):
        assert values[f"{name}_pmol_l"] == pytest.approx(values[f"{name}_ng_l"] * factor, abs=1)


def test_conversion_factors_are_inverse() -> None:
    values = FACT_BY_ID["T10"].values
    assert values["pmol_l_per_pg_ml"] * values["pg_ml_per_pmol_l"] == pytest.approx(1, abs=0.001)
    assert 1000 / values["molar_mass_g_mol"] == pytest.approx(values["pmol_l_per_pg_ml"], abs=0.001)


def test_every_test_and_treatment_of_the_vocabulary_is_explained() -> None:
    assert {test.id for test in TESTS} >= set(VOCABULARY["test"])
    assert {treatment.id for treatment in TREATMENTS} >= set(VOCABULARY["treatment"])


@pytest.mark.parametrize("where, text, fact_ids", SHOWN, ids=[where for where, _, _ in SHOWN])
def test_numbers_told_come_from_a_citable_fact(where: str, text: str, fact_ids: List[str]) -> None:
    facts = [FACT_BY_ID[fact_id] for fact_id in fact_ids]
    known = {value for fact in facts if fact.citable for value in fact.values.values()}
    assert set(numbers(text)) <= known


@pytest.mark.parametrize("fact", CLINICAL_FACTS, ids=lambda fact: fact.id)
def test_numbers_of_a_statement_are_kept_as_values(fact: schema.Fact) -> None:
    assert set(numbers(fact.statement)) <= set(fact.values.values())


@pytest.mark.parametrize("entry", [*TESTS, *TREATMENTS], ids=lambda entry: entry.id)
def test_facts_behind_tests_and_treatments_exist(entry: schema.Entry) -> None:
    assert set(entry.facts) <= set(FACT_BY_ID)  # type: ignore[attr-defined]


@pytest.mark.parametrize("where, text", BUBBLES, ids=[where for where, _ in BUBBLES])
def test_texts_are_short(where: str, text: str) -> None:
    assert len(text.split()) <= MAX_BUBBLE_WORDS
    assert [s for s in sentences(text) if len(s.split()) > MAX_SENTENCE_WORDS] == []


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.id)
def test_results_neither_clear_nor_diagnose(test: schema.Test) -> None:
    forbidden = r"\b(nothing to worry|all clear|you are fine|you have (?!stopped)|proves|certainly|rules it out)\b"
    allowed = r"does not rule it out"
    for text in (test.normal_means, test.abnormal_means):
        assert not re.search(forbidden, re.sub(allowed, "", text), re.IGNORECASE)


@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda treatment: treatment.id)
def test_no_dose_is_told_as_advice(treatment: schema.Treatment) -> None:
    for field in TREATMENT_FIELDS:
        for sentence in sentences(getattr(treatment, field) or ""):
            if re.search(r"\d\s*(mg|micrograms)", sentence):
                assert not re.search(r"\byou (should|must|need|can)\b|^(take|have|use)\b", sentence, re.IGNORECASE)


def names(title: str, other_names: List[str]) -> List[str]:
    return [name.casefold() for name in [title, *other_names]]


def test_no_name_means_two_tests() -> None:
    counts = Counter(name for test in TESTS for name in set(names(test.title, test.other_names)))
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_word_means_two_foods() -> None:
    counts = Counter(word.casefold() for food in FOODS for word in set(food.words))
    assert [word for word, count in counts.items() if count > 1] == []


def test_foods_give_the_figures_of_the_fact() -> None:
    foods = {food.id: food for food in FOODS}
    same = {
        "liver": "beef_liver",
        "clams": "clams",
        "bluefin_tuna": "bluefin_tuna",
        "salmon": "salmon",
        "beef": "minced_beef",
        "milk_cup": "milk",
        "yoghurt": "yoghurt",
        "cereal": "fortified_cereal",
        "cheddar": "cheddar",
        "egg": "egg",
        "turkey": "turkey",
        "tempeh": "tempeh",
    }
    assert {name: foods[food].micrograms for name, food in same.items()} == FACT_BY_ID["E7"].values
    yeast = foods["nutritional_yeast"]
    assert {"low": yeast.micrograms, "high": yeast.micrograms_high} == FACT_BY_ID["E9"].values


@pytest.mark.parametrize("food", FOODS, ids=lambda food: food.id)
def test_plant_foods_without_added_b12_are_no_source(food: schema.Food) -> None:
    assert food.reliable == (food.diet != "plant")
    assert food.words
    assert food.micrograms_high is None or food.micrograms_high > food.micrograms
