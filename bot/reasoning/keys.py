"""What a pattern looks at, so that only what an answer may change is worked out anew."""

from __future__ import annotations

from typing import FrozenSet, Sequence, Set

from bot.knowledge.patterns import Pattern, as_tuple
from bot.reasoning.attributes import EXCLUSIVE, OPEN_LISTS, attribute_tests
from bot.reasoning.evaluate import finding_groups
from bot.reasoning.view import Key


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
    for name, _ in attribute_tests(pattern):
        found |= attribute_keys(name, as_tuple(getattr(pattern, name, None)))
    return frozenset(found)
