"""The sentences of ``data/red_flags``: what the rules are tested on and the net learns from.

A folder holds the sentences of one author, a file those of one flag. ``fires`` lists emergencies, ``silent`` near
misses; those of a folder of everyday stories stand under the flag they are most like. A tag before a sentence says what
differs from the usual: ``[E]`` emergency now, ``[A]`` emergency department, ``[S]`` same day, ``[D]`` within days,
``[other]`` somebody else's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, List, Optional, Sequence, Tuple

from bot.knowledge.loader import KnowledgeError, read_yaml
from bot.understanding.red_flags import LANGUAGE, RedFlagDetector
from bot.understanding.wording import Example

FOLDER = Path(__file__).resolve().parents[2] / "data" / "red_flags"
RULES = ("rules", "rules_more", "rules_unseen")
"""Folders whose every sentence the rules alone get right."""
TALES = ("ordinary", "ordinary_3", "ordinary_4", "ordinary_5", "ordinary_6")
"""Folders of everyday stories without any emergency; a number is that of the author, as in ``written_3``."""
URGENCY = {"E": "emergency_now", "A": "emergency_department", "S": "same_day", "D": "within_days"}
COUNTEREXAMPLES = 2000
_LINE = re.compile(r"(?:\[([EASD]|other|[EASD] other)\] )?(.+)")


@dataclass(frozen=True)
class Sentence:
    """``near`` is the flag of its file; ``urgency`` and ``other`` say nothing of one that stays silent."""

    text: str
    near: str
    fires: bool
    urgency: str
    usual: str
    other: bool
    author: str

    @property
    def flag(self) -> Optional[str]:
        """The flag that must fire, or none."""
        return self.near if self.fires else None

    @property
    def escalated(self) -> bool:
        """Whether it is more urgent than its flag usually is."""
        return self.fires and self.urgency != self.usual


def read_sentences(folder: Path = FOLDER, authors: Optional[Tuple[str, ...]] = None) -> List[Sentence]:
    """All sentences, or those of some authors. Raises ``KnowledgeError`` for a file that is not as described."""
    found: List[Sentence] = []
    for path in sorted(folder.glob("*/F*.yml")):
        if authors is None or path.parent.name in authors:
            found += _read(path)
    return found


def counterexamples(examples: Sequence[Example], detector: RedFlagDetector, most: int = COUNTEREXAMPLES) -> List[str]:
    """Texts without a red flag among the training examples of intents, spread evenly over them.

    Not every example is one: those with an alarming finding are left out, and those on which the rules fire.
    """
    alarming = _alarming()
    harmless = [example.text for example in examples if not example.findings & alarming]
    step = max(1, -(-len(harmless) // most))
    return [text for text in harmless[::step] if not detector.detect(text)]


def _alarming() -> FrozenSet[str]:
    rules = read_yaml(LANGUAGE / "red_flags.yml")
    return frozenset(rules["alarming"])  # type: ignore[index]


def _read(path: Path) -> List[Sentence]:
    data = read_yaml(path)
    if not isinstance(data, dict) or set(data) != {"flag", "urgency", "fires", "silent"}:
        raise KnowledgeError(f"{path.parent.name}/{path.name}: flag, urgency, fires and silent are expected")
    flag, usual = str(data["flag"]), URGENCY[str(data["urgency"])]
    sentences = []
    for kind in ("fires", "silent"):
        for line in str(data[kind]).splitlines():
            match = _LINE.fullmatch(line.strip())
            if match is None:
                continue
            tags = (match.group(1) or "").split()
            urgency = next((URGENCY[tag] for tag in tags if tag in URGENCY), usual)
            sentences.append(
                Sentence(match.group(2), flag, kind == "fires", urgency, usual, "other" in tags, path.parent.name)
            )
    return sentences
