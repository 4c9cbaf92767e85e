"""Reads the findings of one message: which, whose, when, and where on the body."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import AbstractSet, Any, Dict, FrozenSet, List, Sequence

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import Context
from bot.understanding.finding_rules import FindingRules
from bot.understanding.found import Finding, same
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.linking import Anchor, Linker
from bot.understanding.mentions import ABSENT, HYPOTHETICAL, OTHER_PERSON, PAST, PRESENT
from bot.understanding.normality import Normality
from bot.understanding.places import Place, PlaceFinder
from bot.understanding.subjects import OTHER, SELF

SIMILE_REACH = 2  # tokens between a finding and the "like" of its comparison


class FindingReader:
    """Finds what ``findings.yml`` lists, with status and places."""

    def __init__(self, context: Context, places: PlaceFinder, rules: FindingRules, language: Path) -> None:
        self._context, self._places, self._rules = context, places, rules
        self._linker = Linker(places)
        data: Any = read_yaml(language / "findings.yml")
        self._normality = Normality(language / "normality.yml")
        phrases: Dict[str, List[str]] = {
            id_: [*own, *self._normality.phrases.get(id_, ())] for id_, own in data["finding"].items()
        }
        classes: Dict[str, Sequence[str]] = {**data["classes"], **self._normality.classes, "part": places.phrases}
        self._lexicon = Lexicon({"finding": phrases, "ignore": {"ignore": data["ignore"]}}, classes, data["fillers"])

    def read(self, doc: Doc) -> List[Finding]:
        """The findings in the order said, without what is said about them."""
        matches = self._lexicon.find(doc)
        swallowed = {token for match in matches if match.kind == "ignore" for token in match.tokens}
        places = self._place_tokens(doc)
        matches = [
            m
            for m in matches
            if m.kind == "finding" and not swallowed.issuperset(set(m.tokens) - places or set(m.tokens))
        ]
        matches = _without_similes(matches)
        claimed = frozenset(token for match in matches for token in match.tokens)
        findings: List[Finding] = []
        for match in matches:
            works = match.keys.get("state") == "normal"
            solid = works or match.last - match.first + 1 == len(match.tokens)
            start = match.first if solid else match.last
            assessed = self._context.assess(doc, start, match.last + 1, claimed, subject_token=match.first)
            status = assessed.status
            if works:
                status = self._normality.status(doc, match, assessed)
            if match.keys.get("status") == ABSENT:
                status = {PRESENT: ABSENT, ABSENT: PRESENT}.get(status, status)
            if status == ABSENT and self._context.is_since(doc, match.last + 1):
                status = PAST
            if match.id == "suicidal_thoughts" and status == HYPOTHETICAL:
                status = PRESENT  # a thought of it is what is looked for
            other = self._context.other_answer(doc, match.last) if assessed.subject == SELF else None
            if other is not None:
                findings.append(Finding(match.id, match, OTHER_PERSON, OTHER))
            if other is None or not other.asked:
                findings.append(Finding(match.id, match, status, assessed.subject))
            own = self._context.own_answer(doc, match.last) if assessed.subject == OTHER else None
            if own is not None:
                findings.append(Finding(match.id, match, own, SELF))
        findings = self._with_companions(self._one_per_word(doc, findings, places))
        self._place(doc, findings)
        findings = [part for finding in findings for part in self._radiating(doc, finding)]
        findings = [part for finding in findings for part in self._name_by_place(finding)]
        if any(finding.id == "sore_tongue" for finding in findings):
            covered = self._rules.sore_tongue_covers
            findings = [f for f in findings if not (f.places and f.places[0].site == "mouth" and f.id in covered)]
        findings = [finding for finding in findings if not _hurts_to_touch(doc, finding, findings)]
        return findings

    def _place_tokens(self, doc: Doc) -> FrozenSet[int]:
        return frozenset(token for place in self._places.find(doc) for token in range(place.first, place.last + 1))

    def _place(self, doc: Doc, findings: Sequence[Finding]) -> None:
        places = self._places.find(doc)
        tongue = {token for f in findings if f.id == "sore_tongue" for token in f.match.tokens}
        placed = [f for f in findings if f.id in self._rules.takes_side or f.id in self._rules.pains]
        anchors = [Anchor(f.match.tokens, f.live) for f in placed]
        linked = self._linker.link(doc, anchors, places)
        for finding, found, more in zip(placed, linked, self._linker.extensions(doc, anchors, linked)):
            if finding.id not in self._rules.sore_tongue_covers:
                found = [place for place in found if place.first not in tongue]
            side = found[0].side if found else None
            finding.places = found + [replace(place, side=place.side or side) for place in more]

    def _radiating(self, doc: Doc, finding: Finding) -> List[Finding]:
        """ "hip pain that runs down the thigh" is hip pain and pain of the thigh (rule 5 of labelling.md)."""
        if finding.id not in self._rules.named_pains:
            return [finding]
        listed = self._listed_with(doc, finding)
        if listed:
            return [replace(finding, id="pain", places=listed)]
        away = [
            place
            for place in finding.places
            if place.site not in self._rules.own_pain
            and place.site != "elsewhere"
            and place.first > finding.match.last
            and self._linker.spreads(doc, place)
        ]
        if not away:
            return [finding]
        home = [place for place in finding.places if place not in away]
        side = self._places.stray_side(doc, finding.match.first, finding.match.last)
        away = [replace(place, side=place.side or side) for place in away]
        return [replace(finding, places=home), replace(finding, id="pain", places=away, values=list(finding.values))]

    def _listed_with(self, doc: Doc, finding: Finding) -> List[Place]:
        """The list a named pain ends: "my hip and groin ache" is pain in both."""
        places = self._places.find(doc)
        for place in places:
            if finding.match.first <= place.first and place.last <= finding.match.last:
                group = [other for other in places if other.group == place.group]
                return group if group[0].last < place.first else []
        return []

    def _one_per_word(self, doc: Doc, findings: Sequence[Finding], place_tokens: AbstractSet[int]) -> List[Finding]:
        """Of overlapping matches the longer one says it, unless they share only the name of a place."""
        kept: List[Finding] = []
        said_by = {shorter for shorter, _ in self._rules.said_by}
        for finding in sorted(
            findings, key=lambda f: (-len(f.match.tokens), f.id in said_by, f.match.last - f.match.first)
        ):
            tokens = set(finding.match.tokens)
            for other in kept:
                shared = tokens & set(other.match.tokens)
                said = {i for i in shared - place_tokens if doc.user_data["lemmas"][i] not in self._rules.shared_words}
                longer = len(tokens) < len(other.match.tokens) or (finding.id, other.id) in self._rules.said_by
                whose = finding.subject == other.subject
                if shared and whose and finding.id == other.id or said and longer:
                    break
            else:
                kept.append(finding)
        return sorted(kept, key=lambda f: (f.match.first, f.match.last))

    def _with_companions(self, findings: Sequence[Finding]) -> List[Finding]:
        """Progressive weakness always stands beside weakness (rule 7 of labelling.md)."""
        result: List[Finding] = []
        for finding in findings:
            result.append(finding)
            companion = self._rules.companions.get(finding.id)
            if companion is not None:
                result.append(Finding(companion, finding.match, finding.status, finding.subject))
        return result

    def _name_by_place(self, finding: Finding) -> List[Finding]:
        """Pain in hip, groin, buttock, back, jaw, chest or head is a finding of its own (rule 5 of labelling.md)."""
        if finding.id != "pain":
            if finding.id == "numbness" and any(place.site == "saddle" for place in finding.places):
                finding.id = "saddle_numbness"
            return [finding]
        own: Dict[str, List[Place]] = {}
        for place in finding.places:
            own.setdefault(self._rules.own_pain.get(place.site, "pain"), []).append(place)
        if not own:
            return [finding]
        return [
            Finding(id_, finding.match, finding.status, finding.subject, places, list(finding.values))
            for id_, places in own.items()
        ]


def _without_similes(matches: List[Match]) -> List[Match]:
    """An image counts only where nothing is said outright: "burns like acid" is burning, not something like acid."""
    plain = [match for match in matches if "image" not in match.keys]
    kept: List[Match] = []
    for match in sorted((m for m in matches if "image" in m.keys), key=lambda m: m.last - m.first):
        covered = any(
            other.first <= match.last and match.first - other.last <= SIMILE_REACH for other in [*plain, *kept]
        )
        if not covered:
            kept.append(match)
    return [match for match in matches if match in plain or match in kept]


def _hurts_to_touch(doc: Doc, finding: Finding, findings: Sequence[Finding]) -> bool:
    """ "so tender I can't bear the sheet on it" is touch sensitivity alone (rule 6 of labelling.md)."""
    if finding.id != "pain" or doc.user_data["lemmas"][finding.match.last] not in ("tender", "sore", "hurt"):
        return False
    return any(
        other.id == "touch_sensitivity" and same(doc, "clauses", other.match.first, finding.match.last)
        for other in findings
    )
