"""How a person steers the talk: why, skip, back, change, repeat, help, restart, stop, a human."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from bot.dialogue import changes
from bot.dialogue.answers import options_of, titles
from bot.dialogue.journal import last_answer
from bot.dialogue.skills import answer, explain, interview, results
from bot.dialogue.skills.consent import PENDING as CONSENT
from bot.dialogue.talk import Talk
from bot.dialogue.turn import Turn, listed
from bot.knowledge.schema import Question
from bot.reasoning.why import why

MOST_WHYS = 4  # answers of which it is told what they would speak for


def why_ask(turn: Turn) -> None:
    """Why the pending question matters: what its answers would speak for."""
    question = _pending(turn)
    if question is None:
        turn.say("utter_why_nothing_asked")
        interview.resume(turn)
        return
    turn.tell([question.why])
    for reply, conditions in why(question, turn.case, turn.knowledge).items():
        if conditions and len(turn.says) <= MOST_WHYS:
            names = listed([turn.knowledge.conditions[id_].plain_name for id_ in conditions[:3]])
            title = titles([{"yes": "affirm", "no": "deny"}.get(reply, reply)], options_of(question, turn.knowledge))[0]
            turn.say("utter_why_answer", answer=title, conditions=names)
    interview.ask(turn, question)


def rephrase(turn: Turn) -> None:
    """What the words of the pending question mean, or the result that was read last."""
    question = _pending(turn)
    if question is not None and question.about in ("finding", "risk_factor"):
        known = turn.knowledge.findings if question.about == "finding" else turn.knowledge.risk_factors
        turn.tell([known[question.id].explain])
    elif question is not None:
        turn.tell([question.why])
    elif results.LAST_SAID in turn.talk.said:
        turn.message = replace(turn.message, intent=explain.RESULT)
        answer.give(turn)
    else:
        turn.say("utter_rephrase_what")
    interview.resume(turn)


def repeat(turn: Turn) -> None:
    """Says the last thing again: the pending question, or else the last answer."""
    if _pending(turn) is None and turn.talk.answered:
        turn.message = replace(turn.message, intent=str(turn.talk.answered["topic"]))
        answer.give(turn)
    else:
        interview.resume(turn)


def skip(turn: Turn) -> None:
    """Leaves the pending question open; the answer was already taken in as not sure."""
    interview.run(turn)


def go_back(turn: Turn) -> None:
    """Takes the latest answer back and asks its question again."""
    entry = last_answer(turn.talk)
    if entry is None:
        turn.say("utter_nothing_to_go_back_to")
        interview.resume(turn)
        return
    question = turn.knowledge.questions[str(entry["question"])]
    kept = tuple(row for row in turn.talk.journal if row["turn"] != entry["turn"])
    turn.talk = replace(turn.talk.unask(), journal=kept, concluded=False)
    interview.ask(turn, question)


def change_answer(turn: Turn) -> None:
    """Corrects something said earlier: at once if the message says it, else by choosing what to change."""
    if turn.new_facts or turn.answered or turn.new_labs or turn.corrected or turn.message.of("profile"):
        interview.run(turn)
        return
    questions = changes.answered_questions(turn.talk, turn.knowledge)
    named = changes.named(turn.message.text, questions, turn.knowledge)
    if named is not None:
        turn.talk = changes.reopened(turn.talk, named)
        interview.ask(turn, named)
    elif questions:
        offered = [changes.title(question, turn.knowledge) for question in questions[: changes.MOST_OFFERED]]
        turn.talk = replace(turn.talk.unask(), pending=changes.CHOOSING)
        turn.say("utter_change_which", buttons=offered)
    else:
        turn.say("utter_change_how")
        interview.resume(turn)


def restart(turn: Turn) -> None:
    """A new episode: nothing of the old one is kept but the consent and when it was given."""
    agreed = tuple(entry for entry in turn.talk.journal if entry.get("id") == CONSENT)
    turn.talk = Talk(journal=agreed, consent=turn.talk.consent, turn=turn.talk.turn)
    turn.new_facts, turn.new_labs = [], []
    turn.say("utter_restarted")
    turn.say("utter_invite")


def stop(turn: Turn) -> None:
    """Ends the questions; the person can come back at any time."""
    turn.change(pending=None, concluded=True)
    turn.say("utter_stopped")


def help_(turn: Turn) -> None:
    """What can be said here."""
    turn.say("utter_help")
    interview.resume(turn)


def human(turn: Turn) -> None:
    """Where to reach a person."""
    turn.say("utter_human")
    interview.resume(turn)


def _pending(turn: Turn) -> Optional[Question]:
    return turn.knowledge.questions.get(turn.talk.pending or "")
