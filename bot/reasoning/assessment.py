"""The result of what is known so far: urgency, likely conditions with reasons, tests worth discussing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Case
from bot.reasoning.evidence import OTHERWISE, EvidenceModel, Reason, model_of, situation_of
from bot.reasoning.interview import next_question
from bot.reasoning.reasons import arguments, without_repeats
from bot.reasoning.triage import Triage, triage
from bot.reasoning.worth import B12

STRONG, POSSIBLE, LESS_LIKELY = "strong", "possible", "less_likely"
STRONG_FROM, POSSIBLE_FROM = 0.50, 0.10  # share of a condition
STRONG_AHEAD = 2.0  # how far the first has to lead the second to be called strong
SHOWN, SHOWN_FROM = 5, 0.01  # conditions shown, and the share from which one is worth showing
MOST_REASONS = 8  # for and against each condition
MOST_TESTS, TEST_FROM = 6, 0.08  # tests shown, and the share of conditions that ask for one


@dataclass(frozen=True)
class Ranked:
    """One possibility. ``supports`` and ``against`` are vocabulary ids; the phrases complete a sentence."""

    condition: str
    likelihood: str
    share: float
    supports: Tuple[str, ...]
    against: Tuple[str, ...]
    supports_phrases: Tuple[str, ...]
    against_phrases: Tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """The contract's assessment; ``complete`` when no question is worth asking any more."""

    urgency: str
    reasons: Tuple[str, ...]
    ranking: Tuple[Ranked, ...]
    tests: Tuple[str, ...]
    complete: bool


def assess(case: Case, knowledge: Knowledge, asked: Sequence[str] = (), complete: Optional[bool] = None) -> Assessment:
    """The result so far. Vitamin B12 is always in the ranking, because it is what people come to ask about.

    Whoever knows whether the interview is over says so in ``complete``; else it is worked out from ``asked``.
    """
    model, situation = model_of(knowledge), situation_of(case, knowledge)
    states, posterior = situation.states, situation.posterior[:-1]
    order = [int(position) for position in np.argsort(-posterior, kind="stable")]
    shown = [position for position in order[:SHOWN] if posterior[position] >= SHOWN_FROM] or order[:1]
    b12 = model.index.get(B12)
    if b12 is not None and b12 not in shown:
        shown = shown[: SHOWN - 1] + [b12]
    said = _said(case)
    ranking = tuple(_ranked(knowledge, states, position, posterior, order, said) for position in shown)
    outcome = triage(case, knowledge)
    return Assessment(
        urgency=outcome.urgency,
        reasons=tuple(dict.fromkeys(_worst(outcome))),
        ranking=ranking,
        tests=_tests(knowledge, model, posterior),
        complete=next_question(case, asked, knowledge) is None if complete is None else complete,
    )


def _worst(outcome: Triage) -> List[str]:
    """Why it is as urgent as it is; what alone would be less urgent beside that would only confuse."""
    return [reason.text for reason in outcome.reasons if reason.text and reason.urgency == outcome.urgency]


def _ranked(
    knowledge: Knowledge, states: np.ndarray, position: int, posterior: np.ndarray, order: List[int], said: Said
) -> Ranked:
    model = model_of(knowledge)
    share = float(posterior[position])
    second = float(posterior[order[1]]) if len(order) > 1 else 0.0
    likelihood = POSSIBLE if share >= POSSIBLE_FROM else LESS_LIKELY
    if position == order[0] and share >= STRONG_FROM and share >= STRONG_AHEAD * second:
        likelihood = STRONG
    name = model.conditions[position]
    stated = {evidence.clue for evidence in knowledge.conditions[name].evidence}
    explanation = arguments(model.explain(name, states), model, stated)
    supports, against = explanation.supports[:MOST_REASONS], explanation.against[:MOST_REASONS]
    return Ranked(
        condition=name,
        likelihood=likelihood,
        share=share,
        supports=_ids([reason for reason in supports if reason.state != OTHERWISE], said),
        against=_ids(against, said),
        supports_phrases=tuple(reason.phrase for reason in without_repeats(supports)),
        against_phrases=tuple(reason.phrase for reason in without_repeats(against)),
    )


def _ids(reasons: Sequence[Reason], said: Said) -> Tuple[str, ...]:
    """The ids the person spoke of; all ids of a reason if none was named, as when the place was ruled out."""
    found: Dict[str, None] = {}
    for reason in reasons:
        spoken = said.denied if reason.state == OTHERWISE else said.told
        for name in [name for name in reason.ids if name in spoken] or reason.ids:
            found[name] = None
    return tuple(found)


@dataclass
class Said:
    """Vocabulary ids of the case, by whether they were told or denied."""

    told: Set[str]
    denied: Set[str]


def _said(case: Case) -> Said:
    said = Said(set(case.profile), set())
    for fact in case.facts:
        (said.told if fact.status in ("present", "uncertain") else said.denied).add(fact.id)
        _add(said.told, fact.attributes)
        _add(said.denied, fact.denied)
    _add(said.told, {name: value for name, value in case.general.items() if name != "denied"})
    denied = case.general.get("denied")
    _add(said.denied, denied if isinstance(denied, Mapping) else {})
    analytes = {lab.analyte for lab in case.labs}
    said.told |= analytes
    said.denied |= analytes
    said.told |= {"one_side"} if said.told & {"left", "right"} else set()
    return said


def _add(to: Set[str], attributes: Mapping[str, object]) -> None:
    for name, value in attributes.items():
        to.update(map(str, value) if isinstance(value, (list, tuple)) else (str(value),))
        to.add(name)


def _tests(knowledge: Knowledge, model: EvidenceModel, posterior: np.ndarray) -> Tuple[str, ...]:
    """Tests the likelier conditions ask for, weighted by how likely these are; the first named count most."""
    worth: Dict[str, float] = {}
    for name, condition in knowledge.conditions.items():
        share = float(posterior[model.index[name]])
        for place, test in enumerate(condition.tests):
            worth[test] = worth.get(test, 0.0) + share / (1 + 0.15 * place)
    ranked = sorted(worth, key=lambda test: -worth[test])
    return tuple(test for test in ranked if worth[test] >= TEST_FROM)[:MOST_TESTS]
