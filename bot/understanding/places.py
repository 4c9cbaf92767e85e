"""Where on the body: places with their side (labelling.md, site and side)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.sides import SINGLE, Place, SideFinder
from bot.understanding.spelling import LANGUAGE

__all__ = ["Place", "PlaceFinder", "by_side"]

BRIEF = 4  # words of a message in which "one" or "two" alone says a side
LONGEST_LIST = 9  # tokens between two places of one list
_BARE = frozenset("in on at the my left right both either".split())
_WHERE = frozenset(["in", "on", "at", "the", "my"])
_SUBJECT_OF_NOT = frozenset(
    ["it", "is", "'s", "do", "am", "are", "pain", "pains", "that"]
)  # "it is not in the hip" denies
_DETERMINERS = frozenset("my the of on that this his her its both left right one whole same".split())


class PlaceFinder:
    """Finds places and sides as ``sites.yml`` lists them."""

    def __init__(self, path: Path = LANGUAGE / "sites.yml") -> None:
        data: Any = read_yaml(path)
        assert isinstance(data, dict)
        self.phrases: List[str] = [phrase for phrases in data["site"].values() for phrase in phrases]
        self._places = Lexicon(
            {"site": {**data["site"], **data["pseudo_site"]}, "none": {"none": data["not_a_site"]}}, {}
        )
        self._facets = {whole: Lexicon({"facet": facets}, {}) for whole, facets in data["facet"].items()}
        self._parts: Mapping[str, FrozenSet[str]] = {whole: frozenset(parts) for whole, parts in data["parts"].items()}
        self.sides = SideFinder(data)
        self.joining: FrozenSet[str] = frozenset(data["joining"])
        self.motion: FrozenSet[str] = frozenset(data["motion"])
        self.fragment: FrozenSet[str] = frozenset(data["fragment"])
        self.prepositions: FrozenSet[str] = frozenset(data["prepositions"])

    def find(self, doc: Doc) -> List[Place]:
        """The places in order, each with its side; places of one list share ``group``."""
        known: Optional[List[Place]] = doc.user_data.get("places")
        if known is None:
            known = doc.user_data["places"] = self._find(doc)
        return known

    def _find(self, doc: Doc) -> List[Place]:
        matches = self._places.find(doc)
        swallowed = {token for match in matches if match.kind == "none" for token in match.tokens}
        sites = [m for m in matches if m.kind == "site" and not swallowed.issuperset(m.tokens)]
        sites = [
            m
            for m in sites
            if not any(
                o is not m and o.first <= m.first and m.last <= o.last and len(o.tokens) > len(m.tokens) for o in sites
            )
        ]
        places = [Place(match.id, match.first, match.last) for match in sites if not self._is_excepted(doc, match)]
        places = self._without_wholes(doc, self._faceted(doc, places))
        return self.sides.give(doc, self._grouped(doc, places))

    def _is_excepted(self, doc: Doc, match: Match) -> bool:
        """ "not in my hands", said after a finding, says where it is not."""
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        i = match.first - 1
        while i > 0 and (norms[i] in _BARE or not norms[i].strip()):
            i -= 1
        return (
            i > 0
            and norms[i] == "not"
            and norms[i + 1] in _WHERE
            and clauses[i] == clauses[match.first]
            and not any(norms[j] in _SUBJECT_OF_NOT for j in range(max(0, i - 2), i))
        )

    def _faceted(self, doc: Doc, places: List[Place]) -> List[Place]:
        """ "my thigh is numb at the front", "my leg is white below the knee": the part is said after the whole."""
        sentences, norms = doc.user_data["sentences"], doc.user_data["norms"]
        for whole, facets in self._facets.items():
            for match in facets.find(doc):
                before = [n for n, place in enumerate(places) if place.last < match.first]
                if not before or places[before[-1]].site != whole:
                    continue
                n = before[-1]
                if sentences[match.first] - sentences[places[n].last] > 1:
                    continue
                covered = [place for place in places if place.first <= match.last and match.first <= place.last]
                if any(place.site != match.id for place in covered):
                    continue
                if covered and {",", "and", "or", "to"}.intersection(norms[places[n].last : match.first]):
                    continue  # a list, not a part
                places = [place for place in places if place not in covered]
                places[n] = replace(places[n], site=match.id)
        return places

    def _without_wholes(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        """ "the toes of my right foot" are toes; the whole only tells their side."""
        norms = doc.user_data["norms"]
        kept: List[Place] = []
        for place in places:
            part = kept[-1] if kept else None
            between = norms[part.last + 1 : place.first] if part else []
            of = between[:1] in (["of"], ["on"]) and all(word in _DETERMINERS or not word.strip() for word in between)
            if part and of and part.site in self._parts.get(place.site, ()):
                plural = self.sides.is_plural(doc, place.first, place.last)
                kept[-1] = replace(part, last=place.last, side="both" if plural else None)
            else:
                kept.append(place)
        return kept

    def _grouped(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        grouped: List[Place] = []
        group = 0
        for place in places:
            if grouped:
                between = norms[grouped[-1].last + 1 : place.first]
                joined = len(between) <= LONGEST_LIST and all(word in self.joining for word in between)
                if joined and clauses[place.first] != clauses[grouped[-1].last]:
                    joined = self.is_introduced(doc, place, grouped[-1].last + 1)
                group += 0 if joined else 1
            grouped.append(replace(place, group=group))
        return grouped

    def is_introduced(self, doc: Doc, place: Place, start: int) -> bool:
        """Whether a preposition leads to the place, with nothing but "my", "the left" and the like in between."""
        norms = doc.user_data["norms"]
        i = place.first - 1
        while i >= start and (norms[i] in self.joining or not norms[i].strip()):
            if norms[i] in self.prepositions and norms[i] != "and":
                return True
            i -= 1
        return i >= start and norms[i] in self.prepositions

    def stray_side(self, doc: Doc, first: int, last: int) -> Optional[str]:
        """A side said in the clause of these tokens, for findings without a place ("weak on my left side")."""
        sentences = doc.user_data["sentences"]
        placed = any(sentences[place.first] == sentences[first] for place in self.find(doc))
        units = doc.user_data["clauses"] if placed else sentences
        for side in self.sides.words(doc):
            if units[side.first] == units[first] and (
                side.id in SINGLE or "side" in doc.user_data["lemmas"][side.first : side.last + 1]
            ):
                return side.id
        return None

    def lone_sides(self, doc: Doc) -> List[Match]:
        """Sides in a message that names no place, such as the answer "just the left"."""
        if self.find(doc):
            return []
        brief = sum(norm.isalnum() for norm in doc.user_data["norms"]) <= BRIEF
        return [side for side in self.sides.words(doc) if brief or self.sides.is_strong(doc, side)]


def by_side(places: Sequence[Place]) -> List[Tuple[List[str], Optional[str]]]:
    """Places as (sites, side); places on different sides become separate entries."""
    result: Dict[Optional[str], List[str]] = {}
    for place in places:
        sites = result.setdefault(place.side, [])
        if place.site not in sites:
            sites.append(place.site)
    if set(result) == {"left", "right"} and result["left"] == result["right"]:
        return [(result["left"], "both")]
    if None in result and len(result) == 2:
        (side,) = [key for key in result if key is not None]
        merged: List[str] = []
        for place in places:
            if place.site not in merged:
                merged.append(place.site)
        return [(merged, side)]
    return [(sites, side) for side, sites in result.items()]
