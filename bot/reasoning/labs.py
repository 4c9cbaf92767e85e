"""Where typed results lie, and what they mean together with what else is known. Pure functions over the knowledge."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Mapping, Optional, Sequence, Set, Tuple

from typing_extensions import Protocol

from bot.knowledge.lab_bands import band, convert, supplied_unit, unit_named
from bot.knowledge.loader import load
from bot.knowledge.patterns import Pattern, as_tuple
from bot.knowledge.schema import LabAnalyte, LabRule
from bot.reasoning.case import Case, Fact, LabResult
from bot.reasoning.evaluate import holds
from bot.reasoning.view import View

__all__ = ["band", "convert", "interpret", "meaning", "modifiers", "open_modifiers", "place"]


class LabKnowledge(Protocol):
    """The part of the knowledge that interpreting needs."""

    @property
    def lab_rules(self) -> Mapping[str, LabRule]:
        """The rules by id."""


def place(result: LabResult, analytes: Optional[Mapping[str, LabAnalyte]] = None) -> LabResult:
    """The result with its unit (supplied where the rules allow it), canonical value and band.

    A result told in words (an antibody that is positive or negative) keeps its band.
    """
    if result.number is None:
        return result
    analyte = (load().labs if analytes is None else analytes)[result.analyte]
    unit = result.unit or supplied_unit(analyte, result.number)
    known = unit_named(analyte, unit)
    canonical = (
        {"number": convert(analyte, result.number, known.unit), "unit": analyte.canonical_unit} if known else None
    )
    lies_in = band(analyte, result.number, unit, result.comparator, result.lab_range)
    return replace(result, unit=unit, canonical=canonical, band=lies_in)


def meaning(result: LabResult, analytes: Optional[Mapping[str, LabAnalyte]] = None) -> Optional[str]:
    """What the band of a placed result means, in words of the unit the person used where there are any."""
    analyte = (load().labs if analytes is None else analytes)[result.analyte]
    entries = [entry for entry in analyte.bands if entry.band == result.band]
    by_unit = [entry for entry in entries if entry.unit == result.unit]
    return next((entry.meaning for entry in by_unit + entries), None)


def interpret(case: Case, knowledge: Optional[LabKnowledge] = None) -> List[LabRule]:
    """The rules that hold, in the order of the data, without those that a more special one replaces.

    Risk factors nobody mentioned count as absent; ``open_modifiers`` says which of them to ask about.
    """
    if not case.labs:
        return []
    view = View(_with_silence_as_absence(case, modifiers(knowledge)))
    holding = [rule for rule in _rules(knowledge) if holds(rule.when, view) is True]
    replaced = {general for rule in holding for general in rule.instead_of}
    return [rule for rule in holding if rule.id not in replaced]


def modifiers(knowledge: Optional[LabKnowledge] = None) -> Tuple[str, ...]:
    """Risk factors that change what a result means, in the order in which the rules name them."""
    found = [name for rule in _rules(knowledge) for leaf in _leaves(rule.when) for name in as_tuple(leaf.risk_factor)]
    return tuple(dict.fromkeys(found))


def open_modifiers(case: Case, knowledge: Optional[LabKnowledge] = None) -> Tuple[str, ...]:
    """Modifiers nobody mentioned that, if present, would change which rules are shown."""

    def shown(about: Case) -> List[str]:
        return [rule.id for rule in interpret(about, knowledge)]

    now = shown(case)
    silent = (name for name in modifiers(knowledge) if not case.of("risk_factor", name))
    return tuple(name for name in silent if shown(case.with_fact(_said(name, "present"))) != now)


def _rules(knowledge: Optional[LabKnowledge]) -> Sequence[LabRule]:
    return tuple((knowledge or load()).lab_rules.values())


def _said(name: str, status: str) -> Fact:
    return Fact(kind="risk_factor", id=name, status=status)


def _with_silence_as_absence(case: Case, names: Sequence[str]) -> Case:
    silent: Set[str] = {name for name in names if not case.of("risk_factor", name)}
    return replace(case, facts=case.facts + tuple(_said(name, "absent") for name in names if name in silent))


def _leaves(pattern: Pattern) -> List[Pattern]:
    parts = [*(pattern.all or ()), *(pattern.any or ()), *(pattern.none or ())]
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [pattern]
