"""What kind of finding each one is, as ``finding_rules.yml`` lists it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, FrozenSet, Iterable, Mapping, Tuple

from bot.knowledge.loader import read_yaml

Pair = Tuple[str, str]


@dataclass(frozen=True)
class FindingRules:
    """The lists of the file; pairs are (shorter, longer) and (finding, attribute value)."""

    own_pain: Mapping[str, str]
    named_pains: FrozenSet[str]
    pseudo_sites: FrozenSet[str]
    takes_site: FrozenSet[str]
    takes_side: FrozenSet[str]
    pains: FrozenSet[str]
    general: FrozenSet[str]
    quality_of: Mapping[str, str]
    quality_or_finding: FrozenSet[str]
    said_already: FrozenSet[Pair]
    said_by: FrozenSet[Pair]
    companions: Mapping[str, str]
    sore_tongue_covers: FrozenSet[str]
    shared_words: FrozenSet[str]
    skin: FrozenSet[str]

    @property
    def placed(self) -> FrozenSet[str]:
        """Findings that are said of a place."""
        return self.takes_side | self.pains

    @classmethod
    def load(cls, path: Path) -> "FindingRules":
        """Reads the file."""
        data: Any = read_yaml(path)
        sites = frozenset(data["takes_site"])
        return cls(
            own_pain=data["own_pain"],
            named_pains=frozenset(data["named_pains"]),
            pseudo_sites=frozenset(data["pseudo_sites"]),
            takes_site=sites,
            takes_side=sites | frozenset(data["takes_side"]),
            pains=frozenset(data["pains"]),
            general=frozenset(data["general"]),
            quality_of=data["quality_of"],
            quality_or_finding=frozenset(data["quality_or_finding"]),
            said_already=_pairs(data["said_already"]),
            said_by=_pairs(data["said_by"]),
            companions=data["companions"],
            sore_tongue_covers=frozenset(data["sore_tongue_covers"]),
            shared_words=frozenset(data["shared_words"]),
            skin=frozenset(data["skin"]),
        )


def _pairs(rows: Iterable[Iterable[str]]) -> FrozenSet[Pair]:
    return frozenset((one, other) for one, other in rows)
