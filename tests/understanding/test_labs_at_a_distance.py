"""Results told far from their test, in series, in other ways of grouping digits, and values that are nobody's."""

from __future__ import annotations

from typing import List

import pytest

from bot.understanding.labs import LabReader
from tests.understanding.test_labs import reader, written  # noqa: F401

RESULTS = [
    # digits grouped by spaces, apostrophes and dots; spoken points
    ("b12 1 340 pg/ml", ["serum_b12 1340 pg/mL unlikely"]),
    ("ferritin 1'020 ng/mL", ["ferritin 1020 ng/mL normal"]),
    ("vitamin b12 1.250 pg/mL on the Spanish sheet", ["serum_b12 1250 pg/mL unlikely"]),
    ("TSH 1.250 mIU/L", ["tsh 1.25 mIU/L normal"]),
    ("hb is 10 point 7", ["haemoglobin 10.7 g/dL low"]),
    # series that share a unit
    (
        "B12 over the years: 410, 280, 150 ng/L",
        ["serum_b12 410 ng/L unlikely", "serum_b12 280 ng/L indeterminate", "serum_b12 150 ng/L deficient"],
    ),
    (
        "MCV has been rising, 94, 98, 104 fL",
        ["mcv 94 fL normal", "mcv 98 fL normal", "mcv 104 fL high"],
    ),
    # named after the number, in another sentence or by a pronoun
    ("It read 166 ng/L exactly, the B12", ["serum_b12 166 ng/L deficient"]),
    ("Could 199 pg/mL make my feet tingle? It's my B12.", ["serum_b12 199 pg/mL indeterminate"]),
    ("Hers was 88 ng/L. My own B12 is 240 ng/L", ["serum_b12 88 ng/L deficient", "serum_b12 240 ng/L indeterminate"]),
    ("Does an active B12 of 41 pmol/L like mine matter?", ["active_b12 41 pmol/L indeterminate"]),
    ("It's 155, my b12", ["serum_b12 155 - needs_unit"]),
    # the number that is denied goes, whichever stands first
    ("B12 is 131 not 313 ng/L", ["serum_b12 131 ng/L deficient"]),
    ("my b12 isn't 600, it's 160 pg/mL", ["serum_b12 160 pg/mL deficient"]),
    ("my b12 has never been above 210 ng/L", ["serum_b12 <210 ng/L indeterminate"]),
    ("homocysteine up to 28 umol/L now", ["homocysteine 28 µmol/L raised"]),
    ("MCV's up to 106", ["mcv 106 fL high"]),
    # ranges before the number, by words, by one side, in columns
    ("Their range is 197 up to 771 ng/L and B12 was 150 ng/L", ["serum_b12 150 ng/L deficient [197,771]"]),
    ("They want 211-911, my B12 is 170", ["serum_b12 170 - deficient [211,911]"]),
    ("B12 160 ng/L where normal starts at 150", ["serum_b12 160 ng/L deficient [150,]"]),
    ("active b12 36 pmol/L [normal from 37.5]", ["active_b12 36 pmol/L deficient [37.5,]"]),
    ("B12 170 ng/L (deficient <180)", ["serum_b12 170 ng/L deficient [180,]"]),
    ("MCV 102 fl, normal to 99", ["mcv 102 fL high [0,99]"]),
    ("Vitamin B12 187-883 ng/L 150", ["serum_b12 150 ng/L deficient [187,883]"]),
    (
        "Test | Result | Unit | Low | High |\nB12 | 140 | pmol/L | 145 | 569 |",
        ["serum_b12 140 pmol/L deficient [145,569]"],
    ),
    (
        "B12,160,ng/L,197-771\nFolate,4.4,ug/L,3.9-26.8",
        ["serum_b12 160 ng/L deficient [197,771]", "folate 4.4 µg/L normal [3.9,26.8]"],
    ),
    # names and units in other spellings
    ("VitB12 170ng/l", ["serum_b12 170 ng/L deficient"]),
    ("b12 170 ng", ["serum_b12 170 ng/L deficient"]),
    ("B12 480 pmol/L, active 30 pmol/L", ["serum_b12 480 pmol/L unlikely", "active_b12 30 pmol/L indeterminate"]),
    ("mma 350 nanomol per litre", ["mma 350 nmol/L raised"]),
    ("homocysteine 30 mikromol/L", ["homocysteine 30 µmol/L raised"]),
    ("folate 6 nanograms per mil", ["folate 6 ng/mL normal"]),
    ("M.C.V 104", ["mcv 104 fL high"]),
    # years and ages right before a test that has its own number
    (
        "2023 B12 250 pmol/L, 2025 B12 180 pmol/L",
        ["serum_b12 250 pmol/L indeterminate", "serum_b12 180 pmol/L indeterminate"],
    ),
    ("mum 80 B12 110 ng/L", ["serum_b12 110 ng/L deficient"]),
    # said, wondered about
    ("They say my B12 is 230 ng/L", ["serum_b12 230 ng/L indeterminate"]),
    ("I don't know if B12 at 190 ng/L is enough", ["serum_b12 190 ng/L indeterminate"]),
    ("what does B12 215 mean", ["serum_b12 215 - needs_unit"]),
    ("folate normal at 9 ug/L", ["folate 9 µg/L normal"]),
    ("my haemoglobin was a healthy 14.6", ["haemoglobin 14.6 g/dL normal"]),
    # the antibody
    ("intrinsic factor antibodies were tested and none were found", ["intrinsic_factor_antibody - - normal"]),
    ("no intrinsic factor antibodies were detected", ["intrinsic_factor_antibody - - normal"]),
    ("they didn't find any intrinsic factor antibodies", ["intrinsic_factor_antibody - - normal"]),
]

NO_RESULTS = [
    "Say my B12 was 150, would I get jabs?",
    "what B12 level is low, 150 or 200?",
    "when is B12 too high, 1500?",
    "can B12 climb from 100 to 500 on tablets alone?",
    "the B12 range differs: 150 here, 210 there",
    "who decides that 180 ng/L is low for B12",
    "some labs flag B12 under 150, others under 200",
    "the guideline says B12 180 is the line",
    "in Japan they use 500 pg/mL as the cut-off for B12",
    "my doctor likes B12 over 500",
    "can your B12 be 250 and you have symptoms?",
    "MCV over 100 can point to low B12, I read",
    "my B12 was low twice, in 2018 and 2022",
    "ticket 771-204-B12",
    "the B12 test fee was 900 rupees",
    "sample 1 of 3 for B12",
    "I had 4 B12 loading doses",
    "my dose of B12 went from 50 to 1000",
    "my cousin takes 1000 of B12",
    "B12 booked for 9.20 on Monday",
    "B12 is in room 12 on level 4",
    "no intrinsic factor antibody test yet",
]


@pytest.mark.parametrize(("text", "expected"), RESULTS)
def test_reads_results(reader: LabReader, text: str, expected: List[str]) -> None:  # noqa: F811
    assert [written(mention) for mention in reader.read(text)] == expected


@pytest.mark.parametrize("text", NO_RESULTS)
def test_values_that_are_nobodys(reader: LabReader, text: str) -> None:  # noqa: F811
    assert [written(mention) for mention in reader.read(text)] == []
