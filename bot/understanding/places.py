"""Where on the body: places with their side, and which finding they belong to (labelling.md, site and side)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.spelling import LANGUAGE

_NEAR_SIDE = frozenset(
    "my the of upper lower outer inner front back whole side part hand , sided and big little entire".split()
)
_MORE_THERE = frozenset(["worse", "more", "especially", "particularly", "mainly", "both", "than", "started", "mostly"])
_BARE = frozenset("in on at the my left right both either".split())
_WHERE = frozenset(["in", "on", "at", "the", "my"])
_SUBJECT_OF_NOT = frozenset(
    ["it", "is", "'s", "do", "am", "are", "pain", "pains", "that"]
)  # "it is not in the hip" denies
_BEFORE_PLACE = 3  # tokens between a side word and its place


@dataclass(frozen=True)
class Place:
    """``site`` is a vocabulary id, or back, jaw, chest, head, elsewhere, which have none."""

    site: str
    first: int
    last: int
    side: Optional[str] = None
    group: int = 0


@dataclass(frozen=True)
class Anchor:
    """A finding to be placed: the tokens that say it, and whether it is the speaker's now."""

    tokens: Tuple[int, ...]
    present: bool

    @property
    def first(self) -> int:
        """The first token."""
        return self.tokens[0]

    @property
    def last(self) -> int:
        """The last token."""
        return self.tokens[-1]


