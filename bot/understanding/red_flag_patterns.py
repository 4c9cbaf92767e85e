"""The pattern language of the red-flag files, compiled to regular expressions over a message's words.

A message is written as one line of normalised words (``" i can not feel foot . "``); articles and possessives are
left out. ``red_flag_words.yml`` describes the language. Only patterns whose words occur are ever tried.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Dict, FrozenSet, Iterable, List, Mapping, Pattern, Sequence, Set, Tuple

from spacy.tokens import Doc

from bot.understanding.spelling import english_words

DROPPED = frozenset("a an the my his her their our your its of 's 're s".split())
_FILLERS = "|".join(
    "very really so just quite totally completely absolutely extremely literally proper fucking bloody actually "
    "kinda also both".split()
)
_SEPARATOR = rf"(?: (?:,|{_FILLERS}))* "
_GAP_WORD = r"(?: (?!(?:[.?]|not|no|never|but|without|nor|neither|nothing|_) )\S+)"
_ENDS = frozenset([".", "!", ";", "…", ".."])
_PAUSES = frozenset([",", "-", "(", ")", ":", "...", "/", "+"])
_BLANK = "_"


@dataclass(frozen=True)
class Words:
    """The kept words of a message: ``tokens`` are their places in the ``Doc``."""

    words: Tuple[str, ...]
    tokens: Tuple[int, ...]
    line: str
    offsets: Tuple[int, ...]

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
        return cls.build(words, tokens)

    @classmethod
    def build(cls, words: Sequence[str], tokens: Sequence[int]) -> "Words":
        """The line and its offsets for the given words."""
        offsets: List[int] = []
        position = 1
        for word in words:
            offsets.append(position)
            position += len(word) + 1
        return cls(tuple(words), tuple(tokens), f" {' '.join(words)} . " if words else " . ", tuple(offsets))

    def without(self, spans: Iterable["Span"]) -> "Words":
        """The same words with those of ``spans`` blanked out."""
        words = list(self.words)
        for span in spans:
            for place in range(span.start, min(span.end, len(words))):
                words[place] = _BLANK if words[place] not in (".", "?") else words[place]
        return Words.build(words, self.tokens)


@dataclass(frozen=True)
class Span:
    """Words ``start`` to ``end`` (exclusive) of a ``Words`` matched by a pattern of ``name``."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class _Element:
    """Alternatives of which one must (or with ``optional`` may) come next, or a gap of up to ``gap`` words.

    Each alternative is its text and its words.
    """

    alternatives: Tuple[Tuple[str, FrozenSet[str]], ...] = ()
    optional: bool = False
    gap: int = 0


class PatternSet:
    """Named lists of patterns, all looked for at once.

    A pattern as a whole is a very long expression: to compile all of them takes many seconds. So for each message
    only those alternatives are compiled whose words occur in it; the others could not match.
    """

    def __init__(self, patterns: Mapping[str, Iterable[str]], lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = {name: tuple(str(item) for item in items) for name, items in lists.items()}
        self._rows: List[Tuple[str, Tuple[_Element, ...]]] = []
        self._elements: Dict[str, _Element] = {}
        self._by_word: Dict[str, Set[int]] = {}
        self._by_prefix: Dict[str, Set[int]] = {}
        for name, rows in patterns.items():
            for row in rows:
                self._add(name, str(row))

    def find(self, words: Words) -> List[Span]:
        """All matches, overlapping ones of different patterns included."""
        occurring = set(words.words)
        occurring.update(f"{word[:length]}*" for word in words.words for length in range(len(word) + 1))
        places: Set[int] = set()
        for word in occurring:
            index = self._by_prefix if word.endswith("*") else self._by_word
            places |= index.get(word, frozenset())
        occurring.add(".")  # the line always ends with one
        spans: List[Span] = []
        possible: Dict[int, str] = {}
        for place in sorted(places):
            name, elements = self._rows[place]
            expression = _expression(elements, occurring, possible)
            for match in _compiled(expression).finditer(words.line) if expression else ():
                start = bisect_right(words.offsets, match.start()) - 1
                end = bisect_right(words.offsets, match.end() - 1)
                spans.append(Span(name, max(start, 0), end))
        return spans

    def _add(self, name: str, row: str) -> None:
        elements = [self._element(text) for text in row.replace('"', "").split()]
        elements = [element for element in elements if element.gap or element.alternatives]
        keys = [
            frozenset(text.split()[0] for text, _ in element.alternatives)
            for element in elements
            if element.alternatives and not element.optional
        ]
        if not keys:
            raise ValueError(f"{name}: {row!r} has no word that must be there")
        place = len(self._rows)
        self._rows.append((name, tuple(elements)))
        for key in min(keys, key=_commonness):
            index = self._by_prefix if key.endswith("*") else self._by_word
            index.setdefault(key, set()).add(place)

    def _element(self, text: str) -> _Element:
        """The element of this text; the same object each time, as most are used by many patterns."""
        if text not in self._elements:
            if text.startswith("~"):
                self._elements[text] = _Element(gap=int(text[1:]))
            else:
                optional = text.endswith("?") and text != "?" and not text.endswith("|?")
                alternatives = self._alternatives(text[:-1] if optional else text)
                self._elements[text] = _Element(tuple((a, frozenset(a.split())) for a in alternatives), optional)
        return self._elements[text]

    def _alternatives(self, element: str) -> List[str]:
        """Each alternative as words in the form of the line."""
        found: Dict[str, None] = {}
        for item in element.split("|"):
            names = (
                self._lists[item[1:]] if item.startswith("@") else (item.replace("_", " ") if item != _BLANK else item,)
            )
            for text in names:
                plain = " ".join(
                    word for word in text.replace("?", " ?").replace("-", " ").split() if word not in DROPPED
                )
                if plain:
                    found[plain] = None
        return sorted(found, key=len, reverse=True)


def _expression(elements: Sequence[_Element], occurring: Set[str], possible: Dict[int, str]) -> str:
    """What is left of a pattern among the ``occurring`` words, or nothing if it cannot match.

    ``possible`` remembers for this message what is left of each element.
    """
    expression = ""
    for number, element in enumerate(elements):
        if element.gap:
            expression += rf"{_GAP_WORD}{{0,{element.gap}}}?"
            continue
        left = possible.get(id(element))
        if left is None:
            left = "|".join(_regex(text) for text, needed in element.alternatives if needed <= occurring)
            possible[id(element)] = left
        if not left and not element.optional:
            return ""
        if left:
            part = (_SEPARATOR if number else "(?<= )") + f"(?:{left})"
            expression += f"(?:{part})?" if element.optional else part
    return expression + "(?= )"


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Pattern[str]:
    return re.compile(expression)


@cache
def _regex(alternative: str) -> str:
    parts = [
        re.escape(word[:-1]) + r"[\w.]*" if word.endswith("*") else re.escape(word) for word in alternative.split()
    ]
    return _SEPARATOR.join(parts)


def _commonness(key: FrozenSet[str]) -> int:
    counts = english_words()
    return sum(counts.get(word.rstrip("*"), 1_000) for word in key)
