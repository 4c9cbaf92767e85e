"""One turn from the messages not yet seen to what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Container, Sequence

from bot.dialogue.fold import take_in
from bot.dialogue.message import Message
from bot.dialogue.skills import consent, contradiction, interview, urgent
from bot.dialogue.talk import Talk
from bot.dialogue.turn import Turn
from bot.knowledge import Knowledge

Skill = Callable[[Turn], None]


def respond(skill: Skill, talk: Talk, messages: Sequence[Message], knowledge: Knowledge) -> Turn:
    """Takes in ``messages`` (the last is the present one, earlier ones were missed) and runs the skill.

    Nothing but the answer to a question of knowledge is said before there is consent.
    """
    turn = Turn(talk, messages[-1], knowledge)
    for message in messages:
        take_in(turn, message)
    turn.talk = replace(turn.talk, seen=turn.talk.seen + len(messages))
    if turn.talk.paused and not turn.message.of("red_flag") and turn.message.intent not in _while_paused(turn):
        if not urgent.may_go_on(turn):
            return turn
        skill = interview.run
    elif turn.message.intent in consent.WITHOUT_CONSENT and not turn.chosen:
        skill(turn)
        return turn
    if consent.settle(turn):
        answers = (turn.chosen or contradiction.is_answered(turn)) and skill is not interview.after_urgent
        (interview.run if answers else skill)(turn)
    return turn


def _while_paused(turn: Turn) -> Container[str]:
    """What is still done while an emergency is open; a crisis leaves no room for questions of knowledge."""
    allowed = ("delete_data", "human", "stop", "restart", "summary")
    return allowed if urgent.is_crisis(turn) else {*allowed, *turn.knowledge.topics}
