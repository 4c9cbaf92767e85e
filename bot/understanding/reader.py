"""Reads one message: findings with their attributes, risk factors, and the things asked about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import AbstractSet, Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.attributes import Attribute, AttributeFinder, merged
from bot.understanding.context import OTHER, Context
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import ABSENT, HYPOTHETICAL, PRESENT, UNCERTAIN, Mention
from bot.understanding.places import Anchor, Place, PlaceFinder, by_side
from bot.understanding.risks import RiskReader
from bot.understanding.tokens import tokenise

LIST_KEYS = ("site", "quality", "timing", "aggravating", "relieving")
KEY_ORDER = ("site", "side", "quality", "onset", "course", "timing", "aggravating", "relieving", "severity", "duration")
OWN_PAIN = {
    "hip": "hip_pain",
    "groin": "groin_pain",
    "buttock": "buttock_pain",
    "back": "back_pain",
    "lower_back": "back_pain",
    "upper_back": "back_pain",
    "jaw": "jaw_pain",
    "chest": "chest_pain",
    "head": "headache",
}
NAMED_PAINS = frozenset(["hip_pain", "groin_pain", "buttock_pain", "back_pain"])
PSEUDO_SITES = frozenset(["back", "jaw", "chest", "head", "elsewhere"])
TAKES_SITE = frozenset(
    "pain burning tingling numbness touch_sensitivity electric_shocks cold_sensation itching weakness cramps stiffness "
    "muscle_wasting swelling warmth_redness cold_pale_limb rash lump bruising ulcer colour_change injury "
    "progressive_weakness severe_sudden_pain".split()
)
TAKES_SIDE = TAKES_SITE | frozenset(
    "hip_pain groin_pain buttock_pain foot_drop knee_giving_way facial_droop cannot_bear_weight".split()
)
PAINS = frozenset(
    "pain hip_pain groin_pain buttock_pain back_pain jaw_pain chest_pain headache severe_sudden_pain".split()
)
QUALITY_OF = {"crawling": "tingling", "heavy": "weakness", "tight": "stiffness"}
ALSO_FINDINGS = frozenset(
    ["burning", "electric", "cramping", "crawling", "tight", "heavy"]
)  # said alone they are findings
GENERAL = frozenset(
    "fatigue cognitive_change mood_change sore_tongue pallor breathlessness weight_loss fever night_sweats "
    "sleep_problem vision_change palpitations falls injury bladder_problem bowel_problem sexual_dysfunction".split()
)
SAID_ALREADY = {
    ("night_sweats", "night"),
    ("sleep_problem", "night"),
    ("walking_difficulty", "walking"),
    ("walking_difficulty", "stairs"),
    ("touch_sensitivity", "touch"),
}


SIMILE_REACH = 2  # tokens between a finding and the "like" of its comparison
MOUTH_ALREADY = frozenset(["warmth_redness", "burning", "pain", "swelling", "stiffness", "touch_sensitivity"])
SAID_BY = frozenset(
    [
        ("stiffness", "chest_pain"),
        ("cold_sensation", "cold_pale_limb"),
        ("pain", "chest_pain"),
        ("pain", "touch_sensitivity"),
        ("numbness", "saddle_numbness"),
        ("swelling", "allergic_reaction"),
        ("pain", "headache"),
        ("pain", "jaw_pain"),
        ("weakness", "foot_drop"),
        ("knee_giving_way", "foot_drop"),
        ("falls", "balance_problem"),
    ]
)
COMPANIONS = {"progressive_weakness": "weakness", "severe_sudden_pain": "pain"}


@dataclass
class _Finding:
    id: str
    match: Match
    status: str
    subject: str
    places: List[Place] = field(default_factory=list)
    values: List[Tuple[str, object]] = field(default_factory=list)
    fast: bool = False

    @property
    def live(self) -> bool:
        return self.status in (PRESENT, UNCERTAIN)


class Reader:
    """Compiled once from ``knowledge/language``; ``read`` may be called from any thread."""

    def __init__(self, knowledge_folder: Path = FOLDER) -> None:
        language = knowledge_folder / "language"
        self._context = Context(language / "context.yml")
        self._places = PlaceFinder(language / "sites.yml")
        self._attributes = AttributeFinder(self._context, language / "attributes.yml")
        self._risks = RiskReader(self._context, language / "risk_factors.yml")
        data = _mapping(language / "findings.yml")
        classes: Dict[str, Sequence[str]] = {**data["classes"], "part": self._places.phrases}
        self._findings = Lexicon(
            {"finding": data["finding"], "ignore": {"ignore": data["ignore"]}}, classes, data["fillers"]
        )
        self._pace = Lexicon({"pace": {"fast": data["pace"]}}, {})
        objects = _mapping(language / "objects.yml")
        kinds = {kind: objects[kind] for kind in ("test", "treatment", "condition")}
        self._objects = Lexicon({**kinds, "ignore": {"ignore": objects["ignore"]}}, {})

    def read(self, text: str) -> List[Mention]:
        """Everything understood in ``text``, in the order said. Nothing is inferred beyond the words."""
        doc = tokenise(text)
        findings = self._read_findings(doc)
        mentions = [mention for finding in findings for mention in self._finding_mentions(doc, finding)]
        mentions = _without_repeats(mentions)
        mentions += self._general_attributes(doc, findings)
        mentions += self._risks.read(doc, frozenset(t for f in findings for t in f.match.tokens))
        mentions += self._read_objects(doc)
        return sorted(mentions, key=lambda mention: (mention.start, mention.end))

    # --- findings ------------------------------------------------------------------------------

    def _read_findings(self, doc: Doc) -> List[_Finding]:
        matches = self._findings.find(doc)
        swallowed = {token for match in matches if match.kind == "ignore" for token in match.tokens}
        places = self._place_tokens(doc)
        matches = [
            m
            for m in matches
            if m.kind == "finding" and not swallowed.issuperset(set(m.tokens) - places or set(m.tokens))
        ]
        matches = _without_similes(matches)
        claimed = frozenset(token for match in matches for token in match.tokens)
        findings: List[_Finding] = []
        for match in matches:
            solid = match.last - match.first + 1 == len(match.tokens)
            start = match.first if solid else match.last
            assessed = self._context.assess(doc, start, match.last + 1, claimed, subject_token=match.first)
            status = assessed.status
            if match.keys.get("status") == ABSENT:
                status = {PRESENT: ABSENT, ABSENT: PRESENT}.get(status, status)
            if match.id == "suicidal_thoughts" and status == HYPOTHETICAL:
                status = PRESENT  # a thought of it is what is looked for
            findings.append(_Finding(match.id, match, status, assessed.subject))
        findings = _with_companions(_one_per_word(findings, places))
        self._place(doc, findings)
        findings = [part for finding in findings for part in self._radiating(doc, finding)]
        findings = [part for finding in findings for part in _name_by_place(finding)]
        if any(finding.id == "sore_tongue" for finding in findings):
            findings = [f for f in findings if not (f.places and f.places[0].site == "mouth" and f.id in MOUTH_ALREADY)]
        findings = [finding for finding in findings if not _hurts_to_touch(doc, finding, findings)]
        self._describe(doc, findings, claimed)
        return _with_progress(findings)

    def _place_tokens(self, doc: Doc) -> FrozenSet[int]:
        return frozenset(token for place in self._places.find(doc) for token in range(place.first, place.last + 1))

    def _place(self, doc: Doc, findings: Sequence[_Finding]) -> None:
        places = self._places.find(doc)
        tongue = {token for f in findings if f.id == "sore_tongue" for token in f.match.tokens}
        placed = [f for f in findings if f.id in TAKES_SIDE or f.id in PAINS]
        anchors = [Anchor(f.match.tokens, f.live) for f in placed]
        linked = self._places.link(doc, anchors, places)
        for finding, found, more in zip(placed, linked, self._places.extensions(doc, anchors, linked)):
            if finding.id not in MOUTH_ALREADY:
                found = [place for place in found if place.first not in tongue]
            side = found[0].side if found else None
            finding.places = found + [replace(place, side=place.side or side) for place in more]

    def _radiating(self, doc: Doc, finding: _Finding) -> List[_Finding]:
        """ "hip pain that runs down the thigh" is hip pain and pain of the thigh (rule 5 of labelling.md)."""
        if finding.id not in NAMED_PAINS:
            return [finding]
        listed = self._listed_with(doc, finding)
        if listed:
            return [replace(finding, id="pain", places=listed)]
        away = [
            place
            for place in finding.places
            if place.site not in OWN_PAIN
            and place.site != "elsewhere"
            and place.first > finding.match.last
            and self._places.spreads(doc, place)
        ]
        if not away:
            return [finding]
        home = [place for place in finding.places if place not in away]
        side = self._places.stray_side(doc, finding.match.first, finding.match.last)
        away = [replace(place, side=place.side or side) for place in away]
        return [replace(finding, places=home), replace(finding, id="pain", places=away, values=list(finding.values))]

    def _listed_with(self, doc: Doc, finding: _Finding) -> List[Place]:
        """The list a named pain ends: "my hip and groin ache" is pain in both."""
        places = self._places.find(doc)
        for place in places:
            if finding.match.first <= place.first and place.last <= finding.match.last:
                group = [other for other in places if other.group == place.group]
                return group if group[0].last < place.first else []
        return []

    def _finding_mentions(self, doc: Doc, finding: _Finding) -> List[Mention]:
        start, end = _offsets(doc, finding.match)
        keys = merged(finding.values, LIST_KEYS)
        fixed_site = finding.match.keys.get("site")
        splits = by_side([p for p in finding.places if p.site != "elsewhere"]) or [([], None)]
        mentions: List[Mention] = []
        for sites, side in splits:
            sites = [site for site in sites if site not in PSEUDO_SITES] if _takes_site(finding.id, sites) else []
            if finding.id == "back_pain":
                sites = [site for site in sites if site in ("lower_back", "upper_back")][:1]
                side = None
            if isinstance(fixed_site, str):
                sites = [fixed_site]
            if side is None and finding.id in TAKES_SIDE:
                side = self._places.stray_side(doc, finding.match.first, finding.match.last)
            extra: Dict[str, object] = dict(keys)
            if sites:
                extra["site"] = sites
            if side and finding.id in TAKES_SIDE:
                extra["side"] = side
            ordered = {key: extra[key] for key in KEY_ORDER if key in extra}
            mentions.append(Mention("finding", finding.id, start, end, finding.status, extra=ordered))
        return mentions

    # --- attributes ----------------------------------------------------------------------------

    def _describe(self, doc: Doc, findings: Sequence[_Finding], claimed: FrozenSet[int]) -> None:
        """Attaches attributes to the findings they are said of."""
        live = [finding for finding in findings if finding.live]
        for finding in live:
            for name in ("quality", "timing"):
                value = finding.match.keys.get(name)
                if isinstance(value, str):
                    finding.values.append((name, value))
        self._describe_quality(doc, live)
        for attribute in self._attributes.find(doc, claimed):
            if attribute.name == "duration" and self._risks.owns(
                doc, attribute.first, attribute.last, [f.match.first for f in findings]
            ):
                continue
            targets = _targets(doc, attribute, live)
            targets = [f for f in targets if (f.id, attribute.value) not in SAID_ALREADY]
            fast = attribute.value == "worsening" and self._is_fast(doc, attribute)
            for finding in targets:
                finding.values.append((attribute.name, attribute.value))
                finding.fast = finding.fast or fast

    def _is_fast(self, doc: Doc, course: Attribute) -> bool:
        """ "worse by the hour", "quickly getting worse": what makes weakness progressive."""
        unit = doc.user_data["clauses"]
        return any(unit[match.first] == unit[course.first] for match in self._pace.find(doc))

    def _describe_quality(self, doc: Doc, live: Sequence[_Finding]) -> None:
        norms = doc.user_data["norms"]
        matches = self._attributes.qualities(doc)
        quality_tokens = {token for match in matches for token in match.tokens}
        for match in matches:
            pains = [f for f in live if f.id in PAINS and _same(doc, "clauses", f.match.first, match.first)]
            if match.id in ALSO_FINDINGS:
                pains = [f for f in pains if _describes(norms, match, f.match, quality_tokens)]
            for finding in pains:
                if self._context.assess(doc, match.first, match.last + 1, ignore=frozenset(match.tokens)).status in (
                    PRESENT,
                    UNCERTAIN,
                ):
                    finding.values.append(("quality", match.id))
            other = QUALITY_OF.get(match.id)
            for finding in live:
                reach = 0 if match.id == "tight" else 2
                near = range(finding.match.first - reach, finding.match.last + 1 + reach)
                if finding.id == other and set(match.tokens) & set(near):
                    finding.values.append(("quality", match.id))

    def _general_attributes(self, doc: Doc, findings: Sequence[_Finding]) -> List[Mention]:
        """Attributes said of no finding of the message, such as the answer "gradually"."""
        if any(finding.live for finding in findings):
            return []
        blocked = {doc.user_data["sentences"][finding.match.first] for finding in findings}
        claimed = frozenset(token for finding in findings for token in finding.match.tokens)
        found: List[Mention] = []
        for attribute in self._attributes.find(doc, claimed):
            owned = self._risks.owns(doc, attribute.first, attribute.last, [])
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
                if place.site not in PSEUDO_SITES and not self._risks.shares_clause(doc, place.first):
                    found.append(_attribute_mention(doc, "site", place.site, place.first, place.last))
                    if place.side:
                        found.append(_attribute_mention(doc, "side", place.side, place.first, place.last))
            for side in self._places.lone_sides(doc):
                if self._risks.shares_clause(doc, side.first):
                    continue
                found.append(_attribute_mention(doc, "side", side.id, side.first, side.last))
        return list({(mention.extra["name"], mention.value): mention for mention in reversed(found)}.values())

    # --- things asked about --------------------------------------------------------------------

    def _read_objects(self, doc: Doc) -> List[Mention]:
        found: Dict[Tuple[str, str], Mention] = {}
        matches = self._objects.find(doc)
        swallowed = {token for match in matches if match.kind == "ignore" for token in match.tokens}
        for match in matches:
            if match.kind != "ignore" and not swallowed.issuperset(match.tokens):
                start, end = _offsets(doc, match)
                found.setdefault((match.kind, match.id), Mention(match.kind, match.id, start, end))
        return list(found.values())


def _mapping(path: Path) -> Dict[str, Any]:
    data = read_yaml(path)
    assert isinstance(data, dict)
    return data


def _offsets(doc: Doc, match: Match) -> Tuple[int, int]:
    last = doc[match.last]
    return doc[match.first].idx, last.idx + len(last.text)


def _same(doc: Doc, unit: str, one: int, other: int) -> bool:
    numbers: List[int] = doc.user_data[unit]
    return numbers[one] == numbers[other]


def _takes_site(finding: str, sites: Sequence[str]) -> bool:
    return finding in TAKES_SITE or finding == "back_pain"


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


def _one_per_word(findings: Sequence[_Finding], place_tokens: AbstractSet[int]) -> List[_Finding]:
    """Of overlapping matches the longer one says it, unless they share only the name of a place."""
    kept: List[_Finding] = []
    said_by = {shorter for shorter, _ in SAID_BY}
    for finding in sorted(findings, key=lambda f: (-len(f.match.tokens), f.id in said_by)):
        tokens = set(finding.match.tokens)
        for other in kept:
            shared = tokens & set(other.match.tokens)
            said = shared - place_tokens
            longer = len(tokens) < len(other.match.tokens) or (finding.id, other.id) in SAID_BY
            if shared and finding.id == other.id or said and longer:
                break
        else:
            kept.append(finding)
    return sorted(kept, key=lambda f: (f.match.first, f.match.last))


def _with_companions(findings: Sequence[_Finding]) -> List[_Finding]:
    """Progressive weakness always stands beside weakness, severe sudden pain beside pain (rule 7 of labelling.md)."""
    result: List[_Finding] = []
    for finding in findings:
        result.append(finding)
        companion = COMPANIONS.get(finding.id)
        if companion is not None:
            result.append(_Finding(companion, finding.match, finding.status, finding.subject))
    return result


def _hurts_to_touch(doc: Doc, finding: _Finding, findings: Sequence[_Finding]) -> bool:
    """ "so tender I can't bear the sheet on it" is touch sensitivity alone (rule 6 of labelling.md)."""
    if finding.id != "pain" or doc.user_data["lemmas"][finding.match.last] not in ("tender", "sore", "hurt"):
        return False
    return any(
        other.id == "touch_sensitivity" and _same(doc, "clauses", other.match.first, finding.match.last)
        for other in findings
    )


def _with_progress(findings: List[_Finding]) -> List[_Finding]:
    """Weakness that gets worse fast is progressive weakness as well, also when that is said in another clause."""
    known = any(finding.id == "progressive_weakness" for finding in findings)
    result: List[_Finding] = []
    for finding in findings:
        result.append(finding)
        if finding.id == "weakness" and finding.live and finding.fast and not known:
            result.append(replace(finding, id="progressive_weakness"))
    return result


def _name_by_place(finding: _Finding) -> List[_Finding]:
    """Pain in hip, groin, buttock, back, jaw, chest or head is a finding of its own (rule 5 of labelling.md)."""
    if finding.id != "pain":
        if finding.id == "numbness" and any(place.site == "saddle" for place in finding.places):
            finding.id = "saddle_numbness"
        return [finding]
    own: Dict[str, List[Place]] = {}
    for place in finding.places:
        own.setdefault(OWN_PAIN.get(place.site, "pain"), []).append(place)
    if not own:
        return [finding]
    return [
        _Finding(id_, finding.match, finding.status, finding.subject, places, list(finding.values))
        for id_, places in own.items()
    ]


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


def _targets(doc: Doc, attribute: Attribute, live: Sequence[_Finding]) -> List[_Finding]:
    """The findings an attribute is said of: those of its clause, else of its sentence, else the nearest."""
    for unit in ("clauses", "sentences"):
        near = [
            f
            for f in live
            if _same(doc, unit, f.match.last, attribute.first) or _same(doc, unit, f.match.first, attribute.first)
        ]
        if near:
            return _local(near)
    sentences = doc.user_data["sentences"]
    before = [f for f in live if f.match.last < attribute.first]
    chosen = before or [f for f in live]
    if not chosen:
        return []
    number = sentences[chosen[-1].match.first] if before else sentences[chosen[0].match.first]
    return _local([f for f in chosen if sentences[f.match.first] == number])


def _local(findings: List[_Finding]) -> List[_Finding]:
    local = [finding for finding in findings if finding.id not in GENERAL]
    return local or findings


def _attribute_mention(doc: Doc, name: str, value: object, first: int, last: int) -> Mention:
    token = doc[last]
    return Mention("attribute", str(value), doc[first].idx, token.idx + len(token.text), extra={"name": name})


def _without_repeats(mentions: Sequence[Mention]) -> List[Mention]:
    """Mentions of one finding with one status are one mention, unless they name different places or sides."""
    kept: List[Mention] = []
    for mention in mentions:
        for i, other in enumerate(kept):
            if (
                other.value == mention.value
                and other.status == mention.status
                and _compatible(other.extra, mention.extra)
            ):
                kept[i] = Mention(
                    "finding",
                    other.value,
                    other.start,
                    other.end,
                    other.status,
                    extra=_union(other.extra, mention.extra),
                )
                break
        else:
            kept.append(mention)
    return kept


def _compatible(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(one[key] == other[key] for key in ("site", "side") if key in one and key in other)


def _union(one: Mapping[str, object], other: Mapping[str, object]) -> Dict[str, object]:
    result: Dict[str, object] = {}
    for key in KEY_ORDER:
        values: List[Optional[object]] = [extra[key] for extra in (one, other) if key in extra]
        if values and key in LIST_KEYS:
            result[key] = list(dict.fromkeys(item for value in values for item in value))  # type: ignore[union-attr]
        elif values:
            result[key] = values[0]
    return result
