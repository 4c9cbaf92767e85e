r"""Phrases of the language files compiled to one trie and found in a tokenised message.

A phrase is a few words in the order people write them:

    pins and needles            words match whatever their inflection
    =tired                      this form only
    (no|not any) feeling        alternatives
    really? tired               optional
    legs ~3 jelly               up to 3 other words in between (never across a comma, a clause or a full stop)
    problem ~,6 walk            the same, also across commas
    <part> feel dead            a class: any phrase listed for that class
    \?                          a question mark
    numb toes -> site=toes      what the words say besides the id

Hyphens are invisible, and filler words ("really", "a bit") may stand between two words of a phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Iterable, Iterator, List, Mapping, Sequence, Set, Tuple, Union

from spacy.tokens import Doc

from bot.understanding.spelling import lemma

_SYNTAX = re.compile(r"\\\?|\(|\)|\||\?|~,?\d*|<[a-z_]+>|=?[^\s()|?<>~=]+")

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
        """The first token."""
        return self.tokens[0]

    @property
    def last(self) -> int:
        """The last token."""
        return self.tokens[-1]


class _Node:
    """A state of the matcher; an edge may lead to several states, so that alternatives share what follows.

    ``shared`` are the states reached from this one alone: phrases that begin alike share them.
    """

    __slots__ = ("words", "forms", "classes", "gaps", "ends", "shared")

    def __init__(self) -> None:
        self.words: Dict[str, List[_Node]] = {}
        self.forms: Dict[str, List[_Node]] = {}
        self.classes: Dict[str, List[_Node]] = {}
        self.gaps: Dict[int, List[_Node]] = {}
        self.ends: List[Tuple[str, str, Keys]] = []
        self.shared: Dict[Element, _Node] = {}

    def edges(self, kind: str) -> Dict:
        """The edges of one kind of element."""
        tables: Dict[str, Dict] = {
            "word": self.words,
            "form": self.forms,
            "class": self.classes,
            "gap": self.gaps,
        }
        return tables[kind]


class _Compiler:
    """Reads one phrase and adds its states below ``root``."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        self.parts: List[str] = _SYNTAX.findall(phrase.strip().lower())
        self.at = 0

    def add(self, root: _Node, payload: Tuple[str, str, Keys]) -> None:
        ends = self._alternatives([root])
        if self.at != len(self.parts) or not ends or any(end is root for end in ends):
            raise ValueError(f"not a phrase: {self.phrase!r}")
        for end in ends:
            end.ends.append(payload)

    def _alternatives(self, starts: List[_Node]) -> List[_Node]:
        ends = self._sequence(starts)
        while self._peek() == "|":
            self.at += 1
            ends = ends + [end for end in self._sequence(starts) if end not in ends]
        return ends

    def _sequence(self, starts: List[_Node]) -> List[_Node]:
        while self._peek() not in ("|", ")", ""):
            part = self.parts[self.at]
            self.at += 1
            if part == "(":
                ends = self._alternatives(starts)
                if self._peek() != ")":
                    raise ValueError(f"a bracket is not closed: {self.phrase!r}")
                self.at += 1
            else:
                ends = starts
                for element in _elements(part):
                    ends = [_step(ends, element)]
            if self._peek() == "?":
                self.at += 1
                ends = ends + [start for start in starts if start not in ends]
            starts = ends
        return starts

    def _peek(self) -> str:
        return self.parts[self.at] if self.at < len(self.parts) else ""


def _step(starts: List[_Node], element: Element) -> _Node:
    kind, value = element
    if len(starts) == 1:
        shared = starts[0].shared.get(element)
        if shared is None:
            shared = starts[0].shared[element] = _Node()
            starts[0].edges(kind).setdefault(value, []).append(shared)
        return shared
    node = _Node()
    for start in starts:
        start.edges(kind).setdefault(value, []).append(node)
    return node