class PlaceFinder:
    """Finds places and sides as ``sites.yml`` lists them."""

    def __init__(self, path: Path = LANGUAGE / "sites.yml") -> None:
        data = read_yaml(path)
        assert isinstance(data, dict)
        self.phrases: List[str] = [phrase for phrases in data["site"].values() for phrase in phrases]
        self._places = Lexicon(
            {"site": {**data["site"], **data["pseudo_site"]}, "none": {"none": data["not_a_site"]}}, {}
        )
        self._facets = Lexicon({"facet": data["facet"]}, {})
        self._sides = Lexicon({"side": data["side"], "none": {"none": data["not_a_side"]}}, {})
        self._plurals: FrozenSet[str] = frozenset(data["paired_plurals"])
        self._joining: FrozenSet[str] = frozenset(data["joining"])
        self._motion: FrozenSet[str] = frozenset(data["motion"])
        self._fragment: FrozenSet[str] = frozenset(data["fragment"])
        self._prepositions: FrozenSet[str] = frozenset(data["prepositions"])

    # --- finding places ------------------------------------------------------------------------

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
        sites = [m for m in sites if not self._is_excepted(doc, m)]
        sides = self._side_words(doc)
        places = [Place(match.id, match.first, match.last, self._own_side(doc, match, sides)) for match in sites]
        places = self._grouped(doc, self._faceted(doc, places))
        return self._with_clause_sides(doc, self._spread_sides(places), sides)

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
        """ "my thigh is numb at the front": the part of the thigh is said after it."""
        sentences = doc.user_data["sentences"]
        for match in self._facets.find(doc):
            if any(place.first <= match.last and match.first <= place.last for place in places):
                continue
            before = [n for n, place in enumerate(places) if place.last < match.first]
            if before and places[before[-1]].site == "thigh" and sentences[match.first] - sentences[before[-1]] <= 1:
                places = [*places]
                places[before[-1]] = replace(places[before[-1]], site=match.id)
        return places

    def _side_words(self, doc: Doc) -> List[Match]:
        known: Optional[List[Match]] = doc.user_data.get("sides")
        if known is None:
            matches = self._sides.find(doc)
            swallowed = {token for match in matches if match.kind == "none" for token in match.tokens}
            known = [match for match in matches if match.kind == "side" and not swallowed.issuperset(match.tokens)]
            doc.user_data["sides"] = known
        return known

    def _own_side(self, doc: Doc, place: Match, sides: Sequence[Match]) -> Optional[str]:
        norms = doc.user_data["norms"]
        best: Optional[str] = None
        for side in sides:
            inside = place.first <= side.first <= place.last
            between = norms[side.last + 1 : place.first]
            before = 0 <= place.first - side.last - 1 <= _BEFORE_PLACE and all(
                w in _NEAR_SIDE or not w.strip() for w in between
            )
            behind = norms[place.last + 1 : side.first]
            after = (
                0 <= side.first - place.last - 1 <= 3
                and "on" in behind
                and all(w in ("on", "the", "my", "just", "only") for w in behind)
            )
            if inside or before or after:
                best = "both" if best and {best, side.id} == {"left", "right"} else side.id
        if best is None or best == "one_side":
            plural = any(norms[token] in self._plurals for token in place.tokens)
            if (
                plural
                and best is None
                and place.id not in ("toes", "hand")
                or any(norms[t] in ("hands", "palms", "wrists") for t in place.tokens)
            ):
                return "both"
        return best

    def _grouped(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        norms = doc.user_data["norms"]
        grouped: List[Place] = []
        group = 0
        for place in places:
            if grouped:
                between = norms[grouped[-1].last + 1 : place.first]
                joined = len(between) <= 9 and all(word in self._joining for word in between)
                group += 0 if joined else 1
            grouped.append(replace(place, group=group))
        return grouped

    @staticmethod
    def _spread_sides(places: Sequence[Place]) -> List[Place]:
        """ "left hip and thigh": the side covers the rest of the list."""
        spread: List[Place] = []
        for place in places:
            previous = spread[-1] if spread else None
            if (
                place.side is None
                and previous
                and previous.group == place.group
                and previous.side in ("left", "right", "one_side")
            ):
                place = replace(place, side=previous.side)
            spread.append(place)
        return spread

    def _with_clause_sides(self, doc: Doc, places: Sequence[Place], sides: Sequence[Match]) -> List[Place]:
        """A side that stands alone ("pain in the thigh, left side") goes to the places that have none."""
        sentences, norms = doc.user_data["sentences"], doc.user_data["norms"]
        used = {
            side.first
            for side in sides
            for place in places
            if place.first - 4 <= side.first <= place.last + 4 and place.side == side.id
        }
        result: List[Place] = []
        for place in places:
            plural = place.side == "both" and any(norms[i] in self._plurals for i in range(place.first, place.last + 1))
            if place.side is None or plural and places == places[:1]:
                for side in sides:
                    strong = len(side.tokens) > 1 or side.id in ("left", "right", "both")
                    if plural and (side.first < place.last or _MORE_THERE.intersection(norms[place.last : side.first])):
                        continue  # "both feet, worse on the left"
                    if side.first not in used and strong and sentences[side.first] == sentences[place.first]:
                        place = replace(place, side=side.id)
                        break
            result.append(place)
        return result

    def stray_side(self, doc: Doc, first: int, last: int) -> Optional[str]:
        """A side said in the clause of these tokens, for findings without a place ("weak on my left side")."""
        sentences = doc.user_data["sentences"]
        placed = any(sentences[place.first] == sentences[first] for place in self.find(doc))
        units = doc.user_data["clauses"] if placed else sentences
        for side in self._side_words(doc):
            if units[side.first] == units[first] and (
                side.id in ("left", "right") or "side" in doc.user_data["lemmas"][side.first : side.last + 1]
            ):
                return side.id
        return None

    def lone_sides(self, doc: Doc) -> List[Match]:
        """Sides in a message that names no place, such as the answer "just the left"."""
        return [] if self.find(doc) else self._side_words(doc)

    # --- which finding -------------------------------------------------------------------------

    def link(self, doc: Doc, anchors: Sequence[Anchor], places: Sequence[Place]) -> List[List[Place]]:
        """The places of each anchor, in order."""
        taken_after: Dict[int, int] = {}  # group -> anchor it follows with a preposition
        linked: List[List[Place]] = [[] for _ in anchors]
        groups: Dict[int, List[Place]] = {}
        for place in places:
            groups.setdefault(place.group, []).append(place)
        for number, anchor in enumerate(anchors):
            group = self._inside(anchor, places)
            if group is None:
                group = self._after(doc, anchor, anchors, places)
                if group is not None:
                    taken_after.setdefault(group, number)
            if group is not None:
                linked[number] = groups[group]
        for number, anchor in enumerate(anchors):
            if not linked[number]:
                group = self._before(doc, anchor, anchors, places)
                if group is None:
                    group = self._elsewhere(doc, anchor, places)
                if group is not None:
                    linked[number] = groups[group]
        return linked

    def extensions(self, doc: Doc, anchors: Sequence[Anchor], linked: Sequence[Sequence[Place]]) -> List[List[Place]]:
        """Places a complaint said before spreads to: "started in my toes, now it's up to my knees"."""
        used = {place for found in linked for place in found}
        clauses, sentences = doc.user_data["clauses"], doc.user_data["sentences"]
        extra: List[List[Place]] = [[] for _ in anchors]
        for place in self.find(doc):
            clause, sentence = clauses[place.first], sentences[place.first]
            if place in used or not (self.spreads(doc, place) or self._is_fragment(doc, place)):
                continue
            said = [n for n, a in enumerate(anchors) if a.present and a.last < place.first]
            if not said:
                later = [n for n, a in enumerate(anchors) if a.present and sentences[a.first] == sentence]
                if later and "start" in doc.user_data["lemmas"][: place.first]:
                    extra[later[0]].append(place)  # "it started in the big toe, now the whole foot is numb"
                continue
            if not said or sentence - sentences[anchors[said[-1]].last] > 1:
                continue
            if any(clauses[a.first] == clause and a.first > place.last for a in anchors):
                continue
            number = said[-1]
            own = linked[number]
            if not own:
                extra[number].append(place)
            for other in said:
                if linked[other] and own and linked[other][0].group == own[0].group:
                    extra[other].append(place)
        return extra

    def _is_fragment(self, doc: Doc, place: Place) -> bool:
        """Whether the sentence only names places ("Both feet.", "Yes, mainly the toes.")."""
        norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
        named = {i for other in self.find(doc) for i in range(other.first, other.last + 1)}
        return all(
            norms[i] in self._joining or norms[i] in self._fragment or i in named or not norms[i].strip()
            for i in range(len(norms))
            if sentences[i] == sentences[place.first]
        )

    def spreads(self, doc: Doc, place: Place) -> bool:
        """Whether words of movement lead to the place within its clause ("goes past the knee")."""
        clauses, lemmas = doc.user_data["clauses"], doc.user_data["lemmas"]
        before = [i for i in range(max(0, place.first - 9), place.first) if clauses[i] == clauses[place.first]]
        return (
            any(lemmas[i] in self._motion for i in before)
            and "not" not in lemmas[max(0, place.first - 9) : place.first]
        )

    @staticmethod
    def _inside(anchor: Anchor, places: Sequence[Place]) -> Optional[int]:
        for place in places:
            if anchor.first <= place.first and place.last <= anchor.last:
                return place.group
        return None

    def _after(self, doc: Doc, anchor: Anchor, anchors: Sequence[Anchor], places: Sequence[Place]) -> Optional[int]:
        clauses, norms = doc.user_data["clauses"], doc.user_data["norms"]
        following = [
            place for place in places if place.first > anchor.last and clauses[place.first] == clauses[anchor.last]
        ]
        if not following:
            return None
        place = following[0]
        between = norms[anchor.last + 1 : place.first]
        others = [other for other in anchors if anchor.last < other.first and other.last < place.first]
        if not anchor.present and any(other.present for other in others):
            return None  # "no burning, just a dead zone on my thigh"
        start = others[-1].last + 1 if others else anchor.last + 1
        introduced = any(word in self._prepositions and word != "and" for word in norms[start : place.first])
        introduced = introduced or not any(word.strip() for word in between)  # "numb toes"
        if not introduced or len(between) > 12:
            return None
        before = [p for p in places if p.last < anchor.first and clauses[p.last] == clauses[anchor.first]]
        if (
            before
            and anchor.first - before[-1].last <= 5
            and not any(before[-1].last < other.first < anchor.first for other in anchors)
            and (
                others
                or norms[before[-1].first - 1] not in self._prepositions
                or norms[before[-1].first - 2] in ("in", "on")
            )
        ):
            gap = norms[before[-1].last + 1 : anchor.first]
            if others or (not any(word in ("and", ",", "or") for word in gap) and gap[:1] != ["with"]):
                if others:
                    return None
                subject = norms[max(0, before[-1].first - 3) : before[-1].first]
                if not any(
                    word in ("in", "on", "down", "of", "to", "across", "through") for word in subject
                ) and between[:1] not in (["in"], ["down"]):
                    return None
        return place.group

    @staticmethod
    def _before(doc: Doc, anchor: Anchor, anchors: Sequence[Anchor], places: Sequence[Place]) -> Optional[int]:
        clauses = doc.user_data["clauses"]
        before = [
            place for place in places if place.last < anchor.first and clauses[place.last] == clauses[anchor.first]
        ]
        if not before:
            return None
        earlier = [a for a in anchors if a.last < anchor.first and clauses[a.last] == clauses[anchor.first]]
        if earlier and earlier[-1].present != anchor.present:
            return None  # "burning in my foot, no numbness": a denial is not joined to what is affirmed
        return before[-1].group

    @staticmethod
    def _elsewhere(doc: Doc, anchor: Anchor, places: Sequence[Place]) -> Optional[int]:
        """The only place of the clause, else what the sentence or the one before was about."""
        clauses, sentences, norms = doc.user_data["clauses"], doc.user_data["sentences"], doc.user_data["norms"]
        same = [place for place in places if clauses[place.first] == clauses[anchor.first]]
        if same:
            return same[0].group if anchor.present and len({place.group for place in same}) == 1 else None
        if not anchor.present:
            return None
        clause = [norms[i] for i in range(len(norms)) if clauses[i] == clauses[anchor.first]]
        refers = any(
            word in ("it", "its", "it's", "they", "them", "this", "there", "skin", "area", "also", "that")
            for word in clause
        )
        earlier = [
            p
            for p in places
            if p.last < anchor.first and sentences[anchor.first] - sentences[p.last] <= (1 if refers else 0)
        ]
        if earlier:
            return earlier[-1].group
        later = [p for p in places if p.first > anchor.last and sentences[p.first] == sentences[anchor.last]]
        return later[0].group if later else None


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
