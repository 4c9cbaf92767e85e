"""Greetings, thanks and what is not Myelin's business."""

from __future__ import annotations

from bot.dialogue.skills import interview
from bot.dialogue.turn import Turn


def greet(turn: Turn) -> None:
    """Greets again and goes on."""
    turn.say("utter_greet_again")
    _go_on(turn)


def thanks(turn: Turn) -> None:
    """Answers thanks and goes on."""
    turn.say("utter_welcome")
    interview.resume(turn)


def goodbye(turn: Turn) -> None:
    """Says goodbye; the talk is kept until it is deleted."""
    turn.say("utter_goodbye")


def bot_challenge(turn: Turn) -> None:
    """Says that it is software."""
    turn.say("utter_i_am_software")
    interview.resume(turn)


def chat(turn: Turn) -> None:
    """Leads small talk back to its business."""
    turn.say("utter_small_talk")
    _go_on(turn)


def out_of_scope(turn: Turn) -> None:
    """Says honestly that this is not its field, and where to turn; symptoms in the same message still count."""
    if turn.new_facts or turn.new_labs or turn.answered:
        interview.run(turn)
        return
    turn.say("utter_out_of_scope", custom={"kind": "out_of_scope"})
    interview.resume(turn)


def _go_on(turn: Turn) -> None:
    if interview.has_complaint(turn):
        interview.resume(turn)
    else:
        interview.proceed(turn)
