"""Three-valued truth of patterns over a case: true, false, or unknown while nothing was said.

What counts:

- a finding is true when *present*, false when *absent* or *past*, unknown when *uncertain* or not said;
  what is said of another person or only supposed is not evidence (folding turns it round when the
  talk is about that person);
- the latest mention wins over an earlier contradiction about the same place; a denial without a place
  takes back everything said of the finding;
- mentions without a place lend their other attributes to the mentions with one;
- ``Case.general`` fills what no mention says;
- a leaf naming several findings (or a group) is true if any is, unknown while any is only half told,
  and false once at least one is false and none of the others was said;
- places on the legs, sides, qualities, onset and course are taken as told completely ("in my thigh" means not
  the foot). Places elsewhere, times, triggers and relief are open lists: an unnamed one stays unknown until
  denied, so the reader of a multi-choice answer records the options that were not chosen as denied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Set, Tuple, Union

from bot.knowledge.loader import FOLDER, read_yaml
from bot.knowledge.patterns import ATTRIBUTE_KEYS, Pattern, as_tuple
from bot.reasoning.case import LIST_ATTRIBUTES, Case, Fact, LabResult

Truth = Optional[bool]
Check = Callable[["View"], Truth]
Values = Mapping[str, Tuple[object, ...]]
Denials = Mapping[str, Tuple[str, ...]]
AttributeTest = Callable[["Said", Values, Denials], Truth]

NOTHING: Mapping[str, Tuple[Any, ...]] = {}

OPEN_LISTS = frozenset({"timing", "aggravating", "relieving"})
EXCLUSIVE = {"timing": (({"constant"}, {"intermittent"}), ({"intermittent"}, {"constant"}))}
PARTS: Mapping[str, FrozenSet[str]] = {
    "thigh": frozenset({"outer_thigh", "front_thigh", "inner_thigh", "back_thigh"}),
    "foot": frozenset({"toes"}),
    "lower_leg": frozenset({"shin", "calf", "ankle"}),
    "arm": frozenset({"hand"}),
    "leg": frozenset(
        "outer_thigh front_thigh inner_thigh back_thigh thigh knee shin calf lower_leg ankle foot toes".split()
    ),
}
# Leg trouble told as in the thigh leaves open whether the hands tingle too.
AWAY_FROM_LEGS = frozenset("hand arm face mouth trunk saddle upper_back lower_back".split())
OWN_SITE = {
    "buttock_pain": "buttock",
    "groin_pain": "groin",
    "hip_pain": "hip",
    "foot_drop": "foot",
    "knee_giving_way": "knee",
    "sore_tongue": "mouth",
    "facial_droop": "face",
    "saddle_numbness": "saddle",
    "jaw_pain": "face",
    "headache": "face",
    "chest_pain": "trunk",
    "urge_to_move_legs": "leg",
    "back_pain": "lower_back",
}
VAGUE = ("leg",)  # no place that tells anything apart
# Something that happened stays true when it is over.
HISTORY = frozenset(
    "cancer_history stomach_surgery bowel_surgery back_problem_history recent_surgery recent_infection"
    " family_history_b12 pernicious_anaemia coeliac_disease crohns_disease hiv".split()
)
OLDER_AGE = 65  # years; the labelling rule for the risk factor older_age


@lru_cache(maxsize=1)
def finding_groups() -> Dict[str, Tuple[str, ...]]:
    """Findings of each group of the vocabulary."""
    vocabulary = read_yaml(FOLDER / "vocabulary.yml")
    assert isinstance(vocabulary, dict)
    return {group: tuple(ids) for group, ids in vocabulary["finding"].items()}


def days(duration: object) -> Optional[float]:
    """Days in an ISO 8601 duration (year 365, month 30); ``None`` if it cannot be read."""
    match = re.fullmatch(
        r"P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:[\d.]+S)?)?",
        str(duration),
    )
    if match is None:
        return None
    factors = (365.0, 30.0, 7.0, 1.0, 1 / 24, 1 / 1440)
    try:
        return sum(float(part) * factor for part, factor in zip(match.groups(), factors) if part)
    except ValueError:
        return None


def number(value: object) -> Optional[float]:
    """The value as a number, if it is one."""
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


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


def _values(attributes: Mapping[str, object]) -> Dict[str, Tuple[object, ...]]:
    values: Dict[str, Tuple[object, ...]] = {}
    for name, value in attributes.items():
        if value is None or value == "" or name == "denied":
            continue
        values[name] = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    return {name: value for name, value in values.items() if value}


def _denials(denied: object) -> Dict[str, Tuple[str, ...]]:
    if not isinstance(denied, Mapping):
        return {}
    return {name: (value,) if isinstance(value, str) else tuple(value) for name, value in denied.items()}


def covers(wider: object, site: object) -> bool:
    """Whether a place is the other one or holds it, as the foot holds the toes."""
    return wider == site or site in PARTS.get(str(wider), ())


def _settle(facts: Sequence[Fact]) -> List[Said]:
    """Mentions of one finding in the order told, contradictions settled and placeless mentions merged."""
    kept: List[Said] = []
    for fact in facts:
        new = Said(_truth(fact), _values(fact.attributes), _denials(fact.denied))
        kept = [old for old in (_after(old, new) for old in kept) if old is not None]
        kept.append(new)
    present = [said for said in kept if said.truth is True]
    others = [said for said in kept if said.truth is not True]
    not_there = tuple(str(site) for said in others if said.truth is False for site in said.sites)
    merged = _merge(present)
    for said in merged if not_there else ():
        said.denied["site"] = said.denied.get("site", ()) + not_there
    return merged + others


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


class View:
    """A case prepared for many patterns. Copies share everything but what was supposed."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.profile: Mapping[str, object] = case.profile
        self.general = _values(case.general)
        self.general_denied = _denials(case.general.get("denied"))
        told: Dict[str, Dict[str, List[Fact]]] = {"finding": {}, "risk_factor": {}}
        for fact in case.facts:
            if fact.status not in ("other_person", "hypothetical") and fact.kind in told:
                told[fact.kind].setdefault(fact.id, []).append(fact)
        self.findings = {name: _placed(name, facts) for name, facts in told["finding"].items()}
        self.risk_factors = {name: _settle(facts) for name, facts in told["risk_factor"].items()}
        self.labs: Dict[str, LabResult] = {result.analyte: result for result in case.labs}
        self.carriers = _carriers(self.findings)
        self._derive_age()

    def said_about(self, key: "Key") -> object:
        """All that was said about what a pattern looks at; two cases that agree here agree on the pattern."""
        kind, name = key
        if kind == "attribute":
            name = name.split()[0]
            told = [(who, said.values.get(name), said.denied.get(name)) for who, said in self.carriers.get(name, ())]
            return (self.general.get(name), self.general_denied.get(name), tuple(told))
        if kind in ("finding", "risk_factor"):
            mentions = (self.findings if kind == "finding" else self.risk_factors).get(name, ())
            return tuple((said.truth, *sorted(said.values.items()), *sorted(said.denied.items())) for said in mentions)
        if kind == "lab":
            result = self.labs.get(name)
            return result and (result.band, str(result.canonical))
        return self.profile.get(name) if kind == "profile" else name in self.case.red_flags

    def _derive_age(self) -> None:
        age = number(self.profile.get("age"))
        if age is not None and not self.case.of("risk_factor", "older_age"):
            self.risk_factors = {**self.risk_factors, "older_age": [Said(age >= OLDER_AGE, {}, {})]}

    def _copy(self) -> "View":
        copy = View.__new__(View)
        copy.__dict__.update(self.__dict__)
        return copy

    def with_told(self, kind: str, statuses: Mapping[str, bool]) -> "View":
        """Supposing these findings or risk factors were affirmed or denied, without a place.

        What is affirmed and was told before keeps all that was said of it.
        """
        copy = self._copy()
        told = self.findings if kind == "finding" else self.risk_factors
        statuses = {
            name: truth
            for name, truth in statuses.items()
            if not (truth and any(said.truth is True for said in told.get(name, ())))
        }
        if kind == "finding":
            copy.findings = {**self.findings, **{name: _supposed(name, truth) for name, truth in statuses.items()}}
            if any(name in self.findings or name in OWN_SITE for name in statuses):
                copy.carriers = _carriers(copy.findings)
        else:
            copy.risk_factors = {**self.risk_factors, **{name: [Said(is_, {}, {})] for name, is_ in statuses.items()}}
        return copy

    def with_attribute(self, name: str, values: Tuple[object, ...], denied: Tuple[str, ...] = ()) -> "View":
        """Supposing these values of an attribute were said, and others denied, of the complaint in general."""
        copy = self._copy()
        if values:
            kept = self.general.get(name, ()) if name in LIST_ATTRIBUTES else ()
            copy.general = {**self.general, name: kept + values}
        if denied:
            copy.general_denied = {**self.general_denied, name: self.general_denied.get(name, ()) + denied}
        return copy

    def with_profile(self, name: str, value: object) -> "View":
        """Supposing this was the answer to a question about the person."""
        copy = self._copy()
        copy.profile = {**self.profile, name: value}
        copy._derive_age()
        return copy


