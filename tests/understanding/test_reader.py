"""The reader against sentences marked by hand, one file for each phenomenon of the labelling conventions."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import List, Tuple

import pytest

from bot.understanding.mentions import Mention
from bot.understanding.reader import Reader

_spec = importlib.util.spec_from_file_location("marked", Path(__file__).parent / "marked.py")
assert _spec is not None and _spec.loader is not None
marked = importlib.util.module_from_spec(_spec)
import sys  # noqa: E402

sys.modules["marked"] = marked
_spec.loader.exec_module(marked)

FILES = ("status", "sensations", "movement", "general", "attributes", "risks", "spelling", "objects")
ALL = [pytest.param(example, id=f"{name}: {example.text}") for name in FILES for example in marked.examples(name)]


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


def expected(label: "marked.Label", check: Tuple[str, ...]) -> Tuple[object, ...]:
    return (label.kind, label.id, tuple((k, v) for k, v in label.keys if k in check or (label.kind == "attribute" and k == "name")))


def differences(reader: Reader, example: "marked.Example") -> Tuple[set, set]:
    """What is missing and what is too much."""
    check = example.check
    wanted = {expected(label, check) for label in example.labels}
    got = {said(m, check) for m in reader.read(example.text) if m.entity in example.kinds}
    return wanted - got, got - wanted


@pytest.mark.parametrize("example", ALL)
def test_reads_what_was_said(reader: Reader, example: "marked.Example") -> None:
    assert differences(reader, example) == (set(), set())


@pytest.mark.parametrize("example", ALL)
def test_points_at_the_words_that_say_it(reader: Reader, example: "marked.Example") -> None:
    mentions = reader.read(example.text)
    for label in example.labels:
        found = [m for m in mentions if (m.entity, m.value) == (label.kind, label.id)]
        assert any(m.start < label.end and label.start < m.end for m in found), label
