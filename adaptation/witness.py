"""What the rules say of each true status, counted on messages that they were not tuned on."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, Iterator, List, Set, Tuple

import numpy as np

from bot.knowledge.loader import read_yaml
from bot.understanding.adapter import Array
from bot.understanding.reader import Reader
from bot.understanding.status import REVISED, STATUSES

NEVER_SEEN = 0.5
"""Added to each count: what did not happen among some hundred may yet happen (Jeffreys)."""


def witness(messages: Path) -> Array:
    """Shares of what the rules say (columns) of each true status (rows) in a set of findings, of shape (6, 6)."""
    counts = np.full((len(STATUSES), len(STATUSES)), NEVER_SEEN, dtype=np.float32)
    for true, said in _pairs(messages):
        counts[STATUSES.index(true), STATUSES.index(said)] += 1
    shares: Array = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _pairs(messages: Path) -> Iterator[Tuple[str, str]]:
    """The true status and that of the rules, of what both name with one status."""
    reader = Reader()
    rows: Any = read_yaml(messages)
    for row in rows:
        said: Dict[str, List[str]] = defaultdict(list)
        true: Dict[str, Set[str]] = defaultdict(set)
        for mention in reader.read(row["text"]):
            if mention.entity == REVISED:
                said[mention.value].append(str(mention.status))
        for labelled in row.get("findings") or ():
            true[labelled["id"]].add(labelled["status"])
        for id_, statuses in true.items():
            if len(statuses) == 1 == len(said[id_]):
                yield next(iter(statuses)), said[id_][0]
