"""The small language in which reviewed data describe a clinical picture.

A pattern is either one leaf or one combination. Leaves name canonical ids:

    {finding: burning, site: [foot, toes], side: both}
    {finding: sensory}                      # a group of the vocabulary: any of its findings
    {finding: [pain, burning], timing: night}
    {risk_factor: metformin}
    {profile: age, at_least: 60}            # or at_most, or is
    {attribute: onset, is: sudden}          # said of any finding, or of none in particular
    {lab: serum_b12, band: [deficient]}
    {red_flag: F1}

Combinations: ``{all: [...]}``, ``{any: [...]}``, ``{none: [...]}``. Patterns are evaluated with three
values (true, false, unknown), see ``bot.reasoning.evaluate``.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Union

from pydantic import BaseModel, Extra, root_validator, validator

IdOrIds = Union[str, List[str]]

LEAF_KEYS = ("finding", "risk_factor", "profile", "attribute", "lab", "red_flag")
COMBINATION_KEYS = ("all", "any", "none")
ATTRIBUTE_KEYS = ("site", "side", "quality", "onset", "course", "timing", "aggravating", "relieving")


def as_tuple(value: Optional[IdOrIds]) -> tuple:
    """One id or a list of ids, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


class Pattern(BaseModel):
    """One leaf or one combination; exactly one of the leaf or combination keys is set."""

    finding: Optional[IdOrIds]
    risk_factor: Optional[IdOrIds]
    profile: Optional[str]
    attribute: Optional[str]
    lab: Optional[str]
    red_flag: Optional[IdOrIds]

    site: Optional[IdOrIds]
    side: Optional[IdOrIds]
    quality: Optional[IdOrIds]
    onset: Optional[IdOrIds]
    course: Optional[IdOrIds]
    timing: Optional[IdOrIds]
    aggravating: Optional[IdOrIds]
    relieving: Optional[IdOrIds]
    severity_at_least: Optional[int]
    days_at_least: Optional[int]
    days_at_most: Optional[int]

    at_least: Optional[float]
    at_most: Optional[float]
    is_: Optional[IdOrIds]
    band: Optional[IdOrIds]

    all: Optional[List["Pattern"]]
    any: Optional[List["Pattern"]]
    none: Optional[List["Pattern"]]

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        fields = {"is_": "is"}

    @validator("finding", "risk_factor", "red_flag", "site", "side", pre=True)
    def _no_empty_list(cls, value: Any) -> Any:
        if value == []:
            raise ValueError("an empty list matches nothing")
        return value

    @root_validator(skip_on_failure=True)
    def _exactly_one_kind(cls, values: Dict[str, Any]) -> Dict[str, Any]:
        kinds = [key for key in LEAF_KEYS + COMBINATION_KEYS if values.get(key) is not None]
        if len(kinds) != 1:
            raise ValueError(f"a pattern has exactly one of {LEAF_KEYS + COMBINATION_KEYS}, this has {kinds}")
        return values


Pattern.update_forward_refs()
