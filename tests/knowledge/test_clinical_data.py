"""The clinical data: complete, consistent, and able to tell textbook pictures apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.knowledge import schema
from bot.knowledge.loader import FOLDER, EntryType, read_yaml
from bot.knowledge.patterns import ATTRIBUTE_KEYS, Pattern, as_tuple
from bot.reasoning.case import LIST_ATTRIBUTES, Case, Fact, LabResult
from bot.reasoning.evaluate import holds
from bot.reasoning.evidence import EvidenceModel

URGENCIES = ("routine", "within_days", "same_day", "emergency_department", "emergency_now")


def _read(stem: str, kind: type[EntryType]) -> dict[str, EntryType]:
    single = FOLDER / f"{stem}.yml"
    paths = [single] if single.exists() else sorted((FOLDER / stem).glob("*.yml"))
    entries: dict[str, EntryType] = {}
    for path in paths:
        for row in read_yaml(path):  # type: ignore[attr-defined]
            assert row["id"] not in entries, row["id"]
            entries[row["id"]] = kind.parse_obj(row)
    return entries


VOCABULARY: dict[str, object] = read_yaml(FOLDER / "vocabulary.yml")  # type: ignore[assignment]
CLUES = _read("clues", schema.Clue)
CONDITIONS = _read("conditions", schema.Condition)
TRIAGE = _read("triage", schema.TriageRule)
FINDINGS = _read("findings", schema.Finding)
ATTRIBUTES = _read("attributes", schema.Attribute)
RISK_FACTORS = _read("risk_factors", schema.RiskFactor)
QUESTIONS = {
    row["key"]: schema.Question.parse_obj(row)
    for row in read_yaml(FOLDER / "questions.yml")  # type: ignore[attr-defined]
}
SOURCES = _read("sources", schema.Source)
FACTS = _read("facts", schema.Fact)
MODEL = EvidenceModel(SimpleNamespace(clues=CLUES, conditions=CONDITIONS))  # type: ignore[arg-type]


def _flat(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            yield from _flat(part)
    elif isinstance(value, list):
        yield from map(str, value)


# --- complete and consistent -----------------------------------------------------------------------


def test_ids_cover_the_vocabulary() -> None:
    groups: dict[str, list[str]] = VOCABULARY["finding"]  # type: ignore[assignment]
    assert {name: entry.group for name, entry in FINDINGS.items()} == {
        name: group for group, names in groups.items() for name in names
    }
    assert set(CONDITIONS) == set(VOCABULARY["condition"])  # type: ignore[call-overload]
    assert set(RISK_FACTORS) == set(VOCABULARY["risk_factor"])  # type: ignore[call-overload]
    attributes: dict[str, object] = VOCABULARY["attribute"]  # type: ignore[assignment]
    assert set(ATTRIBUTES) == set(attributes)
    for name, values in attributes.items():
        told = [value.id for value in ATTRIBUTES[name].values]
        assert told == (values if isinstance(values, list) else []), name


def _leaves(pattern: Pattern) -> Iterable[Pattern]:
    parts = (pattern.all or []) + (pattern.any or []) + (pattern.none or [])
    if not parts:
        yield pattern
    for part in parts:
        yield from _leaves(part)


PATTERNS = [(clue.id, state.when) for clue in CLUES.values() for state in clue.states] + [
    (rule.id, rule.when) for rule in TRIAGE.values()
]


@pytest.mark.parametrize("name, pattern", PATTERNS, ids=[name for name, _ in PATTERNS])
def test_patterns_name_known_ids(name: str, pattern: Pattern) -> None:
    groups: dict[str, list[str]] = VOCABULARY["finding"]  # type: ignore[assignment]
    for leaf in _leaves(pattern):
        assert set(as_tuple(leaf.finding)) <= set(FINDINGS) | set(groups), name
        assert set(as_tuple(leaf.risk_factor)) <= set(RISK_FACTORS), name
        if leaf.profile:
            assert leaf.profile in VOCABULARY["profile"], name  # type: ignore[operator]
        if leaf.attribute and leaf.is_:
            assert set(as_tuple(leaf.is_)) <= {value.id for value in ATTRIBUTES[leaf.attribute].values}, name
        for key in ATTRIBUTE_KEYS:
            assert set(as_tuple(getattr(leaf, key))) <= {value.id for value in ATTRIBUTES[key].values}, name


@pytest.mark.parametrize("clue", CLUES.values(), ids=list(CLUES))
def test_clue_states_and_background(clue: schema.Clue) -> None:
    states = {state.id for state in clue.states}
    assert set(clue.background) == states
    assert all(value > 0 for value in clue.background.values())
    assert sum(clue.background.values()) < 100
    assert set(clue.ids) <= set(_flat(VOCABULARY))


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=list(CONDITIONS))
def test_evidence_is_sound(condition: schema.Condition) -> None:
    named = [evidence.clue for evidence in condition.evidence]
    assert len(named) == len(set(named))
    assert len(named) >= 25
    for evidence in condition.evidence:
        assert set(evidence.of_100) <= {state.id for state in CLUES[evidence.clue].states}, evidence.clue
        assert all(value >= 0 for value in evidence.of_100.values()) and sum(evidence.of_100.values()) <= 100
        assert (evidence.judgement == "published") == bool(evidence.sources), evidence.clue
        assert set(evidence.sources) <= set(SOURCES), evidence.clue
        assert evidence.why.strip().endswith(".")
    assert condition.alarm_at is not None or not condition.cannot_miss
    assert set(condition.tests) <= set(VOCABULARY["test"])  # type: ignore[call-overload]
    assert set(condition.facts) <= set(FACTS)


@pytest.mark.parametrize("rule", TRIAGE.values(), ids=list(TRIAGE))
def test_triage_rules_say_why(rule: schema.TriageRule) -> None:
    assert rule.urgency != "routine"
    assert len(rule.reason.split()) >= 5
    assert set(rule.sources) <= set(SOURCES)


def _sentences(text: str) -> list[str]:
    return [part for part in text.replace("?", ".").replace("!", ".").split(". ") if part.strip()]


WORDS = [
    (f"{condition.id}.{name}", getattr(condition, name))
    for condition in CONDITIONS.values()
    for name in ("summary", "what_helps", "cause", "typical_pain", "associated", "onset")
]
WORDS += [(f"triage.{rule.id}", rule.reason) for rule in TRIAGE.values()]
WORDS += [(f"explain.{entry.id}", entry.explain) for entry in FINDINGS.values()]
WORDS += [(f"explain.{entry.id}", entry.explain) for entry in RISK_FACTORS.values()]


@pytest.mark.parametrize("name, text", WORDS, ids=[name for name, _ in WORDS])
def test_words_are_short(name: str, text: str) -> None:
    assert len(text.split()) <= 60
    for sentence in _sentences(text):
        assert len(sentence.split()) <= 20, sentence


# --- textbook pictures -------------------------------------------------------------------------------


def finding(name: str, **attributes: object) -> Fact:
    """A present finding; list attributes may be given as one string with spaces."""
    told = {key: str(value).split() if key in LIST_ATTRIBUTES else value for key, value in attributes.items()}
    return Fact("finding", name, "present", told)


def case(
    *facts: Fact,
    risks: str = "",
    no: str = "",
    no_risks: str = "",
    age: int = 50,
    sex: str = "female",
    **general: object,
) -> Case:
    """A case; ``no`` are findings denied, ``risks`` and ``no_risks`` risk factors told and denied."""
    more = [Fact("risk_factor", name, "present") for name in risks.split()]
    more += [Fact("risk_factor", name, "absent") for name in no_risks.split()]
    more += [Fact("finding", name, "absent") for name in no.split()]
    told = {key: str(value).split() if key in LIST_ATTRIBUTES else value for key, value in general.items()}
    return Case(facts=tuple(facts) + tuple(more), general=told, profile={"age": age, "sex_at_birth": sex})


CALM = "weakness back_pain balance_problem"
TEXTBOOK: Sequence[tuple[str, str, Case]] = (
    ("b12_neuropathy", "routine", case(
        finding("tingling", site="foot toes lower_leg hand", side="both", onset="gradual", course="worsening",
                duration="P5M", timing="night"),
        finding("numbness", site="foot toes", side="both"), finding("fatigue"), finding("sore_tongue"),
        risks="vegan_diet", no="weakness back_pain groin_pain", no_risks="diabetes alcohol", age=46)),
    ("subacute_combined_degeneration", "same_day", case(
        finding("numbness", site="foot lower_leg hand", side="both", course="worsening", duration="P6W"),
        finding("balance_problem", aggravating="dark_or_eyes_closed"), finding("weakness", site="leg", side="both"),
        finding("stiffness", site="leg", side="both"), finding("walking_difficulty"), finding("falls"),
        risks="pernicious_anaemia", no="back_pain fever", age=63)),
    ("sciatica", "routine", case(
        finding("pain", site="back_thigh calf foot", side="left", quality="shooting", onset="sudden", duration="P2W",
                aggravating="coughing sitting bending", relieving="lying"),
        finding("back_pain"), finding("buttock_pain"), finding("tingling", site="foot", side="left"),
        no="weakness saddle_numbness bladder_problem", risks="heavy_lifting", age=41, sex="male")),
    ("upper_lumbar_radiculopathy", "routine", case(
        finding("pain", site="front_thigh", side="right", quality="shooting", aggravating="coughing standing stairs",
                duration="P3W"),
        finding("back_pain"), finding("groin_pain"), finding("knee_giving_way"), finding("numbness", site="front_thigh"),
        no="weight_loss", risks="back_problem_history", no_risks="diabetes anticoagulant", age=60, sex="male")),
    ("meralgia_paresthetica", "routine", case(
        finding("burning", site="outer_thigh", side="left", aggravating="standing walking tight_clothing",
                relieving="sitting", duration="P2M", onset="gradual"),
        finding("numbness", site="outer_thigh", side="left"), finding("touch_sensitivity", site="outer_thigh"),
        no=CALM, risks="obesity tight_belt", age=44, sex="male")),
    ("lumbar_spinal_stenosis", "routine", case(
        finding("pain", site="buttock thigh calf", side="both", quality="heavy aching", aggravating="standing walking",
                relieving="sitting bending_forward", onset="gradual", duration="P1Y"),
        finding("back_pain"), finding("numbness", site="calf", side="both"), no="bladder_problem saddle_numbness",
        no_risks="smoking", age=73)),
    ("diabetic_neuropathy", "routine", case(
        finding("burning", site="foot toes", side="both", timing="night", duration="P3Y", onset="gradual"),
        finding("numbness", site="foot toes", side="both"), risks="diabetes", no="back_pain weakness fatigue sore_tongue",
        no_risks="vegan_diet vegetarian_diet low_animal_food alcohol metformin", age=62, sex="male")),
    ("diabetic_amyotrophy", "within_days", case(
        finding("pain", site="front_thigh hip", side="right", quality="burning aching", severity=9, onset="sudden",
                course="worsening", duration="P5W", timing="night constant"),
        finding("weakness", site="thigh", side="right"), finding("muscle_wasting", site="thigh", side="right"),
        finding("weight_loss"), finding("knee_giving_way"), risks="diabetes", age=65, sex="male")),
    ("alcohol_neuropathy", "routine", case(
        finding("burning", site="foot toes", side="both", duration="P1Y", onset="gradual"), finding("cramps", site="calf"),
        finding("numbness", site="foot", side="both"), risks="alcohol", no_risks="diabetes vegan_diet metformin",
        no="back_pain", age=55, sex="male")),
    ("femoral_neuropathy", "within_days", case(
        finding("pain", site="groin front_thigh", side="right", onset="sudden", duration="P1W"),
        finding("numbness", site="front_thigh shin", side="right"), finding("knee_giving_way"), finding("weakness", site="thigh"),
        risks="recent_surgery", no="back_pain weight_loss", no_risks="back_problem_history", age=68)),
    ("shingles", "within_days", case(
        finding("burning", site="front_thigh groin", side="left", onset="sudden", duration="P3D", timing="constant"),
        finding("rash", site="front_thigh", side="left"), finding("touch_sensitivity", site="front_thigh"),
        no="weakness swelling", age=70)),
    ("multiple_sclerosis", "within_days", case(
        finding("numbness", site="leg trunk", side="both", duration="P2W", aggravating="heat"),
        finding("tingling", site="leg hand"), finding("electric_shocks"), finding("fatigue"), finding("vision_change"),
        no="back_pain sore_tongue", no_risks="vegan_diet nitrous_oxide diabetes", age=31)),
    ("guillain_barre", "emergency_department", case(
        finding("tingling", site="foot hand", side="both", duration="P4D", course="worsening", onset="sudden"),
        finding("weakness", site="leg", side="both"), finding("progressive_weakness", site="leg", side="both"),
        finding("walking_difficulty"), risks="recent_infection", no="bladder_problem fever", age=45, sex="male")),
    ("restless_legs_syndrome", "routine", case(
        finding("urge_to_move_legs"), finding("tingling", site="calf", side="both", quality="crawling",
                timing="evening night at_rest", relieving="moving", aggravating="sitting", duration="P1Y"),
        finding("sleep_problem"), no="weakness numbness back_pain balance_problem", age=52)),
    ("peripheral_artery_disease", "routine", case(
        finding("pain", site="calf", side="right", quality="cramping", aggravating="walking", relieving="standing_still",
                timing="on_exertion", duration="P8M"),
        no="back_pain numbness swelling", risks="smoking", age=67, sex="male")),
    ("deep_vein_thrombosis", "same_day", case(
        finding("pain", site="calf", side="left", quality="aching tight", timing="constant", duration="P2D"),
        finding("swelling", site="calf", side="left"), finding("warmth_redness", site="calf", side="left"),
        risks="immobility", no="breathlessness chest_pain injury", age=58)),
    ("acute_limb_ischaemia", "emergency_now", case(
        finding("pain", site="foot lower_leg", side="right", onset="sudden", duration="PT3H", severity=9),
        finding("cold_pale_limb", site="foot", side="right"), finding("numbness", site="foot", side="right"),
        risks="atrial_fibrillation", no="swelling back_pain", age=74, sex="male")),
    ("hip_osteoarthritis", "routine", case(
        finding("groin_pain", side="right", quality="aching", aggravating="stairs walking", relieving="rest",
                onset="gradual", duration="P2Y", timing="morning"),
        finding("hip_pain", side="right"), finding("stiffness", site="hip", side="right"), finding("pain", site="front_thigh"),
        no="numbness tingling fever", no_risks="steroid bisphosphonate", age=68)),
    ("greater_trochanteric_pain", "routine", case(
        finding("hip_pain", side="left", aggravating="lying_on_it stairs", timing="night", duration="P3M"),
        finding("pain", site="outer_thigh", side="left", quality="aching"),
        no="groin_pain numbness tingling back_pain", age=57)),
    ("muscle_strain", "routine", case(
        finding("pain", site="back_thigh", side="right", quality="sharp", onset="sudden", aggravating="exercise",
                relieving="rest", duration="P3D", course="improving"),
        finding("injury"), finding("bruising", site="back_thigh"), no="numbness back_pain fever swelling", age=28, sex="male")),
    ("statin_myopathy", "routine", case(
        finding("pain", site="thigh calf", side="both", quality="aching", duration="P6W", aggravating="stairs"),
        finding("cramps", site="calf", side="both"), risks="statin", no="numbness tingling dark_urine fever headache",
        no_risks="thyroid_disease", age=64, sex="male")),
    ("hypothyroidism", "routine", case(
        finding("cramps", site="calf thigh", side="both", duration="P6M", onset="gradual"),
        finding("stiffness", site="thigh", side="both"), finding("fatigue"), finding("cold_sensation"), finding("mood_change"),
        risks="thyroid_disease", no_risks="statin diabetes vegan_diet", no="weight_loss sore_tongue", age=48)),
    ("avascular_necrosis", "within_days", case(
        finding("groin_pain", side="left", quality="aching", aggravating="walking standing", timing="night",
                course="worsening", duration="P2M"),
        finding("hip_pain", side="left"), finding("walking_difficulty"), risks="steroid", no="numbness fever injury",
        age=41, sex="male")),
    ("femoral_stress_fracture", "within_days", case(
        finding("pain", site="front_thigh", side="right", quality="aching", aggravating="walking exercise standing",
                relieving="rest", course="worsening", duration="P5W"),
        finding("groin_pain", side="right"), risks="bisphosphonate", no="numbness back_pain injury", age=71)),
    ("bone_malignancy", "within_days", case(
        finding("pain", site="thigh", side="left", quality="aching", timing="night at_rest constant", course="worsening",
                duration="P10W"),
        finding("weight_loss"), finding("lump", site="thigh", side="left"), risks="cancer_history",
        no="numbness injury fever", age=66)),
    ("cauda_equina_syndrome", "emergency_department", case(
        finding("back_pain", onset="sudden", duration="P2D", course="worsening"),
        finding("pain", site="back_thigh calf", side="both", quality="shooting"), finding("saddle_numbness"),
        finding("bladder_problem"), age=43)),
    ("spinal_cord_compression", "emergency_department", case(
        finding("back_pain", site="upper_back", timing="night", duration="P3W", course="worsening"),
        finding("weakness", site="leg", side="both", quality="heavy"), finding("numbness", site="leg trunk", side="both"),
        finding("balance_problem"), finding("walking_difficulty"), risks="cancer_history", age=69, sex="male")),
    ("polymyalgia_rheumatica", "within_days", case(
        finding("pain", site="thigh hip arm", side="both", quality="aching", timing="morning night", duration="P5W"),
        finding("stiffness", site="thigh", side="both"), finding("fatigue"),
        no="numbness weakness headache jaw_pain vision_change", no_risks="statin", age=72)),
)  # fmt: skip


def ranked(told: Case) -> list[tuple[str, float]]:
    shares = MODEL.posterior(MODEL.states(told))
    return sorted(zip(MODEL.conditions, map(float, shares)), key=lambda pair: -pair[1])


def share(told: Case, condition: str) -> float:
    return dict(ranked(told))[condition]


def urgency(told: Case) -> str:
    """The least urgency: triage rules and conditions whose alarm sounds."""
    found = [rule.urgency for rule in TRIAGE.values() if holds(rule.when, told)]
    found += [
        CONDITIONS[name].urgency
        for name, part in ranked(told)
        if name in CONDITIONS and part >= (CONDITIONS[name].alarm_at or 2)
    ]
    return max(found + ["routine"], key=URGENCIES.index)


def test_every_condition_has_a_textbook_picture() -> None:
    assert {condition for condition, _, _ in TEXTBOOK} == set(CONDITIONS)


@pytest.mark.parametrize("condition, _, told", TEXTBOOK, ids=[row[0] for row in TEXTBOOK])
def test_textbook_picture_ranks_first(condition: str, _: str, told: Case) -> None:
    assert ranked(told)[0][0] == condition, ranked(told)[:3]


@pytest.mark.parametrize("condition, least, told", TEXTBOOK, ids=[row[0] for row in TEXTBOOK])
def test_textbook_picture_has_its_urgency(condition: str, least: str, told: Case) -> None:
    reached = urgency(told)
    assert URGENCIES.index(reached) >= URGENCIES.index(least), reached
    if least == "routine":
        assert reached == "routine", [rule.id for rule in TRIAGE.values() if holds(rule.when, told)]


# --- what must change the ranking, and which way ---------------------------------------------------------

THIGH = case(finding("pain", site="thigh", side="left"))
FEET = case(finding("tingling", site="foot", side="both"))


def test_one_sided_thigh_pain_lowers_b12() -> None:
    nothing = Case(profile={"age": 50, "sex_at_birth": "female"})
    assert share(THIGH, "b12_neuropathy") < share(nothing, "b12_neuropathy") / 3
    assert share(FEET, "b12_neuropathy") > share(nothing, "b12_neuropathy") * 2


def test_diabetes_with_metformin_leaves_both_standing() -> None:
    told = case(finding("tingling", site="foot", side="both"), finding("fatigue"), risks="diabetes metformin", age=66)
    assert share(told, "b12_neuropathy") > 0.1
    assert share(told, "diabetic_neuropathy") > 0.1


UP, DOWN = True, False
CHANGES = (
    ("b12_neuropathy", UP, FEET, Fact("risk_factor", "vegan_diet", "present")),
    ("b12_neuropathy", UP, FEET, Fact("risk_factor", "metformin", "present")),
    ("b12_neuropathy", UP, FEET, Fact("risk_factor", "nitrous_oxide", "present")),
    ("b12_neuropathy", UP, FEET, Fact("risk_factor", "stomach_surgery", "present")),
    ("b12_neuropathy", UP, FEET, finding("sore_tongue")),
    ("b12_neuropathy", UP, FEET, finding("balance_problem", aggravating="dark_or_eyes_closed")),
    ("b12_neuropathy", DOWN, FEET, Fact("risk_factor", "diabetes", "present")),
    ("b12_neuropathy", DOWN, FEET, finding("back_pain")),
    ("diabetic_neuropathy", DOWN, FEET, Fact("risk_factor", "diabetes", "absent")),
    ("alcohol_neuropathy", DOWN, FEET, Fact("risk_factor", "alcohol", "absent")),
    ("meralgia_paresthetica", DOWN, THIGH, finding("weakness", site="thigh")),
    ("meralgia_paresthetica", UP, THIGH, Fact("risk_factor", "tight_belt", "present")),
    ("upper_lumbar_radiculopathy", UP, THIGH, finding("knee_giving_way")),
    ("sciatica", UP, THIGH, finding("buttock_pain", side="left", aggravating=["coughing"])),
    ("greater_trochanteric_pain", DOWN, THIGH, finding("numbness", site="outer_thigh")),
    ("hip_osteoarthritis", DOWN, THIGH, finding("tingling", site="thigh")),
    ("femoral_stress_fracture", UP, THIGH, Fact("risk_factor", "bisphosphonate", "present")),
    ("femoral_neuropathy", UP, THIGH, Fact("risk_factor", "anticoagulant", "present")),
    ("avascular_necrosis", UP, THIGH, Fact("risk_factor", "steroid", "present")),
    ("bone_malignancy", UP, THIGH, Fact("risk_factor", "cancer_history", "present")),
    ("deep_vein_thrombosis", UP, THIGH, finding("swelling", site="thigh", side="left")),
    ("deep_vein_thrombosis", DOWN, THIGH, Fact("finding", "swelling", "absent")),
    ("statin_myopathy", DOWN, THIGH, Fact("risk_factor", "statin", "absent")),
    ("hypothyroidism", UP, FEET, Fact("risk_factor", "thyroid_disease", "present")),
    ("restless_legs_syndrome", UP, FEET, finding("urge_to_move_legs")),
    ("multiple_sclerosis", UP, FEET, finding("vision_change")),
    ("guillain_barre", UP, FEET, finding("progressive_weakness", side="both")),
)


@pytest.mark.parametrize("condition, up, told, more", CHANGES, ids=[f"{row[0]}-{row[3].id}" for row in CHANGES])
def test_one_more_fact_moves_the_share_the_right_way(condition: str, up: bool, told: Case, more: Fact) -> None:
    assert (share(told.with_fact(more), condition) > share(told, condition)) is up


@pytest.mark.parametrize("told", [row[2] for row in TEXTBOOK], ids=[row[0] for row in TEXTBOOK])
def test_left_and_right_are_alike(told: Case) -> None:
    def swap(fact: Fact) -> Fact:
        other = {"left": "right", "right": "left"}
        side = fact.attributes.get("side")
        return replace(fact, attributes={**fact.attributes, "side": other.get(str(side), side)}) if side else fact

    swapped = replace(told, facts=tuple(map(swap, told.facts)))
    assert dict(ranked(swapped)) == pytest.approx(dict(ranked(told)))
    assert urgency(swapped) == urgency(told)


DANGERS = (
    ("emergency_now", case(finding("pain", site="leg"), finding("facial_droop"))),
    ("emergency_now", case(finding("swelling", side="left"), finding("breathlessness"))),
    ("emergency_now", case(finding("weakness", side="both"), finding("breathing_difficulty"))),
    ("emergency_now", case(finding("cold_pale_limb", site="foot", side="left", onset="sudden"))),
    ("emergency_now", case(finding("injury"), finding("cannot_bear_weight"))),
    ("emergency_department", case(finding("back_pain"), finding("saddle_numbness"))),
    ("emergency_department", case(finding("back_pain"), finding("bladder_problem"))),
    ("emergency_department", case(finding("back_pain"), finding("progressive_weakness", side="left"))),
    ("emergency_department", case(finding("back_pain"), finding("pain", site="calf", side="both", quality="shooting"))),
    ("emergency_department", case(finding("groin_pain", side="left"), risks="anticoagulant")),
    ("emergency_department", case(finding("pain", site="thigh", side="both"), finding("dark_urine"))),
    ("emergency_department", case(finding("pain", site="thigh"), finding("cannot_bear_weight"), risks="bisphosphonate")),
    ("emergency_department", case(finding("hip_pain", severity=9), finding("fever"))),
    ("emergency_department", case(finding("stiffness"), finding("headache"), finding("vision_change"), age=70)),
    ("emergency_department", case(finding("numbness", side="both"), finding("weakness", side="both"), finding("bowel_problem"))),
    ("same_day", case(finding("tingling", site="foot", side="both"), risks="nitrous_oxide", age=22)),
    ("same_day", case(finding("numbness", site="foot", side="both"), finding("balance_problem"), risks="vegan_diet")),
    ("same_day", case(finding("tingling", site="foot", side="both"), finding("vision_change"))),
    ("same_day", case(finding("weakness", site="leg"), finding("progressive_weakness", site="leg"))),
    ("same_day", case(finding("swelling", side="left"), finding("warmth_redness", side="left"))),
    ("same_day", case(finding("swelling"), risks="pregnancy", age=30)),
    ("same_day", case(finding("foot_drop", side="left"))),
    ("same_day", case(finding("hip_pain"), finding("fever"))),
    ("same_day", case(finding("stiffness", site="thigh", side="both"), finding("jaw_pain"), age=72)),
    ("within_days", case(finding("pain", site="thigh", side="left"), risks="bisphosphonate")),
    ("within_days", case(finding("pain", site="thigh", side="left", timing="night"), risks="cancer_history")),
    ("within_days", case(finding("pain", site="thigh", timing="night"), finding("weight_loss"))),
    ("within_days", case(finding("lump", site="thigh"), finding("weight_loss"))),
    ("within_days", case(finding("burning", site="thigh", side="left"), finding("rash", site="thigh"))),
)  # fmt: skip


@pytest.mark.parametrize("least, told", DANGERS)
def test_dangerous_pictures_set_a_minimum(least: str, told: Case) -> None:
    assert URGENCIES.index(urgency(told)) >= URGENCIES.index(least)


@pytest.mark.parametrize(
    "told",
    [
        THIGH,
        FEET,
        case(finding("tingling", site="foot", side="both"), finding("fatigue"), risks="vegan_diet"),
        case(finding("numbness", site="foot", side="both"), risks="metformin diabetes", no="balance_problem weakness"),
        case(finding("pain", site="thigh", side="both"), risks="statin", no="dark_urine weakness"),
        case(finding("pain", site="calf", side="left", aggravating="walking"), risks="smoking", no="swelling ulcer"),
        case(finding("back_pain"), finding("pain", site="calf", side="left"), no="saddle_numbness bladder_problem weakness"),
        case(finding("urge_to_move_legs", timing="evening"), risks="pregnancy", no="swelling", age=30),
    ],
)  # fmt: skip
def test_everyday_pictures_stay_routine(told: Case) -> None:
    assert urgency(told) == "routine", [rule.id for rule in TRIAGE.values() if holds(rule.when, told)]


# --- about somebody else -------------------------------------------------------------------------------------

ADDRESSED = re.compile(r"\b(you|your|yours|my|me)\b", re.IGNORECASE)
CLUE_PHRASES = [state.phrase for clue in CLUES.values() for state in clue.states]
CLUE_PHRASES += [clue.otherwise_phrase for clue in CLUES.values()]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_questions_can_be_asked_about_somebody_else(question: schema.Question) -> None:
    assert not ADDRESSED.search(re.sub("You can choose more than one( place)?.", "", question.text_other))
    assert not ADDRESSED.search(question.why)
    assert not any(ADDRESSED.search(option.title) for option in question.options)


@pytest.mark.parametrize("phrase", CLUE_PHRASES)
def test_reasons_complete_you_have_and_they_have(phrase: str) -> None:
    assert not ADDRESSED.search(phrase)
    assert phrase.split()[0] not in ("it", "nothing", "only", "more than", "both") and not phrase.endswith(".")
    assert " among the medicines" not in phrase


# --- typed results --------------------------------------------------------------------------------------------


def result(analyte: str, band: str) -> Case:
    return replace(FEET, labs=(LabResult(analyte, 1.0, None, band=band),))


@pytest.mark.parametrize("analyte, band", [("serum_b12", "deficient"), ("active_b12", "deficient"), ("mma", "raised")])
def test_a_low_b12_or_a_raised_mma_lifts_b12(analyte: str, band: str) -> None:
    assert share(result(analyte, band), "b12_neuropathy") > 1.15 * share(FEET, "b12_neuropathy")


@pytest.mark.parametrize("analyte, band", [("serum_b12", "unlikely"), ("active_b12", "unlikely"), ("mma", "normal")])
def test_a_normal_result_lowers_b12_only_a_little(analyte: str, band: str) -> None:
    before, after = share(FEET, "b12_neuropathy"), share(result(analyte, band), "b12_neuropathy")
    assert 0.7 * before < after < before
