"""Results as people bring them up in a talk: hedged, spelled out, pasted, corrected, dated."""

from __future__ import annotations

from typing import List

import pytest

from bot.understanding.labs import LabReader
from tests.understanding.test_labs import reader, written  # noqa: F401

SENTENCES = [
    # without the name of the test: the unit tells
    ("Mine was 167pg/ml back in June", ["serum_b12 167 pg/mL deficient"]),
    ("mine came back at 240 ng/l", ["serum_b12 240 ng/L indeterminate"]),
    ("my last result was 198 pg/mL", ["serum_b12 198 pg/mL indeterminate"]),
    ("I got tested, it was 155 ng/L", ["serum_b12 155 ng/L deficient"]),
    ("my level is 410 picograms per ml", ["serum_b12 410 pg/mL unlikely"]),
    # several numbers, one of them meant
    ("b12 is one hundred and something, 112 ng/l i think", ["serum_b12 112 ng/L deficient"]),
    ("b12 was two hundred and something", []),
    ("my b12 is somewhere in the 200s, 215 pg/ml to be exact", ["serum_b12 215 pg/mL indeterminate"]),
    (
        "B12 went from 140 to 300 pmol/L after the jabs",
        ["serum_b12 140 pmol/L indeterminate", "serum_b12 300 pmol/L unlikely"],
    ),
    ("b12 210, no sorry 120 ng/l", ["serum_b12 120 ng/L deficient"]),
    ("It said 180, I mean 118 pmol/L for b12", ["serum_b12 118 pmol/L deficient"]),
    # spelled out
    ("my b twelve was a hundred and ninety nanograms per litre", ["serum_b12 190 ng/L indeterminate"]),
    ("vitamin b12 two hundred and forty five picomoles per litre", ["serum_b12 245 pmol/L indeterminate"]),
    ("active b12 thirty two pmol/l", ["active_b12 32 pmol/L indeterminate"]),
    ("homocysteine of twenty two micromol per litre", ["homocysteine 22 µmol/L raised"]),
    ("mma nought point four five micromoles per litre", ["mma 0.45 µmol/L raised"]),
    ("mma zero point two", ["mma 0.2 - needs_unit"]),
    ("ferritin was eleven micrograms per litre", ["ferritin 11 µg/L low"]),
    ("b12 one eighty five ng/l", ["serum_b12 185 ng/L indeterminate"]),
    ("TSH six point two mIU/L", ["tsh 6.2 mIU/L high"]),
    # comparators
    ("b12 below 100 ng/L they said", ["serum_b12 <100 ng/L deficient"]),
    ("B12 came out as >1476 pmol/L", ["serum_b12 >1476 pmol/L unlikely"]),
    ("b12 over 2000 pg/ml after loading", ["serum_b12 >2000 pg/mL unlikely"]),
    ("eGFR > 90", ["egfr >90 mL/min/1.73m² normal"]),
    ("egfr 90+", ["egfr >90 mL/min/1.73m² normal"]),
    ("Active B12 under 25 pmol/L", ["active_b12 <25 pmol/L deficient"]),
    ("folate greater than 20 ug/l", ["folate >20 µg/L normal"]),
    ("b12 ≤ 148 pmol/L", ["serum_b12 <148 pmol/L indeterminate"]),
    ("b12 less than a hundred and fifty ng/l", ["serum_b12 <150 ng/L deficient"]),
    ("MMA just under 0.3 umol/L", ["mma <0.3 µmol/L indeterminate"]),
    # ranges of the laboratory
    ("B12 2.1 (ref 197-771)", ["serum_b12 2.1 - implausible [197,771]"]),
    ("B12 165 ng/L (197-771)", ["serum_b12 165 ng/L deficient [197,771]"]),
    ("Serum vitamin B12 211 ng/L [200 - 770]", ["serum_b12 211 ng/L indeterminate [200,770]"]),
    ("ferritin 18 ug/L, lab range 30 to 400", ["ferritin 18 µg/L low [30,400]"]),
    ("MMA 310 nmol/L, normal is below 400", ["mma 310 nmol/L normal [0,400]"]),
    ("homocysteine 13.8 umol/l (normal under 12)", ["homocysteine 13.8 µmol/L raised [0,12]"]),
    ("MCV 101.2 fL (Range: 80.0 - 100.0)", ["mcv 101.2 fL high [80,100]"]),
    ("tsh 4.8, their range goes 0.27-4.2 mIU/L", ["tsh 4.8 mIU/L high [0.27,4.2]"]),
    ("folate 2.9 ug/L L (3.9-26.8)", ["folate 2.9 µg/L low [3.9,26.8]"]),
    ("Hb 108 g/L (115 - 165) *", ["haemoglobin 108 g/L low [115,165]"]),
    # pasted reports
    (
        "Serum vitamin B12 level 134 ng/L [197.0 - 771.0]; Below low reference limit\nSerum folate level 6.2 ug/L [3.9 - 26.8]",
        ["serum_b12 134 ng/L deficient [197,771]", "folate 6.2 µg/L normal [3.9,26.8]"],
    ),
    (
        "VITAMIN B12   178   L   pg/mL   232-1245\nFOLATE, SERUM   12.4   ng/mL   >3.0",
        ["serum_b12 178 pg/mL deficient [232,1245]", "folate 12.4 ng/mL normal [3,]"],
    ),
    (
        "Haemoglobin: 121 g/L\nMCV: 99 fL\nPlatelets: 250\nFerritin: 22 ug/L\nVitamin B12: 188 ng/L",
        ["haemoglobin 121 g/L normal", "mcv 99 fL normal", "ferritin 22 µg/L low", "serum_b12 188 ng/L indeterminate"],
    ),
    (
        "WBC 6.1 10*9/L, Hgb 11.4 g/dL, MCV 104 fL, PLT 210",
        ["haemoglobin 11.4 g/dL low", "mcv 104 fL high"],
    ),
    ("HbA1c 48 mmol/mol (6.5 %)", ["hba1c 48 mmol/mol high"]),
    ("Test: Homocysteine Result: 21.3 Units: umol/L Range: 0-15", ["homocysteine 21.3 µmol/L raised [0,15]"]),
    ("b12;156;ng/L;180-914", ["serum_b12 156 ng/L deficient [180,914]"]),
    ("B12 | 142 | pg/mL", ["serum_b12 142 pg/mL deficient"]),
    ("CK 340 U/L H", ["ck 340 U/L high"]),
    ("Creatine kinase = 1,250 IU/L", ["ck 1250 U/L high"]),
    # units written out or odd
    ("homocysteine 18 micromoles per litre", ["homocysteine 18 µmol/L raised"]),
    ("mma 0.38 micro mol/l", ["mma 0.38 µmol/L raised"]),
    ("mma 420 nano moles per litre", ["mma 420 nmol/L raised"]),
    ("b12 170 nanogrammes per litre", ["serum_b12 170 ng/L deficient"]),
    ("B12 = 199 ng per L", ["serum_b12 199 ng/L indeterminate"]),
    ("b12 131 pmols", ["serum_b12 131 pmol/L deficient"]),
    ("b12 190ng/L.", ["serum_b12 190 ng/L indeterminate"]),
    ("holoTC: 41pmol/l", ["active_b12 41 pmol/L indeterminate"]),
    ("hb 12.1g/dl", ["haemoglobin 12.1 g/dL normal"]),
    ("a1c was 6.7 percent", ["hba1c 6.7 % high"]),
    ("ifab 1.2 u/ml (0-6)", ["intrinsic_factor_antibody 1.2 U/mL normal [0,6]"]),
    ("b12 163 PG/ML", ["serum_b12 163 pg/mL deficient"]),
    ("b12 0,19 ng/ml", ["serum_b12 0.19 ng/mL implausible"]),
    # when
    ("in June my b12 was 167 pg/ml", ["serum_b12 167 pg/mL deficient"]),
    ("B12 on 12/03/2026: 154 ng/L", ["serum_b12 154 ng/L deficient"]),
    ("last month: mma 512 nmol/l, egfr 88", ["mma 512 nmol/L raised", "egfr 88 mL/min/1.73m² normal"]),
    ("b12 blood test 3 weeks ago 201 ng/L", ["serum_b12 201 ng/L indeterminate"]),
    ("2026-02-14 Vitamin B12 230 pmol/L", ["serum_b12 230 pmol/L indeterminate"]),
    ("my bloods from 4th of May say b12 143 pmol/l", ["serum_b12 143 pmol/L indeterminate"]),
    # as they come
    ("my gp surgery texted b12 result 149 ng/l please book", ["serum_b12 149 ng/L deficient"]),
    (
        "Got my numbers! B12: 232pg/mL, folate: 4.1 ng/mL, ferritin: 12 ng/mL",
        ["serum_b12 232 pg/mL indeterminate", "folate 4.1 ng/mL normal", "ferritin 12 ng/mL low"],
    ),
    ("b12 went up to 512 ng/L, it was 130 before", ["serum_b12 512 ng/L unlikely", "serum_b12 130 ng/L deficient"]),
    (
        "active B12 (holotranscobalamin) result 29.3 pmol/L, reference > 37.5",
        ["active_b12 29.3 pmol/L deficient [37.5,]"],
    ),
    ("mma serum 0.61, units say umol/L", ["mma 0.61 µmol/L raised"]),
    ("My homocysteine is high, 24.6", ["homocysteine 24.6 - needs_unit"]),
    ("kidney function egfr fifty five", ["egfr 55 mL/min/1.73m² low"]),
    ("haemoglobin 9.8, mcv 112", ["haemoglobin 9.8 g/dL low", "mcv 112 fL high"]),
    ("hb of 134 so not anaemic they say", ["haemoglobin 134 g/L normal"]),
    ("TSH 2.3 mU/L (0.4-4.0)", ["tsh 2.3 mIU/L normal [0.4,4]"]),
    ("a1c 5.4%", ["hba1c 5.4 % normal"]),
    ("they checked ck and it was 1800 u/l after the gym", ["ck 1800 U/L high"]),
    ("doctor says my b12 of 201 is fine, units pmol/L", ["serum_b12 201 pmol/L indeterminate"]),
    ("b12: 1,024 ng/L", ["serum_b12 1024 ng/L unlikely"]),
    ("vit b12 lvl 178ng/l low", ["serum_b12 178 ng/L deficient"]),
    ("total b12 - 298 pg per ml", ["serum_b12 298 pg/mL indeterminate"]),
    ("the nurse read out 143 for the b12, picomoles", ["serum_b12 143 pmol/L indeterminate"]),
    ("Result: 88 pmol/L (Active B12)", ["active_b12 88 pmol/L unlikely"]),
    ("My b12 is about 160 I think pmol/l", ["serum_b12 160 pmol/L indeterminate"]),
    ("folic acid level 2.4 ng/ml", ["folate 2.4 ng/mL low"]),
    ("i have 300 as my b12 number, pg", ["serum_b12 300 pg/mL indeterminate"]),
    ("b12 180-ish ng/L", ["serum_b12 180 ng/L indeterminate"]),
    ("ferritin 7!!! ug/L", ["ferritin 7 µg/L low"]),
    ("mma=733nmol/L creatinine=88", ["mma 733 nmol/L raised"]),
    ("Vitamin B-12: 2000 pg/mL (High)", ["serum_b12 2000 pg/mL unlikely"]),
    ("B12 3.2 nmol/L", ["serum_b12 3.2 nmol/L implausible"]),
    ("mma 310 umol/l", ["mma 310 µmol/L implausible"]),
    ("hey so b12 level today = one sixty seven pg/ml", ["serum_b12 167 pg/mL deficient"]),
    ("B12 result: less than 83 pmol/L", ["serum_b12 <83 pmol/L deficient"]),
    ("egfr of 48 mls/min", ["egfr 48 mL/min/1.73m² low"]),
    ("homocysteine 2.4 mg/L", ["homocysteine 2.4 mg/L raised"]),
    (
        "Hcy 11 µmol/l, MMA 0.21 µmol/l, B12 240 ng/l",
        ["homocysteine 11 µmol/L normal", "mma 0.21 µmol/L normal", "serum_b12 240 ng/L indeterminate"],
    ),
    ("Serum B12\n165 ng/L\n(180 - 2000)", ["serum_b12 165 ng/L deficient [180,2000]"]),
    ("Serum B12 (XaJeb) 165 ng/L", ["serum_b12 165 ng/L deficient"]),
    (
        "b12 has dropped from 420 to 260 ng/l in a year",
        ["serum_b12 420 ng/L unlikely", "serum_b12 260 ng/L indeterminate"],
    ),
    ("not sure if pg or pmol but b12 is 155", ["serum_b12 155 - needs_unit"]),
    ("mean cell volume ninety eight", ["mcv 98 fL normal"]),
    ("intrinsic factor antibodies not detected", ["intrinsic_factor_antibody - - normal"]),
    ("anti-IF positive at 35 U/mL (<20)", ["intrinsic_factor_antibody 35 U/mL raised [0,20]"]),
    ("my dad's b12 is 98 pmol/l", ["serum_b12 98 pmol/L deficient"]),
    (
        "B12 was borderline (185 ng/L) so they repeated it: 191 ng/L",
        ["serum_b12 185 ng/L indeterminate", "serum_b12 191 ng/L indeterminate"],
    ),
    ("creatine kinase 95", ["ck 95 - needs_unit"]),
    ("do I need a ferritin over 75 for restless legs?", []),
    ("my b12 is due to be tested on 3 June", []),
    ("had 6 b12 injections over 2 weeks", []),
    ("1000 micrograms b12 tablets daily for 3 months", []),
    ("thyroid test tsh 5.6 miu/l flagged high", ["tsh 5.6 mIU/L high"]),
    ("B12 205 (197 - 771 ng/L)", ["serum_b12 205 ng/L indeterminate [197,771]"]),
    (
        "blood test: B12 - 119 picomol/L; Folate - 22.4 nmol/L; Hb - 131 g/L",
        ["serum_b12 119 pmol/L deficient", "folate 22.4 nmol/L normal", "haemoglobin 131 g/L normal"],
    ),
    # words only
    ("intrinsic factor antibody came back positive", ["intrinsic_factor_antibody - - raised"]),
    ("IF antibodies: negative", ["intrinsic_factor_antibody - - normal"]),
    # numbers that are none
    ("I take 1000 mcg of b12 every day", []),
    ("I'm 54 and had b12 jabs 3 times a week", []),
    ("is a b12 of under 200 low?", []),
    ("what would mma of 500 nmol/l mean?", []),
    ("what should my ferritin be, above 50?", []),
    ("my mri showed a bulge at l4/5 and they want my b12 done", []),
    ("blood pressure 130/85, b12 not done yet", []),
    ("they said b12 was normal", []),
    ("b12 injections cost me 25 pounds each", []),
    ("if my b12 was 100 ng/l would that be dangerous?", []),
    ("my appointment about b12 is at 10:30 on the 14th", []),
    ("walked 300 metres and my b12 is next week", []),
    ("pain 7 out of 10, b12 check booked for June", []),
]


