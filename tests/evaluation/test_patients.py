"""Simulated patients: the records are sound, the player answers truthfully, the scores are right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Set

import pytest
import yaml

from evaluation import patients as command
from evaluation.patient_answers import Speaker, hours, in_words, load_words, truth
from evaluation.patient_picture import draw
from evaluation.patient_records import Patient, load_patients
from evaluation.patient_scores import markdown, outcome, score
from evaluation.patient_talk import MOST_TURNS, URGENCIES, Messages, Talk, play

VOCABULARY: Dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "knowledge" / "vocabulary.yml").read_text(encoding="utf-8")
)
FINDINGS: Set[str] = {finding for group in VOCABULARY["finding"].values() for finding in group}
ATTRIBUTES: Dict[str, Any] = VOCABULARY["attribute"]
PATIENTS = load_patients()

PATIENT = Patient.parse_obj(
    {
        "id": "test_patient",
        "source": "composed",
        "condition": "sciatica",
        "also_acceptable": ["lumbar_spinal_stenosis"],
        "urgency": "routine",
        "opening": "I have a shooting pain down the back of my left leg since I lifted a box.",
        "profile": {"age": 67, "sex_at_birth": "female", "country": "GB"},
        "main": {
            "site": ["buttock", "back_thigh", "calf"],
            "side": "left",
            "quality": ["shooting"],
            "onset": "sudden",
            "aggravating": ["sitting", "coughing"],
            "severity": 7,
            "duration": "P6M",
        },
        "findings": {
            "pain": {},
            "tingling": {"site": ["foot"]},
            "vision_change": {"status": "past"},
            "falls": {"status": "uncertain"},
            "progressive_weakness": {},
        },
        "risk_factors": {"vegan_diet": "present", "statin": "past"},
    }
)


def question(about: str, id_: str, type_: str = "yes_no", options: Sequence[str] = (), **more: str) -> Dict[str, Any]:
    values = options or (("affirm", "deny", "not_sure") if type_ == "yes_no" else ())
    titled = [{"value": value, "title": f"The {value}"} for value in values]
    return {"kind": "question", "about": about, "id": id_, "type": type_, "options": titled, **more}


# --- records ------------------------------------------------------------------------------------


def test_enough_patients_cover_every_condition() -> None:
    counts = Counter(patient.condition for patient in PATIENTS)
    assert len(PATIENTS) >= 90
    assert len({patient.id for patient in PATIENTS}) == len(PATIENTS)
    assert len({patient.opening for patient in PATIENTS}) == len(PATIENTS)
    assert all(counts[condition] >= 2 for condition in VOCABULARY["condition"])
    assert all(counts[common] >= 8 for common in ("b12_neuropathy", "sciatica", "meralgia_paresthetica"))
    assert {patient.urgency for patient in PATIENTS} == set(VOCABULARY["urgency"]) == set(URGENCIES)


def test_patients_are_of_all_kinds() -> None:
    ages = [patient.profile.age for patient in PATIENTS]
    assert min(ages) <= 21 and max(ages) >= 85
    assert {patient.profile.country for patient in PATIENTS} >= {"GB", "US"}
    assert sum(patient.about == "other" for patient in PATIENTS) >= 10
    assert sum(patient.source != "composed" for patient in PATIENTS) >= 15
    assert sum("pregnancy" in patient.risk_factors for patient in PATIENTS) >= 3


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.id)
def test_record_uses_known_ids(patient: Patient) -> None:
    conditions = set(VOCABULARY["condition"])
    assert patient.condition is None or patient.condition in conditions
    assert set(patient.also_acceptable) <= conditions - {patient.condition}
    assert set(patient.findings) <= FINDINGS
    assert set(patient.risk_factors) <= set(VOCABULARY["risk_factor"])
    assert 8 <= len(patient.opening.split()) <= 60
    assert 16 <= patient.profile.age <= 100
    assert not (
        patient.profile.sex_at_birth == "male" and {"pregnancy", "contraceptive_pill"} & set(patient.risk_factors)
    )
    for details in (patient.main, *patient.findings.values()):
        for name in ("site", "side", "quality", "onset", "course", "timing", "aggravating", "relieving"):
            assert set(details.values(name)) <= set(ATTRIBUTES[name]), name
        assert details.severity is None or 0 <= details.severity <= 10
        assert details.duration is None or hours(details.duration)
    assert patient.main.duration and patient.main.onset


def test_words_are_for_known_values() -> None:
    words = load_words()
    for name, values in words["values"].items():
        if name in ATTRIBUTES:
            assert set(values) == set(ATTRIBUTES[name]), name
    assert set(words["acts"]) <= set(VOCABULARY["act"])


# --- answers ------------------------------------------------------------------------------------

SITES = ("thigh", "lower_leg", "foot", "none")
TRUTHS = [
    (question("finding", "pain"), ("affirm",)),
    (question("finding", "burning"), ("deny",)),
    (question("finding", "vision_change"), ("deny",)),
    (question("finding", "falls"), ("not_sure",)),
    (question("finding", "weakness"), ("affirm",)),
    (question("risk_factor", "vegan_diet"), ("affirm",)),
    (question("risk_factor", "low_animal_food"), ("affirm",)),
    (question("risk_factor", "older_age"), ("affirm",)),
    (question("risk_factor", "statin"), ("deny",)),
    (question("risk_factor", "metformin"), ("deny",)),
    (question("attribute", "aggravating", of="pain", value="coughing"), ("affirm",)),
    (question("attribute", "aggravating", of="pain", value="walking"), ("deny",)),
    (question("attribute", "site", of="tingling", value="foot"), ("affirm",)),
    (question("attribute", "site", of="tingling", value="calf"), ("deny",)),
    (question("attribute", "site", of="burning", value="lower_leg"), ("affirm",)),
    (question("attribute", "timing", of="pain", value="night"), ("deny",)),
    (question("attribute", "side", "choice", ("left", "right", "both"), of="pain"), ("left",)),
    (question("attribute", "side", "choice", ("one_side", "both"), of="pain"), ("one_side",)),
    (question("attribute", "course", "choice", ("worsening", "stable", "not_sure"), of="pain"), ("not_sure",)),
    (question("attribute", "relieving", "choice", ("sitting", "none"), of="pain"), ("none",)),
    (question("attribute", "site", "choice", SITES, of="pain"), ("thigh",)),
    (question("attribute", "site", "multi_choice", SITES, of="pain"), ("thigh", "lower_leg")),
    (question("attribute", "site", "multi_choice", ("thigh", "back_thigh", "foot"), of="pain"), ("back_thigh",)),
    (question("attribute", "quality", "multi_choice", ("burning", "none"), of="pain"), ("none",)),
    (question("finding", "pain", "multi_choice", ("pain", "tingling", "numbness")), ("pain", "tingling")),
    (question("risk_factor", "metformin", "multi_choice", ("metformin", "vegan_diet", "none")), ("vegan_diet",)),
    (question("risk_factor", "metformin", "multi_choice", ("metformin", "none")), ("none",)),
    (question("risk_factor", "vegan_diet", "choice", ("low_animal_food", "vegan_diet", "none")), ("vegan_diet",)),
    (question("attribute", "duration", "free", of="pain"), ("P6M",)),
    (question("attribute", "duration", "choice", ("P1W", "P4M", "P3Y"), of="pain"), ("P4M",)),
    (question("profile", "consent"), ("affirm",)),
    (question("profile", "sex_at_birth", "choice", ("female", "male")), ("female",)),
    (question("profile", "country", "choice", ("GB", "US", "XX")), ("GB",)),
    (question("profile", "country", "choice", ("IE", "XX")), ("XX",)),
]


@pytest.mark.parametrize("asked, expected", TRUTHS)
def test_answer_is_true(asked: Dict[str, Any], expected: Sequence[str]) -> None:
    assert truth(asked, PATIENT).values == tuple(expected)


@pytest.mark.parametrize(
    "asked, number",
    [(question("profile", "age", "number"), 67), (question("attribute", "severity", "number", of="pain"), 7)],
)
def test_numbers_are_told(asked: Dict[str, Any], number: int) -> None:
    assert truth(asked, PATIENT).number == number
    assert all(str(number) in Speaker(PATIENT, seed).say(asked) for seed in range(10))


def test_words_vary_but_only_with_the_seed() -> None:
    asked = question("attribute", "side", "choice", ("left", "right"), of="pain")
    said = [Speaker(PATIENT, seed).say(asked) for seed in range(60)]
    assert said == [Speaker(PATIENT, seed).say(asked) for seed in range(60)]
    titles = sum(words == "The left" for words in said)
    assert 30 <= titles <= 50
    assert all("left" in words and "right" not in words for words in said)


@pytest.mark.parametrize("asked, expected", TRUTHS)
def test_plain_answer_is_the_title_where_there_is_one(asked: Dict[str, Any], expected: Sequence[str]) -> None:
    offered = {option["value"] for option in asked["options"]}
    if set(expected) <= offered:
        assert Speaker(PATIENT).say(asked, plainly=True) == ", ".join(f"The {value}" for value in expected)


def test_durations_are_said_in_words() -> None:
    assert in_words("P6M") == "6 months"
    assert in_words("P1Y") == "1 year"
    assert "6 months" in Speaker(PATIENT).say(question("attribute", "duration", "free", of="pain"))


# --- the talk -----------------------------------------------------------------------------------


class Script:
    """An assistant that replies with fixed custom messages, one list for each message of the patient."""

    def __init__(self, *replies: List[Dict[str, Any]]) -> None:
        self.replies = list(replies)
        self.heard: List[str] = []

    def __call__(self, text: str) -> Messages:
        self.heard.append(text)
        customs = self.replies[min(len(self.heard), len(self.replies)) - 1]
        return [{"text": "words"}, *({"custom": custom} for custom in customs)]


def assessment(
    urgency: str = "routine", ranking: Sequence[str] = ("sciatica",), complete: bool = True
) -> Dict[str, Any]:
    ranked = [
        {"condition": condition, "likelihood": "possible", "supports": [], "against": []} for condition in ranking
    ]
    return {"kind": "assessment", "urgency": urgency, "ranking": ranked, "complete": complete}


def urgent(urgency: str, flag: str = "F1") -> Dict[str, Any]:
    return {"kind": "urgent", "flag": flag, "urgency": urgency, "subject": "self"}


CONSENT = question("profile", "consent")


def test_talk_goes_from_opening_to_assessment() -> None:
    script = Script([CONSENT], [question("finding", "pain")], [question("profile", "age", "number")], [assessment()])
    talk = play(PATIENT, script)
    assert script.heard[:2] == [PATIENT.opening, "yes"]
    assert talk.ended == "assessment"
    assert talk.questions == 2
    assert talk.ranking == ["sciatica"]
    assert len(talk.turns) == 4


def test_result_so_far_does_not_end_the_talk() -> None:
    script = Script([assessment(complete=False), question("finding", "pain")], [assessment(ranking=["shingles"])])
    talk = play(PATIENT, script)
    assert (talk.ended, talk.ranking, talk.questions) == ("assessment", ["shingles"], 1)


@pytest.mark.parametrize("urgency", ["emergency_department", "same_day"])
def test_flag_with_nothing_more_to_answer_ends_the_talk(urgency: str) -> None:
    talk = play(PATIENT, Script([urgent(urgency)]))
    assert (talk.ended, talk.urgency) == ("urgent", urgency)


def test_lesser_flag_does_not_end_the_talk() -> None:
    talk = play(PATIENT, Script([urgent("same_day"), question("finding", "pain")], [assessment("routine")]))
    assert (talk.ended, talk.urgency, talk.questions) == ("assessment", "same_day", 1)


def test_misunderstood_answer_is_repeated_plainly() -> None:
    asked = question("attribute", "side", "choice", ("left", "right"), of="pain")
    clarify = {"kind": "clarify", "reason": "not_understood"}
    for seed in range(10):
        script = Script([asked], [clarify, asked], [assessment()])
        talk = play(PATIENT, script, seed)
        assert script.heard[2] == "The left"
        assert (talk.clarified, talk.questions) == (1, 2)


def test_talk_ends_when_data_are_erased_or_nothing_is_asked() -> None:
    assert play(PATIENT, Script([{"kind": "erased"}])).ended == "erased"
    assert play(PATIENT, Script([])).ended == "stuck"


def test_talk_never_runs_on() -> None:
    talk = play(PATIENT, Script([question("finding", "pain")]))
    assert (talk.ended, len(talk.turns)) == ("turns", MOST_TURNS)


@pytest.mark.parametrize("patient", PATIENTS, ids=lambda patient: patient.id)
def test_every_patient_can_answer_every_kind_of_question(patient: Patient) -> None:
    kinds = [asked for asked, _ in TRUTHS] + [question("profile", "age", "number")]
    talk = play(patient, Script(*([asked] for asked in kinds[:28]), [assessment()]))
    assert talk.ended == "assessment"
    assert all(said.strip() for said, _ in talk.turns)


# --- scores -------------------------------------------------------------------------------------


def played(urgency: Optional[str], ranking: Sequence[str], questions: int = 8, patient: Patient = PATIENT) -> Talk:
    talk = Talk(patient.id, asked=["finding/pain"] * questions, ended="assessment")
    if urgency:
        talk.assessment = assessment(urgency, ranking)
    return talk


def test_any_accepted_condition_counts() -> None:
    assert outcome(PATIENT, played("routine", ["lumbar_spinal_stenosis", "sciatica"])).rank == 1
    assert outcome(PATIENT, played("routine", ["shingles", "hypothyroidism", "sciatica"])).within(3)
    assert outcome(PATIENT, played("routine", ["shingles"])).rank is None


def test_scores() -> None:
    urgent_patient = PATIENT.copy(update={"id": "urgent", "urgency": "same_day", "condition": "shingles"})
    stroke = PATIENT.copy(update={"id": "stroke", "urgency": "emergency_now", "condition": None, "also_acceptable": []})
    outcomes = [
        outcome(PATIENT, played("routine", ["sciatica"], 6)),
        outcome(PATIENT, played("same_day", ["shingles", "sciatica"], 10)),
        outcome(urgent_patient, played("within_days", ["pain"], 8)),
        outcome(stroke, played(None, [])),
    ]
    result = score(outcomes)
    assert result["patients"] == 4
    assert result["top_1"] == pytest.approx(1 / 3)
    assert result["top_3"] == pytest.approx(2 / 3)
    assert result["under_triaged"] == ["urgent", "stroke"]
    assert result["over_triaged_routine"] == ["test_patient"]
    assert result["over_triage_share"] == 0.5
    assert result["without_result"] == ["stroke"]
    confusion: Any = result["confusion"]
    assert confusion["routine"]["routine"] == confusion["routine"]["same_day"] == 1
    assert confusion["same_day"]["within_days"] == confusion["emergency_now"]["no_result"] == 1
    conditions: Any = result["by_condition"]
    assert conditions["sciatica"]["top_1"] == 1 and conditions["sciatica"]["top_3"] == 2
    assert conditions["shingles"]["first_instead"] == ["pain"]
    assert result["questions_median"] == 8


def test_reached_urgency_is_the_worst_of_flags_and_result() -> None:
    talk = played("within_days", ["sciatica"])
    talk.flags.append(urgent("same_day"))
    assert outcome(PATIENT, talk).urgency == "same_day"


def test_report_and_picture_are_made(tmp_path: Path) -> None:
    outcomes = [
        outcome(patient, played(patient.urgency, [patient.condition or ""], 7, patient)) for patient in PATIENTS
    ]
    report = markdown(outcomes)
    assert all(patient.id in report for patient in PATIENTS)
    assert report == markdown(outcomes)
    draw(outcomes, tmp_path / "first.png")
    draw(outcomes, tmp_path / "second.png")
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()


def test_command_plays_chosen_patients_and_fails_on_under_triage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "over_rest", lambda url: lambda patient: Script([assessment("routine")]))
    report = tmp_path / "report.md"
    assert command.main(["--url", "http://host", "--only", "sciatica_lifting", "--show", "--report", str(report)]) == 0
    assert "sciatica_lifting" in capsys.readouterr().out
    assert "sciatica_lifting" in report.read_text(encoding="utf-8")
    assert command.main(["--url", "http://host", "--only", "ces_classic"]) == 1
