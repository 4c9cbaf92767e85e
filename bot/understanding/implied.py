"""The test, treatment or condition that a question is about although no word names it.

"Every how many weeks?" is about injections once it is known to ask for their schedule, and "my B12 is 150, is that
bad?" is about the test whose result it tells.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.mentions import Mention

TOPIC = "topic"
"""The evidence of such a mention: not words of its own, but what the whole question asks."""

ABOUT_RESULTS = frozenset({"result_meaning", "normal_result_but_symptoms", "too_much_b12", "monitoring"})
TEST_OF = {"egfr": "kidney_function"}
"""The test where its id is not that of what it measures."""

Entity = Mapping[str, object]


class ImpliedObjects:
    """Compiled once from ``knowledge/language/objects.yml``; ``read`` may be called from any thread."""

    def __init__(self, knowledge_folder: Path = FOLDER) -> None:
        data: Any = read_yaml(knowledge_folder / "language" / "objects.yml")
        self._tests = frozenset(data["test"])
        self._rules = [_Rule(row) for row in data["implied"]]

    def read(self, text: str, topic: str, entities: Sequence[Entity]) -> List[Mention]:
        """Objects of a question of this topic that ``entities`` do not hold yet; each spans the whole text."""
        found: Dict[Tuple[str, str], Mention] = {}
        named = [(str(entity["entity"]), str(entity["value"])) for entity in entities]
        wanted = [("test", test) for test in self._tests_of_results(topic, named)]
        wanted += [rule.object for rule in self._rules if rule.fits(text, topic, named + wanted)]
        for kind, id_ in wanted:
            if (kind, id_) not in named:
                found.setdefault((kind, id_), Mention(kind, id_, 0, len(text), evidence=TOPIC))
        return list(found.values())

    def _tests_of_results(self, topic: str, named: Sequence[Tuple[str, str]]) -> List[str]:
        if topic not in ABOUT_RESULTS:
            return []
        tests = [TEST_OF.get(id_, id_) for kind, id_ in named if kind == "lab_result"]
        return [test for test in tests if test in self._tests]


class _Rule:
    """One row of ``implied``."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.object = next((kind, str(row[kind])) for kind in ("test", "treatment", "condition") if kind in row)
        self._topics = frozenset(row["topics"])
        self._unless_named = bool(row.get("unless_named", False))
        words = "|".join(map(re.escape, row.get("words", ())))
        self._words: Optional[re.Pattern[str]] = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None

    def fits(self, text: str, topic: str, named: Sequence[Tuple[str, str]]) -> bool:
        """Whether a question of this topic in these words is about the object."""
        if topic not in self._topics or (self._words and not self._words.search(text)):
            return False
        return not (self._unless_named and any(kind == self.object[0] for kind, _ in named))
