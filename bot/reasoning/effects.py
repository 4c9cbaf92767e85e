"""What the answers of questions would do to the clues and to the urgency, remembered from question to question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Dict, Mapping, Sequence, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.reasoning.evidence import UNKNOWN, model_of
from bot.reasoning.places import OWN_SITE
from bot.reasoning.prepared import Prepared
from bot.reasoning.suppose import YES, suppose
from bot.reasoning.triage import triage_of
from bot.reasoning.view import Key, View

MOST_REMEMBERED = 60_000  # effects of answers and parts of them kept; each is a few hundred bytes at most


@dataclass(frozen=True)
class Effect:
    """What the answers of a question would do: the states of its clues (as evaluated, and with open clues counted as

    "no" for the likelihood of the answer), each with the number of its answer and of its clue, and for each answer the
    urgency level its rules would set.
    """

    rows: np.ndarray
    clues: np.ndarray
    states: np.ndarray
    guessed: np.ndarray
    levels: np.ndarray


class _Supposed:
    """The case after each answer of a question, worked out only if a clue or a rule asks for it."""

    def __init__(self, view: View, item: Prepared) -> None:
        self.view = view
        self.item = item

    @cached_property
    def views(self) -> Tuple[View, ...]:
        """The case after each answer."""
        return tuple(suppose(self.view, self.item.question, answer) for answer in self.item.answers)

    @cached_property
    def placed(self) -> Tuple[bool, ...]:
        """Whether each answer may tell a place."""
        question = self.item.question
        return tuple(
            question.about != "finding" or answer in OWN_SITE or question.id in OWN_SITE for answer in self.item.answers
        )


class Effects:
    """Works out effects; what depends only on the same things said is worked out once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._model = model_of(knowledge)
        self._routine = triage_of(knowledge).routine
        self._numbers = count()
        self._said: Dict[object, int] = {}
        self._effects: Dict[Tuple[str, Tuple[int, ...]], Effect] = {}
        self._parts: Dict[Tuple[str, str, int, Tuple[int, ...]], Tuple[int, ...]] = {}

    def of(
        self, view: View, items: Sequence[Prepared], base: np.ndarray, fixed_level: int
    ) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """States of the clues, the same with gaps filled for the likelihood, and urgency levels, per answer."""
        total = sum(len(item.answers) for item in items)
        states = np.repeat(base[np.newaxis, :], total, axis=0)
        guessed = states.copy()
        levels = np.full(total, fixed_level)
        said: Dict[Key, int] = {}
        for item in items:
            for key in item.looks_at:
                if key not in said:
                    said[key] = self._number_of(key, view.said_about(key))
        effects = [self._effect(view, item, said, base) for item in items]
        starts = np.cumsum([0] + [len(effect.levels) for effect in effects])
        places = np.concatenate([effect.rows + start for effect, start in zip(effects, starts)])
        clues = np.concatenate([effect.clues for effect in effects])
        states[places, clues] = np.concatenate([effect.states for effect in effects])
        guessed[places, clues] = np.concatenate([effect.guessed for effect in effects])
        levels = np.minimum(levels, np.concatenate([effect.levels for effect in effects]))
        return states, guessed, levels

    def _effect(self, view: View, item: Prepared, said: Mapping[Key, int], base: np.ndarray) -> Effect:
        """What each answer would do; remembered, as it depends only on what was said about the same things."""
        name = item.question.key
        all_said = tuple([said[key] for key in item.looks_at])
        known = self._effects.get((name, all_said))
        if known is not None:
            return known
        self._forget_too_much()
        supposed = _Supposed(view, item)
        states = np.full((len(item.answers), len(item.clues)), UNKNOWN)
        for column, clue_keys in enumerate(item.clue_keys):
            part = (name, "clue", column, tuple([said[key] for key in clue_keys]))
            if part not in self._parts:
                self._parts[part] = self._states(supposed, column, base)
            states[:, column] = self._parts[part]
        levels = np.where([answer == YES for answer in item.answers], item.flag_level, self._routine)
        for number, ((level, check), looks_at) in enumerate(zip(item.rules, item.rule_keys)):
            part = (name, "rule", number, tuple([said[key] for key in looks_at]))
            if part not in self._parts:
                self._parts[part] = tuple(int(check(each) is True) for each in supposed.views)
            if any(self._parts[part]):
                levels[np.array(self._parts[part], dtype=bool) & (levels > level)] = level
        last = np.array([len(self._model.checks[clue]) for clue in item.clues], dtype=int)
        guessed = np.where((states == UNKNOWN) & (states != UNKNOWN).any(axis=0), last, states)
        rows, columns = np.indices(states.shape)
        effect = Effect(rows.ravel(), item.clues[columns.ravel()], states.ravel(), guessed.ravel(), levels)
        self._effects[(name, all_said)] = effect
        return effect

    def _number_of(self, key: Key, said: object) -> int:
        """A number that stands for what was said about something; never used again for anything else."""
        known = self._said.get((key, said))
        if known is None:
            known = self._said[(key, said)] = next(self._numbers)
        return known

    def _states(self, supposed: _Supposed, column: int, base: np.ndarray) -> Tuple[int, ...]:
        """The state of one clue after each answer."""
        clue, by_place = int(supposed.item.clues[column]), supposed.item.by_place[column]
        return tuple(
            self._model.state(clue, view) if placed or not by_place else int(base[clue])
            for view, placed in zip(supposed.views, supposed.placed)
        )

    def _forget_too_much(self) -> None:
        if max(len(self._effects), len(self._parts), len(self._said)) >= MOST_REMEMBERED:
            self._effects.clear()
            self._parts.clear()
            self._said.clear()
