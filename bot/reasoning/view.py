"""A case prepared for many patterns: who said what of which finding, and what carries which attribute.

What is said of another person or only supposed is not evidence (folding turns it round when the talk is about
that person). ``Case.general`` fills what no mention says.
"""

from __future__ import annotations

from typing import Dict, List, Mapping, Tuple

from bot.reasoning.attributes import number
from bot.reasoning.case import LIST_ATTRIBUTES, Case, Fact, LabResult, once
from bot.reasoning.places import OWN_SITE
from bot.reasoning.told import Said, denials_of, placed, settle, supposed, values_of

Key = Tuple[str, str]  # what a pattern looks at, such as ("finding", "burning")

OLDER_AGE = 65  # years; the labelling rule for the risk factor older_age


class View:
    """A case prepared for many patterns. Copies share everything but what was supposed."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.profile: Mapping[str, object] = case.profile
        self.general = values_of(case.general)
        self.general_denied = denials_of(case.general.get("denied"))
        told: Dict[str, Dict[str, List[Fact]]] = {"finding": {}, "risk_factor": {}}
        for fact in case.facts:
            if fact.status not in ("other_person", "hypothetical") and fact.kind in told:
                told[fact.kind].setdefault(fact.id, []).append(fact)
        self.findings = {name: placed(name, facts) for name, facts in told["finding"].items()}
        self.risk_factors = {name: settle(facts) for name, facts in told["risk_factor"].items()}
        self.labs: Dict[str, LabResult] = {result.analyte: result for result in case.labs}
        self.carriers = _carriers(self.findings)
        self._derive_age()

    def said_about(self, key: Key) -> object:
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
        return repr(self.profile.get(name)) if kind == "profile" else name in self.case.red_flags

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
            copy.findings = {**self.findings, **{name: supposed(name, truth) for name, truth in statuses.items()}}
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


@once
def view_of(case: Case) -> View:
    """The case, prepared on first use."""
    return View(case)


def _carriers(findings: Mapping[str, List[Said]]) -> Dict[str, List[Tuple[str, Said]]]:
    """Present mentions by the attributes said or denied of them."""
    found: Dict[str, List[Tuple[str, Said]]] = {}
    for name, mentions in findings.items():
        for said in mentions:
            if said.truth is True:
                for key in {**said.values, **said.denied}:
                    found.setdefault(key, []).append((name, said))
    return found