def _carriers(findings: Mapping[str, List[Said]]) -> Dict[str, List[Tuple[str, Said]]]:
    """Present mentions by the attributes said or denied of them."""
    found: Dict[str, List[Tuple[str, Said]]] = {}
    for name, mentions in findings.items():
        for said in mentions:
            if said.truth is True:
                for key in {**said.values, **said.denied}:
                    found.setdefault(key, []).append((name, said))
    return found


def _supposed(name: str, truth: bool) -> List[Said]:
    own = OWN_SITE.get(name)
    return [Said(truth, {"site": (own,)} if truth and own is not None else {}, {})]


def _placed(name: str, facts: Sequence[Fact]) -> List[Said]:
    """The settled mentions of a finding; "my buttock hurts" has its place by itself."""
    mentions = _settle(facts)
    own = OWN_SITE.get(name)
    for said in mentions:
        if own is not None and said.truth is True and not said.sites:
            said.values["site"] = (own,)
    return mentions


def holds(pattern: Pattern, case: Union[Case, View]) -> Truth:
    """Whether the pattern is true of the case; ``None`` while too little is known."""
    return compiled(pattern)(case if isinstance(case, View) else View(case))


_COMPILED: Dict[int, Tuple[Pattern, Check]] = {}


def compiled(pattern: Pattern) -> Check:
    """The pattern as a function; patterns never change, so each is compiled once."""
    known = _COMPILED.get(id(pattern))
    if known is None or known[0] is not pattern:
        known = _COMPILED[id(pattern)] = (pattern, _compile(pattern))
    return known[1]


