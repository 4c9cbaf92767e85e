"""What is said about a finding: onset, course, timing, quality, what brings it on or eases it, severity, duration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import AbstractSet, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import SELF, Context
from bot.understanding.durations import Duration, find_durations
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import PRESENT, UNCERTAIN
from bot.understanding.severities import find_severities
from bot.understanding.spelling import LANGUAGE

_WEAK_LINKS = frozenset(["to", "by", "with", "from", "even"])
_NEAR_LINKS = frozenset(["on"])  # these lead only to what stands right behind them
_UNLESS = frozenset(["unless", "except"])  # "I'm not unsteady unless it's dark"
_OPENERS = frozenset(["one", "any", "single", "every", "each", "a", "just"])  # "one sneeze and I'm wet"
_BARE_BETWEEN = frozenset("at night in bed only just a bit".split())
_REFUSED = frozenset(["lying_on_it", "lying", "sitting"])  # "can't lie on it"
BARE_ANSWER = 6  # words of a message that only names what brings it on or eases it
_BEGAN = frozenset(["started", "began", "came"])
SURROUNDINGS = frozenset(
    ["dark_or_eyes_closed", "cold", "heat", "tight_clothing"]
)  # said with "in", no other link is needed
_TURNING = frozenset(
    [
        "worse",
        "better",
        "easier",
        "stronger",
        "worst",
        "weaker",
        "improve",
        "improves",
        "ease",
        "eases",
        "eased",
        "settles",
    ]
)


@dataclass(frozen=True)
class Attribute:
    """``name`` is site, onset, ...; ``value`` an id, a number (severity) or an ISO duration."""

    name: str
    value: object
    first: int
    last: int


class AttributeFinder:
    """Finds attributes that are affirmed of the speaker."""

    def __init__(self, context: Context, path: Path = LANGUAGE / "attributes.yml") -> None:
        data = read_yaml(path)
        assert isinstance(data, dict)
        names = ("onset", "course", "timing", "trigger", "frame")
        self._lexicon = Lexicon(
            {**{name: data[name] for name in names}, "none": {"none": data["not_a_time"]}},
            {},
            ["really", "very", "just", "quite", "so", "too", "much", "even", "a", "bit", "always"],
        )
        self._qualities = Lexicon({"quality": data["quality"]}, {})
        self._lasted_else = Lexicon({"else": {"else": data["lasted_else"]}}, {})
        self._links = Lexicon({"link": {"link": data["link"]}}, {})
        self._values: Mapping[str, Sequence[Optional[str]]] = data["trigger_values"]
        self._connect: FrozenSet[str] = frozenset(data["connect"])
        self._context = context

    def find(self, doc: Doc, claimed: AbstractSet[int]) -> List[Attribute]:
        """Attributes in order. ``claimed`` are tokens of findings that already say it ("night sweats")."""
        matches = self._lexicon.find(doc)
        matches, frames = self._turn_course(doc, matches)
        frames += [m for m in matches if m.kind == "frame" and not (m.id == "better" and claimed.intersection(m.tokens))]
        found: List[Attribute] = []
        for match in matches:
            if (
                match.kind in ("onset", "course", "timing")
                and (_is_more_than_named(doc, match) or not set(match.tokens) <= claimed)
                and not (match.kind == "timing" and _is_relief(doc, match))
                and not _is_denied_turn(doc, match)
                and self._affirmed(doc, match, claimed)
            ):
                found.append(Attribute(match.kind, match.id, match.first, match.last))
        found = _without_pace(doc, found)
        triggers = [m for m in matches if m.kind == "trigger" and not set(m.tokens) <= claimed]
        found += self._triggers(doc, triggers, sorted(frames, key=lambda m: m.first), claimed)
        found += [
            Attribute("duration", d.iso, d.first, d.last)
            for d in find_durations(doc)
            if not self._lasts_else(doc, d, claimed)
        ]
        found += [Attribute("severity", s.score, s.first, s.last) for s in find_severities(doc)]
        return sorted(found, key=lambda attribute: attribute.first)

    def qualities(self, doc: Doc) -> List[Match]:
        """Words of quality, but not the "hot" of a hot bath; the reader decides whether there is a pain they describe."""
        triggers = {token for match in self._lexicon.find(doc) if match.kind == "trigger" for token in match.tokens}
        return [match for match in self._qualities.find(doc) if not triggers.issuperset(match.tokens)]

    def _lasts_else(self, doc: Doc, duration: Duration, claimed: AbstractSet[int]) -> bool:
        """Whether the time is that of a habit, an illness or an operation in a clause that names no complaint."""
        clauses = doc.user_data["clauses"]
        clause = clauses[duration.first]
        if any(clauses[token] == clause for token in claimed):
            return False
        return any(clauses[match.last] == clause for match in self._lasted_else.find(doc))

    def _affirmed(self, doc: Doc, match: Match, claimed: AbstractSet[int]) -> bool:
        assessment = self._context.assess(doc, match.first, match.last + 1, ignore=claimed | frozenset(match.tokens))
        return assessment.subject == SELF and assessment.status in (PRESENT, UNCERTAIN)

    @staticmethod
    def _turn_course(doc: Doc, matches: List[Match]) -> Tuple[List[Match], List[Match]]:
        """ "gets worse at night" and "feels better when I sit" say when, not where it is heading."""
        kept: List[Match] = []
        frames: List[Match] = []
        for match in matches:
            turning = [token for token in match.tokens if doc.user_data["norms"][token] in _TURNING]
            if match.kind == "course" and turning and match.id in ("worsening", "improving"):
                clause = doc.user_data["clauses"][match.last]
                near = [
                    m
                    for m in matches
                    if m.kind in ("trigger", "timing")
                    and 0 < m.first - match.last <= 4
                    and doc.user_data["clauses"][m.first] == clause
                    and m.id not in ("constant", "intermittent")
                ]
                before = [
                    m
                    for m in matches
                    if m.kind == "trigger" and 0 < match.first - m.last <= 3 and match.id == "improving"
                ]
                if near or before:
                    frames.append(Match("frame", "worse" if match.id == "worsening" else "better", match.tokens))
                    continue
            kept.append(match)
        return kept, frames

    # --- what brings it on, what eases it -----------------------------------------------------------

    def _triggers(
        self, doc: Doc, triggers: Sequence[Match], frames: Sequence[Match], claimed: AbstractSet[int]
    ) -> List[Attribute]:
        links = {match.last for match in self._links.find(doc)}
        found: List[Attribute] = []
        previous: Optional[Tuple[Match, Optional[str]]] = None
        for trigger in triggers:
            polarity = self._polarity(doc, trigger, triggers, frames, links, claimed, previous)
            if polarity is None and not frames and not claimed:
                polarity = self._as_answer(doc, trigger, links)
            previous = (trigger, polarity)
            if polarity is None:
                continue
            worse, better = self._values[trigger.id]
            value = worse if polarity == "worse" else better
            if value is not None:
                found.append(
                    Attribute("aggravating" if polarity == "worse" else "relieving", value, trigger.first, trigger.last)
                )
        return found

    def _polarity(
        self,
        doc: Doc,
        trigger: Match,
        triggers: Sequence[Match],
        frames: Sequence[Match],
        links: AbstractSet[int],
        claimed: AbstractSet[int],
        previous: Optional[Tuple[Match, Optional[str]]],
    ) -> Optional[str]:
        clauses, norms = doc.user_data["clauses"], doc.user_data["norms"]
        clause = clauses[trigger.first]
        if self._context.assess(doc, trigger.first, trigger.last + 1).subject != SELF:
            return None
        trigger_tokens = {token for other in triggers for token in other.tokens}
        here = [f for f in frames if clauses[f.first] == clause and not set(f.tokens) & set(trigger.tokens)]
        following = next((f for f in here if f.first > trigger.last), None)
        preceding = next((f for f in reversed(here) if f.first < trigger.first), None)
        if _is_echoed(doc, trigger) and preceding is None:
            earlier = [f for f in frames if f.last < trigger.first and _same_sentence(doc, f.last, trigger.first)]
            return earlier[-1].id if earlier else None
        if following is not None:
            between = norms[trigger.last + 1 : following.first]
            direct = len(between) <= 8 and not any(
                word in ("and", ",", "or", "when", "if", "that", "which") for word in between
            )
            listed = preceding is None and all(
                word in self._connect
                or i in trigger_tokens
                or word in ("always", "really", "seems", "all", "usually", "both", "only", "thing", "that")
                for i, word in enumerate(between, start=trigger.last + 1)
            )
            if direct or listed:
                return self._signed(doc, following, claimed)
        if preceding is not None:
            between_range = range(preceding.last + 1, trigger.first)
            linked = any(i in links for i in (*preceding.tokens, *between_range)) or len(between_range) <= 1
            if linked and len(between_range) <= 14:
                return self._signed(doc, preceding, claimed)
        if previous is not None and previous[1] is not None and clauses[previous[0].last] == clause:
            between_words = norms[previous[0].last + 1 : trigger.first]
            if all(word in self._connect for word in between_words):
                return previous[1]
        has_finding = any(clauses[token] == clause for token in claimed)
        before = range(max(0, trigger.first - 4), trigger.first)
        surroundings = trigger.id in SURROUNDINGS and "in" in norms[max(0, trigger.first - 2) : trigger.last + 1]
        if has_finding and surroundings and self._affirmed(doc, trigger, claimed):
            return "worse"
        linked = any(
            i in links
            and clauses[i] == clause
            and norms[i] not in _WEAK_LINKS
            and not (norms[i] in _NEAR_LINKS and trigger.first - i > 2)
            for i in before
        )
        if _UNLESS.intersection(norms[i] for i in before):
            return "worse"
        began = _BEGAN.intersection(norms[max(0, trigger.first - 8) : trigger.first])
        if began or not self._affirmed(doc, trigger, claimed | frozenset(before) if _is_refused(doc, trigger) else claimed):
            return None
        if _is_refused(doc, trigger) or has_finding and (linked or _is_gerund_beside(doc, trigger, claimed)):
            return "worse"
        return "worse" if _opens(doc, trigger) else None

    def _as_answer(self, doc: Doc, trigger: Match, links: AbstractSet[int]) -> Optional[str]:
        """ "rubbing it": an answer that only names it, where it can only ease or only bring on."""
        norms = doc.user_data["norms"]
        if sum(norm.isalnum() for norm in norms) > BARE_ANSWER or "?" in norms or norms[0] in ("i", "my"):
            return None
        worse, better = self._values[trigger.id]
        if (worse is None) == (better is None) or not self._affirmed(doc, trigger, frozenset()):
            return None
        return "worse" if better is None else "better"

    @staticmethod
    def _signed(doc: Doc, frame: Match, claimed: AbstractSet[int]) -> Optional[str]:
        """The frame's direction, or nothing if it is denied ("doesn't help")."""
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        before = [norms[i] for i in range(max(0, frame.first - 4), frame.first) if clauses[i] == clauses[frame.first]]
        if {"not", "never", "no", "nothing", "hardly", "neither", "nor", "without"} & set(
            before
        ) and "only" not in before:
            return None
        return frame.id


