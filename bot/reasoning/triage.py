"""How soon to seek help, apart from what is likeliest: the worst of everything that speaks for haste.

Three things set a minimum: red flags already found, pictures in ``triage.yml``, and conditions whose share
reaches their ``alarm_at``. The worst wins; nothing ever lowers it, so a likely harmless cause never outweighs a
sign of danger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import FrozenSet, List, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import TriageRule
from bot.reasoning.case import Case, once
from bot.reasoning.evaluate import Check, compiled
from bot.reasoning.evidence import model_of, situation_of
from bot.reasoning.keys import keys
from bot.reasoning.recall import Memory, said_in
from bot.reasoning.told import Truth
from bot.reasoning.view import Key, View, view_of

MOST_TRUTHS = 30_000  # truths of rules remembered; each is a few hundred bytes at most
RED_FLAG, RULE, CONDITION = "red_flag", "rule", "condition"


@dataclass(frozen=True)
class TriageReason:
    """What sets an urgency: ``kind`` is ``red_flag``, ``rule`` or ``condition``, ``id`` its id there."""

    kind: str
    id: str
    urgency: str
    text: str


@dataclass(frozen=True)
class Triage:
    """The urgency and everything that asks for more than routine care, worst first."""

    urgency: str
    reasons: Tuple[TriageReason, ...]


def rule_check(rule: TriageRule) -> Check:
    """Whether a rule holds; an exception counts only once it is known to be true, so doubt never lowers urgency."""
    when = compiled(rule.when)
    if rule.unless is None:
        return when
    unless = compiled(rule.unless)

    def check(view: View) -> Truth:
        return False if unless(view) is True else when(view)

    return check


def rule_keys(rule: TriageRule) -> FrozenSet[Key]:
    """What a rule looks at."""
    return keys(rule.when) | (keys(rule.unless) if rule.unless is not None else frozenset())


class TriageModel:
    """Rules and alarms prepared once. A level is a place in the vocabulary's order: 0 is the most urgent."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.urgencies: List[str] = list(knowledge.vocabulary["urgency"])  # type: ignore[call-overload]
        self.routine = len(self.urgencies) - 1
        level = {urgency: position for position, urgency in enumerate(self.urgencies)}
        self.rules = [(level[rule.urgency], rule_check(rule), rule) for rule in knowledge.triage.values()]
        self.rule_keys: List[Tuple[Key, ...]] = [tuple(sorted(rule_keys(rule))) for _, _, rule in self.rules]
        self._truths: Memory[bool] = Memory(MOST_TRUTHS)
        self.flag_levels = {flag.id: level[flag.urgency] for flag in knowledge.red_flags.values()}
        index = model_of(knowledge).index
        alarmed = [condition for condition in knowledge.conditions.values() if condition.alarm_at is not None]
        self.alarm_columns = np.array([index[condition.id] for condition in alarmed], dtype=int)
        self.alarm_at = np.array([condition.alarm_at for condition in alarmed], dtype=float)
        self.alarm_levels = np.array([level[condition.urgency] for condition in alarmed], dtype=int)
        self.alarmed = alarmed

    def holding(self, case: Case) -> Tuple[Tuple[int, TriageRule], ...]:
        """The rules that are true of the case, each with its level; remembered like the states of clues."""
        said, view, holding = said_in(case), view_of(case), []
        for number, (level, check, rule) in enumerate(self.rules):
            name = (number, *map(said.__getitem__, self.rule_keys[number]))
            known = self._truths.get(name)
            if self._truths.keep(name, check(view) is True) if known is None else known:
                holding.append((level, rule))
        return tuple(holding)

    def level_of_flag(self, flag: str, case: Case) -> int:
        """The level with which the flag was found, or that of the data; without data it counts as an emergency."""
        found = case.flag_urgency.get(flag)
        return self.urgencies.index(found) if found in self.urgencies else self.flag_levels.get(flag, 0)

    def concern(self, posteriors: np.ndarray, levels: np.ndarray) -> np.ndarray:
        """How far each situation is from routine, in levels; conditions count in proportion before their alarm.

        Unlike the urgency itself it has no steps, so a question is not chosen for tipping a close call.
        """
        fixed = (self.routine - levels).astype(float)
        if not len(self.alarm_at):
            return fixed
        nearness = np.minimum(1.0, posteriors[:, self.alarm_columns] / self.alarm_at)
        return np.maximum(fixed, (nearness * (self.routine - self.alarm_levels)).max(axis=1))


@cache
def triage_of(knowledge: Knowledge) -> TriageModel:
    """The triage model of this knowledge, prepared on first use."""
    return TriageModel(knowledge)


@once
def rules_holding(case: Case, knowledge: Knowledge) -> Tuple[Tuple[int, TriageRule], ...]:
    """The rules that are true of the case, each with its level."""
    return triage_of(knowledge).holding(case)


def fixed_level(case: Case, knowledge: Knowledge) -> int:
    """The worst level set by rules and by the red flags found; the likely conditions do not count here."""
    model = triage_of(knowledge)
    levels = [level for level, _ in rules_holding(case, knowledge)]
    return min([*levels, *(model.level_of_flag(flag, case) for flag in case.red_flags)], default=model.routine)


def triage(case: Case, knowledge: Knowledge) -> Triage:
    """The urgency of the case with its reasons."""
    triage_model = triage_of(knowledge)
    posterior = situation_of(case, knowledge).posterior
    reasons: List[Tuple[int, TriageReason]] = []
    for flag in dict.fromkeys(case.red_flags):
        level = triage_model.level_of_flag(flag, case)
        known = knowledge.red_flags.get(flag)
        text = known.reason if known is not None else ""
        reasons.append((level, TriageReason(RED_FLAG, flag, triage_model.urgencies[level], text)))
    for level, rule in rules_holding(case, knowledge):
        told = rule.flag in case.red_flags and triage_model.level_of_flag(rule.flag or "", case) <= level
        if level < triage_model.routine and not told:
            reasons.append((level, TriageReason(RULE, rule.id, rule.urgency, rule.reason)))
    for condition, threshold, column in zip(triage_model.alarmed, triage_model.alarm_at, triage_model.alarm_columns):
        if posterior[column] >= threshold:
            level = triage_model.urgencies.index(condition.urgency)
            reasons.append((level, TriageReason(CONDITION, condition.id, condition.urgency, condition.summary)))
    reasons.sort(key=lambda pair: pair[0])
    worst = reasons[0][0] if reasons else triage_model.routine
    return Triage(triage_model.urgencies[worst], tuple(reason for _, reason in reasons))
