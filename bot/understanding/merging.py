"""Turns findings into mentions; what is said twice becomes one."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping, Optional, Sequence

from spacy.tokens import Doc

from bot.understanding.attributes import merged
from bot.understanding.finding_rules import FindingRules
from bot.understanding.found import Finding, offsets
from bot.understanding.mentions import ABSENT, HYPOTHETICAL, PRESENT, Mention
from bot.understanding.places import PlaceFinder, by_side

LIST_KEYS = ("site", "quality", "timing", "aggravating", "relieving")
KEY_ORDER = ("site", "side", "quality", "onset", "course", "timing", "aggravating", "relieving", "severity", "duration")


class Merger:
    """Makes one mention of each finding, status and place."""

    def __init__(self, places: PlaceFinder, rules: FindingRules) -> None:
        self._places, self._rules = places, rules

    def mentions(self, doc: Doc, findings: Sequence[Finding]) -> List[Mention]:
        """The mentions in order."""
        found = [mention for finding in self._with_progress(findings) for mention in self._mentions(doc, finding)]
        return settled(without_repeats(found))

    def _mentions(self, doc: Doc, finding: Finding) -> List[Mention]:
        start, end = offsets(doc, finding.match.first, finding.match.last)
        keys = merged(finding.values, LIST_KEYS)
        fixed_site = finding.match.keys.get("site")
        splits = by_side([p for p in finding.places if p.site != "elsewhere"]) or [([], None)]
        mentions: List[Mention] = []
        chest_is_trunk = finding.id in self._rules.skin
        for sites, side in splits:
            if chest_is_trunk:
                sites = ["trunk" if site == "chest" else site for site in sites]
            sites = (
                [site for site in sites if site not in self._rules.pseudo_sites]
                if (finding.id in self._rules.takes_site or finding.id == "back_pain")
                else []
            )
            if finding.id == "back_pain":
                sites = [site for site in sites if site in ("lower_back", "upper_back")][:1]
                side = None
            if isinstance(fixed_site, str):
                sites = [fixed_site]
            if side is None and finding.id in self._rules.takes_side:
                side = self._places.stray_side(doc, finding.match.first, finding.match.last)
            extra: Dict[str, object] = dict(keys)
            if sites:
                extra["site"] = sites
            if side and finding.id in self._rules.takes_side:
                extra["side"] = side
            ordered = {key: extra[key] for key in KEY_ORDER if key in extra}
            mentions.append(Mention("finding", finding.id, start, end, finding.status, extra=ordered))
        return mentions

    @staticmethod
    def _with_progress(findings: Sequence[Finding]) -> List[Finding]:
        """Weakness that gets worse fast is progressive weakness as well, also when that is said in another clause."""
        known = any(finding.id == "progressive_weakness" for finding in findings)
        result: List[Finding] = []
        for finding in findings:
            result.append(finding)
            if finding.id == "weakness" and finding.live and finding.fast and not known:
                result.append(replace(finding, id="progressive_weakness"))
        return result


def without_repeats(mentions: Sequence[Mention]) -> List[Mention]:
    """Mentions of one finding with one status are one mention, unless they name different places or sides."""
    kept: List[Mention] = []
    for mention in mentions:
        for i, other in enumerate(kept):
            if (
                other.value == mention.value
                and other.status == mention.status
                and compatible(other.extra, mention.extra)
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


def settled(mentions: Sequence[Mention]) -> List[Mention]:
    """What is present is not also reported as denied or asked about, unless of another place or side."""
    present = [mention for mention in mentions if mention.status == PRESENT]
    return [
        mention
        for mention in mentions
        if mention.status not in (ABSENT, HYPOTHETICAL)
        or not any(
            other.value == mention.value and (compatible(other.extra, mention.extra) or mention.status == HYPOTHETICAL)
            for other in present
        )
    ]


def compatible(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two that are said of one finding may be said of one place: neither names another site or side."""
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
