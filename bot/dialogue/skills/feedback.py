"""More of the last answer, sources, and reports that an answer is wrong."""

from __future__ import annotations

import logging

from bot.dialogue.skills import answer, interview
from bot.dialogue.turn import Turn

logger = logging.getLogger(__name__)


def more(turn: Turn) -> None:
    """The rest of the last answer."""
    if turn.talk.answered:
        answer.give(turn, more=True)
    else:
        turn.say("utter_more_of_what")
    interview.resume(turn)


def report_problem(turn: Turn) -> None:
    """Keeps the id of the answer that seemed wrong, never the talk."""
    topic = str(turn.talk.answered.get("topic", "none"))
    logger.warning("reported_answer topic=%s objects=%s", topic, turn.talk.answered.get("objects", []))
    turn.say("utter_problem_reported")
    interview.resume(turn)
