"""The reader against sentences marked by hand, one file for each phenomenon of the labelling conventions."""

from __future__ import annotations

import time
from typing import List, Set, Tuple

import pytest

from adaptation import marked
from bot.understanding.mentions import Mention
from bot.understanding.reader import Reader

FILES = (
    *("status", "sensations", "movement", "general", "attributes", "risks", "spelling", "objects", "whole"),
    *("round1", "round2", "round3", "round4", "round5", "round6", "round7", "places_said", "medicines"),
    *("sides_said", "places_linked", "attributes_said", "status_said", "facets_said"),
)
ALL = [
    pytest.param(example, id=f"{name}: {example.text}")
    for name in FILES
    for example in marked.examples(marked.FOLDER / f"{name}.txt")
]


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


def said(mention: Mention, check: Tuple[str, ...]) -> Tuple[object, ...]:
    keys = dict(mention.extra, status=mention.status)
    values: List[Tuple[str, object]] = []
    for name in check if mention.entity != "attribute" else ("name",):
        value = keys.get(name)
        if value is not None:
            values.append((name, tuple(sorted(value)) if isinstance(value, list) else str(value)))
    return (mention.entity, mention.value, tuple(sorted(values)))


def expected(label: marked.Label, check: Tuple[str, ...]) -> Tuple[object, ...]:
    return (
        label.kind,
        label.id,
        tuple((k, v) for k, v in label.keys if k in check or (label.kind == "attribute" and k == "name")),
    )


def differences(reader: Reader, example: marked.Example) -> Tuple[set, set]:
    """What is missing and what is too much."""
    check = example.check
    wanted = {expected(label, check) for label in example.labels}
    got = {said(m, check) for m in reader.read(example.text) if m.entity in example.kinds}
    return wanted - got, got - wanted


@pytest.mark.parametrize("example", ALL)
def test_reads_what_was_said(reader: Reader, example: marked.Example) -> None:
    assert differences(reader, example) == (set(), set())


def short(name: str) -> List[Tuple[str, Set[str]]]:
    """Lines ``sentence => id id/status``."""
    lines = (marked.FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition("=>") for line in lines if "=>" in line and not line.startswith("#")]
    return [(text.strip(), {i if "/" in i else f"{i}/present" for i in ids.split()}) for text, _, ids in rows]


@pytest.mark.parametrize(
    ("text", "wanted"), short("varied") + short("varied_status") + short("frames") + short("frames2") + short("answers")
)
def test_finds_every_finding_and_risk_factor_in_many_words(reader: Reader, text: str, wanted: Set[str]) -> None:
    mentions = reader.read(text)
    assert {f"{m.value}/{m.status}" for m in mentions if m.entity in ("finding", "risk_factor")} == wanted


def test_a_message_of_25_words_is_read_in_a_few_milliseconds(reader: Reader) -> None:
    text = (
        "My left thigh has been burning at night for three months and my feet tingle, no weakness, "
        "but sitting down eases it and walking makes it worse"
    )
    reader.read(text)
    times = []
    for _ in range(40):
        start = time.perf_counter()
        reader.read(text)
        times.append(time.perf_counter() - start)
    assert sorted(times)[20] < 0.05  # seconds; about a tenth of this on an idle machine


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "???", "🔥🔥", "a" * 3000, "no " * 500, "my leg " * 300, "👍🏽 é ñ 漢字 İ"]
)
def test_survives_odd_messages(reader: Reader, text: str) -> None:
    for mention in reader.read(text):
        assert 0 <= mention.start < mention.end <= len(text)


@pytest.mark.parametrize("example", ALL)
def test_points_at_the_words_that_say_it(reader: Reader, example: marked.Example) -> None:
    mentions = reader.read(example.text)
    first = {(label.kind, label.id): label for label in reversed(example.labels)}  # what is said twice is one mention
    for label in first.values():
        found = [m for m in mentions if (m.entity, m.value) == (label.kind, label.id)]
        assert any(m.start < label.end and label.start < m.end for m in found), label
