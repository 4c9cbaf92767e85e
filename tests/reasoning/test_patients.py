"""Hand-made patients play the whole interview with the reviewed data."""

from __future__ import annotations

from statistics import median

import pytest

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Fact
from tests.reasoning.played import Patient, play, read_patients, told

EMERGENCIES = ("emergency_now", "emergency_department")
CASES = read_patients()

PATIENTS = [
    Patient(
        "b12_neuropathy",
        ("routine", "within_days", "same_day"),
        [told("tingling", site=["foot"], side="both")],
        "tingling numbness fatigue sore_tongue vegan_diet",
        58,
        attributes={
            "site": ["foot", "toes", "calf"],
            "side": "both",
            "onset": "gradual",
            "duration": "P6M",
            "timing": ["constant", "night"],
            "course": "worsening",
        },
    ),
    Patient(
        "sciatica",
        ("routine",),
        [told("pain", site=["leg"])],
        "pain tingling back_pain buttock_pain heavy_lifting",
        41,
        "male",
        {
            "site": ["buttock", "back_thigh", "calf", "foot"],
            "side": "one_side",
            "onset": "sudden",
            "duration": "P3W",
            "quality": ["shooting"],
            "aggravating": ["sitting", "coughing", "bending"],
            "relieving": ["lying", "moving"],
        },
    ),
    Patient(
        "meralgia_paresthetica",
        ("routine",),
        [told("burning", site=["thigh"])],
        "burning numbness tingling touch_sensitivity obesity tight_belt",
        46,
        "male",
        {
            "site": ["outer_thigh"],
            "side": "one_side",
            "onset": "gradual",
            "duration": "P3M",
            "quality": ["burning"],
            "aggravating": ["standing", "walking", "tight_clothing"],
            "relieving": ["sitting"],
        },
    ),
    Patient(
        "lumbar_spinal_stenosis",
        ("routine",),
        [told("pain", site=["leg"], side="both")],
        "pain back_pain numbness buttock_pain walking_difficulty",
        72,
        "male",
        {
            "site": ["buttock", "back_thigh", "calf"],
            "side": "both",
            "onset": "gradual",
            "duration": "P2Y",
            "quality": ["aching", "heavy"],
            "aggravating": ["standing", "walking"],
            "relieving": ["sitting", "bending_forward"],
            "timing": ["on_exertion"],
        },
    ),
    Patient(
        "deep_vein_thrombosis",
        ("same_day",),
        [told("pain", site=["calf"], side="left")],
        "pain swelling warmth_redness recent_surgery immobility",
        55,
        attributes={
            "site": ["calf"],
            "side": "one_side",
            "onset": "gradual",
            "duration": "P3D",
            "quality": ["aching", "tight"],
            "timing": ["constant"],
            "aggravating": ["walking"],
        },
    ),
    Patient(
        "peripheral_artery_disease",
        ("routine", "within_days"),
        [told("pain", site=["calf"], aggravating=["walking"])],
        "pain cramps cold_sensation smoking diabetes",
        68,
        "male",
        {
            "site": ["calf"],
            "side": "both",
            "onset": "gradual",
            "duration": "P1Y",
            "quality": ["cramping"],
            "aggravating": ["walking", "stairs"],
            "relieving": ["standing_still", "rest"],
            "timing": ["on_exertion"],
        },
    ),
    Patient(
        "restless_legs_syndrome",
        ("routine",),
        [told("tingling", site=["leg"], timing=["evening"])],
        "tingling urge_to_move_legs sleep_problem",
        45,
        attributes={
            "site": ["calf", "shin"],
            "side": "both",
            "onset": "gradual",
            "duration": "P2Y",
            "quality": ["crawling"],
            "aggravating": ["sitting", "lying"],
            "relieving": ["moving"],
            "timing": ["evening", "night", "at_rest"],
        },
    ),
    Patient(
        "greater_trochanteric_pain",
        ("routine",),
        [told("pain", site=["outer_thigh"], side="right")],
        "pain hip_pain",
        54,
        attributes={
            "site": ["outer_thigh", "hip"],
            "side": "one_side",
            "onset": "gradual",
            "duration": "P4M",
            "quality": ["aching"],
            "aggravating": ["lying_on_it", "stairs", "walking"],
            "timing": ["night"],
        },
    ),
    Patient(
        "hip_osteoarthritis",
        ("routine",),
        [told("pain", site=["thigh"]), told("stiffness")],
        "pain stiffness groin_pain hip_pain",
        69,
        attributes={
            "site": ["groin", "front_thigh", "inner_thigh"],
            "side": "one_side",
            "onset": "gradual",
            "duration": "P2Y",
            "quality": ["aching"],
            "aggravating": ["walking", "stairs", "bending"],
            "relieving": ["rest", "sitting"],
            "timing": ["morning", "on_exertion"],
        },
    ),
    Patient(
        "diabetic_neuropathy",
        ("routine", "within_days"),
        [told("burning", site=["foot"], side="both"), Fact("risk_factor", "diabetes", "present")],
        "burning numbness tingling touch_sensitivity diabetes metformin obesity",
        63,
        "male",
        {
            "site": ["foot", "toes"],
            "side": "both",
            "onset": "gradual",
            "duration": "P3Y",
            "quality": ["burning", "stabbing"],
            "timing": ["night"],
            "aggravating": ["touch"],
        },
    ),
    Patient(
        "cauda_equina_syndrome",
        EMERGENCIES,
        [told("back_pain"), told("pain", site=["leg"])],
        "pain back_pain saddle_numbness bladder_problem weakness",
        44,
        "male",
        {"site": ["buttock", "back_thigh", "foot"], "side": "both", "onset": "sudden", "duration": "P3D"},
    ),
    Patient(
        "guillain_barre",
        EMERGENCIES,
        [told("tingling", site=["foot"])],
        "tingling weakness progressive_weakness back_pain walking_difficulty recent_infection",
        38,
        "male",
        {"site": ["foot", "hand"], "side": "both", "onset": "gradual", "duration": "P4D", "course": "worsening"},
    ),
    Patient(
        "acute_limb_ischaemia",
        ("emergency_now",),
        [told("pain", site=["leg"], side="left")],
        "pain cold_pale_limb numbness weakness severe_sudden_pain atrial_fibrillation smoking",
        74,
        "male",
        {"site": ["calf", "foot"], "side": "one_side", "onset": "sudden", "duration": "PT5H", "severity": 9},
    ),
    Patient(
        "femoral_stress_fracture",
        ("within_days",),
        [told("pain", site=["thigh"])],
        "pain groin_pain bisphosphonate",
        74,
        attributes={
            "site": ["front_thigh", "groin"],
            "side": "one_side",
            "onset": "gradual",
            "duration": "P6W",
            "quality": ["aching"],
            "aggravating": ["walking", "standing"],
            "relieving": ["rest"],
        },
    ),
]


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.condition)
def test_the_picture_is_found_with_the_right_urgency(real: Knowledge, patient: Patient) -> None:
    result, asked = play(patient, real)
    assert patient.condition == result.ranking[0].condition, asked
    assert result.urgency in patient.urgencies, result.reasons
    assert len(asked) <= 16


