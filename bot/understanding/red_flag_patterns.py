"""The pattern language of the red-flag files, compiled to regular expressions over a message's words.

A message is written as one line of normalised words (``" i can not feel foot . "``); articles and possessives are
left out. ``red_flag_words.yml`` describes the language. Only patterns whose rarest word occurs are ever tried.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
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


class PatternSet:
    """Named lists of patterns, all looked for at once."""

    def __init__(self, patterns: Mapping[str, Iterable[str]], lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = {name: tuple(str(item) for item in items) for name, items in lists.items()}
        self._compiled: List[Tuple[str, Pattern[str]]] = []
        self._by_word: Dict[str, Set[int]] = {}
        self._by_prefix: Dict[str, Set[int]] = {}
        for name, rows in patterns.items():
            for row in rows:
                self._add(name, str(row))

    def find(self, words: Words) -> List[Span]:
        """All matches, overlapping ones of different patterns included."""
        places: Set[int] = set()
        for word in set(words.words):
            places |= self._by_word.get(word, frozenset())
            for length in range(1, len(word) + 1):
                hits = self._by_prefix.get(word[:length])
                if hits:
                    places |= hits
        spans: List[Span] = []
        for place in sorted(places):
            name, expression = self._compiled[place]
            for match in expression.finditer(words.line):
                start = bisect_right(words.offsets, match.start()) - 1
                end = bisect_right(words.offsets, match.end() - 1)
                spans.append(Span(name, max(start, 0), end))
        return spans

    def _add(self, name: str, row: str) -> None:
        expression = ""
        keys: List[FrozenSet[str]] = []
        for element in row.replace('"', "").split():
            if element.startswith("~"):
                expression += rf"{_GAP_WORD}{{0,{int(element[1:])}}}?"
                continue
            optional = element.endswith("?") and element != "?" and not element.endswith("|?")
            alternatives = self._alternatives(element[:-1] if optional else element)
            if not alternatives:
                continue
            part = (_SEPARATOR if expression else "(?<= )") + f"(?:{'|'.join(self._regex(a) for a in alternatives)})"
            if optional:
                expression += f"(?:{part})?"
            else:
                expression += part
                keys.append(frozenset(alternative.split()[0] for alternative in alternatives))
        if not keys:
            raise ValueError(f"{name}: {row!r} has no word that must be there")
        place = len(self._compiled)
        self._compiled.append((name, re.compile(expression + "(?= )")))
        for key in min(keys, key=_commonness):
            index = self._by_prefix if key.endswith("*") else self._by_word
            index.setdefault(key.rstrip("*"), set()).add(place)

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

    @staticmethod
    def _regex(alternative: str) -> str:
        parts = [
            re.escape(word[:-1]) + r"[\w.]*" if word.endswith("*") else re.escape(word) for word in alternative.split()
        ]
        return _SEPARATOR.join(parts)


def _commonness(key: FrozenSet[str]) -> int:
    counts = english_words()
    return sum(counts.get(word.rstrip("*"), 1_000) for word in key)