def _compile(pattern: Pattern) -> Check:
    if pattern.all is not None:
        return _all([_compile(part) for part in pattern.all])
    if pattern.any is not None:
        return _any([_compile(part) for part in pattern.any])
    if pattern.none is not None:
        return _not(_any([_compile(part) for part in pattern.none]))
    if pattern.finding is not None:
        groups = finding_groups()
        ids = tuple(name for key in as_tuple(pattern.finding) for name in groups.get(key, (key,)))
        return _told(ids, "findings", pattern)
    if pattern.risk_factor is not None:
        return _told(as_tuple(pattern.risk_factor), "risk_factors", pattern)
    if pattern.profile is not None:
        return _profile(pattern)
    if pattern.attribute is not None:
        return _attribute(pattern)
    if pattern.lab is not None:
        return _lab(pattern)
    flags = set(as_tuple(pattern.red_flag))
    return lambda view: not flags.isdisjoint(view.case.red_flags)


def _all(parts: List[Check]) -> Check:
    def check(view: View) -> Truth:
        result: Truth = True
        for part in parts:
            truth = part(view)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    return check


def _any(parts: List[Check]) -> Check:
    def check(view: View) -> Truth:
        result: Truth = False
        for part in parts:
            truth = part(view)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result

    return check


def _not(part: Check) -> Check:
    def check(view: View) -> Truth:
        truth = part(view)
        return None if truth is None else not truth

    return check


