"""What a case would look like if a question were answered in one of its ways.

Answers have the same meaning here as when the dialogue folds a real answer into the case.
"""

from __future__ import annotations

from typing import Dict, FrozenSet, List, Sequence, Tuple

from bot.knowledge.schema import Question
from bot.reasoning.case import Case
from bot.reasoning.keys import attribute_keys
from bot.reasoning.places import OWN_SITE
from bot.reasoning.told import Said
from bot.reasoning.view import Key, View

YES, NO, NONE = "yes", "no", "none"
KIND = {"finding": "findings", "risk_factor": "risk_factors"}
# Typical numbers and durations that stand for all others when an answer is only supposed.
TYPICAL: Dict[str, Tuple[object, ...]] = {
    "age": (27, 42, 57, 74),  # years
    "severity": (3, 6, 9),  # of 10
    "duration": ("P5D", "P6W", "P1Y"),
}


def answers(question: Question) -> Tuple[object, ...]:
    """The answers to suppose. A multi-choice answer is supposed as each option alone, or none of them."""
    if question.type == "yes_no":
        return (YES, NO)
    if question.type in ("number", "free"):
        return TYPICAL.get(question.id, ())
    values = [option.value for option in question.options if option.value != NONE]
    offers_none = question.type == "multi_choice" or len(values) < len(question.options)
    return tuple(values + ([NONE] if offers_none else []))


def is_present(mentions: Sequence[Said]) -> bool:
    """Whether it was told before: what is then not chosen from a list is not taken back."""
    return any(said.truth is True for said in mentions)


def suppose(view: View, question: Question, answer: object) -> View:
    """The case as it would be after this answer."""
    offered = [option.value for option in question.options if option.value != NONE]
    if question.about == "profile":
        return view.with_profile(question.id, answer)
    if question.about == "attribute":
        if question.type == "yes_no":
            value = str(question.value)
            return view.with_attribute(
                question.id, (value,) if answer == YES else (), () if answer == YES else (value,)
            )
        said = () if answer == NONE else (answer,)
        denied = tuple(value for value in offered if value != answer) if question.type == "multi_choice" else ()
        return view.with_attribute(question.id, said, denied)
    told = getattr(view, KIND[question.about])
    offered = [value for value in offered if value == answer or not is_present(told.get(value, ()))]
    statuses = {value: value == answer for value in offered} if question.options else {question.id: answer == YES}
    return view.with_told(question.about, statuses)


def looked_at(question: Question) -> FrozenSet[Key]:
    """What an answer may change, in the terms of ``keys.keys``."""
    offered: List[str] = [option.value for option in question.options if option.value != NONE]
    if question.about in KIND:
        names = offered or [question.id]
        placed = {("attribute", "site")} if any(name in OWN_SITE for name in names) else set()
        return frozenset({(question.about, name) for name in names} | placed)
    if question.about == "attribute":
        return frozenset(attribute_keys(question.id, [question.value] if question.value else offered))
    derived = {("risk_factor", "older_age")} if question.id == "age" else set()
    return frozenset({(question.about, question.id)} | derived)


def is_settled(question: Question, view: View, case: Case) -> bool:
    """Whether the person has already said what the question asks for."""
    if question.about == "profile":
        return case.profile.get(question.id) is not None
    if question.about in KIND:
        told = getattr(view, KIND[question.about])
        names = [option.value for option in question.options if option.value != NONE] or [question.id]
        return all(name in told for name in names)
    said = {*view.general.get(question.id, ()), *view.general_denied.get(question.id, ())}
    for _, mention in view.carriers.get(question.id, ()):
        said.update(mention.values.get(question.id, ()), mention.denied.get(question.id, ()))
    if question.type == "yes_no":
        return question.value in said
    if question.type == "multi_choice":
        offered = {option.value for option in question.options if option.value != NONE}
        return offered <= said if question.id not in ("site", "quality") else bool(said & offered)
    return bool(said)
