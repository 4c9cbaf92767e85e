"""What the answers of questions would do to the ranking and to the urgency, remembered from talk to talk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Dict, List, Mapping, Sequence, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.reasoning.evidence import UNKNOWN, model_of
from bot.reasoning.places import OWN_SITE
from bot.reasoning.prepared import Prepared
from bot.reasoning.suppose import YES, suppose
from bot.reasoning.triage import triage_of
from bot.reasoning.view import Key, View

MOST_REMEMBERED = 20_000  # effects of questions kept; each is a few kilobytes at most
MOST_PARTS = 60_000  # parts of them kept; each is a few hundred bytes at most

Said = Mapping[Key, int]  # numbers that stand for what was said about things
Name = Tuple[str, Tuple[int, ...], bytes]


@dataclass(frozen=True)
class Effect:
    """What each answer would do: how far it would shift the logarithm of each condition's share, [answer, condition],

    how likely it is with each condition, [answer, condition], and the urgency level rules would set, [answer].
    """

    shift: np.ndarray
    chance: np.ndarray
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
        self._effects: Dict[Name, Effect] = {}
        self._parts: Dict[Tuple[str, str, int, Tuple[int, ...]], Tuple[int, ...]] = {}

    def of(self, view: View, items: Sequence[Prepared], base: np.ndarray) -> Effect:
        """The effects of the answers of all items, in order; ``base`` are the states of the clues now."""
        said = {key: self._number_of(key, view.said_about(key)) for key in {key for each in items for key in each.looks_at}}
        names: List[Name] = [
            (item.question.key, tuple(map(said.__getitem__, item.looks_at)), base[item.neighbours].tobytes())
            for item in items
        ]
        known = {name: self._effects.get(name) for name in names}
        new = {name: item for name, item in zip(names, items) if known[name] is None}
        if new:
            self._forget_too_much()
            worked_out = self._work_out(view, new, said, base)
            self._effects.update(worked_out)
            known.update(worked_out)
        effects = [effect for effect in known.values() if effect is not None]
        return Effect(
            np.concatenate([effect.shift for effect in effects]),
            np.concatenate([effect.chance for effect in effects]),
            np.concatenate([effect.levels for effect in effects]),
        )

    def _work_out(self, view: View, items: Mapping[Name, Prepared], said: Said, base: np.ndarray) -> Dict[Name, Effect]:
        """Effects not yet known, all in one go."""
        counts = [len(item.answers) for item in items.values()]
        ends = np.cumsum(counts)
        starts = ends - counts
        rows: List[int] = []
        clues: List[int] = []
        states: List[int] = []
        closed: List[int] = []
        levels: List[int] = []
        for item, start, end in zip(items.values(), starts.tolist(), ends.tolist()):
            supposed = _Supposed(view, item)
            for column, clue in enumerate(item.clues):
                part = self._states(supposed, column, said, base)
                rows += range(start, end)
                clues += [clue] * len(part)
                states += part
                closed += self._closed(part, clue)
            levels += self._levels(supposed, said)
        after = np.repeat(base[np.newaxis, :], len(levels), axis=0)
        guessed = after.copy()
        after[rows, clues], guessed[rows, clues] = states, closed
        shift = self._model.shift(base, after, self._model.log_ratio)
        chance = self._chances(base, guessed, starts, counts)
        return {
            name: Effect(shift[start:end], chance[start:end], np.array(levels[start:end]))
            for name, start, end in zip(items, starts, ends)
        }

    def _states(self, supposed: _Supposed, column: int, said: Said, base: np.ndarray) -> Tuple[int, ...]:
        """The state of one clue after each answer."""
        item = supposed.item
        part = (item.question.key, "clue", column, tuple(map(said.__getitem__, item.clue_keys[column])))
        known = self._parts.get(part)
        if known is None:
            clue, by_place = item.clues[column], item.by_place[column]
            known = self._parts[part] = tuple(
                self._model.state(clue, view) if placed or not by_place else int(base[clue])
                for view, placed in zip(supposed.views, supposed.placed)
            )
        return known

    def _closed(self, states: Tuple[int, ...], clue: int) -> Sequence[int]:
        """The states for the likelihood of the answers: one that leaves a clue open counts as "no" to it.

        Else it would seem likelier than it is.
        """
        if UNKNOWN not in states or states.count(UNKNOWN) == len(states):
            return states
        return [len(self._model.checks[clue]) if state == UNKNOWN else state for state in states]

    def _levels(self, supposed: _Supposed, said: Said) -> List[int]:
        """The urgency level that rules and the question's own red flag would set after each answer."""
        item = supposed.item
        levels = [item.flag_level if answer == YES else self._routine for answer in item.answers]
        for number, ((level, check), looks_at) in enumerate(zip(item.rules, item.rule_keys)):
            part = (item.question.key, "rule", number, tuple(map(said.__getitem__, looks_at)))
            known = self._parts.get(part)
            if known is None:
                known = self._parts[part] = tuple(int(check(view) is True) for view in supposed.views)
            levels = [min(level, before) if holds else before for before, holds in zip(levels, known)]
        return levels

    def _chances(self, base: np.ndarray, states: np.ndarray, starts: np.ndarray, counts: Sequence[int]) -> np.ndarray:
        """How likely each answer is with each condition, [answer, condition]; answers of one question sum to 1."""
        logs = self._model.shift(base, states, self._model.log_p)
        powers = np.exp(logs - np.repeat(np.maximum.reduceat(logs, starts, axis=0), counts, axis=0))
        return powers / np.repeat(np.add.reduceat(powers, starts, axis=0), counts, axis=0)

    def _number_of(self, key: Key, said: object) -> int:
        """A number that stands for what was said about something; never used again for anything else."""
        known = self._said.get((key, said))
        if known is None:
            known = self._said[(key, said)] = next(self._numbers)
        return known

    def _forget_too_much(self) -> None:
        if len(self._effects) >= MOST_REMEMBERED:
            self._effects.clear()
        if max(len(self._parts), len(self._said)) >= MOST_PARTS:
            self._parts.clear()
            self._said.clear()
