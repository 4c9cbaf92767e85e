"""What was said of one finding or risk factor, with contradictions settled.

- A mention is true when *present*, false when *absent* or *past*, unknown when *uncertain*.
- The latest mention wins over an earlier contradiction about the same place; a denial without a place
  takes back everything said of the finding.
- Mentions without a place lend their other attributes to the mentions with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from bot.reasoning.case import LIST_ATTRIBUTES, Fact
from bot.reasoning.places import OWN_SITE, VAGUE, covers

Truth = Optional[bool]
Values = Mapping[str, Tuple[object, ...]]
Denials = Mapping[str, Tuple[str, ...]]

# Something that happened stays true when it is over.
HISTORY = frozenset(
    "cancer_history stomach_surgery bowel_surgery back_problem_history recent_surgery recent_infection"
    " family_history_b12 pernicious_anaemia coeliac_disease crohns_disease hiv".split()
)


@dataclass
class Said:
    """One mention after contradictions are settled; ``truth`` is its own three-valued status."""

    truth: Truth
    values: Dict[str, Tuple[object, ...]]
    denied: Dict[str, Tuple[str, ...]]

    @property
    def sites(self) -> Tuple[object, ...]:
        """The places told, if any."""
        return self.values.get("site", ())


def _truth(fact: Fact) -> Truth:
    if fact.status == "present" or (fact.status == "past" and fact.id in HISTORY):
        return True
    return None if fact.status == "uncertain" else False


def values_of(attributes: Mapping[str, object]) -> Dict[str, Tuple[object, ...]]:
    """Every told attribute as a tuple; what is empty is left out."""
    values: Dict[str, Tuple[object, ...]] = {}
    for name, value in attributes.items():
        if value is None or value == "" or name == "denied":
            continue
        values[name] = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    return {name: value for name, value in values.items() if value}


def denials_of(denied: object) -> Dict[str, Tuple[str, ...]]:
    """Every attribute that was asked about and denied, with the denied values."""
    if not isinstance(denied, Mapping):
        return {}
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in denied.items()}


def settle(facts: Sequence[Fact]) -> List[Said]:
    """Mentions of one finding in the order told, contradictions settled and placeless mentions merged."""
    kept: List[Said] = []
    for fact in facts:
        new = Said(_truth(fact), values_of(fact.attributes), denials_of(fact.denied))
        kept = [old for old in (_after(old, new) for old in kept) if old is not None]
        kept.append(new)
    present = [said for said in kept if said.truth is True]
    others = [said for said in kept if said.truth is not True]
    not_there = tuple(str(site) for said in others if said.truth is False for site in said.sites)
    merged = _merge(present)
    for said in merged if not_there else ():
        said.denied["site"] = said.denied.get("site", ()) + not_there
    return merged + others


def placed(name: str, facts: Sequence[Fact]) -> List[Said]:
    """The settled mentions of a finding; "my buttock hurts" has its place by itself."""
    mentions = settle(facts)
    own = OWN_SITE.get(name)
    for said in mentions:
        if own is not None and said.truth is True and not said.sites:
            said.values["site"] = (own,)
    return mentions


def supposed(name: str, truth: bool) -> List[Said]:
    """A finding affirmed or denied without a word about it."""
    own = OWN_SITE.get(name)
    return [Said(truth, {"site": (own,)} if truth and own is not None else {}, {})]


def _after(old: Said, new: Said) -> Optional[Said]:
    """What is left of ``old`` once ``new`` is said."""
    if old.truth is new.truth:
        return old
    if not new.sites:
        return old if new.truth is True and old.sites else None
    if new.truth is True:
        overlap = any(covers(a, b) or covers(b, a) for a in old.sites for b in new.sites)
        return None if overlap or not old.sites else old
    left = tuple(site for site in old.sites if not any(covers(denied, site) for denied in new.sites))
    if not old.sites or left == old.sites:
        return old
    return Said(old.truth, {**old.values, "site": left}, old.denied) if left else None


def _is_vague(said: Said) -> bool:
    return not said.sites or said.sites == VAGUE


def _merge(present: List[Said]) -> List[Said]:
    """Placeless mentions become defaults of the placed ones; without any place they become one mention."""
    vague = [said for said in present if _is_vague(said)]
    placed = [said for said in present if not _is_vague(said)]
    if not vague:
        return placed
    values: Dict[str, Tuple[object, ...]] = {}
    denied: Dict[str, Tuple[str, ...]] = {}
    for said in vague:
        _join(values, said.values, prefer_new=True)
        for name, names in said.denied.items():
            denied[name] = denied.get(name, ()) + names
    for said in placed:
        _join(said.values, {name: value for name, value in values.items() if name != "site"}, prefer_new=False)
        for name, names in denied.items():
            said.denied[name] = said.denied.get(name, ()) + names
    return placed or [Said(True, values, denied)]


def _join(into: Dict[str, Tuple[object, ...]], new: Mapping[str, Tuple[object, ...]], prefer_new: bool) -> None:
    for name, value in new.items():
        if name in LIST_ATTRIBUTES or (name == "side" and {*into.get(name, ()), *value} == {"left", "right"}):
            into[name] = tuple(dict.fromkeys(into.get(name, ()) + value))
        elif prefer_new or name not in into:
            into[name] = value
