"""What is said of a complaint after it: a word that ends it ("numbness no."), or a sentence of its own ("Gone now.").

The words are data: ``closings``, ``verdicts`` and ``replies`` of ``knowledge/language/context.yml``, by status.
"""

from __future__ import annotations

from typing import AbstractSet, Any, FrozenSet, List, Mapping, Optional, Sequence

from spacy.tokens import Doc

from bot.understanding.lexicon import Lexicon, Match

CLOSING_REACH = 4  # tokens between the complaint and the word that denies it
QUESTION_LENGTH = 5  # words of a question that only names a complaint: "The burning?"


class Verdicts:
    """Found once for each ``Doc``; ``Match.id`` is the status. ``data`` is that of ``context.yml``."""

    def __init__(self, data: Mapping[str, Any], words: Mapping[str, FrozenSet[str]]) -> None:
        self._lexicon = Lexicon({"verdict": data["verdicts"]}, {}, data["fillers"])
        self._closings = Lexicon({"closing": data["closings"]}, {})
        self._replies = Lexicon({"reply": data["replies"]}, {}, data["fillers"])
        self._words = words

    def find(self, doc: Doc) -> List[Match]:
        """Closings that end a statement, and verdicts that begin one."""
        found = [match for match in self._closings.find(doc) if self._ends(doc, match.last)]
        found += [match for match in self._lexicon.find(doc) if self._begins(doc, match.first, "clauses")]
        return found + [match for match in self._replies.find(doc) if self._is_sentence(doc, match)]

    def of(self, doc: Doc, found: Sequence[Match], end: int, claimed: AbstractSet[int]) -> Optional[Match]:
        """The match that is said of what ends before token ``end``; ``claimed`` are the words of all complaints."""
        for match in found:
            if match.first >= end and (
                self._closes(doc, match, end) if match.kind == "closing" else self._judges(doc, match, end, claimed)
            ):
                return match
        return None

    def _is_sentence(self, doc: Doc, match: Match) -> bool:
        """Whether nothing else is said in the sentence: "The doctor thought I'd be breathless. I'm not." """
        sentences, norms = doc.user_data["sentences"], doc.user_data["norms"]
        own = [i for i, number in enumerate(sentences) if number == sentences[match.first] and norms[i].isalpha()]
        return all(i in match.tokens or norms[i] in self._words["leads"] for i in own)

    def _ends(self, doc: Doc, last: int) -> bool:
        following = [norm for norm in doc.user_data["norms"][last + 1 : last + 3] if norm.strip()][:1]
        return not following or following[0] in self._words["stops"]

    def _begins(self, doc: Doc, first: int, unit: str) -> bool:
        norms, numbers = doc.user_data["norms"], doc.user_data[unit]
        before = first - 1
        while before >= 0 and numbers[before] == numbers[first]:
            if norms[before].strip() and norms[before] not in self._words["leads"]:
                return False
            before -= 1
        return True

    def _closes(self, doc: Doc, match: Match, end: int) -> bool:
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        between = [norm for norm in norms[end : match.first] if norm.strip(" -")]
        if clauses[end - 1] != clauses[match.first] or len(between) > CLOSING_REACH:
            return False
        return self._words["lists"].isdisjoint(between[:-1] if between[-1:] == [","] else between)

    def _judges(self, doc: Doc, match: Match, end: int, claimed: AbstractSet[int]) -> bool:
        norms, sentences, clauses = (doc.user_data[name] for name in ("norms", "sentences", "clauses"))
        apart = sentences[match.first] - sentences[end - 1]
        if apart > 1 or (apart == 0 and clauses[match.first] - clauses[end - 1] != 1):
            return False
        own = [norm for norm, sentence in zip(norms, sentences) if sentence == sentences[end - 1] and norm.strip()]
        if apart and not self._begins(doc, match.first, "sentences"):
            return False
        if apart and own[-1] == "?" and len(own) > QUESTION_LENGTH + 1:
            return False
        all_of_it = norms[match.first] not in self._words["one"]
        return all_of_it or not any(token in claimed for token in range(end, match.first))
