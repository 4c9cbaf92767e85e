"""What is said about a finding: onset, course, timing, quality, what brings it on or eases it, severity, duration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import AbstractSet, Dict, List, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import Context
from bot.understanding.durations import Duration, find_durations
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import PRESENT, UNCERTAIN
from bot.understanding.severities import find_severities
from bot.understanding.spelling import LANGUAGE
from bot.understanding.subjects import SELF
from bot.understanding.triggers import TriggerReader

_TURNING = frozenset("worse better easier stronger worst weaker improve improves ease eases eased settles".split())
SPELLS = ("constant", "intermittent")  # times that are no time of day


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
        self._triggers = TriggerReader(data, context)
        self._context = context

    def find(self, doc: Doc, claimed: AbstractSet[int]) -> List[Attribute]:
        """Attributes in order. ``claimed`` are tokens of findings that already say it ("night sweats")."""
        matches = self._lexicon.find(doc)
        matches, frames = self._turn_course(doc, matches)
        frames += [m for m in matches if m.kind == "frame" and not (m.id == "better" and m.first in claimed)]
        found: List[Attribute] = []
        for match in matches:
            if (
                match.kind in ("onset", "course", "timing")
                and (_is_more_than_named(doc, match) or not set(match.tokens) <= claimed)
                and not (match.kind == "timing" and match.id not in SPELLS and _is_relief(doc, match))
                and not _is_denied_turn(doc, match)
                and self._affirmed(doc, match, claimed)
            ):
                found.append(Attribute(match.kind, match.id, match.first, match.last))
        found = _without_pace(doc, found)
        triggers = [m for m in matches if m.kind == "trigger" and not set(m.tokens) <= claimed]
        for name, value, words in self._triggers.read(doc, triggers, frames, claimed):
            found.append(Attribute(name, value, words.first, words.last))
        found += [
            Attribute("duration", d.iso, d.first, d.last)
            for d in find_durations(doc)
            if not self._lasts_else(doc, d, claimed)
        ]
        found += [Attribute("severity", s.score, s.first, s.last) for s in find_severities(doc)]
        return sorted(found, key=lambda attribute: attribute.first)

    def qualities(self, doc: Doc) -> List[Match]:
        """Words of quality, not the "hot" of a hot bath; the reader decides whether there is a pain they describe."""
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


def _is_denied_turn(doc: Doc, match: Match) -> bool:
    """ "it's not getting any better" tells no course: what does not improve is simply there."""
    norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
    before = [norms[i] for i in range(max(0, match.first - 3), match.first) if clauses[i] == clauses[match.first]]
    while "," in before:
        before = before[before.index(",") + 1 :]
    return match.id in ("improving", "worsening") and bool({"not", "never", "no"}.intersection(before))


def _is_more_than_named(doc: Doc, match: Match) -> bool:
    """Whether the words tell more than the finding they belong to: "sudden" pain, weakness that grows, waking."""
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