def _is_refused(doc: Doc, trigger: Match) -> bool:
    """ "can't lie on it"."""
    norms = doc.user_data["norms"]
    before = [norms[i] for i in range(max(0, trigger.first - 3), trigger.first) if norms[i].strip()]
    return trigger.id in _REFUSED and before[-2:] == ["can", "not"]


def _is_denied_turn(doc: Doc, match: Match) -> bool:
    """ "it's not getting any better" tells no course: what does not improve is simply there."""
    norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
    before = [norms[i] for i in range(max(0, match.first - 3), match.first) if clauses[i] == clauses[match.first]]
    while "," in before:
        before = before[before.index(",") + 1 :]
    return match.id in ("improving", "worsening") and bool({"not", "never", "no"}.intersection(before))


def _is_echoed(doc: Doc, trigger: Match) -> bool:
    """ "standing doesn't bother it but sitting does"."""
    norms = doc.user_data["norms"]
    behind = [norm for norm in norms[trigger.last + 1 :] if norm.strip()][:2]
    return behind[:1] in (["do"], ["does"], ["will"]) and (len(behind) == 1 or behind[1] in (",", ".", "!", "and", ";"))


def _same_sentence(doc: Doc, one: int, other: int) -> bool:
    sentences: List[int] = doc.user_data["sentences"]
    return sentences[one] == sentences[other]


