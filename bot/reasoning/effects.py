"""What the answers of questions would do to the ranking and to the urgency, remembered from talk to talk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import List, Mapping, Sequence, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Case
from bot.reasoning.evidence import UNKNOWN, Situation, model_of, situation_of
from bot.reasoning.places import OWN_SITE
from bot.reasoning.prepared import Prepared
from bot.reasoning.recall import Memory, Said, said_in
from bot.reasoning.suppose import YES, suppose
from bot.reasoning.triage import triage_of
from bot.reasoning.view import View, view_of

MOST_REMEMBERED = 20_000  # effects of questions kept; each is a few kilobytes at most
MOST_PARTS = 60_000  # parts of them kept; each is a few hundred bytes at most

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
        self._knowledge = knowledge
        self._model = model_of(knowledge)
        self._routine = triage_of(knowledge).routine
        self._effects: Memory[Effect] = Memory(MOST_REMEMBERED)
        self._states: Memory[Tuple[int, ...]] = Memory(MOST_PARTS)
        self._truths: Memory[Tuple[bool, ...]] = Memory(MOST_PARTS)

    def of(self, case: Case, items: Sequence[Prepared]) -> Effect:
        """The effects of the answers of all items, in order."""
        said, base = said_in(case), situation_of(case, self._knowledge).states
        names: List[Name] = [
            (item.question.key, tuple(map(said.__getitem__, item.looks_at)), base[item.neighbours].tobytes())
            for item in items
        ]
        known = {name: self._effects.get(name) for name in names}
        new = {name: item for name, item in zip(names, items) if known[name] is None}
        if new:
            for name, effect in self._work_out(case, new):
                known[name] = self._effects.keep(name, effect)
        effects = [effect for effect in known.values() if effect is not None]
        return Effect(
            np.concatenate([effect.shift for effect in effects]),
            np.concatenate([effect.chance for effect in effects]),
            np.concatenate([effect.levels for effect in effects]),
        )

    def _work_out(self, case: Case, items: Mapping[Name, Prepared]) -> List[Tuple[Name, Effect]]:
        """Effects not yet known, all in one go."""
        view, said, situation = view_of(case), said_in(case), situation_of(case, self._knowledge)
        counts = [len(item.answers) for item in items.values()]
        now = situation.states.tolist()
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
                part = self._states_after(supposed, column, said, now)
                if part.count(now[clue]) == len(part):
                    continue  # no answer changes it
                rows += range(start, end)
                clues += [clue] * len(part)
                states += part
                closed += self._closed(part, clue)
            levels += self._levels(supposed, said)
        after = np.repeat(situation.states[np.newaxis, :], len(levels), axis=0)
        guessed = after.copy()
        after[rows, clues], guessed[rows, clues] = states, closed
        shift = self._model.shift(situation, after, self._model.log_ratio)
        chance = self._chances(situation, guessed, starts, counts)
        return [
            (name, Effect(shift[start:end], chance[start:end], np.array(levels[start:end])))
            for name, start, end in zip(items, starts, ends)
        ]

    def _states_after(self, supposed: _Supposed, column: int, said: Said, now: Sequence[int]) -> Tuple[int, ...]:
        """The state of one clue after each answer."""
        item = supposed.item
        name = (item.question.key, column, *map(said.__getitem__, item.clue_keys[column]))
        known = self._states.get(name)
        if known is None:
            clue, by_place = item.clues[column], item.by_place[column]
            states = [
                self._model.state(clue, view) if placed or not by_place else now[clue]
                for view, placed in zip(supposed.views, supposed.placed)
            ]
            known = self._states.keep(name, tuple(states))
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
            name = (item.question.key, number, *map(said.__getitem__, looks_at))
            known = self._truths.get(name)
            if known is None:
                known = self._truths.keep(name, tuple([check(view) is True for view in supposed.views]))
            if any(known):
                levels = [min(level, before) if holds else before for before, holds in zip(levels, known)]
        return levels

    def _chances(
        self, situation: Situation, states: np.ndarray, starts: np.ndarray, counts: Sequence[int]
    ) -> np.ndarray:
        """How likely each answer is with each condition, [answer, condition]; answers of one question sum to 1."""
        logs = self._model.shift(situation, states, self._model.log_p)
        powers = np.exp(logs - np.repeat(np.maximum.reduceat(logs, starts, axis=0), counts, axis=0))
        return powers / np.repeat(np.add.reduceat(powers, starts, axis=0), counts, axis=0)
