"""More of the last answer, and reports that an answer is wrong."""

from __future__ import annotations

from bot.dialogue.skills import answer, interview
from bot.dialogue.turn import Turn
from bot.knowledge.loader import version

PROBLEM = "problem"


def more(turn: Turn) -> None:
    """The rest of the last answer."""
    if turn.talk.answered:
        answer.give(turn, more=True)
    else:
        turn.say("utter_more_of_what")
    interview.resume(turn)


def report_problem(turn: Turn) -> None:
    """Hands on the ids of what was said last, and of the knowledge it came from; never the talk."""
    if not turn.talk.said:
        turn.say("utter_nothing_to_report")
        interview.resume(turn)
        return
    ids = list(turn.talk.said)
    turn.say("utter_problem_reported", custom={"kind": PROBLEM, "said": ids, "knowledge": version()})
    interview.resume(turn)
