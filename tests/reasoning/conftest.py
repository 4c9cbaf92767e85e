"""A knowledge small enough to check by hand, and the real one."""

from __future__ import annotations

from dataclasses import fields
from typing import Dict, List

import pytest

from bot.knowledge import schema
from bot.knowledge.loader import FOLDER, Knowledge, load, read_yaml

CLUES: List[Dict[str, object]] = [
    {
        "id": "both_feet",
        "group": "place",
        "states": [{"id": "yes", "when": {"attribute": "site", "is": "foot"}, "phrase": "it in the feet"}],
        "otherwise_phrase": "nothing in the feet",
        "background": {"yes": 20},
        "ids": ["foot"],
    },
    {
        "id": "outer_thigh",
        "group": "place",
        "states": [
            {"id": "yes", "when": {"attribute": "site", "is": "outer_thigh"}, "phrase": "it at the outer thigh"}
        ],
        "otherwise_phrase": "nothing at the outer thigh",
        "background": {"yes": 20},
        "ids": ["outer_thigh"],
    },
    {
        "id": "swelling",
        "group": "swelling",
        "states": [{"id": "yes", "when": {"finding": "swelling"}, "phrase": "swelling"}],
        "otherwise_phrase": "no swelling",
        "background": {"yes": 10},
        "ids": ["swelling"],
    },
    {
        "id": "vegan",
        "group": "diet",
        "states": [{"id": "yes", "when": {"risk_factor": "vegan_diet"}, "phrase": "a vegan diet"}],
        "otherwise_phrase": "a diet with animal food",
        "background": {"yes": 10},
        "ids": ["vegan_diet"],
    },
    {
        "id": "sore_tongue",
        "group": "general",
        "states": [{"id": "yes", "when": {"finding": "sore_tongue"}, "phrase": "a sore tongue"}],
        "otherwise_phrase": "no sore tongue",
        "background": {"yes": 10},
        "ids": ["sore_tongue"],
    },
]

EVIDENCE: Dict[str, Dict[str, float]] = {
    "b12_neuropathy": {"both_feet": 80, "outer_thigh": 5, "swelling": 2, "vegan": 40},
    "meralgia_paresthetica": {"both_feet": 2, "outer_thigh": 90, "swelling": 2},
    "deep_vein_thrombosis": {"both_feet": 5, "outer_thigh": 10, "swelling": 90},
}
PRIORS = {"b12_neuropathy": 300.0, "meralgia_paresthetica": 400.0, "deep_vein_thrombosis": 100.0}
TEXT = {
    "title": "A title",
    "plain_name": "a name",
    "summary": "A summary.",
    "what_helps": "Help.",
    "cause": "A cause.",
    "typical_pain": "Pain.",
    "associated": "More.",
    "onset": "Slow.",
    "prior_why": "Common.",
}


def _condition(name: str) -> schema.Condition:
    clot = name == "deep_vein_thrombosis"
    evidence = [
        {"clue": clue, "of_100": {"yes": number}, "why": "It is so.", "judgement": "editorial"}
        for clue, number in EVIDENCE[name].items()
    ]
    return schema.Condition.parse_obj(
        {
            **TEXT,
            "id": name,
            "prior": PRIORS[name],
            "urgency": "same_day" if clot else "routine",
            "cannot_miss": clot,
            "alarm_at": 0.3 if clot else None,
            "tests": ["d_dimer"] if clot else ["serum_b12", "mma"],
            "evidence": evidence,
        }
    )


def _question(key: str, about: str, id_: str, type_: str, stage: str, **more: object) -> schema.Question:
    words = {"text": "A question?", "text_other": "A question?", "why": "A reason."}
    return schema.Question.parse_obj(
        {"key": key, "about": about, "id": id_, "type": type_, "stage": stage, **words, **more}
    )


QUESTIONS = [
    _question("feet", "attribute", "site", "yes_no", "place", of="main", value="foot"),
    _question(
        "site",
        "attribute",
        "site",
        "multi_choice",
        "place",
        of="main",
        options=[{"value": "foot", "title": "Foot"}, {"value": "outer_thigh", "title": "Outer thigh"}],
    ),
    _question("swelling", "finding", "swelling", "yes_no", "safety"),
    _question("vegan", "risk_factor", "vegan_diet", "yes_no", "risk"),
    _question("tongue", "finding", "sore_tongue", "yes_no", "general"),
    _question("rash", "finding", "rash", "yes_no", "general"),
    _question("warmth", "finding", "warmth_redness", "yes_no", "safety", when={"finding": "swelling"}),
]


@pytest.fixture(scope="session")
def small() -> Knowledge:
    """Three conditions, five clues, seven questions, one rule."""
    rules = [
        {"id": "warm_swelling", "when": {"finding": "warmth_redness"}, "urgency": "same_day", "reason": "Warm."},
        {
            "id": "numb_saddle",
            "when": {"finding": "saddle_numbness"},
            "urgency": "emergency_department",
            "reason": "Numb.",
        },
    ]
    flag = {"title": "A", "act": "A.", "act_other": "A.", "reason": "Because.", "confidence": "policy"}
    parts: Dict[str, object] = {field.name: {} for field in fields(Knowledge)}
    parts["vocabulary"] = read_yaml(FOLDER / "vocabulary.yml")
    parts["clues"] = {str(clue["id"]): schema.Clue.parse_obj(clue) for clue in CLUES}
    parts["conditions"] = {name: _condition(name) for name in EVIDENCE}
    parts["questions"] = {question.key: question for question in QUESTIONS}
    parts["triage"] = {str(rule["id"]): schema.TriageRule.parse_obj(rule) for rule in rules}
    parts["red_flags"] = {
        "F1": schema.RedFlag.parse_obj({"id": "F1", "urgency": "emergency_department", **flag}),
        "F4": schema.RedFlag.parse_obj({"id": "F4", "urgency": "same_day", **flag}),
    }
    return Knowledge(**parts)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def real() -> Knowledge:
    """The reviewed data."""
    return load()
