"""What follows a red flag. The advice on the flags of a message was already given by the Rasa server."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Sequence, Set

from bot.dialogue.fold import EMERGENCIES, raise_flag
from bot.dialogue.skills import assessment
from bot.dialogue.turn import Turn
from bot.dialogue.warning import is_brief, warning
from bot.reasoning.guesses import believed
from bot.reasoning.triage import rules_holding, triage_of
from bot.understanding.help_arranged import says_help_is_arranged

REMINDER = "help"  # pending key while the person is asked whether help is arranged


def raise_from_answers(turn: Turn) -> None:
    """Red flags that come of several answers together (triage rules that name a flag).

    What was only guessed waits for the question about it, which is asked next.
    """
    answered = [key for key in turn.talk.asked if key != turn.talk.pending]
    urgencies = triage_of(turn.knowledge).urgencies
    true_of_it = rules_holding(believed(turn.case, answered, turn.knowledge), turn.knowledge)
    holding = [(level, rule) for level, rule in true_of_it if rule.flag]
    _withdraw(turn, {str(rule.flag) for _, rule in holding})
    known = {str(flag["flag"]): urgencies.index(str(flag["urgency"])) for flag in turn.talk.flags}
    raised: List[Dict[str, str]] = []
    for level, rule in sorted(holding, key=lambda pair: pair[0]):
        flag = str(rule.flag)
        if level < known.get(flag, len(urgencies)):
            known[flag] = level
            subject = raise_flag(turn, flag, rule.urgency, by_rule=True)
            raised.append({"flag": flag, "urgency": rule.urgency, "subject": subject})
    for number in range(len(raised)):
        _say(turn, raised, number)
    if any(flag["urgency"] in EMERGENCIES for flag in raised):
        pause(turn)


def _withdraw(turn: Turn, holding: Set[str]) -> None:
    """Takes back flags that only came of answers which were changed since; emergencies stay until help is arranged."""
    gone = [
        flag
        for flag in turn.talk.flags
        if flag.get("by_rule") and flag["urgency"] not in EMERGENCIES and flag["flag"] not in holding
    ]
    if gone:
        turn.change(flags=tuple(flag for flag in turn.talk.flags if flag not in gone))
        turn.say("utter_advice_withdrawn")


def _say(turn: Turn, flags: Sequence[Dict[str, str]], number: int) -> None:
    bubbles = [words for words in warning(flags, number, turn.knowledge).values() if words]
    further = {"further": True} if is_brief(flags, number, turn.knowledge) else {}
    turn.tell(bubbles, custom={"kind": "urgent", **flags[number], **further})


def pause(turn: Turn) -> None:
    """Stops the questions, so that the person gets help first; a crisis gets no other content at all."""
    turn.talk = replace(turn.talk.unask(), paused=True)
    if is_crisis(turn):
        turn.say("utter_crisis_stay", buttons=_replies(turn))
        _ask_country(turn)
        return
    _ask_country(turn)
    turn.say("utter_urgent_paused", buttons=_replies(turn), custom=assessment.for_programs(turn))


def _replies(turn: Turn) -> List[str]:
    """In a crisis there is nothing to go on with before help is there."""
    keys = ("answer_help_arranged",) if is_crisis(turn) else ("answer_help_arranged", "answer_go_on")
    return [turn.word(key) for key in keys]


def _ask_country(turn: Turn) -> None:
    """Asks once where the person is, after the advice that holds everywhere."""
    if "country" not in turn.case.profile:
        turn.say("utter_ask_country")


def is_crisis(turn: Turn) -> bool:
    """Whether an open flag is about somebody's life being in danger by their own hand."""
    return any(turn.knowledge.red_flags[str(flag["flag"])].crisis for flag in turn.talk.open_flags)


def must_pause(turn: Turn) -> bool:
    """Whether an open flag is an emergency or a crisis."""
    return is_crisis(turn) or any(flag["urgency"] in EMERGENCIES for flag in turn.talk.open_flags)


def may_go_on(turn: Turn) -> bool:
    """While help is not arranged every reply starts from it; true once the person says it is, or wants to go on.

    A bare yes counts only as the answer to the reminder, and never in a crisis.
    """
    yes = turn.message.intent == "affirm" and turn.talk.pending == REMINDER and not is_crisis(turn)
    if not (yes or _says_so(turn)):
        turn.change(pending=REMINDER)
        response = "utter_crisis_stay" if is_crisis(turn) else "utter_urgent_reminder"
        turn.say(response, buttons=_replies(turn))
        return False
    closed = tuple({**flag, "open": False} for flag in turn.talk.flags)
    turn.talk = replace(turn.talk, paused=False, flags=closed, pending=None, concluded=False)
    turn.say("utter_help_arranged")
    return True


def _says_so(turn: Turn) -> bool:
    said = turn.message.text.strip(" .!").lower()
    return said in map(str.lower, _replies(turn)) or says_help_is_arranged(turn.message.text)
