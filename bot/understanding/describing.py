"""Attaches attributes to the findings they are said of, or to the message where it names none."""

from __future__ import annotations

from pathlib import Path
from typing import AbstractSet, Any, FrozenSet, List, Sequence

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.attributes import Attribute, AttributeFinder
from bot.understanding.context import Context
from bot.understanding.finding_rules import FindingRules
from bot.understanding.found import Finding, same
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import OTHER_PERSON, PAST, PRESENT, UNCERTAIN, Mention
from bot.understanding.places import PlaceFinder
from bot.understanding.risks import RiskReader
from bot.understanding.subjects import OTHER

HABITUAL = ("duration", "timing")
"""What may be said of a medicine, diet or job instead ("a pint every evening for ten years")."""


class Describer:
    """Reads onset, course, timing, quality, triggers, severity and duration."""

    def __init__(
        self, context: Context, places: PlaceFinder, risks: RiskReader, rules: FindingRules, language: Path
    ) -> None:
        self._context, self._places, self._risks, self._rules = context, places, risks, rules
        self._attributes = AttributeFinder(context, language / "attributes.yml")
        data: Any = read_yaml(language / "findings.yml")
        self._pace = Lexicon({"pace": {"fast": data["pace"]}}, {})

    def describe(self, doc: Doc, findings: Sequence[Finding]) -> None:
        """Attaches attributes to the findings they are said of."""
        claimed = _claimed(findings)
        live = [finding for finding in findings if finding.live]
        for finding in live:
            for name in ("quality", "timing"):
                value = finding.match.keys.get(name)
                if isinstance(value, str):
                    finding.values.append((name, value))
        self._describe_quality(doc, live)
        for attribute in self._attributes.find(doc, claimed):
            if attribute.name in HABITUAL and self._risks.owns(
                doc, attribute.first, attribute.last, [f.match.first for f in findings]
            ):
                continue
            if _is_of_the_past(doc, attribute, findings):
                continue
            targets = self._targets(doc, attribute, live)
            said = [f for f in targets if (f.id, attribute.value) in self._rules.said_already]
            if said and len(said) == len(targets):
                near = [f for f in live if f not in said and same(doc, "sentences", f.match.last, attribute.first)]
                targets = self._targets(doc, attribute, near)
            targets = [f for f in targets if (f.id, attribute.value) not in self._rules.said_already]
            fast = attribute.value == "worsening" and self._is_fast(doc, attribute)
            for finding in targets:
                finding.values.append((attribute.name, attribute.value))
                finding.fast = finding.fast or fast

    def _is_fast(self, doc: Doc, course: Attribute) -> bool:
        """ "worse by the hour", "quickly getting worse": what makes weakness progressive."""
        unit = doc.user_data["clauses"]
        return any(unit[match.first] == unit[course.first] for match in self._pace.find(doc))

    def _describe_quality(self, doc: Doc, live: Sequence[Finding]) -> None:
        norms = doc.user_data["norms"]
        matches = self._attributes.qualities(doc)
        quality_tokens = {token for match in matches for token in match.tokens}
        for match in matches:
            pains = [f for f in live if f.id in self._rules.pains and same(doc, "clauses", f.match.first, match.first)]
            if match.id in self._rules.quality_or_finding:
                pains = [f for f in pains if _describes(norms, match, f.match, quality_tokens)]
            for finding in pains:
                if self._context.assess(doc, match.first, match.last + 1, ignore=frozenset(match.tokens)).status in (
                    PRESENT,
                    UNCERTAIN,
                ):
                    finding.values.append(("quality", match.id))
            other = self._rules.quality_of.get(match.id)
            for finding in live:
                reach = 0 if match.id == "tight" else 2
                near = range(finding.match.first - reach, finding.match.last + 1 + reach)
                if finding.id == other and set(match.tokens) & set(near):
                    finding.values.append(("quality", match.id))

    def of_none(self, doc: Doc, findings: Sequence[Finding]) -> List[Mention]:
        """Attributes said of no finding of the message, such as the answer "gradually"."""
        if any(finding.live for finding in findings):
            return []
        blocked = {doc.user_data["sentences"][finding.match.first] for finding in findings}
        claimed = _claimed(findings)
        found: List[Mention] = []
        for attribute in self._attributes.find(doc, claimed):
            owned = attribute.name in HABITUAL and self._risks.owns(doc, attribute.first, attribute.last, [])
            if not owned and doc.user_data["sentences"][attribute.first] not in blocked:
                found.append(_attribute_mention(doc, attribute.name, attribute.value, attribute.first, attribute.last))
        if not findings:
            for match in self._attributes.qualities(doc):
                if match.id in ("tight", "heavy") and len(doc) > 6 or self._risks.covers(doc, match.first):
                    continue
                if self._context.assess(doc, match.first, match.last + 1).status in (PRESENT, UNCERTAIN):
                    found.append(_attribute_mention(doc, "quality", match.id, match.first, match.last))
            for place in self._places.find(doc):
                if self._context.is_asked_in_general(doc, place.first) or self._context.is_question(doc, place.first):
                    continue
                if self._context.assess(doc, place.first, place.last + 1).subject == OTHER:
                    continue
                if place.site not in self._rules.pseudo_sites and not self._risks.shares_clause(doc, place.first):
                    found.append(_attribute_mention(doc, "site", place.site, place.first, place.last))
                    if place.side:
                        found.append(_attribute_mention(doc, "side", place.side, place.first, place.last))
            for side in self._places.lone_sides(doc):
                if self._risks.shares_clause(doc, side.first):
                    continue
                found.append(_attribute_mention(doc, "side", side.id, side.first, side.last))
        return list({(mention.extra["name"], mention.value): mention for mention in reversed(found)}.values())

    def _targets(self, doc: Doc, attribute: Attribute, live: Sequence[Finding]) -> List[Finding]:
        """The findings an attribute is said of: those of its clause, else of its sentence, else the nearest."""
        for unit in ("clauses", "sentences"):
            near = [
                f
                for f in live
                if same(doc, unit, f.match.last, attribute.first) or same(doc, unit, f.match.first, attribute.first)
            ]
            if near:
                return self._local(near)
        sentences = doc.user_data["sentences"]
        before = [f for f in live if f.match.last < attribute.first]
        chosen = before or [f for f in live]
        if not chosen:
            return []
        number = sentences[chosen[-1].match.first] if before else sentences[chosen[0].match.first]
        return self._local([f for f in chosen if sentences[f.match.first] == number])

    def _local(self, findings: List[Finding]) -> List[Finding]:
        local = [finding for finding in findings if finding.id not in self._rules.general]
        return local or findings