DATED = [
    ("Mine was 167pg/ml back in June", ["June"]),
    ("B12 on 12/03/2026: 154 ng/L", ["12/03/2026"]),
    ("last month: mma 512 nmol/l, egfr 88", ["last month", "last month"]),
    ("b12 blood test 3 weeks ago 201 ng/L", ["3 weeks ago"]),
    ("2026-02-14 Vitamin B12 230 pmol/L", ["2026-02-14"]),
    ("my bloods from 4th of May say b12 143 pmol/l", ["4th of May"]),
    ("March 2 2026 b12 188 ng/L", ["March 2 2026"]),
    ("in the summer of 2025 mma was 0.5 umol/l", ["summer of 2025"]),
    ("b12 was 140 ng/L in March and 210 ng/L in June", ["March", "June"]),
    ("b12 180 ng/L last year, now 300 ng/L", ["last year", "now"]),
    ("Date: 03/02/2026\nB12 171 ng/L\nFolate 3.1 ug/L", ["03/02/2026", "03/02/2026"]),
    ("B12 171 ng/L (Jan 2025)\nFolate 3.1 ug/L\nB12 220 ng/L (Mar 2026)", ["Jan 2025", None, "Mar 2026"]),
    ("b12 may be 210 ng/l", [None]),
    ("b12 210 ng/l", [None]),
]


@pytest.mark.parametrize("text, dates", DATED)
def test_keeps_the_date_in_the_words_of_the_person(reader: LabReader, text: str, dates: List[object]) -> None:  # noqa: F811
    assert [mention.extra.get("when") for mention in reader.read(text)] == dates


@pytest.mark.parametrize("text, expected", SENTENCES)
def test_reads_what_is_said_in_a_talk(reader: LabReader, text: str, expected: List[str]) -> None:  # noqa: F811
    assert [written(mention) for mention in reader.read(text)] == expected
