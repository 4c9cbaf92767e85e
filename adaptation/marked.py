"""Reads sentences with inline marks: ``no [numbness](finding:numbness status=absent) in my feet``.

A mark may hold several labels separated by ``;``. ``status`` is present unless said. The first line of a file,
``# check: status site``, names what is compared besides kind and id; ``# kinds:`` what is compared at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

FOLDER = Path(__file__).resolve().parents[1] / "data" / "sentences"
_MARK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
LISTS = ("site", "quality", "timing", "aggravating", "relieving")


@dataclass(frozen=True)
class Label:
    """One expected mention; ``keys`` in the order of their names."""

    kind: str
    id: str
    start: int
    end: int
    keys: Tuple[Tuple[str, object], ...]


@dataclass(frozen=True)
class Example:
    """A sentence without marks, and its labels."""

    text: str
    labels: Tuple[Label, ...]
    check: Tuple[str, ...]
    kinds: Tuple[str, ...]


def parse(line: str, check: Sequence[str] = (), kinds: Sequence[str] = ()) -> Example:
    """The example of one marked line."""
    text, labels, last = "", [], 0
    for match in _MARK.finditer(line):
        text += line[last : match.start()]
        start = len(text)
        text += match.group(1)
        for label in match.group(2).split(";"):
            head, *pairs = label.split()
            kind, _, id_ = head.partition(":")
            keys: Dict[str, object] = {}
            for pair in pairs:
                name, _, value = pair.partition("=")
                keys[name] = tuple(sorted(value.split(","))) if name in LISTS else value
            if kind in ("finding", "risk_factor"):
                keys.setdefault("status", "present")
            labels.append(Label(kind, id_, start, len(text), tuple(sorted(keys.items()))))
        last = match.end()
    return Example(text + line[last:], tuple(labels), tuple(check), tuple(kinds))


def examples(path: Path) -> List[Example]:
    """The sentences of one file."""
    check: List[str] = []
    kinds = ["finding", "risk_factor", "attribute"]
    found: List[Example] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# check:"):
            check = line.partition(":")[2].split()
        elif line.startswith("# kinds:"):
            kinds = line.partition(":")[2].split()
        elif line.strip() and not line.startswith("#"):
            found.append(parse(line, check, kinds))
    return found
