"""Every hazard names tests, and every test named exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = [
    line for line in (ROOT / "docs/hazard-log.md").read_text(encoding="utf-8").splitlines() if line.startswith("| H")
]


def test_the_fourteen_hazards_are_there():
    assert [re.match(r"\| (H\d+)", row)[1] for row in ROWS] == [f"H{number}" for number in range(1, 15)]


def test_every_test_named_exists():
    for row in ROWS:
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert named, row[:10]
        for name in named:
            path, _, function = name.partition("::")
            assert (ROOT / path).exists(), name
            assert not function or f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), name
