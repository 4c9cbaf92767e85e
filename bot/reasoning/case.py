"""What is known of one person: facts with status and attributes, results, profile. Pure and serialisable."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Callable, Concatenate, Dict, List, Mapping, Optional, ParamSpec, Tuple, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

LIST_ATTRIBUTES = ("site", "quality", "timing", "aggravating", "relieving")
SCALAR_ATTRIBUTES = ("side", "onset", "course", "severity", "duration")


@dataclass(frozen=True)
class Fact:
    """One finding or risk factor as told. ``kind`` is ``finding`` or ``risk_factor``.

    ``attributes`` holds lists for ``LIST_ATTRIBUTES`` and single values for ``SCALAR_ATTRIBUTES``;
    ``denied`` holds attribute values that were asked about and denied, such as ``{"timing": ["night"]}``;
    ``words`` is what the person wrote, kept for the summary. ``guessed`` if it was not named, but guessed from these.
    """

    kind: str
    id: str
    status: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    denied: Mapping[str, List[str]] = field(default_factory=dict)
    words: str = ""
    turn: int = 0
    guessed: bool = False


@dataclass(frozen=True)
class LabResult:
    """One typed result; ``number`` in ``unit``, ``canonical`` in the contract's canonical unit.

    ``when`` is the date of the sample in the person's words.
    """

    analyte: str
    number: Optional[float]
    unit: Optional[str]
    comparator: Optional[str] = None
    lab_range: Optional[Tuple[float, float]] = None
    canonical: Optional[Mapping[str, object]] = None
    band: str = "needs_unit"
    turn: int = 0
    when: Optional[str] = None


@dataclass(frozen=True)
class Case:
    """Everything the reasoning may use. ``general`` are attributes said of no particular finding.

    ``flag_urgency`` is the urgency with which a red flag was found; without it the data's own counts.
    ``kept`` is what was worked out from the case; it goes when the case goes.
    """

    facts: Tuple[Fact, ...] = ()
    general: Mapping[str, object] = field(default_factory=dict)
    profile: Mapping[str, object] = field(default_factory=dict)
    labs: Tuple[LabResult, ...] = ()
    red_flags: Tuple[str, ...] = ()
    flag_urgency: Mapping[str, str] = field(default_factory=dict)
    unsure: Tuple[str, ...] = ()  # question keys answered "not sure" or skipped
    kept: Dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, kind: str, *ids: str) -> Tuple[Fact, ...]:
        """Facts of this kind about any of these ids, in the order told."""
        return tuple(fact for fact in self.facts if fact.kind == kind and fact.id in ids)

    def with_fact(self, fact: Fact) -> "Case":
        """The case with the fact added."""
        return replace(self, facts=self.facts + (fact,))


def once(
    work_out: Callable[Concatenate[Case, Given], Result],
) -> Callable[Concatenate[Case, Given], Result]:
    """Keeps the result of a pure function of a case, and of what never changes, with the case."""

    @wraps(work_out)
    def kept(case: Case, *given: Given.args, **named: Given.kwargs) -> Result:
        key = (work_out, given, *named.items())
        if key not in case.kept:
            case.kept[key] = work_out(case, *given, **named)
        result: Result = case.kept[key]
        return result

    return kept
