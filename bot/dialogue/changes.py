"""Which answers can be changed, what they are called, and which one a message names."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Optional, Sequence

from rapidfuzz import fuzz

from bot.dialogue.talk import Talk
from bot.knowledge import Knowledge
from bot.knowledge.schema import Question

CHOOSING = "change"  # pending key while the person is asked which answer to change
TITLE_MATCH = 88  # share of letters in common (0-100) from which words count as a title
MOST_OFFERED = 8  # the latest answers; any other can be named


def answered_questions(talk: Talk, knowledge: Knowledge) -> List[Question]:
    """The questions answered so far, the latest first."""
    keys = [str(entry["question"]) for entry in reversed(talk.journal) if entry["kind"] == "answer"]
    return [knowledge.questions[key] for key in dict.fromkeys(keys) if key in knowledge.questions]


def title(question: Question, knowledge: Knowledge) -> str:
    """A short name of the question."""
    if question.title:
        return question.title
    if question.about == "profile":
        return knowledge.words[f"profile_{question.id}"]
    if question.about == "finding":
        text = knowledge.findings[question.id].title
    elif question.about == "risk_factor":
        text = knowledge.risk_factors[question.id].title
    else:
        text = knowledge.attributes[question.id].title
    return text[:1].upper() + text[1:]


def chosen(text: str, offered: Sequence[Question], knowledge: Knowledge) -> Optional[Question]:
    """The question a message chooses by its number in the list or by its title."""
    said = text.strip(" .!?").lower()
    if said.isdigit():
        return offered[int(said) - 1] if 1 <= int(said) <= min(len(offered), MOST_OFFERED) else None
    return next((item for item in offered if fuzz.ratio(said, title(item, knowledge).lower()) >= TITLE_MATCH), None)


def named(text: str, offered: Sequence[Question], knowledge: Knowledge) -> Optional[Question]:
    """The question whose title is part of a message, such as "change my answer about age"."""
    return next((item for item in offered if title(item, knowledge).lower() in text.lower()), None)


def reopened(talk: Talk, question: Question) -> Talk:
    """The talk without the answers to this question, so that it can be asked again."""
    kept = tuple(entry for entry in talk.journal if entry.get("question") != question.key)
    return replace(talk, journal=kept, pending=None, concluded=False)
