"""The pattern language of the red-flag files, looked for among a message's words.

A message is a row of normalised words (``i can not feel foot .``); articles and possessives are left out.
``red_flag_words.yml`` describes the language. Only patterns whose words occur are ever tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterable, List, Mapping, Sequence, Set, Tuple

from spacy.tokens import Doc

from bot.understanding.pattern_search import BLANK, Element, Search
from bot.understanding.spelling import english_words

DROPPED = frozenset("a an the my his her their our your its of 's 're s".split())
_ENDS = frozenset([".", "!", ";", "…", ".."])
_PAUSES = frozenset([",", "-", "(", ")", ":", "...", "/", "+"])


@dataclass(frozen=True)
class Words:
    """The kept words of a message: ``tokens`` are their places in the ``Doc``."""

    words: Tuple[str, ...]
    tokens: Tuple[int, ...]

    @classmethod
    def of(cls, doc: Doc, respell: Mapping[str, str]) -> "Words":
        """Words and pauses of ``doc``, without the words that patterns leave out."""
        words: List[str] = []
        tokens: List[int] = []
        for place, norm in enumerate(doc.user_data["norms"]):
            for word in respell.get(norm, norm).split():
                if word in _ENDS or "\n" in norm:
                    word = "."
                elif word == "?":
                    pass
                elif word in _PAUSES:
                    word = ","
                elif (word in DROPPED or not word[0].isalnum()) and word != "&":
                    continue
                words.append(word)
                tokens.append(place)
            if "\n" in norm:
                words.append(".")
                tokens.append(place)
        return cls(tuple(words), tuple(tokens))

    def without(self, spans: Iterable["Span"]) -> "Words":
        """The same words with those of ``spans`` blanked out."""
        words = list(self.words)
        for span in spans:
            for place in range(span.start, min(span.end, len(words))):
                words[place] = BLANK if words[place] not in (".", "?") else words[place]
        return Words(tuple(words), self.tokens)


@dataclass(frozen=True)
class Span:
    """Words ``start`` to ``end`` (exclusive) of a ``Words`` matched by a pattern of ``name``."""

    name: str
    start: int
    end: int


class PatternSet:
    """Named lists of patterns, all looked for at once. Only those are tried of which some word occurs."""

    def __init__(self, patterns: Mapping[str, Iterable[str]], lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = {name: tuple(str(item) for item in items) for name, items in lists.items()}
        self._rows: List[Tuple[str, Tuple[Element, ...]]] = []
        self._elements: Dict[str, Element] = {}
        self._by_word: Dict[str, Set[int]] = {}
        self._vocabulary: Set[str] = {"."}
        for name, rows in patterns.items():
            for row in rows:
                self._add(name, str(row))

    def find(self, words: Words) -> List[Span]:
        """All matches, overlapping ones of different patterns included."""
        search = Search(words.words, self._vocabulary)
        places: Set[int] = set()
        for key in search.keys:
            places |= self._by_word.get(key, frozenset())
        spans: List[Span] = []
        for place in sorted(places):
            name, elements = self._rows[place]
            spans += [Span(name, start, end) for start, end in search.matches(elements)]
        return spans

    def _add(self, name: str, row: str) -> None:
        elements = [self._element(text) for text in row.replace('"', "").split()]
        elements = [element for element in elements if element.gap or element.alternatives]
        keys = [frozenset(element.by_first) for element in elements if element.alternatives and not element.optional]
        if not keys:
            raise ValueError(f"{name}: {row!r} has no word that must be there")
        for key in min(keys, key=_commonness):
            self._by_word.setdefault(key, set()).add(len(self._rows))
        self._rows.append((name, tuple(elements)))

    def _element(self, text: str) -> Element:
        """The element of this text; the same object each time, as most are used by many patterns."""
        if text not in self._elements:
            if text.startswith("~"):
                self._elements[text] = Element(gap=int(text[1:]))
            else:
                optional = text.endswith("?") and text != "?" and not text.endswith("|?")
                alternatives = self._alternatives(text[:-1] if optional else text)
                by_first: Dict[str, List[int]] = {}
                for place, alternative in enumerate(alternatives):
                    self._vocabulary.update(alternative)
                    by_first.setdefault(alternative[0], []).append(place)
                self._elements[text] = Element(tuple(alternatives), optional, by_first=by_first)
        return self._elements[text]

    def _alternatives(self, element: str) -> List[Tuple[str, ...]]:
        """Each alternative as words in the form of the line."""
        found: Dict[str, None] = {}
        for item in element.split("|"):
            names = (
                self._lists[item[1:]] if item.startswith("@") else (item.replace("_", " ") if item != BLANK else item,)
            )
            for text in names:
                plain = " ".join(
                    word for word in text.replace("?", " ?").replace("-", " ").split() if word not in DROPPED
                )
                if plain:
                    found[plain] = None
        return [tuple(text.split()) for text in sorted(found, key=len, reverse=True)]


def _commonness(key: FrozenSet[str]) -> int:
    counts = english_words()
    return sum(counts.get(word.rstrip("*"), 1_000) for word in key)