def _told(ids: Tuple[str, ...], where: str, pattern: Pattern) -> Check:
    """A leaf on findings or risk factors with its attributes."""
    tests = _attribute_tests(pattern)
    all_tests = [test for _, test in tests]
    all_but_side = [test for key, test in tests if key != "side"]
    sides = as_tuple(pattern.side)
    wanted_sites = as_tuple(pattern.site)
    is_finding = where == "findings"

    def mention(said: Said, checks: Sequence[AttributeTest], view: View) -> Truth:
        if said.truth is False:
            return False if not said.sites or not wanted_sites else _denied_place(said, wanted_sites)
        result = said.truth
        for test in checks:
            truth = test(said, view.general, view.general_denied) if is_finding else test(said, NOTHING, NOTHING)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def both_sides(view: View) -> bool:
        """The left was told in one mention and the right in another."""
        told = getattr(view, where)
        found: Set[object] = set()
        for name in ids:
            for said in told.get(name, ()):
                if said.truth is True and mention(said, all_but_side, view) is True:
                    found.update(said.values.get("side", ()))
        return {"left", "right"} <= found

    def check(view: View) -> Truth:
        told: Mapping[str, List[Said]] = getattr(view, where)
        if sides and both_sides(view):
            return "both" in sides or "left" in sides or "right" in sides
        half = denied = False
        for name in ids:
            for said in told.get(name, ()):
                truth = mention(said, all_tests, view)
                if truth is True:
                    return True
                half = half or truth is None
                denied = denied or truth is False
        return None if half or not denied else False

    return check


def _denied_place(said: Said, wanted: Tuple[str, ...]) -> Truth:
    """A denial about some places answers a pattern only if it covers every place of the pattern."""
    return False if all(any(covers(denied, site) for denied in said.sites) for site in wanted) else None


def _attribute_tests(pattern: Pattern) -> List[Tuple[str, AttributeTest]]:
    tests: List[Tuple[str, AttributeTest]] = []
    for key in ATTRIBUTE_KEYS:
        wanted = as_tuple(getattr(pattern, key))
        if wanted:
            tests.append((key, _value_test(key, wanted)))
    if pattern.severity_at_least is not None:
        tests.append(("severity", _number_test("severity", number, pattern.severity_at_least, None)))
    if pattern.days_at_least is not None or pattern.days_at_most is not None:
        tests.append(("duration", _number_test("duration", days, pattern.days_at_least, pattern.days_at_most)))
    return tests


def _value_test(key: str, wanted: Tuple[str, ...]) -> AttributeTest:
    compare = _side_comparison(wanted) if key == "side" else _comparison(key, wanted)

    def test(said: Said, general: Values, general_denied: Denials) -> Truth:
        told = said.values.get(key, ())
        if not told or (key == "site" and told == VAGUE):
            told = general.get(key, told)
        return compare(told, said.denied.get(key, ()) + general_denied.get(key, ()))

    return test


def _comparison(key: str, wanted: Tuple[str, ...]) -> Callable[[Sequence[object], Sequence[str]], Truth]:
    """Whether the told values of an attribute include a wanted one."""
    enough = set(wanted)
    vaguer: Dict[str, FrozenSet[str]] = {}  # a told wider place, and the wanted places it may mean
    excluded: Set[str] = set()
    wider = {want: {want} for want in wanted}
    if key == "site":
        for place, parts in PARTS.items():
            enough |= parts if place in wanted else set()
            vaguer.update({place: parts & enough} if parts & enough and place not in wanted else {})
            for want in wanted:
                wider[want] |= {place} if want in parts else set()
    for first, second in EXCLUSIVE.get(key, ()):
        excluded |= second if first.issuperset(wanted) else set()
    stays_open = key in OPEN_LISTS or (key == "site" and enough <= AWAY_FROM_LEGS)
    on_legs = key == "site" and not enough & AWAY_FROM_LEGS

    def compare(told: Sequence[object], denied: Sequence[str]) -> Truth:
        if not enough.isdisjoint(told):
            return True
        for place in told:
            if place in vaguer and not vaguer[str(place)] <= _with_parts(denied):
                return None
        if denied and all(not wider[want].isdisjoint(denied) for want in wanted):
            return False
        if not told or (stays_open and excluded.isdisjoint(told)):
            return None
        # "in my hands too" says nothing of where on the legs it is
        if on_legs and AWAY_FROM_LEGS.issuperset(told):
            return None
        return False

    return compare


def _with_parts(places: Sequence[str]) -> Set[str]:
    return set(places).union(*(PARTS.get(place, ()) for place in places))


def _side_comparison(wanted: Tuple[str, ...]) -> Callable[[Sequence[object], Sequence[str]], Truth]:
    one = bool({"left", "right", "one_side"} & set(wanted))
    named = "left" in wanted or "right" in wanted

    def compare(told: Sequence[object], denied: Sequence[str]) -> Truth:
        if not told:
            if "both" in denied:
                return False if not one else True if "one_side" in wanted else None
            return "both" in wanted if "one_side" in denied else None
        side = "both" if "left" in told and "right" in told else told[-1]
        if side in wanted or (side in ("left", "right") and "one_side" in wanted):
            return True
        return None if side == "one_side" and named else False

    return compare