@pytest.mark.parametrize("patient", CASES, ids=lambda patient: patient.id)
def test_a_case_of_the_reference_gets_its_urgency(real: Knowledge, patient: Patient) -> None:
    result, asked = play(patient, real)
    assert result.urgency in patient.urgencies, (result.reasons, asked)
    if patient.condition:
        first = [row.condition for row in result.ranking[: patient.within]]
        assert patient.condition in first, asked


def test_the_talk_is_short(real: Knowledge) -> None:
    assert median(len(play(patient, real)[1]) for patient in PATIENTS) <= 10


def test_subjects_are_kept_together(real: Knowledge) -> None:
    """Apart from questions about danger and age, a talk hardly ever returns to a subject it has left."""
    for patient in PATIENTS:
        stages = [real.questions[key].stage for key in play(patient, real)[1]]
        core = [stage for stage in stages if stage not in ("safety", "profile")]
        runs = [stage for before, stage in zip([None, *core], core) if stage != before]
        assert len(runs) - len(set(runs)) <= 2, (patient.condition, stages)


def test_causes_of_low_b12_are_asked_when_b12_is_likely(real: Knowledge) -> None:
    asked = play(PATIENTS[0], real)[1]
    causes = [key for key in asked if key in ("diet", "gut", "illness_medicine", "health_risks")]
    assert len(causes) >= 3 and "diet" in asked, asked
    assert "diet" not in play(PATIENTS[2], real)[1]
