"""What was only guessed from the wording is asked before an urgency hangs on it alone.

A guess counts like any other finding for what is likely. But advice to seek help at once waits for one question,
and is given unless the person denies what was guessed. Where no question is left to ask, it does not wait.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, FrozenSet, List, Optional, Sequence

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.case import Case
from bot.reasoning.evaluate import holds
from bot.reasoning.suppose import NONE
from bot.reasoning.triage import rule_keys, rules_holding
from bot.reasoning.view import View, view_of


def believed(case: Case, asked: Sequence[str], knowledge: Knowledge) -> Case:
    """The case without the guesses that can still be asked about. ``asked`` are keys of answered questions."""
    return _without(case, frozenset(_open(case, asked, knowledge)))


def confirming(case: Case, asked: Sequence[str], knowledge: Knowledge) -> Optional[Question]:
    """The question about a guess on which an urgency hangs, the worst first; ``None`` if none does."""
    waiting = _open(case, asked, knowledge)
    if not waiting:
        return None
    sure = {rule.id for _, rule in rules_holding(_without(case, frozenset(waiting)), knowledge)}
    for _, rule in sorted(rules_holding(case, knowledge), key=lambda entry: entry[0]):
        if rule.id not in sure:
            named = [name for kind, name in sorted(rule_keys(rule)) if kind == "finding" and name in waiting]
            needed = named or sorted(waiting)  # it may hang on what is said of a guess, as that it began suddenly
            questions = [question for name in needed for question in waiting[name]]
            return min(questions, key=lambda question: not _makes_sense(question, view_of(case)))
    return None


def _open(case: Case, asked: Sequence[str], knowledge: Knowledge) -> Dict[str, List[Question]]:
    """The guesses, each with the questions that ask about it and were not asked."""
    findings = [fact for fact in case.facts if fact.kind == "finding"]
    told = {fact.id for fact in findings if not fact.guessed}
    guessed = [fact.id for fact in findings if fact.guessed and fact.status == "present" and fact.id not in told]
    if not guessed:
        return {}
    gone = {*asked, *case.unsure}
    left = [
        question
        for question in knowledge.questions.values()
        if question.about == "finding" and not question.opening and question.key not in gone
    ]
    found = {name: [question for question in left if name in _asks_about(question)] for name in guessed}
    return {name: questions for name, questions in found.items() if questions}


def _asks_about(question: Question) -> List[str]:
    return [option.value for option in question.options if option.value != NONE] or [question.id]


def _makes_sense(question: Question, view: View) -> bool:
    return question.when is None or holds(question.when, view) is True


def _without(case: Case, guesses: FrozenSet[str]) -> Case:
    if not guesses:
        return case
    facts = tuple(fact for fact in case.facts if not (fact.guessed and fact.id in guesses))
    return replace(case, facts=facts)
