"""The speaker beside someone else: "my wife is exhausted, not me", "I'm coeliac and so is my brother"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, FrozenSet, Iterable, List, Mapping, Optional

from spacy.tokens import Doc

from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import ABSENT, PRESENT
from bot.understanding.subjects import OTHER, Subjects

REACH = 10  # tokens between a complaint and what is said of the other one
QUESTION_REACH = 4  # tokens between "pernicious anaemia?" and "grandad had that"


@dataclass(frozen=True)
class Other:
    """``token`` names the person; ``asked`` says that the speaker only asked about it: "anaemia? Grandad had that"."""

    token: int
    asked: bool


class Company:
    """Who else has what the speaker tells, and whether the speaker has what he tells of someone else."""

    def __init__(self, data: Mapping[str, Any], persons: Iterable[str]) -> None:
        kinds = {
            "own": {ABSENT: data["unlike_other"], PRESENT: data["like_other"]},
            "also": {"also": data["also_other"]},
        }
        self._lexicon = Lexicon(kinds, {"person": list(persons)}, data["fillers"])
        self._ends: FrozenSet[str] = frozenset(data["words"]["answer_ends"])

    def find(self, doc: Doc) -> List[Match]:
        """What compares the two, of kind "own" or "also"."""
        return self._lexicon.find(doc)

    def of_speaker(self, doc: Doc, found: List[Match], last: int) -> Optional[str]:
        """What the speaker says of himself after naming someone else's, which ends at token ``last``."""
        norms = doc.user_data["norms"]
        for match in found:
            following = [norm for norm in norms[match.last + 1 : match.last + 3] if norm.strip()][:1]
            if match.kind == "own" and _near(doc, match, last) and (not following or following[0] in self._ends):
                return match.id
        return None

    def of_other(self, doc: Doc, found: List[Match], subjects: Subjects, last: int) -> Optional[Other]:
        """Who else has what ends at token ``last``."""
        for match in found:
            persons = [token for token in match.tokens if subjects.at(token) == OTHER]
            if match.kind == "also" and _near(doc, match, last) and persons:
                asked = "?" in doc.user_data["norms"][last + 1 : min(match.first, last + 1 + QUESTION_REACH)]
                return Other(persons[0], asked)
        return None


def _near(doc: Doc, match: Match, last: int) -> bool:
    sentences = doc.user_data["sentences"]
    if not last < match.first <= last + REACH or sentences[match.first] - sentences[last] > 1:
        return False
    apart = sentences[match.first] != sentences[last]
    return match.kind == "own" or not apart or sentences[match.first - 2] != sentences[match.first]
