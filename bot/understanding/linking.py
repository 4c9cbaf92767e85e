"""Which place belongs to which finding (labelling.md, rules 5 and 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Dict, List, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.understanding.places import Place, PlaceFinder

OWNERS = frozenset("my the both left right his her our these one".split())
"""Words between "and" and the place that the next finding is said of."""
ADDED = frozenset("too as also . , ! ;".split())
"""Words behind a place that joins what was said before."""


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


class Linker:
    """Gives the places of a message to its findings."""

    def __init__(self, places: PlaceFinder) -> None:
        self._places = places

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
                if group is not None:
                    linked[number] = groups[group]
        taken = {place.group for found in linked for place in found}
        for number, anchor in enumerate(anchors):
            if not linked[number]:
                group = self._elsewhere(doc, anchor, places, taken)
                if group is not None:
                    linked[number] = groups[group]
        return linked

    def extensions(self, doc: Doc, anchors: Sequence[Anchor], linked: Sequence[Sequence[Place]]) -> List[List[Place]]:
        """Places a complaint said before spreads to: "started in my toes, now it's up to my knees"."""
        used = {place for found in linked for place in found}
        clauses, sentences = doc.user_data["clauses"], doc.user_data["sentences"]
        extra: List[List[Place]] = [[] for _ in anchors]
        for place in self._places.find(doc):
            clause, sentence = clauses[place.first], sentences[place.first]
            if place in used or not (
                self.spreads(doc, place) or self._is_fragment(doc, place) or self._is_added(doc, place)
            ):
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
        """Whether the clause only names places ("Both feet.", "my fingers as well", "Down the left thigh, ...")."""
        norms, clauses, sentences = doc.user_data["norms"], doc.user_data["clauses"], doc.user_data["sentences"]
        named = {i for other in self._places.find(doc) for i in range(other.first, other.last + 1)}

        def bare(i: int) -> bool:
            norm = norms[i]
            return norm in self._places.joining or norm in self._places.fragment or i in named or not norm.strip()

        own = [i for i in range(len(norms)) if clauses[i] == clauses[place.first]]
        if all(bare(i) for i in own):
            return True
        begins = [i for i in range(place.first) if sentences[i] == sentences[place.first]]
        leads = [norms[i] for i in begins if i not in named and norms[i].strip()]
        closes = norms[place.last + 1 : place.last + 2]
        return (
            bool(leads) and leads[0] in self._places.prepositions and all(map(bare, begins)) and closes in ([","], [])
        )

    @staticmethod
    def _is_added(doc: Doc, place: Place) -> bool:
        """Whether the place joins what was said before: "my knees ache and my ankles too"."""
        norms = doc.user_data["norms"]
        i = place.first - 1
        while i > 0 and (norms[i] in OWNERS or not norms[i].strip()):
            i -= 1
        return (
            i > 0
            and norms[i] in (",", "and", "plus", "but")
            and (norms[place.last + 1 : place.last + 2] or ["."])[0] in ADDED
        )

    def spreads(self, doc: Doc, place: Place) -> bool:
        """Whether words of movement lead to the place within its clause ("goes past the knee")."""
        clauses, lemmas = doc.user_data["clauses"], doc.user_data["lemmas"]
        before = [i for i in range(max(0, place.first - 9), place.first) if clauses[i] == clauses[place.first]]
        return (
            any(lemmas[i] in self._places.motion for i in before)
            and "not" not in lemmas[max(0, place.first - 9) : place.first]
        )

    @staticmethod
    def _inside(anchor: Anchor, places: Sequence[Place]) -> Optional[int]:
        for place in places:
            if anchor.first <= place.first <= anchor.last:
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
        introduced = any(word in self._places.prepositions and word != "and" for word in norms[start : place.first])
        introduced = introduced or not any(word.strip() for word in between)  # "numb toes"
        if not introduced or len(between) > 12 or self._begins_another(doc, place, start, anchors):
            return None
        before = [p for p in places if p.last < anchor.first and clauses[p.last] == clauses[anchor.first]]
        if (
            before
            and anchor.first - before[-1].last <= 5
            and not any(before[-1].last < other.first < anchor.first for other in anchors)
            and (
                others
                or norms[before[-1].first - 1] not in self._places.prepositions
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

    def _begins_another(self, doc: Doc, place: Place, start: int, anchors: Sequence[Anchor]) -> bool:
        """Whether the place is what the next finding is said of: "hands tingle in the morning and legs feel heavy"."""
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        if self._places.is_introduced(doc, place, start):
            return False
        i = place.first - 1
        while i >= start and (norms[i] in OWNERS or not norms[i].strip()):
            i -= 1
        if i < start or norms[i] not in (",", "and", ";", "-"):
            return False
        nexts = [
            a for a in anchors if a.last > place.last and clauses[a.last] == clauses[place.last] and a.first >= start
        ]
        between = norms[place.last + 1 : nexts[0].first] if nexts else []
        return (
            bool(nexts) and len(between) <= 5 and not any(w in self._places.prepositions or w == "," for w in between)
        )

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

    def _elsewhere(self, doc: Doc, anchor: Anchor, places: Sequence[Place], taken: AbstractSet[int]) -> Optional[int]:
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
        earlier = [p for p in places if p.last < anchor.first and sentences[anchor.first] - sentences[p.last] <= 1]
        if not refers:  # the sentence before counts only as a heading: "My right leg. Weak as a kitten."
            apart = [p for p in earlier if sentences[p.last] != sentences[anchor.first]]
            earlier = [p for p in earlier if p not in apart or self._is_fragment(doc, p)]
        if earlier:
            return earlier[-1].group
        later = [p for p in places if p.first > anchor.last and sentences[p.first] == sentences[anchor.last]]
        return later[0].group if later and later[0].group not in taken else None