def _number_test(
    key: str, read: Callable[[object], Optional[float]], low: Optional[float], high: Optional[float]
) -> AttributeTest:
    def test(said: Said, general: Values, general_denied: Denials) -> Truth:
        told = said.values.get(key) or general.get(key, ())
        return _between(read(told[-1]) if told else None, low, high)

    return test


def _between(value: Optional[float], low: Optional[float], high: Optional[float]) -> Truth:
    if value is None:
        return None
    return (low is None or value >= low) and (high is None or value <= high)


def _profile(pattern: Pattern) -> Check:
    key = str(pattern.profile)
    wanted = as_tuple(pattern.is_)

    def check(view: View) -> Truth:
        value = view.profile.get(key)
        if value is None:
            return None
        if wanted:
            return value in wanted
        return _between(number(value), pattern.at_least, pattern.at_most)

    return check


def _attribute(pattern: Pattern) -> Check:
    """An attribute of any finding that is present, or said in general."""
    key = str(pattern.attribute)
    wanted = as_tuple(pattern.is_)
    test: AttributeTest
    if wanted:
        test = _value_test(key, wanted)
    elif pattern.days_at_least is not None or pattern.days_at_most is not None:
        test = _number_test(key, days, pattern.days_at_least, pattern.days_at_most)
    else:
        test = _number_test(key, days if key == "duration" else number, pattern.at_least, pattern.at_most)
    nothing = Said(True, {}, {})
    of_place = key == "site"

    def check(view: View) -> Truth:
        if key == "side" and _sides(view) >= {"left", "right"}:
            return "both" in wanted
        result = test(nothing, view.general, view.general_denied)
        if result is True:
            return True
        half = False
        for name, said in view.carriers.get(key, ()):
            truth = test(said, NOTHING, NOTHING)
            if truth is True:
                return True
            # "my back hurts" names a place of its own and says nothing about the leg
            if of_place and name in OWN_SITE:
                continue
            if truth is False:
                result = False
            elif of_place and "site" not in view.general:
                half = True
        return None if half else result

    return check


def _sides(view: View) -> Set[object]:
    return {side for _, said in view.carriers.get("side", ()) for side in said.values.get("side", ())}


def _lab(pattern: Pattern) -> Check:
    analyte = str(pattern.lab)
    bands = as_tuple(pattern.band)

    def check(view: View) -> Truth:
        result = view.labs.get(analyte)
        if result is None or result.band in ("needs_unit", "implausible"):
            return None
        if bands:
            return result.band in bands
        return _between((result.canonical or {}).get("number"), pattern.at_least, pattern.at_most)  # type: ignore[arg-type]

    return check


Key = Tuple[str, str]


def attribute_keys(name: str, values: Sequence[str]) -> Set[Key]:
    """Keys of an attribute; values of open lists stand for themselves, those of others depend on each other."""
    pairs = EXCLUSIVE.get(name, ())
    linked = {value for first, second in pairs if first & set(values) for value in first | second}
    if name in OPEN_LISTS:
        return {("attribute", f"{name} {value}") for value in linked | set(values)}
    return {("attribute", name)}


def keys(pattern: Pattern) -> FrozenSet[Key]:
    """What the pattern looks at, such as ``("finding", "burning")`` or ``("attribute", "side")``."""
    found: Set[Key] = set()
    for part in (pattern.all or []) + (pattern.any or []) + (pattern.none or []):
        found |= keys(part)
    groups = finding_groups()
    found |= {("finding", name) for key in as_tuple(pattern.finding) for name in groups.get(key, (key,))}
    found |= {("risk_factor", name) for name in as_tuple(pattern.risk_factor)}
    found |= {("red_flag", name) for name in as_tuple(pattern.red_flag)}
    found |= {(kind, name) for kind in ("profile", "lab") for name in as_tuple(getattr(pattern, kind))}
    if pattern.attribute is not None:
        found |= attribute_keys(pattern.attribute, as_tuple(pattern.is_))
    for name, _ in _attribute_tests(pattern):
        found |= attribute_keys(name, as_tuple(getattr(pattern, name, None)))
    return frozenset(found)
