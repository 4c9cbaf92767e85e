"""Patterns over cases: true, false, or unknown."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

import pytest

from bot.knowledge.patterns import Pattern
from bot.reasoning.attributes import days
from bot.reasoning.case import Case, Fact, LabResult
from bot.reasoning.evaluate import holds
from bot.reasoning.keys import keys

Told = Tuple[str, str, Dict[str, object]]


def finding(
    id_: str, status: str = "present", denied: Optional[Dict[str, List[str]]] = None, **attributes: object
) -> Fact:
    return Fact("finding", id_, status, attributes, denied or {})


def risk(id_: str, status: str = "present", **attributes: object) -> Fact:
    return Fact("risk_factor", id_, status, attributes)


@pytest.mark.parametrize(
    ("facts", "pattern", "expected"),
    [
        # status
        ([], {"finding": "pain"}, None),
        ([finding("pain")], {"finding": "pain"}, True),
        ([finding("pain", "absent")], {"finding": "pain"}, False),
        ([finding("pain", "past")], {"finding": "pain"}, False),
        ([finding("pain", "uncertain")], {"finding": "pain"}, None),
        ([finding("pain", "other_person")], {"finding": "pain"}, None),
        ([finding("pain", "hypothetical")], {"finding": "pain"}, None),
        ([risk("cancer_history", "past")], {"risk_factor": "cancer_history"}, True),
        ([risk("metformin", "past")], {"risk_factor": "metformin"}, False),
        # groups and lists
        ([finding("tingling")], {"finding": "sensory"}, True),
        ([finding("tingling", "absent")], {"finding": "sensory"}, False),
        ([finding("weakness")], {"finding": "sensory"}, None),
        ([finding("burning"), finding("pain", "absent")], {"finding": ["pain", "burning"]}, True),
        ([finding("pain", "absent"), finding("burning", "uncertain")], {"finding": ["pain", "burning"]}, None),
        # places
        ([finding("pain", site=["outer_thigh"])], {"finding": "pain", "site": "thigh"}, True),
        ([finding("pain", site=["thigh"])], {"finding": "pain", "site": "outer_thigh"}, None),
        ([finding("pain", site=["thigh"])], {"finding": "pain", "site": "foot"}, False),
        ([finding("pain", site=["leg"])], {"finding": "pain", "site": "foot"}, None),
        ([finding("pain", site=["toes"])], {"finding": "pain", "site": "foot"}, True),
        ([finding("pain")], {"finding": "pain", "site": "foot"}, None),
        ([finding("pain", site=["foot"])], {"attribute": "site", "is": "hand"}, None),
        ([finding("buttock_pain")], {"attribute": "site", "is": "buttock"}, True),
        ([finding("back_pain"), finding("pain", site=["leg"])], {"attribute": "site", "is": "foot"}, None),
        # sides
        ([finding("pain", side="left")], {"finding": "pain", "side": "one_side"}, True),
        ([finding("pain", side="both")], {"finding": "pain", "side": "one_side"}, False),
        ([finding("pain", side="one_side")], {"finding": "pain", "side": "left"}, None),
        ([finding("pain", side="left"), finding("pain", side="right")], {"finding": "pain", "side": "both"}, True),
        (
            [finding("pain", side="left", site=["foot"]), finding("pain", side="right", site=["foot"])],
            {"finding": "pain", "side": "one_side"},
            False,
        ),
        # open lists stay open until denied
        ([finding("pain", aggravating=["walking"])], {"attribute": "aggravating", "is": "sitting"}, None),
        ([finding("pain", denied={"aggravating": ["sitting"]})], {"attribute": "aggravating", "is": "sitting"}, False),
        ([finding("pain", timing=["constant"])], {"attribute": "timing", "is": "intermittent"}, False),
        ([finding("pain", timing=["night"])], {"finding": "pain", "timing": "night"}, True),
        ([finding("pain", onset="gradual")], {"attribute": "onset", "is": "sudden"}, False),
        # numbers
        ([finding("pain", severity=9)], {"finding": "pain", "severity_at_least": 8}, True),
        ([finding("pain", duration="P3W")], {"finding": "pain", "days_at_most": 14}, False),
        ([finding("pain", duration="P3W")], {"attribute": "duration", "days_at_most": 90}, True),
        ([risk("metformin", duration="P5Y")], {"risk_factor": "metformin", "days_at_least": 1460}, True),
        # changes of mind
        ([finding("pain"), finding("pain", "absent")], {"finding": "pain"}, False),
        ([finding("pain", "absent"), finding("pain")], {"finding": "pain"}, True),
        (
            [finding("numbness", site=["foot"]), finding("numbness", "absent", site=["hand"])],
            {"finding": "numbness", "site": "foot"},
            True,
        ),
        (
            [finding("numbness", site=["foot", "hand"]), finding("numbness", "absent", site=["hand"])],
            {"finding": "numbness", "site": "hand"},
            False,
        ),
        (
            [finding("numbness", "absent", site=["hand"]), finding("numbness", site=["foot"])],
            {"finding": "numbness", "site": "hand"},
            False,
        ),
        # one mention lends another what that leaves unsaid
        (
            [finding("pain", timing=["night"]), finding("pain", site=["foot"])],
            {"finding": "pain", "site": "foot", "timing": "night"},
            True,
        ),
        # combinations
        ([finding("pain")], {"all": [{"finding": "pain"}, {"finding": "rash"}]}, None),
        ([finding("pain", "absent")], {"all": [{"finding": "pain"}, {"finding": "rash"}]}, False),
        ([finding("pain")], {"any": [{"finding": "rash"}, {"finding": "pain"}]}, True),
        ([finding("pain", "absent")], {"none": [{"finding": "pain"}]}, True),
        ([], {"none": [{"finding": "pain"}]}, None),
    ],
)
def test_findings(facts: List[Fact], pattern: Dict[str, object], expected: Optional[bool]) -> None:
    assert holds(Pattern.parse_obj(pattern), Case(facts=tuple(facts))) is expected


@pytest.mark.parametrize(
    ("case", "pattern", "expected"),
    [
        (Case(profile={"age": 70}), {"profile": "age", "at_least": 65}, True),
        (Case(profile={"age": "41"}), {"profile": "age", "at_most": 40}, False),
        (Case(), {"profile": "age", "at_least": 65}, None),
        (Case(profile={"age": 70}), {"risk_factor": "older_age"}, True),
        (Case(profile={"sex_at_birth": "female"}), {"profile": "sex_at_birth", "is": "female"}, True),
        (Case(red_flags=("F1",)), {"red_flag": ["F1", "F2"]}, True),
        (Case(), {"red_flag": "F1"}, False),
        (
            Case(labs=(LabResult("serum_b12", 90, "pmol/L", band="deficient"),)),
            {"lab": "serum_b12", "band": "deficient"},
            True,
        ),
        (Case(labs=(LabResult("serum_b12", 90, None),)), {"lab": "serum_b12", "band": "deficient"}, None),
        (Case(general={"side": "both"}, facts=(finding("pain"),)), {"finding": "pain", "side": "both"}, True),
        (
            Case(general={"side": "both"}, facts=(finding("pain", side="left"),)),
            {"finding": "pain", "side": "both"},
            False,
        ),
        (
            Case(general={"site": ["foot"]}, facts=(finding("pain", site=["leg"]),)),
            {"finding": "pain", "site": "foot"},
            True,
        ),
        (Case(general={"denied": {"timing": ["night"]}}), {"attribute": "timing", "is": "night"}, False),
        (Case(general={"denied": {"site": ["foot"]}}), {"attribute": "site", "is": ["foot", "toes"]}, False),
    ],
)
def test_profile_labs_and_what_is_said_in_general(
    case: Case, pattern: Dict[str, object], expected: Optional[bool]
) -> None:
    assert holds(Pattern.parse_obj(pattern), case) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("P2W", 14), ("P1Y", 365), ("P12M", 360), ("PT12H", 0.5), ("P1M3D", 33), ("weeks", None), ("", None)],
)
def test_durations(text: str, expected: Optional[float]) -> None:
    assert days(text) == expected


def test_keys_name_what_a_pattern_looks_at() -> None:
    pattern = Pattern.parse_obj(
        {"all": [{"finding": "restless", "site": "leg"}, {"attribute": "timing", "is": "night"}]}
    )
    assert keys(pattern) == {("finding", "urge_to_move_legs"), ("attribute", "site"), ("attribute", "timing night")}
