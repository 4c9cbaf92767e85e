"""Phrases of the language files compiled to one trie and found in a tokenised message.

A phrase is a few words in the order people write them:

    pins and needles            words match whatever their inflection
    =tired                      this form only
    (no|not any) feeling        alternatives
    really? tired               optional
    legs ~3 jelly               up to 3 other words in between (never across a clause or a full stop)
    <part> feel dead            a class: any phrase listed for that class
    \\?                          a question mark
    numb toes -> site=toes      what the words say besides the id

Hyphens are invisible, and filler words ("really", "a bit") may stand between two words of a phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Iterable, Iterator, List, Mapping, Sequence, Set, Tuple, Union

from spacy.tokens import Doc

from bot.understanding.spelling import lemma

MOST_FORMS = 4000  # an entry that expands to more sequences is a mistake
_SYNTAX = re.compile(r"\\\?|\(|\)|\||\?|~\d*|<[a-z_]+>|=?[^\s()|?<>~=]+")

Element = Tuple[str, Union[str, int]]  # ("word" | "form" | "class", text) or ("gap", longest)
Keys = Mapping[str, object]


@dataclass(frozen=True)
class Match:
    """``tokens`` are the words of the phrase itself, without what filled its gaps."""

    kind: str
    id: str
    tokens: Tuple[int, ...]
    keys: Keys = field(default_factory=dict, compare=False)

    @property
    def first(self) -> int:
        return self.tokens[0]

    @property
    def last(self) -> int:
        return self.tokens[-1]


class _Node:
    __slots__ = ("words", "forms", "classes", "gaps", "ends")

    def __init__(self) -> None:
        self.words: Dict[str, _Node] = {}
        self.forms: Dict[str, _Node] = {}
        self.classes: Dict[str, _Node] = {}
        self.gaps: Dict[int, _Node] = {}
        self.ends: List[Tuple[str, str, Keys]] = []

    def child(self, element: Element) -> "_Node":
        kind, value = element
        table: Dict = {"word": self.words, "form": self.forms, "class": self.classes, "gap": self.gaps}[kind]
        if value not in table:
            table[value] = _Node()
        node: _Node = table[value]
        return node


def expand(phrase: str) -> List[Tuple[Element, ...]]:
    """All sequences of elements a phrase stands for. Raises ValueError for a phrase that is not well formed."""
    parts = _SYNTAX.findall(phrase.strip().lower())
    sequences, rest = _alternatives(parts)
    if rest or not sequences or any(not sequence for sequence in sequences):
        raise ValueError(f"not a phrase: {phrase!r}")
    return sequences


def _alternatives(parts: Sequence[str]) -> Tuple[List[Tuple[Element, ...]], Sequence[str]]:
    options: List[Tuple[Element, ...]] = []
    while True:
        sequence, parts = _sequence(parts)
        options += sequence
        if parts and parts[0] == "|":
            parts = parts[1:]
            continue
        return options, parts


def _sequence(parts: Sequence[str]) -> Tuple[List[Tuple[Element, ...]], Sequence[str]]:
    sequences: List[Tuple[Element, ...]] = [()]
    while parts and parts[0] not in "|)":
        if parts[0] == "(":
            items, parts = _alternatives(parts[1:])
            if not parts or parts[0] != ")":
                raise ValueError("a bracket is not closed")
        else:
            items = [tuple(_element(parts[0]))]
        parts = parts[1:]
        if parts and parts[0] == "?":
            items = items + [()]
            parts = parts[1:]
        sequences = [sequence + item for sequence in sequences for item in items]
        if len(sequences) > MOST_FORMS:
            raise ValueError("a phrase stands for too many sequences")
    return sequences, parts


def _element(part: str) -> Iterator[Element]:
    if part == "\\?":
        yield ("word", "?")
    elif part.startswith("<"):
        yield ("class", part[1:-1])
    elif part.startswith("~"):
        yield ("gap", int(part[1:] or 2))
    elif part.startswith("="):
        yield ("form", part[1:])
    else:
        for word in part.replace("n't", " not").replace("'s", " 's").replace("cannot", "can not").split("-"):
            for piece in word.split():
                yield ("word", lemma(piece))


def parse_keys(text: str) -> Keys:
    """"site=foot side=both quality=dull,aching" as a mapping; a value with a comma becomes a tuple."""
    keys: Dict[str, object] = {}
    for item in text.split():
        name, _, value = item.partition("=")
        keys[name] = tuple(value.split(",")) if "," in value else value
    return keys


class Lexicon:
    """``kinds`` are found in the text; ``classes`` (phrases by name) may stand in phrases as ``<name>``."""

    def __init__(
        self,
        kinds: Mapping[str, Mapping[str, Sequence[str]]],
        classes: Mapping[str, Sequence[str]],
        fillers: Iterable[str] = (),
    ) -> None:
        self._root = _Node()
        self._class_root = _Node()
        self._fillers: FrozenSet[str] = frozenset(fillers)
        for name, phrases in classes.items():
            for phrase in phrases:
                self._add(self._class_root, "class", name, phrase)
        for kind, entries in kinds.items():
            for id_, phrases in entries.items():
                for phrase in phrases:
                    self._add(self._root, kind, id_, phrase)

    @staticmethod
    def _add(root: _Node, kind: str, id_: str, phrase: str) -> None:
        words, _, keys = phrase.partition("->")
        try:
            sequences = expand(words)
        except ValueError as error:
            raise ValueError(f"{kind} {id_}: {error}") from error
        payload = (kind, id_, parse_keys(keys))
        for sequence in sequences:
            node = root
            for element in sequence:
                node = node.child(element)
            if not any(end[:2] == payload[:2] for end in node.ends):
                node.ends.append(payload)

    def find(self, doc: Doc) -> List[Match]:
        """All matches, longest first where one lies within another; shorter ones inside are dropped."""
        norms, lemmas = doc.user_data["norms"], doc.user_data["lemmas"]
        stream = [i for i, norm in enumerate(norms) if norm not in ("-", "*", '"', "_", "~") and not norm.isspace()]
        run = _Run(stream, norms, lemmas, doc.user_data["clauses"], self._fillers)
        for position in range(len(stream)):
            for match in run.at(self._class_root, position):
                run.classes.setdefault((position, match.id), set()).add(match.last)
        found: List[Match] = []
        for position in range(len(stream)):
            found += run.at(self._root, position)
        return _longest(found)


class _Run:
    """One message being searched."""

    def __init__(
        self, stream: List[int], norms: List[str], lemmas: List[str], clause_numbers: List[int], fillers: FrozenSet[str]
    ) -> None:
        self.stream, self.norms, self.lemmas = stream, norms, lemmas
        self.clauses, self.fillers = clause_numbers, fillers
        self.position_of = {token: position for position, token in enumerate(stream)}
        self.classes: Dict[Tuple[int, str], Set[int]] = {}

    def at(self, root: _Node, start: int) -> List[Match]:
        matches: List[Match] = []
        self._walk(root, start, (), matches)
        return matches

    def _walk(self, node: _Node, position: int, taken: Tuple[int, ...], matches: List[Match]) -> None:
        if node.ends and taken:
            matches.extend(Match(kind, id_, taken, keys) for kind, id_, keys in node.ends)
        if position >= len(self.stream):
            return
        token = self.stream[position]
        lemma_, norm = self.lemmas[token], self.norms[token]
        following = node.words.get(lemma_)
        if following is not None:
            self._walk(following, position + 1, taken + (token,), matches)
        if node.forms:
            exact = node.forms.get(norm)
            if exact is not None:
                self._walk(exact, position + 1, taken + (token,), matches)
        for name, child in node.classes.items():
            for last in self.classes.get((position, name), ()):
                end = self.position_of[last]
                self._walk(child, end + 1, taken + tuple(self.stream[position : end + 1]), matches)
        for longest, child in node.gaps.items():
            self._skip(child, position, longest, taken, matches)
        if taken and norm in self.fillers and following is None:
            self._walk(node, position + 1, taken, matches)

    def _skip(self, node: _Node, position: int, longest: int, taken: Tuple[int, ...], matches: List[Match]) -> None:
        clause = self.clauses[taken[-1]] if taken else None
        for skipped in range(longest + 1):
            here = position + skipped
            if here >= len(self.stream) or (clause is not None and self.clauses[self.stream[here]] != clause):
                return
            self._walk(node, here, taken, matches)


def _longest(found: List[Match]) -> List[Match]:
    """Matches whose words are not all words of a longer match; of equal words all ids stay."""
    found.sort(key=lambda match: (-len(match.tokens), match.first))
    kept: List[Match] = []
    covered: List[FrozenSet[int]] = []
    for match in found:
        tokens = frozenset(match.tokens)
        if any(tokens < other for other in covered):
            continue
        if not any(other.id == match.id and other.kind == match.kind and other.tokens == match.tokens for other in kept):
            kept.append(match)
            covered.append(tokens)
    kept.sort(key=lambda match: (match.first, match.last))
    return kept


def words_of(doc: Doc, match: Match) -> Tuple[int, int]:
    """Character offsets of a match in the text as sent."""
    last = doc[match.last]
    return doc[match.first].idx, last.idx + len(last.text)
