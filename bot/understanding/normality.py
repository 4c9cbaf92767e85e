"""Phrases of ``normality.yml`` for the lexicon: what says that a bodily function works, or does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import Assessment
from bot.understanding.lexicon import Match
from bot.understanding.mentions import ABSENT, PAST, PRESENT

NORMAL = " -> state=normal"
DENIAL_REACH = 6  # tokens between a denial and the function it denies

Phrases = Dict[str, List[str]]


class Normality:
    """``phrases`` are those of each finding, ``classes`` the named lists they use."""

    def __init__(self, path: Path) -> None:
        data: Any = read_yaml(path)
        self.phrases, self.classes = _phrases(data)
        self._denying: FrozenSet[str] = frozenset(data["denying"])
        self._lists: FrozenSet[str] = frozenset(data["lists"])
        self._until: FrozenSet[str] = frozenset(data["until"])

    def status(self, doc: Doc, match: Match, assessed: Assessment) -> str:
        """The status of a finding whose function works. ``assessed`` is what the words around the match make of it."""
        norms = doc.user_data["norms"]
        following = [n for n in norms[match.last + 1 : match.last + 4] if n.strip()]
        if assessed.status in (ABSENT, PRESENT) or assessed.cues == ("?",) and "?" not in norms[match.last :]:
            denied = self._is_denied(doc, match) or following[:1] and following[0] in self._until
            return PRESENT if denied else ABSENT
        return PRESENT if assessed.status == PAST else assessed.status

    def _is_denied(self, doc: Doc, match: Match) -> bool:
        """Whether a word of denial is said of the predicate ("not right", "I do not think my balance is right")."""
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        for i in reversed(range(max(0, match.first - DENIAL_REACH), match.last)):
            if i < match.first and (norms[i] in self._lists or clauses[i] != clauses[match.first]):
                return False
            if norms[i] in self._denying and i not in match.tokens:
                return True
        return False


def _phrases(data: Any) -> Tuple[Phrases, Mapping[str, Sequence[str]]]:
    frames: Mapping[str, Sequence[str]] = data["frames"]
    found: Phrases = {}
    classes: Dict[str, Sequence[str]] = {"normal": data["normal"], "abnormal": data["abnormal"]}
    for finding, function in data["functions"].items():
        own = found.setdefault(finding, [])
        own += [phrase + NORMAL for phrase in function.get("normal", ())]
        if not function["names"]:
            continue
        name = f"function_{finding}"
        classes[name] = function["names"]
        own += [frame.replace("<function>", f"<{name}>") + NORMAL for frame in frames["normal"]]
        kinds = [kind for kind in ("abnormal", "trouble") if function.get(kind) or function.get("abnormal")]
        own += [frame.replace("<function>", f"<{name}>") for kind in kinds for frame in frames[kind]]
    return found, classes
