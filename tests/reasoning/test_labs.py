"""Bands at their limits, and which rules hold together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import pytest

from bot.knowledge.lab_bands import band, convert
from bot.knowledge.loader import read_yaml
from bot.knowledge.schema import LabAnalyte, LabRule
from bot.reasoning.case import Case, Fact, LabResult
from bot.reasoning.labs import interpret, meaning, modifiers, open_modifiers, place

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"


def rows(name: str) -> List[Dict[str, object]]:
    entries = read_yaml(KNOWLEDGE / name)
    assert isinstance(entries, list)
    return entries


ANALYTES = {str(row["id"]): LabAnalyte.parse_obj(row) for row in rows("labs.yml")}


class Rules:
    """The rules alone, so that other knowledge cannot disturb these tests."""

    lab_rules = {str(row["id"]): LabRule.parse_obj(row) for row in rows("lab_rules.yml")}


RULES = Rules()


def case(results: str, *risks: str, findings: Tuple[str, ...] = ()) -> Case:
    """A case from "serum_b12 150 ng/L, egfr 90 -" and risk factors that are present (or ``no:`` absent)."""
    labs = []
    for text in results.split(", "):
        analyte, number, unit = text.split(" ", 2)
        if number in ("positive", "negative"):
            labs.append(LabResult(analyte, None, None, band="raised" if number == "positive" else "normal"))
            continue
        labs.append(place(LabResult(analyte, float(number), None if unit == "-" else unit), ANALYTES))
    facts = [
        Fact("risk_factor", risk.replace("no:", ""), "absent" if risk.startswith("no:") else "present")
        for risk in risks
    ]
    facts += [Fact("finding", finding, "present") for finding in findings]
    return Case(facts=tuple(facts), labs=tuple(labs))


@pytest.mark.parametrize(
    ("analyte", "number", "unit", "expected"),
    [
        ("serum_b12", 179, "ng/L", "deficient"),
        ("serum_b12", 180, "ng/L", "indeterminate"),
        ("serum_b12", 350, "pg/mL", "indeterminate"),
        ("serum_b12", 351, "pg/mL", "unlikely"),
        ("serum_b12", 132.9, "pmol/L", "deficient"),
        ("serum_b12", 133, "pmol/L", "indeterminate"),
        ("serum_b12", 258, "pmol/L", "indeterminate"),
        ("serum_b12", 259, "pmol/L", "unlikely"),
        ("serum_b12", 300, None, "needs_unit"),
        ("active_b12", 24.9, "pmol/L", "deficient"),
        ("active_b12", 25, "pmol/L", "indeterminate"),
        ("active_b12", 70, "pmol/L", "indeterminate"),
        ("active_b12", 70.1, "pmol/L", "unlikely"),
        ("mma", 0.28, "µmol/L", "normal"),
        ("mma", 281, "nmol/L", "raised"),
        ("mma", 40, "ng/mL", "raised"),
        ("homocysteine", 15, "µmol/L", "normal"),
        ("homocysteine", 15.1, "µmol/L", "raised"),
        ("mcv", 79.9, None, "low"),
        ("mcv", 80, None, "normal"),
        ("mcv", 100, None, "normal"),
        ("mcv", 100.1, None, "high"),
        ("haemoglobin", 119, None, "low"),
        ("haemoglobin", 12, None, "normal"),
        ("haemoglobin", 24.9, None, "normal"),
        ("haemoglobin", 13.2, "g/L", "implausible"),
        ("haemoglobin", 7, "mmol/L", "low"),
        ("folate", 3, "µg/L", "normal"),
        ("folate", 6.9, "nmol/L", "low"),
        ("egfr", 59, None, "low"),
        ("egfr", 60, None, "normal"),
        ("ferritin", 29, "ng/mL", "low"),
        ("hba1c", 6.5, "%", "high"),
        ("hba1c", 48, "mmol/mol", "high"),
        ("serum_b12", 180, "ng/mL", "implausible"),
        ("mma", 310, "µmol/L", "implausible"),
    ],
)
def test_bands_at_their_limits(analyte: str, number: float, unit: Optional[str], expected: str) -> None:
    assert band(ANALYTES[analyte], number, unit) == expected


@pytest.mark.parametrize(
    ("analyte", "number", "unit", "comparator", "own", "expected"),
    [
        ("serum_b12", 180, "ng/L", "<", None, "deficient"),
        ("serum_b12", 181, "ng/L", "<", None, "indeterminate"),
        ("serum_b12", 350, "ng/L", ">", None, "unlikely"),
        ("mma", 0.28, "µmol/L", ">", None, "raised"),
        ("mma", 0.4, "µmol/L", "<", None, "indeterminate"),
        ("homocysteine", 15, "µmol/L", "<", None, "normal"),
        ("serum_b12", 190, "ng/L", None, (200, 900), "deficient"),
        ("serum_b12", 200, "ng/L", None, (200, 900), "indeterminate"),
        ("serum_b12", 500, "ng/L", None, (200, 900), "unlikely"),
        ("serum_b12", 950, "ng/L", None, (200, 900), "high"),
        ("serum_b12", 150, None, None, (200, 900), "deficient"),
        ("serum_b12", 950, None, None, (200, 900), "needs_unit"),
        ("serum_b12", 150, "ng/L", "<", (150, 900), "deficient"),
        ("serum_b12", 2000, "pg/mL", ">", (200, 900), "high"),
        ("haemoglobin", 125, "g/L", None, (130, 170), "low"),
        ("mma", 0.35, "µmol/L", None, (0, 0.4), "normal"),
        ("homocysteine", 13, "µmol/L", None, (5, 12), "raised"),
        ("ferritin", 8, None, None, (15, 150), "low"),
        ("serum_b12", 300, "ng/L", None, (180, None), "indeterminate"),
    ],
)
def test_comparators_and_the_laboratorys_own_range(
    analyte: str, number: float, unit: Optional[str], comparator: Optional[str], own: object, expected: str
) -> None:
    assert band(ANALYTES[analyte], number, unit, comparator, own) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("analyte", "number", "unit", "canonical"),
    [
        ("serum_b12", 200, "pg/mL", 147.6),
        ("serum_b12", 350, "ng/L", 258.3),
        ("mma", 400, "nmol/L", 0.4),
        ("mma", 47, "ng/mL", 0.398),
        ("homocysteine", 2, "mg/L", 14.79),
        ("haemoglobin", 13.4, "g/dL", 134),
        ("folate", 3, "µg/L", 6.8),
        ("hba1c", 6.5, "%", 47.5),
    ],
)
def test_conversion(analyte: str, number: float, unit: str, canonical: float) -> None:
    assert convert(ANALYTES[analyte], number, unit) == pytest.approx(canonical, rel=0.005)


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="fL"):
        convert(ANALYTES["serum_b12"], 1, "fL")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (case("serum_b12 150 ng/L"), ["b12_low"]),
        (case("active_b12 20 pmol/L"), ["b12_low"]),
        (case("active_b12 20 pmol/L, serum_b12 400 ng/L"), ["b12_low"]),
        (case("serum_b12 150 ng/L", findings=("numbness",)), ["b12_low_nerve_signs"]),
        (case("serum_b12 150 ng/L", "b12_supplement"), ["b12_low_while_taking"]),
        (case("serum_b12 150 ng/L", "pregnancy"), ["b12_low_pregnancy"]),
        (case("active_b12 20 pmol/L", "pregnancy"), ["b12_low"]),
        (case("serum_b12 150 ng/L", "contraceptive_pill"), ["b12_low_pill"]),
        (case("serum_b12 200 ng/L"), ["b12_grey"]),
        (case("serum_b12 200 ng/L, mma 0.2 µmol/L"), ["mma_normal_b12_grey"]),
        (case("serum_b12 400 ng/L"), ["b12_unlikely"]),
        (case("serum_b12 400 ng/L", "nitrous_oxide"), ["b12_nitrous_oxide"]),
        (case("serum_b12 150 ng/L", "nitrous_oxide"), ["b12_low_nitrous_oxide"]),
        (case("serum_b12 1500 ng/L", "b12_injection"), ["b12_high_while_taking"]),
        (case("serum_b12 1500 ng/L", "no:b12_injection"), ["b12_very_high"]),
        (case("serum_b12 150 ng/L", "metformin"), ["b12_low", "b12_metformin"]),
        (case("mma 0.5 µmol/L"), ["mma_raised"]),
        (case("serum_b12 400 ng/L, mma 0.5 µmol/L"), ["mma_raised_b12_normal"]),
        (case("serum_b12 400 ng/L, mma 0.5 µmol/L, egfr 90 -"), ["mma_raised_b12_normal_kidneys_normal"]),
        (case("serum_b12 400 ng/L, mma 0.5 µmol/L, egfr 40 -"), ["mma_raised_b12_normal_kidneys_low"]),
        (case("serum_b12 400 ng/L, mma 0.5 µmol/L", "kidney_disease"), ["mma_raised_b12_normal_kidneys_low"]),
        (case("homocysteine 30 µmol/L"), ["homocysteine_raised"]),
        (case("homocysteine 30 µmol/L, mma 0.2 µmol/L"), ["homocysteine_raised_mma_normal"]),
        (case("homocysteine 30 µmol/L, mma 0.6 µmol/L"), ["mma_raised", "homocysteine_and_mma_raised"]),
        (case("folate 2 µg/L"), ["folate_low"]),
        (case("folate 2 µg/L, serum_b12 200 ng/L"), ["b12_grey", "folate_low_b12_low"]),
        (case("serum_b12 200 ng/L", "folic_acid"), ["b12_grey", "folic_acid_hides"]),
        (case("mcv 104 -"), ["mcv_high"]),
        (case("mcv 104 -, serum_b12 150 ng/L"), ["b12_low", "mcv_high_b12_low"]),
        (case("mcv 90 -"), ["red_cells_normal"]),
        (case("haemoglobin 14 -"), ["red_cells_normal"]),
        (case("intrinsic_factor_antibody positive -"), ["intrinsic_factor_antibody_positive"]),
        (
            case("intrinsic_factor_antibody positive -", "b12_injection"),
            ["intrinsic_factor_antibody_positive_after_injection"],
        ),
        (case("intrinsic_factor_antibody negative -"), ["intrinsic_factor_antibody_negative"]),
        (case("active_b12 80 pmol/L, egfr 40 -"), ["b12_unlikely", "active_b12_kidneys"]),
        (case("serum_b12 200 -"), []),
        (case("serum_b12 200 ng/mL"), []),
        (Case(), []),
    ],
)
def test_rules_that_hold(given: Case, expected: List[str]) -> None:
    assert [rule.id for rule in interpret(given, RULES)] == expected


def test_asks_only_for_what_would_change_the_answer() -> None:
    low = open_modifiers(case("serum_b12 150 ng/L", "metformin", "no:pregnancy"), RULES)
    assert {"contraceptive_pill", "b12_supplement", "b12_injection", "nitrous_oxide", "folic_acid"} == set(low)
    assert open_modifiers(case("mma 0.5 µmol/L"), RULES) == ("kidney_disease",)
    assert set(open_modifiers(case("egfr 90 -"), RULES)) == set()
    assert "pregnancy" in modifiers(RULES)


def test_every_band_has_words_in_the_persons_unit() -> None:
    placed = place(LabResult("serum_b12", 200, "pmol/L"), ANALYTES)
    assert "pmol/L" in str(meaning(placed, ANALYTES))
    assert meaning(place(LabResult("mma", 0.4, "µmol/L", "<"), ANALYTES), ANALYTES)


def test_replaced_rules_exist_and_no_rule_is_an_all_clear() -> None:
    ids = set(RULES.lab_rules)
    for rule in RULES.lab_rules.values():
        assert set(rule.instead_of) <= ids - {rule.id}, rule.id
        for words in (rule.say, rule.next_step):
            assert not re.search(r"all clear|nothing to worry|you have (?:a )?b12 deficiency", words, re.IGNORECASE)


def test_words_are_short() -> None:
    for rule in RULES.lab_rules.values():
        for words in (rule.say, rule.next_step):
            assert len(words.split()) <= 60, rule.id
            assert all(len(sentence.split()) <= 20 for sentence in re.split(r"[.!?:]\s", words)), words


SPOKEN = [(rule.id, text) for rule in RULES.lab_rules.values() for text in (rule.say, rule.next_step)]
SPOKEN += [(analyte.id, entry.meaning) for analyte in ANALYTES.values() for entry in analyte.bands]


@pytest.mark.parametrize(("place", "text"), SPOKEN)
def test_what_is_said_of_a_result_fits_whoever_it_belongs_to(place: str, text: str) -> None:
    """Many results typed in are a mother's or a partner's; "what you feel" would be the wrong person's."""
    assert not re.search(r"\b(?:you|your|yours)\b", text, re.IGNORECASE), place


@pytest.mark.parametrize("egfr", ["", ", egfr 90 -", ", egfr 40 -"])
def test_no_mma_is_asked_for_that_was_told(egfr: str) -> None:
    shown = [rule.id for rule in interpret(case(f"serum_b12 250 ng/L, mma 0.6 µmol/L{egfr}"), RULES)]
    assert "b12_grey" not in shown and any(id_.startswith("mma_raised") for id_ in shown)
