"""The questions of ``article_questions.yml``, one for each fact of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Tuple

import yaml

PATH = Path(__file__).parent / "article_questions.yml"
# Facts asked of a named object, as a message names it.
OBJECTS: Dict[str, Tuple[str, str]] = {
    "A48": ("test", "mma"),
    "A49": ("test", "homocysteine"),
    "A50": ("test", "nerve_conduction_study"),
    "A51": ("test", "emg"),
}


@dataclass(frozen=True)
class Question:
    """A fact asked for: ``says`` are patterns that the answer has to match."""

    fact: str
    text: str
    topic: str
    says: Tuple[str, ...]

    def missing(self, answer: str) -> List[str]:
        """The patterns that the answer does not match."""
        return [pattern for pattern in self.says if not re.search(pattern, answer, re.IGNORECASE)]


QUESTIONS = [
    Question(fact, text, topic, tuple(says)) for fact, text, topic, says in yaml.safe_load(PATH.read_text("utf-8"))
]
