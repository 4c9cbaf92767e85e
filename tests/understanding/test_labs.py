"""Results that people type, and numbers that are none.

A result is written ``analyte number unit band``; the number may carry a comparator, ``-`` stands for a missing
number or unit, and ``[low,high]`` at the end is the laboratory's own range.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

import pytest

from bot.knowledge.loader import read_yaml
from bot.knowledge.schema import LabAnalyte
from bot.understanding.labs import LabReader
from bot.understanding.mentions import Mention

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"


@pytest.fixture(scope="module")
def reader() -> LabReader:
    rows = read_yaml(KNOWLEDGE / "labs.yml")
    assert isinstance(rows, list)
    return LabReader({row["id"]: LabAnalyte.parse_obj(row) for row in rows})


def written(mention: Mention) -> str:
    extra: Dict[str, object] = mention.extra
    number = "-" if extra["number"] is None else f"{extra.get('comparator', '')}{extra['number']:g}"
    line = f"{mention.value} {number} {extra['unit'] or '-'} {extra['band']}"
    if "lab_range" in extra:
        low, high = extra["lab_range"]  # type: ignore[misc]
        line += f" [{low:g},{'' if high is None else f'{high:g}'}]"
    return line


RESULTS = [
    # the plain forms
    ("b12: 180", ["serum_b12 180 - needs_unit"]),
    ("My B12 is 142 ng/L", ["serum_b12 142 ng/L deficient"]),
    ("b12 180 ng/l", ["serum_b12 180 ng/L indeterminate"]),
    ("b12 350 ng/L", ["serum_b12 350 ng/L indeterminate"]),
    ("b12 179 pg/ml", ["serum_b12 179 pg/mL deficient"]),
    ("vitamin b12 351 pg/mL", ["serum_b12 351 pg/mL unlikely"]),
    ("B12 132pmol/L", ["serum_b12 132 pmol/L deficient"]),
    ("b-12 = 133 pmol/l", ["serum_b12 133 pmol/L indeterminate"]),
    ("serum B12 level 259 picomoles per litre", ["serum_b12 259 pmol/L unlikely"]),
    ("vit b 12 came out at 190 picograms per milliliter", ["serum_b12 190 pg/mL indeterminate"]),
    ("total vitamin b12 of 98 nanograms per litre", ["serum_b12 98 ng/L deficient"]),
    ("My b12 was 210 pg/mL (ref 200-900)", ["serum_b12 210 pg/mL indeterminate [200,900]"]),
    ("holotc 32", ["active_b12 32 - needs_unit"]),
    ("active b12 of 60 pmol", ["active_b12 60 pmol/L indeterminate"]),
    ("Active B12 24 pmol/L", ["active_b12 24 pmol/L deficient"]),
    ("my active-b12 is 25 pmol/l", ["active_b12 25 pmol/L indeterminate"]),
    ("HoloTC (active B12): 71 pmol/L", ["active_b12 71 pmol/L unlikely"]),
    ("holotranscobalamin 128 pmol per l", ["active_b12 128 pmol/L unlikely"]),
    ("MMA 0,45 umol/l", ["mma 0.45 µmol/L raised"]),
    ("mma was 0.28 µmol/L", ["mma 0.28 µmol/L normal"]),
    ("methylmalonic acid 0.29 μmol/L", ["mma 0.29 µmol/L raised"]),
    ("my methylmalonic came back 310 nmol/L", ["mma 310 nmol/L raised"]),
    ("MMA: 250 nmol/l", ["mma 250 nmol/L normal"]),
    ("mma 0.4", ["mma 0.4 - needs_unit"]),
    ("mma .35 mcmol/L", ["mma 0.35 µmol/L raised"]),
    ("homocysteine 22 umol/L", ["homocysteine 22 µmol/L raised"]),
    ("homocystine 15 micromoles per litre", ["homocysteine 15 µmol/L normal"]),
    ("hcy 2.5 mg/L", ["homocysteine 2.5 mg/L raised"]),
    ("hb 11.2", ["haemoglobin 11.2 g/dL low"]),
    ("hemoglobin 118", ["haemoglobin 118 g/L low"]),
    ("Haemoglobin 13,4 g/dl", ["haemoglobin 13.4 g/dL normal"]),
    ("heamoglobin of 120 g/l", ["haemoglobin 120 g/L normal"]),
    ("MCV 104", ["mcv 104 fL high"]),
    ("mcv 100 fl", ["mcv 100 fL normal"]),
    ("mean cell volume was 76.5", ["mcv 76.5 fL low"]),
    ("folate 2.1 ug/L", ["folate 2.1 µg/L low"]),
    ("serum folate 7 nmol/L", ["folate 7 nmol/L normal"]),
    ("folate 2.9 ng/mL", ["folate 2.9 ng/mL low"]),
    ("ferittin 12 mcg/L", ["ferritin 12 µg/L low"]),
    ("ferritin 45 ng/ml", ["ferritin 45 ng/mL normal"]),
    ("ferritin is 9", ["ferritin 9 - needs_unit"]),
    ("egfr 54", ["egfr 54 mL/min/1.73m² low"]),
    ("eGFR 92 ml/min/1.73m2", ["egfr 92 mL/min/1.73m² normal"]),
    ("hba1c 39 mmol/mol", ["hba1c 39 mmol/mol normal"]),
    ("A1C was 7.2%", ["hba1c 7.2 % high"]),
    ("tsh 6.8 mIU/L", ["tsh 6.8 mIU/L high"]),
    ("TSH of 2.1 mU/L", ["tsh 2.1 mIU/L normal"]),
    ("CK 950 U/L", ["ck 950 U/L high"]),
    ("creatine kinase 120 iu/l", ["ck 120 U/L normal"]),
    # antibodies are words
    ("intrinsic factor antibody positive", ["intrinsic_factor_antibody - - raised"]),
    ("my intrinsic factor antibodies came back negative", ["intrinsic_factor_antibody - - normal"]),
    ("I tested positive for intrinsic factor antibodies", ["intrinsic_factor_antibody - - raised"]),
    ("IFAB: neg", ["intrinsic_factor_antibody - - normal"]),
    ("anti-intrinsic factor was not detected", ["intrinsic_factor_antibody - - normal"]),
    ("IFAB 25 U/mL (ref <6)", ["intrinsic_factor_antibody 25 U/mL raised [0,6]"]),
    # comparators
    ("b12 <150 pg/ml", ["serum_b12 <150 pg/mL deficient"]),
    ("B12 > 2000 ng/L", ["serum_b12 >2000 ng/L unlikely"]),
    ("my b12 is under 200 ng/L", ["serum_b12 <200 ng/L indeterminate"]),
    ("b12 over 1500 pmol/l", ["serum_b12 >1500 pmol/L unlikely"]),
    ("homocysteine >50 µmol/L", ["homocysteine >50 µmol/L raised"]),
    ("homocysteine >50", ["homocysteine >50 - needs_unit"]),
    ("mma <0.4 umol/l", ["mma <0.4 µmol/L indeterminate"]),
    ("egfr >90", ["egfr >90 mL/min/1.73m² normal"]),
    ("folate >20 ug/l", ["folate >20 µg/L normal"]),
    ("Active B12 <25 pmol/L", ["active_b12 <25 pmol/L deficient"]),
    ("my b12 level was less than 100 pmol/L", ["serum_b12 <100 pmol/L deficient"]),
    ("b12 is 2000+ pg/ml", ["serum_b12 >2000 pg/mL unlikely"]),
    # numbers as people write them
    ("B12 1,234 ng/L", ["serum_b12 1234 ng/L unlikely"]),
    ("B12 came back at two hundred", ["serum_b12 200 - needs_unit"]),
    ("my b12 is one hundred and eighty nanograms per litre", ["serum_b12 180 ng/L indeterminate"]),
    ("b12 was one eighty", ["serum_b12 180 - needs_unit"]),
    ("b12 came back at three fifty pg/ml", ["serum_b12 350 pg/mL indeterminate"]),
    ("haemoglobin of eleven point two", ["haemoglobin 11.2 g/dL low"]),
    ("my b12 is a thousand two hundred ng/l", ["serum_b12 1200 ng/L unlikely"]),
    ("mma zero point four five umol/l", ["mma 0.45 µmol/L raised"]),
    ("homocysteine twenty-two micromol/l", ["homocysteine 22 µmol/L raised"]),
    # number first, unit elsewhere
    ("180 for my b12", ["serum_b12 180 - needs_unit"]),
    ("I got 180 pg/ml on my b12 test", ["serum_b12 180 pg/mL indeterminate"]),
    ("the doctor said 165 ng/L was my B12", ["serum_b12 165 ng/L deficient"]),
    ("B12 (pmol/L): 120", ["serum_b12 120 pmol/L deficient"]),
    ("my b12 in pg/ml was 160", ["serum_b12 160 pg/mL deficient"]),
    ("b12 was 160, units pmol/L", ["serum_b12 160 pmol/L indeterminate"]),
    ("B12 is 160. It's in ng/L", ["serum_b12 160 ng/L deficient"]),
    ("I had my b12 tested last week. It was 155 ng/L", ["serum_b12 155 ng/L deficient"]),
    (
        "got my vitamin b12 results back from the nurse yesterday and it turned out to be 175",
        ["serum_b12 175 - needs_unit"],
    ),
    ("my b12 is low, 150", ["serum_b12 150 - needs_unit"]),
    ("b12 was tested in 2023 and was 300 ng/L", ["serum_b12 300 ng/L indeterminate"]),
    # the laboratory's own range
    ("b12 210 ng/L, lab says 197-771", ["serum_b12 210 ng/L indeterminate [197,771]"]),
    ("B12 190 ng/L [197.0 - 771.0]", ["serum_b12 190 ng/L deficient [197,771]"]),
    ("my b12 is 150, the normal range is 200 to 900", ["serum_b12 150 - deficient [200,900]"]),
    ("b12 400, normal range 200 to 900", ["serum_b12 400 - needs_unit [200,900]"]),
    ("B12 210 (ref 200-900 pg/mL)", ["serum_b12 210 pg/mL indeterminate [200,900]"]),
    ("b12 1100 pg/ml ref range 232-1245", ["serum_b12 1100 pg/mL unlikely [232,1245]"]),
    ("b12 1500 pg/ml (232–1245)", ["serum_b12 1500 pg/mL high [232,1245]"]),
    ("mma 0.35 umol/l (normal under 0.4)", ["mma 0.35 µmol/L normal [0,0.4]"]),
    ("homocysteine 13 umol/l, reference range 5 - 12", ["homocysteine 13 µmol/L raised [5,12]"]),
    ("Hb 126 g/L (130-170)", ["haemoglobin 126 g/L low [130,170]"]),
    ("b12 178 ng/L (>180)", ["serum_b12 178 ng/L deficient [180,]"]),
    ("Vitamin B12\n142 ng/L\nNormal range: 197 to 771", ["serum_b12 142 ng/L deficient [197,771]"]),
    ("my lab's range is 150-600 and my b12 was 140 pmol/L", ["serum_b12 140 pmol/L deficient [150,600]"]),
    # several in one message
    (
        "b12 180 ng/L, folate 3.2 ug/L, mcv 101",
        ["serum_b12 180 ng/L indeterminate", "folate 3.2 µg/L normal", "mcv 101 fL high"],
    ),
    ("180 for my b12, 0.4 umol/l for mma", ["serum_b12 180 - needs_unit", "mma 0.4 µmol/L raised"]),
    ("my b12 and folate were 180 and 2.1 respectively", ["serum_b12 180 - needs_unit", "folate 2.1 - needs_unit"]),
    (
        "Hb 118 g/L (120-160), MCV 102 fL (80-100), MCH 34 pg (27-32), B12 142 ng/L (197-771), Folate 3.1 ug/L (3.9-26)",
        [
            "haemoglobin 118 g/L low [120,160]",
            "mcv 102 fL high [80,100]",
            "serum_b12 142 ng/L deficient [197,771]",
            "folate 3.1 µg/L low [3.9,26]",
        ],
    ),
    ("b12 went from 400 to 180 ng/L", ["serum_b12 400 ng/L unlikely", "serum_b12 180 ng/L indeterminate"]),
    ("b12 was 400 pg/ml in 2020 and 170 pg/ml now", ["serum_b12 400 pg/mL unlikely", "serum_b12 170 pg/mL deficient"]),
    ("b12 180 ng/L (133 pmol/L)", ["serum_b12 180 ng/L indeterminate"]),
    (
        "total b12 300 ng/l but active b12 22 pmol/l",
        ["serum_b12 300 ng/L indeterminate", "active_b12 22 pmol/L deficient"],
    ),
    (
        "B12: 250 pg/mL; MMA: 420 nmol/L; homocysteine: 19 umol/L; eGFR: 88",
        [
            "serum_b12 250 pg/mL indeterminate",
            "mma 420 nmol/L raised",
            "homocysteine 19 µmol/L raised",
            "egfr 88 mL/min/1.73m² normal",
        ],
    ),
    ("I take 1000 mcg B12 tablets and my b12 is now 900 ng/L", ["serum_b12 900 ng/L unlikely"]),
    ("I'm 45, vegan for 6 years, b12 was 160 ng/l, pain 7/10", ["serum_b12 160 ng/L deficient"]),
    (
        "my b12 was 300 in june, 250 in september and 190 in december",
        ["serum_b12 300 - needs_unit", "serum_b12 250 - needs_unit", "serum_b12 190 - needs_unit"],
    ),
    ("Active B12 (holotranscobalamin) 33 pmol/L [>37.5]", ["active_b12 33 pmol/L deficient [37.5,]"]),
    ("VITAMIN B12 167 L ng/L 180 - 910", ["serum_b12 167 ng/L deficient [180,910]"]),
    # other people, earlier results, own result with a question
    ("my mum's b12 was 110 ng/L", ["serum_b12 110 ng/L deficient"]),
    ("last year my b12 was 290 pg/ml", ["serum_b12 290 pg/mL indeterminate"]),
    ("my b12 is 200 ng/l is that low?", ["serum_b12 200 ng/L indeterminate"]),
    ("what does my b12 of 180 mean?", ["serum_b12 180 - needs_unit"]),
    ("not sure if it matters but my b12 was 185 ng/L", ["serum_b12 185 ng/L indeterminate"]),
    ("My doctor says a b12 of 180 is fine, mine is 175", ["serum_b12 175 - needs_unit"]),
    (
        "my b12 was 450 ng/L before I went vegan, now it's 150 ng/L",
        ["serum_b12 450 ng/L unlikely", "serum_b12 150 ng/L deficient"],
    ),
    ("B12 levels of 250 here, legs tingling", ["serum_b12 250 - needs_unit"]),
    ("do i need injections if my b12 is 150 ng/L?", ["serum_b12 150 ng/L deficient"]),
    ("B twelve one hundred sixty", ["serum_b12 160 - needs_unit"]),
    ("b12 is around 200ish", ["serum_b12 200 - needs_unit"]),
    ("b12 is within normal range at 350 ng/l", ["serum_b12 350 ng/L indeterminate"]),
    ("Bloods: hb 128, plt 250, wbc 6.5, b12 145 ng/L", ["haemoglobin 128 g/L normal", "serum_b12 145 ng/L deficient"]),
    # slips and impossible values
    ("b12 180 ng/mL", ["serum_b12 180 ng/mL implausible"]),
    ("b12 0.2 ng/ml", ["serum_b12 0.2 ng/mL implausible"]),
    ("MMA 310 µmol/L", ["mma 310 µmol/L implausible"]),
    ("haemoglobin 13.2 g/L", ["haemoglobin 13.2 g/L implausible"]),
    ("b12 300 pg/dl", ["serum_b12 300 pg/dL implausible"]),
    ("homocysteine 12 mmol/L", ["homocysteine 12 mmol/L implausible"]),
    ("mcv 9.1", ["mcv 9.1 fL implausible"]),
    ("b12 900000 pg/ml", ["serum_b12 900000 pg/mL implausible"]),
]

NO_RESULTS = [
    "I take 1000 mcg B12 tablets",
    "b12 1000mcg every day",
    "B12 1000 µg spray",
    "vitamin b12 50 micrograms a day",
    "they gave me 1 mg B12 injections",
    "b12 injections for 10 years",
    "b12 jab every 12 weeks",
    "b12 shot number 4 tomorrow",
    "I've been on b12 since 2019",
    "b12 deficient since March 2021",
    "diagnosed with low b12 in 2015",
    "I'm 45 and my b12 is low",
    "my b12 is low, I'm 52",
    "b12 deficiency at age 60",
    "62 year old with low b12",
    "low b12, pain 7 out of 10",
    "b12 deficiency, pain is 8/10",
    "my b12 was tested on 12/03/2024",
    "b12 test on 3 May",
    "b12 blood test at 9:30 am",
    "call me on 020 7946 0958 about b12",
    "b12 results line 0800 123 4567",
    "I walked 12000 steps despite low b12",
    "I have low b12 and can walk 200 metres",
    "is 200 low?",
    "is a b12 of 200 low?",
    "what does a b12 of 180 mean?",
    "would a b12 level of 300 ng/L be normal?",
    "b12 below 200 is considered deficient, right?",
    "is anything under 200 pg/ml low for b12?",
    "what's the cut-off for b12, 180 or 200?",
    "the normal range for b12 is 200-900",
    "normal b12 is above 200 ng/L",
    "b12 should be above 500 pg/ml",
    "they say b12 should be 400",
    "if my b12 was 150 would I have symptoms?",
    "what happens if b12 drops below 100 ng/L",
    "people with a b12 under 150 get nerve damage",
    "I'm aiming for a b12 of 600",
    "folic acid 5mg once a day",
    "taking folic acid 400 daily",
    "I take b12 1000",
    "my b12 and folate were fine",
    "I do MMA 3 times a week",
    "MMA fighter, 180 lbs",
    "slipped disc at L4 and L5, b12 fine",
    "T12 and B12",
    "I eat 2 eggs a day for b12",
    "1 in 4 people lack b12",
    "my legs have burned for 3 weeks, could it be b12?",
    "what is a normal MCV?",
    "what does a positive intrinsic factor antibody mean?",
    "can intrinsic factor antibodies be negative in pernicious anaemia?",
    "if the intrinsic factor antibody is positive do I need injections for life?",
    "waiting for my homocysteine, 2 more weeks",
    "b12 costs 12.99 at the chemist",
    "I bought 60 b12 tablets",
    "my phone is 07700900123, b12 was low",
    "blood pressure 120/80 and low b12",
    "I had 6 b12 injections over 2 weeks",
    "one of my b12 jabs hurt",
    "b12 levels under 200 are low",
    "what if my b12 is 100?",
    "b12 was around 150-200 last time",
    "they told me my b12 was in the 200s",
    "what is the b12 threshold, is it 148 pmol/L?",
    "adults need 2.4 micrograms of B12",
    "",
]


@pytest.mark.parametrize(("text", "expected"), RESULTS)
def test_reads_results(reader: LabReader, text: str, expected: List[str]) -> None:
    assert [written(mention) for mention in reader.read(text)] == expected


@pytest.mark.parametrize("text", NO_RESULTS)
def test_numbers_that_are_no_results(reader: LabReader, text: str) -> None:
    assert [written(mention) for mention in reader.read(text)] == []


def test_a_result_says_where_it_stands_and_what_it_converts_to(reader: LabReader) -> None:
    text = "Hello. My B12 was 200 pg/mL last week"
    (mention,) = reader.read(text)
    assert mention.entity == "lab_result"
    assert text[mention.start : mention.end] == "B12 was 200 pg/mL"
    assert mention.extra["canonical"] == {"number": pytest.approx(147.6, abs=0.2), "unit": "pmol/L"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("my mum's b12 was 110 ng/L", "other_person"),
        ("her b12 is 110 ng/L", "other_person"),
        ("my b12 is 110 ng/L", None),
        ("my b12 was 400 ng/L in 2019", "past"),
        ("last year my b12 was 290 pg/ml", "past"),
    ],
)
def test_whose_and_when(reader: LabReader, text: str, status: object) -> None:
    (mention,) = reader.read(text)
    assert mention.status == status


@pytest.mark.parametrize(
    ("text", "analyte", "unit"),
    [
        ("ng/L", None, "ng/L"),
        ("picomoles", None, "pmol/L"),
        ("pg/ml I think", None, "pg/mL"),
        ("it says µmol/L", None, "µmol/L"),
        ("micromoles per litre", "homocysteine", "µmol/L"),
        ("nanograms", "serum_b12", "ng/L"),
        ("ng", "ferritin", "ng/mL"),
        ("grams per decilitre", "haemoglobin", "g/dL"),
        ("percent", "hba1c", "%"),
        ("no idea", None, None),
        ("pg/ml or maybe pmol/l", None, None),
        ("I live in London", "serum_b12", None),
    ],
)
def test_reads_the_answer_to_the_unit_question(reader: LabReader, text: str, analyte: str, unit: str) -> None:
    assert reader.read_unit_answer(text, analyte) == unit


def test_usual_units_leave_slips_out(reader: LabReader) -> None:
    assert reader.usual_units("serum_b12") == ("ng/L", "pg/mL", "pmol/L")


def test_long_and_odd_input_is_harmless(reader: LabReader) -> None:
    assert reader.read("b12 " * 2000 + "1" * 3000 + "🙂") == []
