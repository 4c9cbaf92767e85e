"""Which conditions fit: a naive Bayes model over the reviewed data, small enough for a clinician to read.

For each clue that is known, a condition gains log(of 100 with the condition / of 100 with leg pain of any
cause) for the state the clue is in. Unknown clues and clues a condition says nothing about change nothing.
Numbers are held between 0.5 and 99.5 of 100, so no single answer proves or excludes anything.

Clues of one group tell much the same story. Within a group the known clue with the largest log ratio for any
condition counts in full, the next half, the next a quarter, and so on. A clue has the same share for every
condition, so the result stays a (tempered) likelihood.

Beside the conditions stands ``OTHER``: leg pain of any other cause. It has the background numbers and the
weight left over of 1000 adults, so "nothing fits well" is a possible result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Dict, List, Mapping, Sequence, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Clue
from bot.reasoning.case import Case, once
from bot.reasoning.evaluate import compiled
from bot.reasoning.keys import keys
from bot.reasoning.recall import Memory, said_in
from bot.reasoning.view import Key, View, view_of

OTHER = "other"
OTHERWISE = "otherwise"
UNKNOWN = -1
FLOOR, CEILING = 0.5, 99.5  # of 100
# Answers are never quite independent and base rates of leg pain are rough, so both are tempered by this power:
# the model stays unsure longer, and rare conditions are not ruled out by being rare.
CAUTION = 0.65
GROUP_SHARE = 0.5  # what each further clue of a group counts, relative to the one before
ADULTS = 1000.0  # the scale of Condition.prior
LEAST_OTHER = 100.0  # of 1000: the list of conditions is never taken as complete
MOST_STATES = 60_000  # states of clues remembered; each is a few hundred bytes at most


@dataclass(frozen=True)
class Reason:
    """One known clue and how it bears on a condition; ``weight`` is in nats, positive speaks for it."""

    clue: str
    state: str
    ids: Tuple[str, ...]
    phrase: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """What fits and what does not, heaviest first."""

    supports: Tuple[Reason, ...]
    against: Tuple[Reason, ...]


@dataclass(frozen=True)
class Situation:
    """Where a case stands: the states of its clues, how much each counts, and what follows for the conditions.

    ``posterior`` is the share of each condition, ``logs`` its logarithm up to a constant.
    """

    states: np.ndarray
    weights: np.ndarray
    logs: np.ndarray
    posterior: np.ndarray


class EvidenceModel:
    """The data as matrices, prepared once for each knowledge. Rows are states of clues, columns conditions."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.clues: Tuple[Clue, ...] = tuple(knowledge.clues.values())
        self.conditions: Tuple[str, ...] = tuple(knowledge.conditions) + (OTHER,)
        self.index: Dict[str, int] = {name: position for position, name in enumerate(self.conditions)}
        self.clue_index: Dict[str, int] = {clue.id: position for position, clue in enumerate(self.clues)}
        self.checks = [[compiled(state.when) for state in clue.states] for clue in self.clues]
        self.clue_keys: List[Tuple[Key, ...]] = [
            tuple(sorted(frozenset().union(*(keys(state.when) for state in clue.states)))) for clue in self.clues
        ]
        self._states: Memory[int] = Memory(MOST_STATES)
        priors = [condition.prior for condition in knowledge.conditions.values()]
        priors.append(max(ADULTS - sum(priors), LEAST_OTHER))
        self.prior = np.array(priors) / sum(priors)
        self.log_prior = CAUTION * np.log(self.prior)
        self.first_row = np.cumsum([0] + [len(clue.states) + 1 for clue in self.clues])[:-1]
        self.log_p = self._log_probabilities(knowledge)
        self.evidence = self._evidence()
        self.log_ratio = CAUTION * (self.log_p - self.log_p[:, -1:])
        # Row 0 stands for "unknown"; real rows start at 1.
        self.strength = np.concatenate([[0.0], np.abs(self.log_ratio).max(axis=1)])
        self.groups = self._groups()
        self.padded_first_row = np.append(self.first_row, 0)
        self.group_of = np.full(len(self.clues) + 1, len(self.groups), dtype=int)
        for number, members in enumerate(self.groups):
            self.group_of[members] = number

    def _log_probabilities(self, knowledge: Knowledge) -> np.ndarray:
        rows: List[List[float]] = []
        stated: Dict[str, Dict[str, Mapping[str, float]]] = {
            condition.id: {evidence.clue: evidence.of_100 for evidence in condition.evidence}
            for condition in knowledge.conditions.values()
        }
        for clue in self.clues:
            columns = [
                shares(clue, stated[name].get(clue.id, clue.background) if name != OTHER else clue.background)
                for name in self.conditions
            ]
            rows += [list(row) for row in zip(*columns)]
        return np.log(np.array(rows).reshape(-1, len(self.conditions)))

    def _evidence(self) -> np.ndarray:
        """How each state bears on each condition, compared with the mixture of all others by their priors."""
        parts = np.exp(self.log_p) * self.prior
        columns = [np.delete(parts, column, axis=1).sum(axis=1) for column in range(len(self.conditions))]
        evidence: np.ndarray = self.log_p - np.log(np.stack(columns, axis=1) / (1 - self.prior))
        return evidence

    def _groups(self) -> np.ndarray:
        """Members of the groups of more than one clue, [group, member]; filled up with one past the last clue."""
        members: Dict[str, List[int]] = {}
        for position, clue in enumerate(self.clues):
            members.setdefault(clue.group, []).append(position)
        shared = [positions for positions in members.values() if len(positions) > 1]
        longest = max(map(len, shared), default=1)
        filled = [positions + [len(self.clues)] * (longest - len(positions)) for positions in shared]
        return np.array(filled, dtype=int).reshape(len(shared), longest)

    def state(self, clue: int, view: View) -> int:
        """The state a clue is in: its first true state, the last one if all are false, else ``UNKNOWN``."""
        unknown = False
        for position, check in enumerate(self.checks[clue]):
            truth = check(view)
            if truth is True:
                return position
            unknown = unknown or truth is None
        return UNKNOWN if unknown else len(self.checks[clue])

    def states(self, case: Case) -> np.ndarray:
        """The state of every clue; remembered, as each depends only on what was said about what the clue looks at."""
        said, view, states = said_in(case), view_of(case), []
        for clue, looks_at in enumerate(self.clue_keys):
            name = (clue, *map(said.__getitem__, looks_at))
            known = self._states.get(name)
            states.append(self._states.keep(name, self.state(clue, view)) if known is None else known)
        return np.array(states, dtype=int)

    def weights(self, states: np.ndarray) -> np.ndarray:
        """How much each clue counts (0 to 1) in each of several situations; ``states`` is [situation, clue]."""
        return self._shrunk(states, (states != UNKNOWN).astype(float), *self._crowded(states != UNKNOWN))

    def weights_near(self, base: Situation, states: np.ndarray) -> np.ndarray:
        """The same for situations that differ little from ``base``: only groups with a change are worked out."""
        differs = states != base.states
        weights = np.where(differs, states != UNKNOWN, base.weights)
        changed = np.zeros((len(states), len(self.groups) + 1), dtype=bool)
        situation, clue = np.nonzero(differs)
        changed[situation, self.group_of[clue]] = True
        return self._shrunk(states, weights, *np.nonzero(changed[:, :-1]))

    def shift(self, base: Situation, states: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """How far each situation is from ``base`` in the sum of weighted ``rows``, [situation, condition].

        An answer touches few of the clues, so the sum of what changed is a small part of the whole product.
        """
        weights, before = self.weights_near(base, states), base.weights
        situation, clue = np.nonzero((states != base.states) | (weights != before))
        first = self.first_row[clue]
        now, then = states[situation, clue], base.states[clue]
        # An unknown clue has no weight; any row stands for it.
        change = weights[situation, clue, np.newaxis] * rows[first + np.maximum(now, 0)]
        change -= before[clue, np.newaxis] * rows[first + np.maximum(then, 0)]
        total = np.zeros((len(states), rows.shape[1]))
        if len(situation):
            starts = np.nonzero(np.diff(situation, prepend=-1))[0]
            total[situation[starts]] = np.add.reduceat(change, starts, axis=0)
        return total

    def _crowded(self, known: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Situations and groups in which more than one clue is known."""
        padded = np.concatenate([known, np.zeros((len(known), 1), dtype=bool)], axis=1)
        situation, group = np.nonzero(padded[:, self.groups].sum(axis=2) > 1)
        return situation, group

    def _shrunk(self, states: np.ndarray, weights: np.ndarray, situation: np.ndarray, group: np.ndarray) -> np.ndarray:
        """The weights with the shares of these groups, in these situations, worked out."""
        members = self.groups[group]
        padded = np.concatenate([states, np.full((len(states), 1), UNKNOWN)], axis=1)
        told = padded[situation[:, np.newaxis], members]
        strength = self.strength[np.where(told == UNKNOWN, 0, self.padded_first_row[members] + told + 1)]
        rank = np.argsort(np.argsort(-strength, axis=1, kind="stable"), axis=1, kind="stable")
        wide = np.concatenate([weights, np.zeros((len(weights), 1))], axis=1)
        wide[situation[:, np.newaxis], members] = np.where(told == UNKNOWN, 0.0, GROUP_SHARE**rank)
        return wide[:, :-1]

    def situation(self, states: np.ndarray) -> Situation:
        """What follows from the states of the clues."""
        known = np.nonzero(states != UNKNOWN)[0]
        weights = self.weights(states[np.newaxis, :])[0]
        rows = self.log_ratio[self.first_row[known] + states[known]]
        logs = self.log_prior + (weights[known, np.newaxis] * rows).sum(axis=0)
        return Situation(states, weights, logs, softmax(logs, axis=0))

    def posterior(self, states: np.ndarray) -> np.ndarray:
        """The share of each condition given the states of the clues."""
        return self.situation(states).posterior

    def explain(self, condition: str, states: np.ndarray) -> Explanation:
        """What speaks for and against a condition, compared with the mixture of all others by their priors."""
        known = np.nonzero(states != UNKNOWN)[0]
        bearings = self.evidence[self.first_row[known] + states[known], self.index[condition]]
        weights = self.weights(states[np.newaxis, :])[0][known] * bearings
        reasons = [
            self._reason(self.clues[position], state, weight)
            for position, state, weight in zip(known.tolist(), states[known].tolist(), weights.tolist())
        ]
        reasons.sort(key=lambda reason: -abs(reason.weight))
        return Explanation(
            supports=tuple(reason for reason in reasons if reason.weight > 0),
            against=tuple(reason for reason in reasons if reason.weight < 0),
        )

    @staticmethod
    def _reason(clue: Clue, state: int, weight: float) -> Reason:
        last = state == len(clue.states)
        return Reason(
            clue=clue.id,
            state=OTHERWISE if last else clue.states[state].id,
            ids=tuple(clue.ids),
            phrase=clue.otherwise_phrase if last else clue.states[state].phrase,
            weight=weight,
        )


def shares(clue: Clue, of_100: Mapping[str, float]) -> np.ndarray:
    """Probabilities of the clue's states and of the remaining one, held between floor and ceiling, sum 1."""
    named = [of_100.get(state.id, 0.0) for state in clue.states]
    values = np.clip(np.array(named + [100.0 - sum(named)]), FLOOR, CEILING)
    return values / values.sum()


def softmax(logs: np.ndarray, axis: int) -> np.ndarray:
    """Probabilities from logarithms, safe against overflow."""
    powers = np.exp(logs - logs.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@cache
def model_of(knowledge: Knowledge) -> EvidenceModel:
    """The model of this knowledge, prepared on first use."""
    return EvidenceModel(knowledge)


@once
def situation_of(case: Case, knowledge: Knowledge) -> Situation:
    """Where the case stands by the model of this knowledge."""
    model = model_of(knowledge)
    return model.situation(model.states(case))


def ranking(case: Case, knowledge: Knowledge) -> Sequence[Tuple[str, float]]:
    """Conditions (and ``OTHER``) with their share, likeliest first."""
    posterior = situation_of(case, knowledge).posterior
    return sorted(zip(model_of(knowledge).conditions, map(float, posterior)), key=lambda pair: -pair[1])
