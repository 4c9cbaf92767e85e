"""Chooses the next question by what its answer is expected to change.

The worth of a question is the expected fall in uncertainty about the ranking (in bits), plus the expected
change of urgency (in levels, weighing more), plus what it adds to the advice about vitamin B12 while that is
possible. How likely each answer is comes from the evidence model itself. Small bonuses keep the talk in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.case import Case
from bot.reasoning.evaluate import Check, compiled
from bot.reasoning.evidence import UNKNOWN, model_of
from bot.reasoning.guesses import confirming
from bot.reasoning.keys import keys
from bot.reasoning.places import OWN_SITE
from bot.reasoning.suppose import YES, answers, is_settled, looked_at, suppose
from bot.reasoning.triage import rule_keys, triage_of
from bot.reasoning.view import Key, View

B12 = "b12_neuropathy"
HARD_CAP = 20  # questions; issue 4
USUAL = 8  # questions of a usual talk, for the progress shown
WORTH_ASKING = 0.14  # worth below which a question is not asked
PATIENCE = 8.0  # questions after which the threshold has doubled; it grows with the square, so long talks end
URGENCY_WEIGHT = 2.0  # bits one level of urgency is worth
SAFETY_FIRST = 0.06  # expected change of urgency (levels) from which a question goes before all others
MOST_SAFETY_FIRST = 3  # safety questions at the start, before the talk turns to the complaint
ADVICE_WEIGHT = 1.0  # bits the first question about a cause of B12 deficiency is worth if that were certain
AGE_WORTH = 0.3  # bits beside the ranking: the talk is for adults, and tests are read by age
SAME_STAGE, BACKWARD = 1.6, 0.7  # worth is multiplied by this to keep subjects together
CLEAR, CLEAR_AFTER = 0.90, 5  # share of the leading condition, and questions, after which the ranking is settled
MOST_REMEMBERED = 60_000  # effects of answers and parts of them kept; each is a few hundred bytes at most
STAGES = ("profile", "safety", "place", "feel", "course", "triggers", "strength", "general", "risk")
SITE: Key = ("attribute", "site")
SPEAKS_FOR = 1.15  # growth of a condition's odds from which an answer is said to speak for it
WORTH_NAMING = 0.02  # share below which a condition is not named as a reason to ask


@dataclass(frozen=True)
class Prepared:
    """A question with the clues and triage rules its answer may change.

    ``by_place`` marks clues that only look at the place, which few answers to a question about findings tell.
    ``looks_at`` is all that the clues and rules look at, ``clue_keys`` and ``rule_keys`` what each of them does.
    """

    question: Question
    answers: Tuple[object, ...]
    clues: np.ndarray
    by_place: np.ndarray
    looks_at: Tuple[Key, ...]
    clue_keys: Tuple[Tuple[Key, ...], ...]
    rules: Tuple[Tuple[int, Check], ...]
    rule_keys: Tuple[Tuple[Key, ...], ...]
    flag_level: int
    when: Optional[Check]
    required: Optional[Check]
    stage: int
    b12_risk: bool


@dataclass(frozen=True)
class Effect:
    """What the answers of a question would do, one row per answer: states of its clues (as evaluated, and with

    open clues counted as "no" for the likelihood of the answer) and the urgency level its rules would set.
    """

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


@dataclass(frozen=True)
class Valued:
    """A question with its worth: ``bits`` of ranking, ``levels`` of urgency, ``total`` with order of the talk."""

    question: Question
    bits: float
    levels: float
    total: float


class Interviewer:
    """The questions prepared once for each knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.model = model_of(knowledge)
        self.triage = triage_of(knowledge)
        clue_keys = [frozenset().union(*(keys(state.when) for state in clue.states)) for clue in self.model.clues]
        looked_at_by_rule = [rule_keys(rule) for _, _, rule in self.triage.rules]
        self.prepared: Dict[str, Prepared] = {
            question.key: self._prepare(question, clue_keys, looked_at_by_rule, knowledge)
            for question in knowledge.questions.values()
        }
        self.b12 = self.model.index.get(B12)
        self._last: Optional[Tuple[Case, Tuple[View, np.ndarray, np.ndarray]]] = None
        self._numbers = count()
        self._said: Dict[object, int] = {}
        self._effects: Dict[Tuple[str, Tuple[int, ...]], Effect] = {}
        self._parts: Dict[Tuple[str, str, int, Tuple[int, ...]], Tuple[int, ...]] = {}

    def _prepare(
        self,
        question: Question,
        clue_keys: Sequence[FrozenSet[Key]],
        looked_at_by_rule: Sequence[FrozenSet[Key]],
        knowledge: Knowledge,
    ) -> Prepared:
        touched = looked_at(question)
        risks = [name for kind, name in touched if kind == "risk_factor" and name in knowledge.risk_factors]
        clues = [i for i, found in enumerate(clue_keys) if found & touched]
        rules = [i for i, found in enumerate(looked_at_by_rule) if found & touched]
        return Prepared(
            question=question,
            answers=answers(question),
            clues=np.array(clues, dtype=int),
            by_place=np.array([not clue_keys[i] & (touched - {SITE}) for i in clues], dtype=bool),
            looks_at=tuple(
                sorted(touched.union(*(clue_keys[i] for i in clues), *(looked_at_by_rule[i] for i in rules)))
            ),
            clue_keys=tuple(tuple(sorted(clue_keys[i])) for i in clues),
            rules=tuple(self.triage.rules[i][:2] for i in rules),
            rule_keys=tuple(tuple(sorted(looked_at_by_rule[i])) for i in rules),
            flag_level=self.triage.flag_levels.get(question.flag or "", self.triage.routine),
            when=compiled(question.when) if question.when is not None else None,
            required=compiled(question.required) if question.required is not None else None,
            stage=STAGES.index(question.stage),
            b12_risk=question.about == "risk_factor" and any(knowledge.risk_factors[name].b12_risk for name in risks),
        )

    def open_questions(self, case: Case, view: View, asked: Sequence[str]) -> List[Prepared]:
        """Questions that may be asked: not yet asked or settled, their condition true, able to change something."""
        gone = set(asked) | set(case.unsure)
        return [
            item
            for key, item in self.prepared.items()
            if key not in gone
            and not item.question.opening
            and item.answers
            and (item.when is None or item.when(view) is True)
            and not is_settled(item.question, view, case)
        ]

    def _situation(self, case: Case) -> Tuple[View, np.ndarray, np.ndarray]:
        """The case prepared, the states of its clues and the shares; kept while the same case is asked about."""
        if self._last is None or self._last[0] is not case:
            view = View(case)
            base = self.model.states(view)
            self._last = (case, (view, base, self.model.posterior(base)))
        return self._last[1]

    def value(self, case: Case, asked: Sequence[str]) -> List[Valued]:
        """Every open question with its worth, best first."""
        view, base, now = self._situation(case)
        items = self.open_questions(case, view, asked)
        if not items:
            return []
        fixed_level = min(self.triage.rule_level(view), self.triage.flag_level(case))
        states, guessed, levels = self._suppose_all(view, items, base, fixed_level)
        after = self.model.posteriors_near(base, states)
        concern_now = float(self.triage.concern(now[np.newaxis, :], np.array([fixed_level]))[0])
        concern_change = np.abs(self.triage.concern(after, levels) - concern_now)
        counts = [len(item.answers) for item in items]
        starts = np.cumsum([0] + counts)[:-1]
        chance = self._chances(base, guessed, starts, counts) @ now
        entropy_now = float(_entropy(now[np.newaxis, :])[0])
        bits = np.maximum(0.0, entropy_now - np.add.reduceat(chance * _entropy(after), starts))
        changes = np.add.reduceat(chance * concern_change, starts)
        last_stage = self._last_stage(asked)
        causes_asked = sum(1 for key in asked if key in self.prepared and self.prepared[key].b12_risk)
        b12_share = float(now[self.b12]) if self.b12 is not None else 0.0
        advice = ADVICE_WEIGHT * b12_share / (1 + causes_asked / 2)
        valued = [
            self._valued(item, float(bit), float(change), advice, last_stage)
            for item, bit, change in zip(items, bits, changes)
        ]
        return sorted(valued, key=lambda entry: -entry.total)

    def _chances(self, base: np.ndarray, guessed: np.ndarray, starts: np.ndarray, counts: Sequence[int]) -> np.ndarray:
        """How likely each answer is with each condition, [answer, condition]; answers of one question sum to 1.

        An answer that leaves a clue open counts here as "no" to it, or it would seem likelier than it is.
        """
        logs = self.model.shift(base, guessed, self.model.log_p)
        powers = np.exp(logs - np.repeat(np.maximum.reduceat(logs, starts, axis=0), counts, axis=0))
        return powers / np.repeat(np.add.reduceat(powers, starts, axis=0), counts, axis=0)

    def _suppose_all(
        self, view: View, items: Sequence[Prepared], base: np.ndarray, fixed_level: int
    ) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """States of the clues, the same with gaps filled for the likelihood, and urgency levels, per answer."""
        total = sum(len(item.answers) for item in items)
        states = np.repeat(base[np.newaxis, :], total, axis=0)
        guessed = states.copy()
        levels = np.full(total, fixed_level)
        said: Dict[Key, int] = {}
        row = 0
        for item in items:
            for key in item.looks_at:
                if key not in said:
                    said[key] = self._number_of(key, view.said_about(key))
            effect = self._effect(view, item, said, base)
            rows = slice(row, row + len(item.answers))
            row = rows.stop
            states[rows, item.clues] = effect.states
            guessed[rows, item.clues] = effect.guessed
            levels[rows] = np.minimum(effect.levels, fixed_level)
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
        levels = np.where([answer == YES for answer in item.answers], item.flag_level, self.triage.routine)
        for number, ((level, check), looks_at) in enumerate(zip(item.rules, item.rule_keys)):
            part = (name, "rule", number, tuple([said[key] for key in looks_at]))
            if part not in self._parts:
                self._parts[part] = tuple(int(check(each) is True) for each in supposed.views)
            if any(self._parts[part]):
                levels[np.array(self._parts[part], dtype=bool) & (levels > level)] = level
        last = np.array([len(self.model.checks[clue]) for clue in item.clues], dtype=int)
        guessed = np.where((states == UNKNOWN) & (states != UNKNOWN).any(axis=0), last, states)
        effect = self._effects[(name, all_said)] = Effect(states, guessed, levels)
        return effect

    def _number_of(self, key: Key, said: object) -> int:
        """A number that stands for what was said about something; never used again for anything else."""
        known = self._said.get((key, said))
        if known is None:
            known = self._said[(key, said)] = next(self._numbers)
        return known

    def _states(self, supposed: "_Supposed", column: int, base: np.ndarray) -> Tuple[int, ...]:
        """The state of one clue after each answer."""
        clue, by_place = int(supposed.item.clues[column]), supposed.item.by_place[column]
        return tuple(
            self.model.state(clue, view) if placed or not by_place else int(base[clue])
            for view, placed in zip(supposed.views, supposed.placed)
        )

    def _forget_too_much(self) -> None:
        if max(len(self._effects), len(self._parts), len(self._said)) >= MOST_REMEMBERED:
            self._effects.clear()
            self._parts.clear()
            self._said.clear()

    def _last_stage(self, asked: Sequence[str]) -> Optional[int]:
        known = [self.prepared[key].stage for key in asked if key in self.prepared]
        return known[-1] if known else None

    @staticmethod
    def _valued(item: Prepared, bits: float, change: float, advice: float, last_stage: Optional[int]) -> Valued:
        total = bits + URGENCY_WEIGHT * change
        total += advice if item.b12_risk else AGE_WORTH if item.question.id == "age" else 0.0
        if last_stage is not None and item.question.id != "age":
            total *= SAME_STAGE if item.stage == last_stage else BACKWARD if item.stage < last_stage else 1.0
        return Valued(item.question, bits, change, total)

    def choose(self, case: Case, asked: Sequence[str]) -> Optional[Question]:
        """The next question, or ``None`` when nothing worth asking is left."""
        valued = self.value(case, asked)
        if not valued:
            return None
        view, _, now = self._situation(case)
        required = [entry for entry in valued if self._is_required(entry.question, view)]
        safety = [entry for entry in required if entry.question.stage == "safety"]
        screen = [entry for entry in safety or valued if entry.question.stage == "safety"]
        screen = [entry for entry in screen if entry.levels >= SAFETY_FIRST]
        if screen and self._safety_asked(asked) < MOST_SAFETY_FIRST:
            return max(screen, key=lambda entry: entry.levels).question
        if required and len(asked) + len(required) >= HARD_CAP:
            return required[0].question
        threshold = WORTH_ASKING * (1 + (len(asked) / PATIENCE) ** 2)
        worth = [entry for entry in valued if entry.total >= threshold]
        if len(asked) >= CLEAR_AFTER and now[:-1].max() >= CLEAR:
            worth = [entry for entry in worth if entry.levels >= SAFETY_FIRST]
        best = worth or required
        return best[0].question if best else None

    def _is_required(self, question: Question, view: View) -> bool:
        check = self.prepared[question.key].required
        return check is not None and check(view) is True

    def _safety_asked(self, asked: Sequence[str]) -> int:
        return sum(1 for key in asked if key in self.prepared and self.prepared[key].question.stage == "safety")

    def why(self, question: Question, case: Case) -> Dict[str, List[str]]:
        """For each answer, the conditions it would speak for, most first."""
        model = self.model
        item = self.prepared.get(question.key)
        if item is None or not item.answers:
            return {}
        view, base, now = self._situation(case)
        states, _, _ = self._suppose_all(view, [item], base, self.triage.routine)
        result: Dict[str, List[str]] = {}
        odds_now = now / (1 - now)
        for answer, after in zip(item.answers, model.posteriors_near(base, states)):
            growth = (after / (1 - after) / odds_now)[:-1]
            named = [i for i in np.argsort(-(after - now)[:-1]) if growth[i] >= SPEAKS_FOR and after[i] >= WORTH_NAMING]
            result[str(answer)] = [model.conditions[i] for i in named]
        return result


