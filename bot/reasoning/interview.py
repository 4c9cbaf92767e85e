"""Chooses the next question: danger first, then what must be asked, then what is worth most.

What a question is worth is told in ``worth``. The talk ends when nothing worth asking is left.
"""

from __future__ import annotations

from typing import Optional, Sequence

from bot.knowledge.loader import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.case import Case
from bot.reasoning.evidence import situation_of
from bot.reasoning.guesses import confirming
from bot.reasoning.view import View, view_of
from bot.reasoning.worth import Appraiser, appraiser_of

HARD_CAP = 20  # questions; issue 4
USUAL = 8  # questions of a usual talk, for the progress shown
WORTH_ASKING = 0.14  # worth below which a question is not asked
PATIENCE = 8.0  # questions after which the threshold has doubled; it grows with the square, so long talks end
SAFETY_FIRST = 0.06  # expected change of urgency (levels) from which a question goes before all others
MOST_SAFETY_FIRST = 3  # safety questions at the start, before the talk turns to the complaint
CLEAR, CLEAR_AFTER = 0.90, 5  # share of the leading condition, and questions, after which the ranking is settled


def next_question(case: Case, asked: Sequence[str], knowledge: Knowledge) -> Optional[Question]:
    """The question worth most now, or ``None`` when the result is stable. ``asked`` are keys, in order."""
    if len(asked) >= HARD_CAP:
        return None
    return confirming(case, asked, knowledge) or _choose(case, asked, appraiser_of(knowledge))


def _choose(case: Case, asked: Sequence[str], appraiser: Appraiser) -> Optional[Question]:
    valued = appraiser.value(case, asked)
    if not valued:
        return None
    required = [entry for entry in valued if _is_required(entry.question, view_of(case), appraiser)]
    safety = [entry for entry in required if entry.question.stage == "safety"]
    screen = [entry for entry in safety or valued if entry.question.stage == "safety"]
    screen = [entry for entry in screen if entry.levels >= SAFETY_FIRST]
    if screen and _safety_asked(asked, appraiser) < MOST_SAFETY_FIRST:
        return max(screen, key=lambda entry: entry.levels).question
    if required and len(asked) + len(required) >= HARD_CAP:
        return required[0].question
    threshold = WORTH_ASKING * (1 + (len(asked) / PATIENCE) ** 2)
    worth = [entry for entry in valued if entry.total >= threshold]
    if len(asked) >= CLEAR_AFTER and situation_of(case, appraiser.knowledge).posterior[:-1].max() >= CLEAR:
        worth = [entry for entry in worth if entry.levels >= SAFETY_FIRST]
    best = worth or required
    return best[0].question if best else None


def _is_required(question: Question, view: View, appraiser: Appraiser) -> bool:
    check = appraiser.prepared[question.key].required
    return check is not None and check(view) is True


def _safety_asked(asked: Sequence[str], appraiser: Appraiser) -> int:
    known = [appraiser.prepared[key].question for key in asked if key in appraiser.prepared]
    return sum(1 for question in known if question.stage == "safety")


def expected_questions(case: Case, asked: Sequence[str], knowledge: Knowledge) -> int:
    """About how many questions the talk will have in all, for the progress shown; never above the cap."""
    return min(HARD_CAP, max(USUAL, len(asked) + 1))
