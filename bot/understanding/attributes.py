"""What is said about a finding: onset, course, timing, quality, what brings it on or eases it, severity, duration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import AbstractSet, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import Context
from bot.understanding.durations import find_durations
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import PRESENT, UNCERTAIN
from bot.understanding.spelling import LANGUAGE
from bot.understanding.subjects import SELF

_SEVERITY = re.compile(
    r"(?<![\d./])(\d{1,2}|ten|nine|eight|seven|six|five|four|three|two|one)(?:\.5)?(?:\s*-\s*(\d{1,2}))?"
    r"\s*(?:/\s*10\b|out of (?:10|ten)\b)"
    r"|(?:pain|severity|score|level|scale|rate it|rate|say|intensity)"
    r"(?:\s+(?:is|was|it|at|of|level|score|as|about|around|like|a|an|maybe|probably|roughly)){1,4}\s+(\d{1,2})"
    r"(?![\d/%]|\.\d|\s*(?:out|am|pm|year|month|week|day|hour|minute|time|mg|yr|wk|ng|pg|pmol|stone|kg|of))",
)
_WEAK_LINKS = frozenset(["to", "by", "with", "from", "even"])
_BEGAN = frozenset(["started", "began", "came"])
SURROUNDINGS = frozenset(
    ["dark_or_eyes_closed", "cold", "heat", "tight_clothing"]
)  # said with "in", no other link is needed
_WORDS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten".split())}
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
        self._links = Lexicon({"link": {"link": data["link"]}}, {})
        self._values: Mapping[str, Sequence[Optional[str]]] = data["trigger_values"]
        self._connect: FrozenSet[str] = frozenset(data["connect"])
        self._context = context

    def find(self, doc: Doc, claimed: AbstractSet[int]) -> List[Attribute]:
        """Attributes in order. ``claimed`` are tokens of findings that already say it ("night sweats")."""
        matches = self._lexicon.find(doc)
        matches, frames = self._turn_course(doc, matches)
        frames += [m for m in matches if m.kind == "frame"]
        found: List[Attribute] = []
        for match in matches:
            if (
                match.kind in ("onset", "course", "timing")
                and (match.kind in ("onset", "course") or not set(match.tokens) <= claimed)
                and not (match.kind == "timing" and _is_relief(doc, match))
                and self._affirmed(doc, match, claimed)
            ):
                found.append(Attribute(match.kind, match.id, match.first, match.last))
        found = _without_pace(doc, found)
        triggers = [m for m in matches if m.kind == "trigger" and not set(m.tokens) <= claimed]
        found += self._triggers(doc, triggers, sorted(frames, key=lambda m: m.first), claimed)
        found += [Attribute("duration", d.iso, d.first, d.last) for d in find_durations(doc)]
        found += self._severity(doc)
        return sorted(found, key=lambda attribute: attribute.first)

    def qualities(self, doc: Doc) -> List[Match]:
        """Words of quality; the reader decides whether there is a pain they describe."""
        return self._qualities.find(doc)

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
        trigger_tokens = {token for other in triggers for token in other.tokens}
        here = [f for f in frames if clauses[f.first] == clause and not set(f.tokens) & set(trigger.tokens)]
        following = next((f for f in here if f.first > trigger.last), None)
        preceding = next((f for f in reversed(here) if f.first < trigger.first), None)
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
        linked = any(i in links and clauses[i] == clause and norms[i] not in _WEAK_LINKS for i in before)
        began = _BEGAN.intersection(norms[max(0, trigger.first - 8) : trigger.first])
        if has_finding and linked and not began and self._affirmed(doc, trigger, claimed):
            return "worse"
        return None

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

    @staticmethod
    def _severity(doc: Doc) -> List[Attribute]:
        found: List[Attribute] = []
        for match in _SEVERITY.finditer(doc.text.lower()):
            word = match.group(2) or match.group(1) or match.group(3)
            number = _WORDS.get(word, int(word) if word.isdigit() else 99)
            span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
            if number <= 10 and span is not None:
                found.append(Attribute("severity", number, span.start, span.end - 1))
        return found


def _is_relief(doc: Doc, match: Match) -> bool:
    """ "better in the morning" does not say that the morning is when it is felt."""
    norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
    before = [norms[i] for i in range(max(0, match.first - 3), match.first) if clauses[i] == clauses[match.first]]
    return bool({"better", "easier", "less", "fine", "ok", "okay", "eases"} & set(before))


def _without_pace(doc: Doc, found: Sequence[Attribute]) -> List[Attribute]:
    """ "slowly getting worse" is a course, not a gradual onset."""
    courses = [attribute.first for attribute in found if attribute.name == "course"]
    return [
        a for a in found if not (a.value == "gradual" and any(a.first <= course <= a.last + 2 for course in courses))
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
