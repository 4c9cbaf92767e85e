"""Whether what was told of an attribute, such as the side or the duration, is what a pattern wants.

Places on the legs, sides, qualities, onset and course are taken as told completely ("in my thigh" means not
the foot). Places elsewhere, times, triggers and relief are open lists: an unnamed one stays unknown until
denied, so the reader of a multi-choice answer records the options that were not chosen as denied.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Set, Tuple

from bot.knowledge.patterns import ATTRIBUTE_KEYS, Pattern, as_tuple
from bot.reasoning.places import AWAY_FROM_LEGS, PARTS, VAGUE, with_parts
from bot.reasoning.told import Denials, Said, Truth, Values

AttributeTest = Callable[[Said, Values, Denials], Truth]

NOTHING: Mapping[str, Tuple[Any, ...]] = {}

OPEN_LISTS = frozenset({"timing", "aggravating", "relieving"})
EXCLUSIVE = {"timing": (({"constant"}, {"intermittent"}), ({"intermittent"}, {"constant"}))}


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


def attribute_tests(pattern: Pattern) -> List[Tuple[str, AttributeTest]]:
    """What a leaf asks of the attributes of a mention, each with the name of the attribute."""
    tests: List[Tuple[str, AttributeTest]] = []
    for key in ATTRIBUTE_KEYS:
        wanted = as_tuple(getattr(pattern, key))
        if wanted:
            tests.append((key, value_test(key, wanted)))
    if pattern.severity_at_least is not None:
        tests.append(("severity", number_test("severity", number, pattern.severity_at_least, None)))
    if pattern.days_at_least is not None or pattern.days_at_most is not None:
        tests.append(("duration", number_test("duration", days, pattern.days_at_least, pattern.days_at_most)))
    return tests


def value_test(key: str, wanted: Tuple[str, ...]) -> AttributeTest:
    """Whether an attribute has one of the wanted values, said of the mention or in general."""
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
            if place in vaguer and not vaguer[str(place)] <= with_parts(denied):
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


def number_test(
    key: str, read: Callable[[object], Optional[float]], low: Optional[float], high: Optional[float]
) -> AttributeTest:
    """Whether an attribute, read as a number, lies between ``low`` and ``high``, both included."""

    def test(said: Said, general: Values, general_denied: Denials) -> Truth:
        told = said.values.get(key) or general.get(key, ())
        return between(read(told[-1]) if told else None, low, high)

    return test


def between(value: Optional[float], low: Optional[float], high: Optional[float]) -> Truth:
    """Whether a number lies between two others, both included; unknown without a number."""
    if value is None:
        return None
    return (low is None or value >= low) and (high is None or value <= high)
