"""Who is spoken of: the speaker or someone else, followed through the message.

A person word turns the subject to someone else, a word of the speaker's own turns it back. A new sentence goes on with
whom the one before it began with. The words are data, in ``knowledge/language/subjects.yml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml

SELF, OTHER = "self", "other"


@dataclass(frozen=True)
class Subjects:
    """For each token: whether it is said of someone else, and whether of a relative by blood.

    ``turns`` are the tokens that decide it: persons and words of the speaker's own.
    """

    others: Tuple[bool, ...]
    relatives: Tuple[bool, ...]
    turns: FrozenSet[int]

    def at(self, token: int) -> str:
        """The subject of one token."""
        return OTHER if self.others[token] else SELF

    def of_clause(self, first: int, last: int) -> str:
        """The subject of a clause: who is named last in it ("my neighbour had to pick me up")."""
        return self.at(next((token for token in range(last, first - 1, -1) if token in self.turns), last))


class SubjectTracker:
    """Compiled once from the word lists."""

    def __init__(self, path: Path) -> None:
        data: Any = read_yaml(path)
        self._words: Dict[str, FrozenSet[str]] = {name: frozenset(words) for name, words in data.items()}
        self.persons: FrozenSet[str] = self._words["persons"]

    def read(self, doc: Doc) -> Subjects:
        """Who each token is said of."""
        norms: List[str] = doc.user_data["norms"]
        other = relative = False
        others: List[bool] = []
        relatives: List[bool] = []
        turns = set()
        sentences: List[int] = doc.user_data["sentences"]
        topic: Optional[bool] = None
        topic_relative = False
        for i, norm in enumerate(norms):
            turned = self._turned(norms, i)
            if i and sentences[i] != sentences[i - 1]:
                if topic is not None:
                    other, relative = topic, topic_relative
                topic = None
            if turned is not None and (topic is None or self._introduces(norms, i)):
                topic = turned == OTHER
            if turned == OTHER:
                person = self._person(norm)
                other = True
                relative = person in self._words["blood_relatives"] if person else relative
            elif turned == SELF:
                other = relative = False
            if turned is not None:
                turns.add(i)
                topic_relative = relative or topic_relative and bool(topic)
            others.append(other)
            relatives.append(relative)
        return Subjects(tuple(others), tuple(relatives), frozenset(turns))

    def _turned(self, norms: Sequence[str], i: int) -> Optional[str]:
        words, norm = self._words, norms[i]
        if self._person(norm) and self._is_person(norms, i):
            return OTHER
        if norm in words["pronouns"]:
            return None if self._is_professional(norms, i) else OTHER
        if norm in words["self"] or (norm == "my" and self._is_own_body(norms, i)):
            return SELF
        return SELF if self._points(norms, i) else None

    def _points(self, norms: Sequence[str], i: int) -> bool:
        """Whether the speaker points at something of his own: "and now this leg"."""
        return norms[i] in ("this", "these") and not self._words["own_parts"].isdisjoint(norms[i + 1 : i + 3])

    def _introduces(self, norms: Sequence[str], i: int) -> bool:
        """Whether who is named late in a sentence is whom the next ones are about ("I'm asking for my dad")."""
        return (
            self._points(norms, i)
            or self._person(norms[i]) != ""
            and not self._words["introducing"].isdisjoint(norms[max(0, i - 4) : i])
        )

    def _person(self, norm: str) -> str:
        """The person word in the singular, or nothing."""
        persons = self._words["persons"]
        if norm in persons:
            return norm
        return norm[:-1] if norm.endswith("s") and norm[:-1] in persons else ""

    def _is_person(self, norms: Sequence[str], i: int) -> bool:
        """A person word counts with a determiner ("my dad"), a possessive or at the start ("Mum's got")."""
        words = self._words
        previous = norms[i - 1] if i else ""
        if {"me", "i"} & set(norms[max(0, i - 3) : i]) and "and" in norms[max(0, i - 2) : i]:
            return False  # "me and my mates" includes the speaker
        if words["reporting"].intersection([*norms[max(0, i - 2) : i], *norms[i + 1 : i + 2]]):
            return False  # "my wife says I limp", "I limp, says the wife"
        if self._reports_from_afar(norms, i):
            return False
        if norms[i] in words["addressed"] and previous not in words["determiners"] and norms[i + 1 : i + 2] != ["of"]:
            return False  # "bro I can't feel my feet"
        if norms[i] in words["vague_persons"]:
            named = previous == "a" and i + 1 < len(norms) and norms[i + 1] in words["whose"]
            return (named or previous in words["vague_determiners"]) and "like" not in norms[max(0, i - 3) : i]
        if not previous or previous in words["determiners"] or previous in words["starts"]:
            return True
        return norms[i] in words["names"]

    def _reports_from_afar(self, norms: Sequence[str], i: int) -> bool:
        """ "a mate from the gym reckons I": who reports is told apart by a few words."""
        behind = norms[i + 1 : i + 6]
        return behind[:1] in (["at"], ["from"], ["in"], ["down"]) and not self._words["reporting"].isdisjoint(behind)

    def _is_own_body(self, norms: Sequence[str], i: int) -> bool:
        """ "my" begins something of the speaker's own unless a person word follows ("my poor old dad")."""
        known = self._words
        for norm in norms[i + 1 : i + 6]:
            if norm in known["persons"] or norm.rstrip("s") in known["persons"]:
                return False
            if norm in known["professionals"]:
                return True
            if norm not in known["determiners"] and not norm.isdigit() and norm not in ("-", " "):
                return True
        return True

    def _is_professional(self, norms: Sequence[str], i: int) -> bool:
        """ "my GP ... she thinks": the pronoun stands for a professional named before, not for a patient."""
        before = [norm for norm in norms[:i] if norm in self._words["professionals"] or norm in self._words["persons"]]
        return bool(before) and before[-1] in self._words["professionals"]