def _elements(part: str) -> Iterator[Element]:
    if part == "\\?":
        yield ("word", "?")
    elif part.startswith("<"):
        yield ("class", part[1:-1])
    elif part.startswith("~"):
        longest = int(part.lstrip("~,") or 2)
        yield ("gap", -longest if part.startswith("~,") else longest)
    elif part.startswith("="):
        yield ("form", part[1:])
    else:
        for word in part.replace("n't", " not").replace("'s", " 's").replace("cannot", "can not").split("-"):
            for piece in re.findall(r"[a-z]+\d+|[a-z]+|\d+|'s|[^\sa-z\d]", word):
                yield ("word", lemma(piece))


def parse_keys(text: str) -> Keys:
    """ "site=foot side=both quality=dull,aching" as a mapping; a value with a comma becomes a tuple."""
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
            _Compiler(words).add(root, (kind, id_, parse_keys(keys)))
        except ValueError as error:
            raise ValueError(f"{kind} {id_}: {error}") from error

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
        if self._may_begin(root, start):
            self._walk(root, start, (), matches)
        return matches

    def _may_begin(self, root: _Node, start: int) -> bool:
        """Whether any phrase begins with this word; nearly all words of a message begin none."""
        token = self.stream[start]
        return bool(root.classes or root.gaps or self.lemmas[token] in root.words or self.norms[token] in root.forms)

    def _walk(self, node: _Node, position: int, taken: Tuple[int, ...], matches: List[Match]) -> None:
        if node.ends and taken:
            matches.extend(Match(kind, id_, taken, keys) for kind, id_, keys in node.ends)
        if position >= len(self.stream):
            for children in node.gaps.values():
                for child in children:
                    matches.extend(Match(kind, id_, taken, keys) for kind, id_, keys in child.ends if taken)
            return
        token = self.stream[position]
        lemma_, norm = self.lemmas[token], self.norms[token]
        for child in node.words.get(lemma_, ()):
            self._walk(child, position + 1, taken + (token,), matches)
        if node.forms:
            for child in node.forms.get(norm, ()):
                self._walk(child, position + 1, taken + (token,), matches)
        for name, children in node.classes.items():
            for last in self.classes.get((position, name), ()):
                end = self.position_of[last] + 1
                for child in children:
                    self._walk(child, end, taken + tuple(self.stream[position:end]), matches)
        for longest, children in node.gaps.items():
            for child in children:
                self._skip(child, position, longest, taken, matches)
        if taken and norm in self.fillers:
            self._walk(node, position + 1, taken, matches)

    def _skip(self, node: _Node, position: int, longest: int, taken: Tuple[int, ...], matches: List[Match]) -> None:
        clause = self.clauses[taken[-1]] if taken else None
        if node.ends and taken:
            matches.extend(Match(kind, id_, taken, keys) for kind, id_, keys in node.ends)
        for skipped in range(abs(longest) + 1):
            here = position + skipped
            if here >= len(self.stream) or (clause is not None and self.clauses[self.stream[here]] != clause):
                return
            if longest > 0 and skipped and self.norms[self.stream[here - 1]] == ",":
                return
            self._walk(node, here, taken, matches)


def _longest(found: List[Match]) -> List[Match]:
    """Matches whose words are not all words of a longer match; of equal words all ids stay."""
    unique: Dict[Tuple[str, str, Tuple[int, ...]], Match] = {}
    for match in found:
        unique.setdefault((match.kind, match.id, match.tokens), match)
    kept: List[Tuple[Match, FrozenSet[int]]] = []
    for match in sorted(unique.values(), key=lambda match: -len(match.tokens)):
        tokens = frozenset(match.tokens)
        if not any(tokens < other for _, other in kept):
            kept.append((match, tokens))
    return sorted((match for match, _ in kept), key=lambda match: (match.first, match.last))


def words_of(doc: Doc, match: Match) -> Tuple[int, int]:
    """Character offsets of a match in the text as sent."""
    last = doc[match.last]
    return doc[match.first].idx, last.idx + len(last.text)