def _claimed(findings: Sequence[Finding]) -> FrozenSet[int]:
    return frozenset(token for finding in findings for token in finding.match.tokens)


def _is_of_the_past(doc: Doc, attribute: Attribute, findings: Sequence[Finding]) -> bool:
    """Whether all that its clause names is over: "my eye went blurry for two weeks, then got better"."""
    own = [f for f in findings if same(doc, "clauses", f.match.last, attribute.first)]
    return bool(own) and all(finding.status in (PAST, OTHER_PERSON) for finding in own)


def _describes(norms: Sequence[str], quality: Match, pain: Match, quality_tokens: AbstractSet[int]) -> bool:
    """ "burning pain", "sharp, burning pain", "the pain is burning" - but not "pain and burning"."""
    if set(quality.tokens) & set(pain.tokens):
        return True
    if quality.last < pain.first:
        between = range(quality.last + 1, pain.first)
        return all(
            norms[i] in (",", "and", "type", "like", "-", "sort", "of", "kind") or i in quality_tokens for i in between
        ) and (norms[pain.first - 1] != "and" or pain.first - 1 == quality.last)
    between = range(pain.last + 1, quality.first)
    return (
        0 < len(between) <= 4
        and any(norms[i] in ("is", "'s", "was", "like", "feels", "are") for i in between)
        and not any(norms[i] in (",", "and") and i - 1 not in quality_tokens for i in between)
    )


def _attribute_mention(doc: Doc, name: str, value: object, first: int, last: int) -> Mention:
    token = doc[last]
    return Mention("attribute", str(value), doc[first].idx, token.idx + len(token.text), extra={"name": name})