def _is_gerund_beside(doc: Doc, trigger: Match, claimed: AbstractSet[int]) -> bool:
    """ "short of breath walking uphill", "sore at night lying down"."""
    norms = doc.user_data["norms"]
    if not norms[trigger.first].endswith("ing") or norms[trigger.first - 1] in ("like", "of"):
        return False
    i = trigger.first - 1
    while i >= 0 and i not in claimed and (norms[i] in _BARE_BETWEEN or not norms[i].strip()):
        i -= 1
    return i in claimed


def _opens(doc: Doc, trigger: Match) -> bool:
    """ "one flight of stairs and I'm puffing"."""
    norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
    begins = [norms[i] for i in range(max(0, trigger.first - 3), trigger.first) if sentences[i] == sentences[trigger.first]]
    following = [norm for norm in norms[trigger.last + 1 : trigger.last + 4] if norm.strip()]
    return bool(begins) and begins[0] in _OPENERS and following[:1] == ["and"] and following[1:2] in (["i"], ["my"], ["it"])


def _is_more_than_named(doc: Doc, match: Match) -> bool:
    """Whether the words tell something besides the finding they belong to: "sudden" pain, weakness that grows, waking."""
    return match.kind == "onset" or match.id == "worsening" or doc.user_data["lemmas"][match.first] == "wake"


def _is_relief(doc: Doc, match: Match) -> bool:
    """ "better in the morning" does not say that the morning is when it is felt."""
    norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
    before = [norms[i] for i in range(max(0, match.first - 3), match.first) if clauses[i] == clauses[match.first]]
    return bool({"better", "easier", "less", "fine", "ok", "okay", "eases"} & set(before))


def _without_pace(doc: Doc, found: Sequence[Attribute]) -> List[Attribute]:
    """ "slowly getting worse" is a course, not a gradual onset."""
    courses = [attribute for attribute in found if attribute.name == "course"]
    return [
        a
        for a in found
        if not (
            a.value == "gradual"
            and any(a.first <= course.first <= a.last + 2 or 0 < a.first - course.last <= 2 for course in courses)
        )
    ]


def merged(values: Sequence[Tuple[str, object]], lists: Sequence[str]) -> Dict[str, object]:
    """Attributes as the keys of an entity: lists for those that may repeat, the first value for the others."""
    keys: Dict[str, object] = {}
    for name, value in values:
        if name in lists:
            present = keys.setdefault(name, [])
            assert isinstance(present, list)
            if value not in present:
                present.append(value)
        else:
            keys.setdefault(name, value)
    return keys
