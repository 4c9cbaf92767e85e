"""The history for the doctor holds what was told, in order, and nothing else."""

from __future__ import annotations

import pytest

from bot.knowledge import load
from bot.reasoning.case import Case, Fact
from bot.rendering.history import history, ruled_out

KNOWLEDGE = load()
TITLES = {name: attribute.title for name, attribute in KNOWLEDGE.attributes.items()}


@pytest.mark.parametrize(
    ("general", "expected"),
    [
        ({}, {}),
        ({"onset": "gradual"}, {"onset": "Slowly"}),
        ({"site": ["foot", "outer_thigh"], "side": "left"}, {"site": "Foot, outside of the thigh", "side": "Left"}),
        ({"duration": "P4M"}, {"duration": "4 months"}),
        ({"duration": "P1W"}, {"duration": "1 week"}),
        ({"duration": "PT6H"}, {"duration": "6 hours"}),
        ({"duration": "long"}, {"duration": "long"}),
        ({"severity": 7}, {"severity": "7/10"}),
        ({"severity": 0}, {"severity": "0/10"}),
        ({"timing": ["night"], "denied": {"timing": ["morning"]}}, {"timing": "At night"}),
        ({"relieving": ["lying"], "aggravating": ["walking", "stairs"]},
         {"aggravating": "Walking, stairs", "relieving": "Lying down"}),
    ],
)  # fmt: skip
def test_general_attributes(general, expected):
    rows = history(Case(general=general), KNOWLEDGE, "en-GB")
    assert dict(rows) == {TITLES[name]: words for name, words in expected.items()}


def test_findings_add_their_own_once_and_denied_ones_nothing():
    facts = (
        Fact("finding", "burning", "present", {"site": ["foot"], "timing": ["night"]}),
        Fact("finding", "tingling", "present", {"site": ["foot", "hand"]}),
        Fact("finding", "numbness", "absent", {"site": ["thigh"]}),
    )
    rows = dict(history(Case(facts=facts), KNOWLEDGE, "en-GB"))
    assert rows == {TITLES["site"]: "Foot, hand", TITLES["timing"]: "At night"}


def test_warning_signs_count_as_ruled_out_only_if_asked_and_denied():
    facts = (
        Fact("finding", "bladder_problem", "absent"),
        Fact("finding", "saddle_numbness", "present"),
        Fact("finding", "fever", "absent"),
    )
    phrases = ruled_out(Case(facts=facts), KNOWLEDGE, ["saddle_bladder_bowel", "no such question"])
    assert phrases == [KNOWLEDGE.findings["bladder_problem"].phrase]
