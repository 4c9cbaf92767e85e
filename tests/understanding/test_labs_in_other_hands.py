"""Results from other countries, other days, without the name of a test, and references that are no results."""

from __future__ import annotations

from typing import List

import pytest

from bot.understanding.labs import LabReader
from tests.understanding.test_labs import reader, written  # noqa: F401

RESULTS = [
    # names in other languages, and their commas and dots
    (
        "Kwas foliowy 4,2 ng/ml, witamina B12 189 pg/ml",
        ["folate 4.2 ng/mL normal", "serum_b12 189 pg/mL indeterminate"],
    ),
    ("Hämoglobin 11,2 g/dl, Folsäure 2,8 ng/mL", ["haemoglobin 11.2 g/dL low", "folate 2.8 ng/mL low"]),
    ("VCM 106 fL y ácido fólico 2,5 ng/mL", ["mcv 106 fL high", "folate 2.5 ng/mL low"]),
    ("kinaza kreatynowa 450 U/l", ["ck 450 U/L high"]),
    ("Vitamin B12 1.130,5 pg/mL", ["serum_b12 1130.5 pg/mL unlikely"]),
    ("ferritina 1.045 ng/mL, hemoglobina 11,9 g/dL", ["ferritin 1045 ng/mL normal", "haemoglobin 11.9 g/dL low"]),
    # several days
    (
        "In January it was 210 pmol/L, in July it was 140 pmol/L. B12 I mean.",
        ["serum_b12 210 pmol/L indeterminate", "serum_b12 140 pmol/L indeterminate"],
    ),
    (
        "In 2018: 480 ng/L. In 2021: 300 ng/L. This week: 170 ng/L. All B12.",
        ["serum_b12 480 ng/L unlikely", "serum_b12 300 ng/L indeterminate", "serum_b12 170 ng/L deficient"],
    ),
    ("egfr 58 (was 66 in spring)", ["egfr 58 mL/min/1.73m² low", "egfr 66 mL/min/1.73m² normal"]),
    # a unit that only one of the tests has
    ("mine was 104 fL", ["mcv 104 fL high"]),
    ("Mine's 52 mmol/mol, diet controlled", ["hba1c 52 mmol/mol high"]),
    ("it was 287 pmol/L, no action needed", ["serum_b12 287 pmol/L unlikely"]),
    ("mine is 33 mL/min/1.73m2", ["egfr 33 mL/min/1.73m² low"]),
    ("mine was 45 pmol/L", []),
    # units apart from their numbers
    (
        "it's in pmol/L: B12 155, active B12 31",
        ["serum_b12 155 pmol/L indeterminate", "active_b12 31 pmol/L indeterminate"],
    ),
    ("in ng/L or pmol/L, no idea: B12 155", ["serum_b12 155 - needs_unit"]),
    ("B12 190 (sorry, 109) ng/L", ["serum_b12 109 ng/L deficient"]),
    ("a b-12 of 171 pg per ml", ["serum_b12 171 pg/mL deficient"]),
    (
        "B12 (tested privately): 27.4 pmol/L active, 198 ng/L total",
        ["active_b12 27.4 pmol/L indeterminate", "serum_b12 198 ng/L indeterminate"],
    ),
    (
        "Date;B12;Folate\n01/02/2024;166 ng/L;5.1 ug/L",
        ["serum_b12 166 ng/L deficient", "folate 5.1 µg/L normal"],
    ),
    ("a B12 of 163 ng/L, does that explain my toes? It's what they found", ["serum_b12 163 ng/L deficient"]),
    # digits and words one by one
    ("b 12 : 1 8 0", ["serum_b12 180 - needs_unit"]),
    ("the active one (holo TC) is twenty nine picomol per litre", ["active_b12 29 pmol/L indeterminate"]),
    ("My eGFR is in the fifties, 54 to be exact", ["egfr 54 mL/min/1.73m² low"]),
    # a limit behind the flag
    ("HOMOCYST(E)INE 16.2 H <11.4 umol/L", ["homocysteine 16.2 µmol/L raised [0,11.4]"]),
]

NO_RESULTS = [
    "My GP reference is B12/88213",
    "Order no. B12-20931 still hasn't shipped",
    "Reference: B12_77/2024, please quote",
    "Booking ref MMA4471",
    "B12 test is booked for 14 March at 9.40",
    "B12 5000 lozenges from Amazon",
    "folate 400 from Boots",
    "my friend reckons anything under 500 ng/L is deficient for B12",
    "a B12 level below 148 pmol/L is called deficient",
    "I'm patient 217 in the B12 trial",
    "Invoice 44120 for B12 test",
    "my neighbour says B12 over 300 is plenty",
    "the B12 result page shows 404 error",
    "my b12 was around 200 to 220",
]


@pytest.mark.parametrize("text, expected", RESULTS)
def test_reads_results_in_other_hands(reader: LabReader, text: str, expected: List[str]) -> None:  # noqa: F811
    assert [written(mention) for mention in reader.read(text)] == expected


@pytest.mark.parametrize("text", NO_RESULTS)
def test_leaves_references_and_opinions_alone(reader: LabReader, text: str) -> None:  # noqa: F811
    assert reader.read(text) == []
