"""Status of risk factors in lists and answers: "Smoker: gave up", "prescribed a statin, never took it"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import ABSENT

NEITHER, NORMAL = "neither", "normal"
FILLERS = ("just", "really", "all", "ever", "actually", "even", "also")
ANSWER_REACH, TOLD_REACH = 8, 2  # tokens between a name and what is said of it behind or before
# Illnesses that people name by the organ: "Thyroid: fine".
ORGANS = frozenset(["kidney_disease", "thyroid_disease"])
_MARK = re.compile(r"\s*(?::|\?|[-–—]|\.{2,})+\s*")
_TURN = re.compile(r"[,;:.?!–-]|\b(?:but|and|though|then|which|that|until|like|so)\b")


@dataclass(frozen=True)
class _Said:
    """``kind``: a status, or how the words tell it."""

    kind: str
    first: int
    last: int


class RiskStatus:
    """Finds what ``risk_status.yml`` lists around the names of risk factors."""

    def __init__(self, path: Path) -> None:
        data: Any = read_yaml(path)
        self._lexicons = {group: Lexicon({group: phrases}, {}, FILLERS) for group, phrases in data.items()}

    def answer(self, doc: Doc, match: Match, matches: Sequence[Match]) -> Optional[str]:
        """The status that an answer behind the name gives it, or ``None``."""
        for said in self._of(doc, "answered"):
            if _MARK.fullmatch(_between(doc, match.last, said.first)):
                return _status(said, match.id)
        for said in self._after(doc, match, matches):
            turn = _between(doc, match.last, said.first) + doc[said.first].lower_
            if said.kind != NEITHER and _TURN.search(turn):
                return _status(said, match.id)
        return None

    def told(self, doc: Doc, match: Match) -> Optional[str]:
        """The status where somebody told it: "they tell me I've pernicious anaemia"."""
        for said in self._of(doc, "told"):
            if 0 < match.first - said.last <= TOLD_REACH + 1:
                return said.kind
        return None

    def is_neither(self, doc: Doc, match: Match) -> bool:
        """Whether the speaker then denies all of it: "my husband takes a statin and a thinner. I take neither"."""
        sentences = doc.user_data["sentences"]
        return any(
            said.kind == NEITHER and said.first > match.last and sentences[said.first] - sentences[match.last] <= 1
            for said in self._of(doc, "referred")
        )

    def _after(self, doc: Doc, match: Match, matches: Sequence[Match]) -> List[_Said]:
        """What refers back to the name, with no other risk factor in between."""
        later = min((other.first for other in matches if other.first > match.last), default=len(doc))
        return [
            said
            for said in self._of(doc, "referred")
            if match.last < said.first <= min(match.last + ANSWER_REACH, later) and said.last < later + 1
        ]

    def _of(self, doc: Doc, group: str) -> List[_Said]:
        known: Dict[str, List[_Said]] = doc.user_data.setdefault("risk_status", {})
        if group not in known:
            found = self._lexicons[group].find(doc)
            known[group] = [_Said(match.id, match.first, match.last) for match in found]
        return known[group]


def _status(said: _Said, risk: str) -> Optional[str]:
    if said.kind == NORMAL:
        return ABSENT if risk in ORGANS else None
    return said.kind


def _between(doc: Doc, last: int, first: int) -> str:
    end = doc[last].idx + len(doc[last].text)
    return doc.text[end : doc[first].idx] if first > last else "none"
