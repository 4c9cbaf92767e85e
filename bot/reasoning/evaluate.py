"""Three-valued truth of patterns over a case: true, false, or unknown while nothing was said.

A leaf naming several findings (or a group) is true if any is, unknown while any is only half told, and false once
at least one is false and none of the others was said. What counts as told is settled in ``told`` and ``view``,
how attributes compare in ``attributes``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Callable, Dict, List, Mapping, Sequence, Set, Tuple, Union

from bot.knowledge.loader import FOLDER, read_yaml
from bot.knowledge.patterns import Pattern, as_tuple
from bot.reasoning.attributes import (
    NOTHING,
    AttributeTest,
    attribute_tests,
    between,
    days,
    number,
    number_test,
    value_test,
)
from bot.reasoning.case import Case
from bot.reasoning.places import OWN_SITE, covers
from bot.reasoning.told import Said, Truth
from bot.reasoning.view import View, view_of

Check = Callable[[View], Truth]


@lru_cache(maxsize=1)
def finding_groups() -> Dict[str, Tuple[str, ...]]:
    """Findings of each group of the vocabulary."""
    vocabulary = read_yaml(FOLDER / "vocabulary.yml")
    assert isinstance(vocabulary, dict)
    return {group: tuple(ids) for group, ids in vocabulary["finding"].items()}


def holds(pattern: Pattern, case: Union[Case, View]) -> Truth:
    """Whether the pattern is true of the case; ``None`` while too little is known."""
    return compiled(pattern)(case if isinstance(case, View) else view_of(case))


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
    tests = attribute_tests(pattern)
    all_tests = [test for _, test in tests]
    all_but_side = [test for key, test in tests if key != "side"]
    sides = as_tuple(pattern.side)
    wanted_sites = as_tuple(pattern.site)
    is_finding = where == "findings"
    wanted = frozenset(ids)

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
        if wanted.isdisjoint(told):
            return None
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


def _profile(pattern: Pattern) -> Check:
    key = str(pattern.profile)
    wanted = as_tuple(pattern.is_)

    def check(view: View) -> Truth:
        value = view.profile.get(key)
        if value is None:
            return None
        if wanted:
            return value in wanted
        return between(number(value), pattern.at_least, pattern.at_most)

    return check


def _attribute(pattern: Pattern) -> Check:
    """An attribute of any finding that is present, or said in general."""
    key = str(pattern.attribute)
    wanted = as_tuple(pattern.is_)
    test: AttributeTest
    if wanted:
        test = value_test(key, wanted)
    elif pattern.days_at_least is not None or pattern.days_at_most is not None:
        test = number_test(key, days, pattern.days_at_least, pattern.days_at_most)
    else:
        test = number_test(key, days if key == "duration" else number, pattern.at_least, pattern.at_most)
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
        return between((result.canonical or {}).get("number"), pattern.at_least, pattern.at_most)  # type: ignore[arg-type]

    return check
