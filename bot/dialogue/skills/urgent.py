"""What follows a red flag. The advice itself was already given by the server, before anything else."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.fold import EMERGENCIES, raise_flags
from bot.dialogue.skills import assessment, interview
from bot.dialogue.turn import Turn
from bot.reasoning.evaluate import holds


def run(turn: Turn) -> None:
    """Pauses the questions after an emergency or a crisis; after lesser urgencies the talk goes on."""
    _pause_or_go_on(turn, crisis=any(turn.knowledge.red_flags[str(f["flag"])].crisis for f in turn.talk.open_flags))


def raise_from_answers(turn: Turn) -> None:
    """Red flags that come of several answers together (triage rules that name a flag)."""
    known = {str(flag["flag"]) for flag in turn.talk.flags}
    for rule in turn.knowledge.triage.values():
        if rule.flag and rule.flag not in known and holds(rule.when, turn.case):
            known.add(rule.flag)
            subject = "other" if turn.talk.about_other else "self"
            raise_flags(turn, ({"flag": rule.flag, "urgency": rule.urgency, "subject": subject, "open": True},))
            say(turn, rule.flag, rule.urgency, subject)
            if rule.urgency in EMERGENCIES:
                turn.change(paused=True)


def say(turn: Turn, flag: str, urgency: str, subject: str) -> None:
    """The advice for a flag, with its machine-readable part."""
    entry = turn.knowledge.red_flags[flag]
    act = entry.act_other if subject == "other" else entry.act
    turn.tell([act, entry.reason], custom={"kind": "urgent", "flag": flag, "urgency": urgency, "subject": subject})


def remind(turn: Turn) -> None:
    """While help is not arranged, every reply starts from it; the person may go on when they say so."""
    if turn.message.intent in ("affirm", "thanks") or _says_arranged(turn):
        arranged(turn)
        return
    turn.say("utter_urgent_reminder", buttons=[turn.word("answer_help_arranged"), turn.word("answer_go_on")])


def arranged(turn: Turn) -> None:
    """Help is arranged: the flags stay on record, the questions may go on."""
    turn.talk = replace(
        turn.talk, paused=False, flags=tuple({**flag, "open": False} for flag in turn.talk.flags), pending=None
    )
    turn.say("utter_help_arranged")
    if turn.talk.consent and interview.has_complaint(turn):
        interview.proceed(turn)


def _says_arranged(turn: Turn) -> bool:
    said = turn.message.text.strip(" .!").lower()
    return said in (turn.word("answer_help_arranged").lower(), turn.word("answer_go_on").lower())


def _pause_or_go_on(turn: Turn, crisis: bool) -> None:
    worst_first = [flag["urgency"] for flag in turn.talk.open_flags]
    if crisis:
        turn.change(paused=True, pending=None)
        turn.say("utter_crisis_stay", buttons=[turn.word("answer_help_arranged")])
        return
    if any(urgency in EMERGENCIES for urgency in worst_first):
        turn.change(paused=True, pending=None)
        assessment.report(turn, complete=True, brief=True)
        turn.say("utter_urgent_paused", buttons=[turn.word("answer_help_arranged"), turn.word("answer_go_on")])
        return
    if turn.talk.consent:
        interview.run(turn)