def _entropy(posteriors: np.ndarray) -> np.ndarray:
    """Uncertainty of each row, in bits."""
    return -(posteriors * np.log2(np.maximum(posteriors, 1e-12))).sum(axis=1)


_INTERVIEWERS: Dict[int, Tuple[Knowledge, Interviewer]] = {}


def interviewer_of(knowledge: Knowledge) -> Interviewer:
    """The interviewer of this knowledge, prepared on first use."""
    known = _INTERVIEWERS.get(id(knowledge))
    if known is None or known[0] is not knowledge:
        known = _INTERVIEWERS[id(knowledge)] = (knowledge, Interviewer(knowledge))
    return known[1]


def next_question(case: Case, asked: Sequence[str], knowledge: Knowledge) -> Optional[Question]:
    """The question worth most now, or ``None`` when the result is stable. ``asked`` are keys, in order."""
    if len(asked) >= HARD_CAP:
        return None
    return confirming(case, asked, knowledge) or interviewer_of(knowledge).choose(case, asked)


def expected_questions(case: Case, asked: Sequence[str], knowledge: Knowledge) -> int:
    """About how many questions the talk will have in all, for the progress shown; never above the cap."""
    return min(HARD_CAP, max(USUAL, len(asked) + 1))


def why(question: Question, case: Case, knowledge: Knowledge) -> Dict[str, List[str]]:
    """For each answer to the question, the conditions it would speak for, most first."""
    return interviewer_of(knowledge).why(question, case)
