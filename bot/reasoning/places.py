"""Places of the body: which holds which, which lie away from the legs, and where some findings are by themselves."""

from __future__ import annotations

from typing import FrozenSet, Mapping, Sequence, Set

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


def covers(wider: object, site: object) -> bool:
    """Whether a place is the other one or holds it, as the foot holds the toes."""
    return wider == site or site in PARTS.get(str(wider), ())


def with_parts(places: Sequence[str]) -> Set[str]:
    """The places and all that they hold."""
    return set(places).union(*(PARTS.get(place, ()) for place in places))
