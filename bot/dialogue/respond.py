"""One turn from the messages not yet seen to what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Container, Sequence

from bot.dialogue.fold import take_in
from bot.dialogue.follow_up import resolve
from bot.dialogue.message import Message
from bot.dialogue.skills import answer, consent, contradiction, interview, overlong, results, urgent
from bot.dialogue.talk import Talk
from bot.dialogue.turn import Turn
from bot.knowledge import Knowledge

Skill = Callable[[Turn], None]


def respond(skill: Skill, talk: Talk, messages: Sequence[Message], knowledge: Knowledge) -> Turn:
    """Takes in ``messages`` (the last is the present one, earlier ones were missed) and runs the skill.

    Nothing but the answer to a question of knowledge is said before there is consent.
    """
    turn = _respond(skill, talk, messages, knowledge)
    if turn.said:
        turn.change(said=turn.said)
    return turn


def _respond(skill: Skill, talk: Talk, messages: Sequence[Message], knowledge: Knowledge) -> Turn:
    turn = Turn(talk, messages[-1], knowledge)
    _answer(turn, skill, messages)
    overlong.tell(turn, messages)
    return turn


def _answer(turn: Turn, skill: Skill, messages: Sequence[Message]) -> None:
    for message in messages:
        take_in(turn, message)
    turn.chosen = turn.chosen or results.tells_unit(turn)
    turn.asked = resolve(turn)
    if turn.asked is not None:
        turn.message = replace(turn.message, intent=turn.asked.topic)
        skill = answer.run
    if turn.talk.paused and not turn.message.of("red_flag") and turn.message.intent not in _while_paused(turn):
        if not urgent.may_go_on(turn):
            return
        skill = interview.run
    elif turn.message.intent in consent.WITHOUT_CONSENT and not turn.chosen:
        skill(turn)
        return
    if consent.settle(turn):
        answers = (turn.chosen or turn.late or contradiction.is_answered(turn)) and skill is not interview.after_urgent
        (interview.run if answers else skill)(turn)


def _while_paused(turn: Turn) -> Container[str]:
    """What is still done while an emergency is open; a crisis leaves no room for questions of knowledge."""
    allowed = ("delete_data", "human", "stop", "restart", "summary")
    return allowed if urgent.is_crisis(turn) else {*allowed, *turn.knowledge.topics}
