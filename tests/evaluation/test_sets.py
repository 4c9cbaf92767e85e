"""The hand-written test sets hold known ids, exact spans and enough of everything, and no text twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Set

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SETS = ("findings", "acts", "topics", "scope", "labs", "red_flags")
VOCABULARY: Dict[str, Any] = yaml.safe_load((ROOT / "knowledge" / "vocabulary.yml").read_text(encoding="utf-8"))
FINDINGS: Set[str] = {id_ for group in VOCABULARY["finding"].values() for id_ in group}
LISTS = ("site", "quality", "timing", "aggravating", "relieving")
SCALARS = ("side", "onset", "course")
NAMED = (*LISTS, *SCALARS, "severity", "duration")
FLAGS = [f"F{number}" for number in range(1, 22)]


def load(name: str) -> List[Dict[str, Any]]:
    path = ROOT / "evaluation" / "sets" / f"{name}.yml"
    loaded: List[Dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


DATA = {name: load(name) for name in SETS}
FINDING_ITEMS = DATA["findings"]


def normal(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|[^\w\s]", text.lower().replace("'", "")))


def check_attribute(name: str, value: Any) -> None:
    if name == "severity":
        assert isinstance(value, int) and 0 <= value <= 10
    elif name == "duration":
        assert re.fullmatch(r"P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?", value) and value != "P"
    else:
        assert value in VOCABULARY["attribute"][name], (name, value)


def check_mention(mention: Dict[str, Any], text: str, ids: Set[str]) -> None:
    assert mention["id"] in ids
    assert mention["status"] in VOCABULARY["status"]
    assert mention.get("span", text) in text, mention["span"]


def test_no_text_appears_twice() -> None:
    texts = Counter(normal(item["text"]) for items in DATA.values() for item in items)
    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("name", SETS)
def test_texts_are_clean(name: str) -> None:
    for item in DATA[name]:
        assert item["text"] == item["text"].strip() and len(item["text"]) >= 2


def test_findings_use_known_ids_and_exact_spans() -> None:
    for item in FINDING_ITEMS:
        assert set(item) <= {"text", "free", "negation", "noisy", "story", "findings", "attributes", "risk_factors"}
        for finding in item.get("findings", []):
            check_mention(finding, item["text"], FINDINGS)
            assert finding["span"]
            assert set(finding) <= {"id", "status", "span", *NAMED}
            for name in set(finding) & set(NAMED):
                assert isinstance(finding[name], list) == (name in LISTS)
                for value in finding[name] if name in LISTS else [finding[name]]:
                    check_attribute(name, value)
        for attribute in item.get("attributes", []):
            check_attribute(attribute["name"], attribute["value"])
        for risk_factor in item.get("risk_factors", []):
            check_mention(risk_factor, item["text"], set(VOCABULARY["risk_factor"]))


def test_nothing_is_said_of_a_finding_the_speaker_does_not_have() -> None:
    for item in FINDING_ITEMS:
        for finding in item.get("findings", []):
            if finding["status"] not in ("present", "uncertain"):
                assert not set(finding) & set(NAMED) - {"site", "side"}, item["text"]


@pytest.mark.parametrize("beside, needed", [("progressive_weakness", "weakness"), ("severe_sudden_pain", "pain")])
def test_the_strong_form_stands_beside_the_plain_one(beside: str, needed: str) -> None:
    for item in FINDING_ITEMS:
        ids = {finding["id"] for finding in item.get("findings", [])}
        stands = any(id_ == needed or id_.endswith(f"_{needed}") for id_ in ids - {beside})
        assert beside not in ids or stands, item["text"]


@pytest.mark.parametrize("mark, least", [("free", 80), ("negation", 80), ("noisy", 40), ("story", 40)])
def test_every_phenomenon_is_there_often_enough(mark: str, least: int) -> None:
    assert sum(bool(item.get(mark)) for item in FINDING_ITEMS) >= least


def test_findings_cover_the_vocabulary() -> None:
    assert len(FINDING_ITEMS) >= 300
    mentions = [finding for item in FINDING_ITEMS for finding in item.get("findings", [])]
    assert {finding["id"] for finding in mentions} == FINDINGS
    assert {finding["status"] for finding in mentions} == set(VOCABULARY["status"])
    risks = {risk["id"] for item in FINDING_ITEMS for risk in item.get("risk_factors", [])}
    assert risks == set(VOCABULARY["risk_factor"])


def test_stories_are_long_and_tell_several_things() -> None:
    stories = [item for item in FINDING_ITEMS if item.get("story")]
    told = [len(item.get("findings", [])) + len(item.get("risk_factors", [])) for item in stories]
    assert min(len(item["text"].split()) for item in stories) >= 20
    assert sum(told) >= 3 * len(stories)


@pytest.mark.parametrize("name, kind, each", [("acts", "act", 8), ("topics", "topic", 5)])
def test_every_act_and_topic_is_there(name: str, kind: str, each: int) -> None:
    counted = Counter(item[kind] for item in DATA[name])
    assert set(counted) == set(VOCABULARY[kind]) and min(counted.values()) >= each


def test_objects_of_topics_are_known() -> None:
    objects = set(VOCABULARY["test"] + VOCABULARY["treatment"] + VOCABULARY["condition"])
    for item in DATA["topics"]:
        assert item["object"] is None or item["object"] in objects
        assert item["topic"] != "injections_vs_oral" or item["object"] is None


def test_scope_is_balanced() -> None:
    assert min(Counter(item["in_scope"] for item in DATA["scope"]).values()) >= 120


def test_labs_use_known_ids() -> None:
    assert len(DATA["labs"]) >= 120
    assert sum(not item["results"] for item in DATA["labs"]) >= 40
    for item in DATA["labs"]:
        for result in item["results"]:
            assert set(result) <= {"analyte", "number", "unit", "comparator", "lab_range", "band"}
            assert result["analyte"] in VOCABULARY["lab_analyte"] and result["band"] in VOCABULARY["lab_band"]
            assert result.get("comparator", "<") in ("<", ">")
            low, high = result.get("lab_range", (0, 1))
            assert low < high
            assert (result["unit"] is None) <= (result["band"] == "needs_unit" or "lab_range" in result)


def test_red_flags_and_near_misses_are_balanced() -> None:
    fired = [item for item in DATA["red_flags"] if item["flag"]]
    near = Counter(item["near"] for item in DATA["red_flags"] if item["flag"] is None)
    for counted in (Counter(item["flag"] for item in fired), near):
        assert set(counted) == set(FLAGS) and min(counted.values()) >= 10
    for item in fired:
        assert item["urgency"] in VOCABULARY["urgency"] and item["subject"] in ("self", "other")
