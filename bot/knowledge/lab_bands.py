"""Arithmetic of laboratory values: conversion to the canonical unit, and the band a number lies in.

Understanding and reasoning both need it, so it stands beside the schema. Thresholds are data (``labs.yml``).
"""

from __future__ import annotations

from typing import List, Optional, Sequence, Tuple

from bot.knowledge.schema import LabAnalyte, LabBand, LabUnit

NEEDS_UNIT, IMPLAUSIBLE, INDETERMINATE = "needs_unit", "implausible", "indeterminate"
Range = Sequence[Optional[float]]


def unit_named(analyte: LabAnalyte, name: Optional[str]) -> Optional[LabUnit]:
    """The analyte's unit of exactly this name."""
    return next((unit for unit in analyte.units if unit.unit == name), None)


def convert(analyte: LabAnalyte, number: float, unit: str) -> float:
    """The number in the analyte's canonical unit. Raises ``ValueError`` for a unit the analyte does not have."""
    known = unit_named(analyte, unit)
    if known is None:
        raise ValueError(f"{analyte.id} has no unit {unit}")
    return float(f"{number * known.factor + known.offset:.6g}")


def is_plausible(analyte: LabAnalyte, number: float, unit: str) -> bool:
    """Whether a living adult can have this value and laboratories report it in this unit."""
    known = unit_named(analyte, unit)
    low, high = analyte.plausible
    return known is not None and not known.slip and low <= convert(analyte, number, unit) <= high


def may_be_meant(analyte: LabAnalyte, number: float) -> bool:
    """Whether a bare number is plausible in any unit in which the test is reported."""
    return any(is_plausible(analyte, number, unit.unit) for unit in analyte.units)


def supplied_unit(analyte: LabAnalyte, number: float) -> Optional[str]:
    """The unit meant by a bare number, where the analyte has a default unit.

    A number that cannot be meant in the default unit is taken for the next unit of the data (11.2: g/dL).
    """
    if analyte.default_unit is None:
        return None
    names = [unit.unit for unit in analyte.units]
    following = names[names.index(analyte.default_unit) + 1 :][:1]
    candidates = [analyte.default_unit, *following]
    return next((name for name in candidates if is_plausible(analyte, number, name)), analyte.default_unit)


def _span(number: float, comparator: Optional[str]) -> Tuple[float, float]:
    if comparator == "<":
        return 0.0, number
    return (number, float("inf")) if comparator == ">" else (number, number)


def _has(analyte: LabAnalyte, band: str) -> bool:
    return any(entry.band == band for entry in analyte.bands)


def _by_own_range(analyte: LabAnalyte, number: float, comparator: Optional[str], own: Range) -> Optional[str]:
    """The band given by the laboratory's range; ``None`` where the published bands decide."""
    low = own[0] if own[0] is not None else float("-inf")
    high = own[1] if own[1] is not None else float("inf")
    least, most = _span(number, comparator)
    if most < low or (comparator == "<" and number <= low):
        return "deficient" if _has(analyte, "deficient") else "low"
    if least > high or (comparator == ">" and number >= high):
        return "raised" if _has(analyte, "raised") else "high"
    if low <= least and most <= high:
        return None if _has(analyte, "deficient") else "normal"
    return INDETERMINATE


def _published(analyte: LabAnalyte, number: float, unit: LabUnit) -> Tuple[float, List[LabBand]]:
    """Number and bands in one unit: the unit given, one of the same size, or else the canonical unit."""
    same_size = [known.unit for known in analyte.units if (known.factor, known.offset) == (unit.factor, unit.offset)]
    for name in [unit.unit, *same_size]:
        bands = [band for band in analyte.bands if band.unit == name and (band.low, band.high) != (None, None)]
        if bands:
            return number, bands
    limits = [
        band for band in analyte.bands if band.unit == analyte.canonical_unit and (band.low, band.high) != (None, None)
    ]
    return convert(analyte, number, unit.unit), limits


def _allows(band: LabBand, number: float, comparator: Optional[str]) -> bool:
    """Whether a value that fits number and comparator can lie in the band."""
    above = band.low is None or band.low < number or (comparator != "<" and band.low == number)
    below = (
        band.high is None or number < band.high or (comparator is None and band.high_inclusive and number == band.high)
    )
    if comparator == "<":
        return above
    return below if comparator == ">" else above and below


def band(
    analyte: LabAnalyte,
    number: float,
    unit: Optional[str],
    comparator: Optional[str] = None,
    own_range: Optional[Range] = None,
) -> str:
    """The band of the project's labelling rules; the laboratory's own range (in the unit of the number) wins.

    A comparator counts only where every value it allows lies in one band; else the result is indeterminate.
    """
    known = unit_named(analyte, unit or supplied_unit(analyte, number))
    by_range = _by_own_range(analyte, number, comparator, own_range) if own_range else None
    if known is None:
        return by_range if by_range in ("deficient", "low") else NEEDS_UNIT
    if not is_plausible(analyte, number, known.unit):
        return IMPLAUSIBLE
    if by_range is not None:
        return by_range
    value, bands = _published(analyte, number, known)
    fitting = list(dict.fromkeys(entry.band for entry in bands if _allows(entry, value, comparator)))
    if comparator is None:
        fitting = fitting[:1]
    return fitting[0] if len(fitting) == 1 else INDETERMINATE
