"""Left, right, both: which side a place is on, said beside it, after it, of another place, or by a plural."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, FrozenSet, List, Mapping, Optional, Sequence

from spacy.tokens import Doc

from bot.understanding.lexicon import Lexicon, Match

LEFT, RIGHT, ONE, BOTH, THAT = "left", "right", "one_side", "both", "that"
SINGLE = frozenset([LEFT, RIGHT])
_ONE_ONLY = frozenset([LEFT, RIGHT, ONE])
BEFORE_PLACE = 3  # tokens between a side word and its place
AFTER_PLACE = 3  # tokens between a place and "on the left"
FILLED = 8  # tokens from which on "right," at the beginning is no answer
REACH = 3  # sentences over which "that side" looks back
_NEAR_SIDE = frozenset(
    "my the of upper lower outer inner front back whole side part hand , sided and big little entire".split()
)
_HANDS = frozenset(["hands", "palms", "wrists"])  # fingers are no pair
_BEHIND = frozenset("on the my just only of".split())
_CLOSES = frozenset(". , ; ! ? ) is are 's hurts outer inner worse very side part".split())
_MORE_THERE = frozenset(["worse", "more", "especially", "particularly", "mainly", "both", "than", "started", "mostly"])
_UNLIKE = frozenset(
    "than not never unlike no fine ok okay normal good alright compared compare without nothing clear".split()
)
_LEG = frozenset(
    "hip groin buttock thigh outer_thigh front_thigh inner_thigh back_thigh knee shin calf lower_leg leg ankle "
    "foot".split()
)


@dataclass(frozen=True)
class Place:
    """``site`` is a vocabulary id, or back, jaw, chest, head, elsewhere, which have none."""

    site: str
    first: int
    last: int
    side: Optional[str] = None
    group: int = 0


class SideFinder:
    """Finds sides as ``sites.yml`` lists them, and gives them to places."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._sides = Lexicon({"side": data["side"], "none": {"none": data["not_a_side"]}}, {})
        self._others = Lexicon({"other": data["other_side"]}, {})
        self._leads: FrozenSet[str] = frozenset(data["side_leads"])
        self._weak: FrozenSet[str] = frozenset(data["weak_sides"])
        self._plurals: FrozenSet[str] = frozenset(data["paired_plurals"])
        self._single: FrozenSet[str] = frozenset(data["not_paired"])

    def words(self, doc: Doc) -> List[Match]:
        """The words that say a side; "that side" is the side said last, or one side if none was."""
        known: Optional[List[Match]] = doc.user_data.get("sides")
        if known is None:
            matches = self._sides.find(doc)
            swallowed = {token for match in matches if match.kind == "none" for token in match.tokens}
            found = [match for match in matches if match.kind == "side" and not swallowed.issuperset(match.tokens)]
            found = [match for match in found if not _is_filler(doc, match)]
            known = doc.user_data["sides"] = _resolved(doc, found)
        return known

    def is_strong(self, doc: Doc, side: Match) -> bool:
        """Whether the words say a side by themselves; "one" and "two" do so only next to a place."""
        norms = doc.user_data["norms"]
        if len(side.tokens) > 1:
            return True
        before = [norm for norm in norms[: side.first] if norm.strip()]
        if side.id in SINGLE and norms[side.last + 1 : side.last + 2] != ["side"]:
            return not before or before[-1] in self._leads  # "my husband left" says no side
        return norms[side.first] not in self._weak

    def is_plural(self, doc: Doc, first: int, last: int) -> bool:
        """Whether the tokens are the plural of a paired part."""
        return any(doc.user_data["norms"][token] in self._plurals for token in range(first, last + 1))

    def give(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        """The places with their sides."""
        own = [replace(place, side=place.side or self._own(doc, place)) for place in places]
        alone = self._with_clause_sides(doc, _spread(own))
        return self._inherited(doc, self._joined_by_other(doc, alone))

    def _own(self, doc: Doc, place: Place) -> Optional[str]:
        """The side said next to the place, else that of its plural."""
        best: Optional[str] = None
        for side in self.words(doc):
            if self._is_next_to(doc, place, side):
                best = BOTH if best and {best, side.id} == SINGLE else side.id
        if best in (None, ONE) and self.is_plural(doc, place.first, place.last):
            hands = not _HANDS.isdisjoint(doc.user_data["norms"][place.first : place.last + 1])
            if hands or best is None and place.site not in self._single:
                return BOTH
        return best

    @staticmethod
    def _has_hands(doc: Doc, place: Place) -> bool:
        return any(
            norm in ("hands", "palms", "wrists") for norm in doc.user_data["norms"][place.first : place.last + 1]
        )

    @staticmethod
    def _is_next_to(doc: Doc, place: Place, side: Match) -> bool:
        norms = doc.user_data["norms"]
        if place.first <= side.first <= place.last:
            return True
        if side.last < place.first:
            between = norms[side.last + 1 : place.first]
            return len(between) <= BEFORE_PLACE and all(w in _NEAR_SIDE or not w.strip() for w in between)
        behind = norms[place.last + 1 : side.first]
        if len(behind) > AFTER_PLACE or not all(word in _BEHIND for word in behind):
            return False
        if "on" in behind or "of" in behind or norms[side.first] == "on":
            return True
        following = norms[side.last + 1 : side.last + 2]
        return not behind and side.id in SINGLE and (not following or following[0] in _CLOSES)

    def _with_clause_sides(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        """A side that stands alone ("pain in the thigh, left side") goes to the places that have none."""
        norms = doc.user_data["norms"]
        free = [side for side in self.words(doc) if self.is_strong(doc, side) and not self._is_used(doc, side, places)]
        result: List[Place] = []
        for place in places:
            plural = place.side == BOTH and self.is_plural(doc, place.first, place.last)
            if place.side in (None, ONE) or plural and places == places[:1]:
                for side in free:
                    if place.side == ONE and side.id not in SINGLE:
                        continue
                    if plural and (side.first < place.last or self._is_worse_there(doc, place, side)):
                        continue  # "both feet, worse on the left"
                    if place.side == ONE and _UNLIKE.intersection(norms[side.first - 3 : side.last + 3]):
                        continue
                    if _speaks_of(doc, side, place, places):
                        place = replace(place, side=side.id)
                        break
            result.append(place)
        return result

    def _is_worse_there(self, doc: Doc, place: Place, side: Match) -> bool:
        """Whether both have it: "both feet, worse on the left", "both thighs, the left more"."""
        words = doc.user_data["norms"][place.last : side.last + 3]
        return bool(_MORE_THERE.intersection(words)) or any(
            other.id == BOTH and self._is_next_to(doc, place, other) for other in self.words(doc)
        )

    def _is_used(self, doc: Doc, side: Match, places: Sequence[Place]) -> bool:
        """Whether a place next to the words already has their side, alone or as one of both."""
        return any(
            place.first - 4 <= side.first <= place.last + 4
            and (place.side == side.id or place.side == BOTH and not self.is_plural(doc, place.first, place.last))
            for place in places
        )

    def _joined_by_other(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        """ "my left knee throbs and so does the right one": then it is both."""
        result = list(places)
        norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
        for match in self._others.find(doc):
            if _UNLIKE.intersection(norms[max(0, match.first - 2) : match.last + 4]):
                continue
            named = [n for n, place in enumerate(result) if place.last < match.first and place.side in _ONE_ONLY]
            if not named or any(place.first == match.last + 1 for place in result):
                continue
            last = result[named[-1]]
            around = [n for n, p in enumerate(result) if p.first <= match.last and match.first <= p.last]
            if any(result[n].site != last.site for n in around):
                continue  # "my left eye went, now my right leg is numb"
            if match.id == last.side or sentences[match.first] - sentences[last.last] > 1:
                continue
            for n in named:
                if result[n].group == last.group and result[n].side == last.side:
                    result[n] = replace(result[n], side=BOTH)
            for n in around:
                result[n] = replace(result[n], side=BOTH)
        return result

    def _inherited(self, doc: Doc, places: Sequence[Place]) -> List[Place]:
        """ "my right leg: pain from the bum down the thigh" is all on the right."""
        norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
        result: List[Place] = []
        for place in places:
            if (
                place.side is None
                and place.site in _LEG
                and norms[max(0, place.first - 1)] not in ("my", "a", "any", "no")
            ):
                before = [p for p in result if p.site in _LEG and p.side is not None]
                if (
                    before
                    and before[-1].side in SINGLE
                    and {p.side for p in before} == {before[-1].side}
                    and sentences[place.first] - sentences[before[-1].last] <= REACH
                ):
                    place = replace(place, side=before[-1].side)
            result.append(place)
        return result


def _is_filler(doc: Doc, side: Match) -> bool:
    """ "Right, so my leg ..." says no side; the answer "right, mostly" does."""
    norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
    starts = side.first == 0 or sentences[side.first - 1] != sentences[side.first]
    following = [norm for norm in norms[side.last + 1 :] if norm.strip()]
    if not starts or norms[side.last] != RIGHT or following[:1] not in ([","], ["!"]):
        return False
    return len(norms) > FILLED or following[1:2] == ["i"]


def _resolved(doc: Doc, sides: Sequence[Match]) -> List[Match]:
    result: List[Match] = []
    for side in sides:
        if side.id == THAT:
            said = [other.id for other in result if other.id in SINGLE]
            reference = doc.user_data["lemmas"][side.last] != "side"
            if reference and not said:
                continue  # "that leg" says no side by itself
            side = replace(side, id=said[-1] if said else ONE)
        result.append(side)
    return result


def _speaks_of(doc: Doc, side: Match, place: Place, places: Sequence[Place]) -> bool:
    """In one sentence, or in the next where that names no place ("It's my knee. The left one.")."""
    sentences = doc.user_data["sentences"]
    apart = sentences[side.first] - sentences[place.first]
    if apart == 0:
        return True
    later = [other for other in places if other.first > place.last and sentences[other.first] <= sentences[side.first]]
    return apart == 1 and side.id in SINGLE and not later


def _spread(places: Sequence[Place]) -> List[Place]:
    """ "left hip and thigh": the side covers the rest of the list."""
    spread: List[Place] = []
    for place in places:
        previous = spread[-1] if spread else None
        if place.side is None and previous and previous.group == place.group and previous.side in _ONE_ONLY:
            place = replace(place, side=previous.side)
        spread.append(place)
    return spread
