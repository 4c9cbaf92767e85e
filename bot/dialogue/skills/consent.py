"""Greeting and consent. Health data is used only after a clear yes."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Optional

from bot.dialogue.answers import as_contract, yes_no_options
from bot.dialogue.skills import answer, urgent
from bot.dialogue.turn import Turn

PENDING = "consent"
STORY = 5  # words from which a first message is more than a greeting
# These do not use what was told, or protect the person; they need no consent.
WITHOUT_CONSENT = ("delete_data", "help", "human", "stop", "goodbye", "bot_challenge")


def settle(turn: Turn) -> bool:
    """Whether the skill may run: consent was given before or just now."""
    if turn.talk.consent:
        return True
    if urgent.must_pause(turn):
        return True  # help first: an emergency is never answered with a form
    if turn.talk.pending == PENDING and turn.message.intent in ("affirm", "deny"):
        return _decide(turn, agreed=turn.message.intent == "affirm")
    if turn.talk.pending is None:
        _note_story(turn)
        turn.say("utter_greet")
        turn.say("utter_what_is_stored")
    if answer.is_asked(turn):
        answer.give(turn)
    _ask(turn)
    return False


def _note_story(turn: Turn) -> None:
    """Notes that a story came of which nothing was understood, so that it is not simply asked for once more."""
    message, known = turn.message, turn.knowledge.topics
    told = [entity for entity in message.of("finding") if entity.get("status") != "absent"]
    if len(message.text.split()) >= STORY and not told and message.intent not in (*known, "greet"):
        turn.change(misses=1)


def _decide(turn: Turn, agreed: bool) -> bool:
    turn.change(pending=None)
    if agreed:
        turn.change(consent=True)
        turn.talk = turn.talk.record("profile", id=PENDING, value=True, at=_time(turn))
        told_before = [entry for entry in turn.talk.journal if entry["kind"] == "told"]
        turn.new_facts = [fact for entry in told_before for fact in entry.get("facts", ())]  # type: ignore[attr-defined]
        turn.new_labs = [str(entry["analyte"]) for entry in turn.talk.journal if entry["kind"] == "lab"]
        turn.consented = True
        return True
    turn.say("utter_consent_refused")
    turn.erase = True
    return False


def _time(turn: Turn) -> Optional[str]:
    """When the person agreed, in UTC; the law asks for a proof of it."""
    if turn.message.sent_at is None:
        return None
    return datetime.fromtimestamp(turn.message.sent_at, timezone.utc).isoformat(timespec="seconds")


def _ask(turn: Turn) -> None:
    options = yes_no_options(turn.knowledge)[:2]
    response = "utter_ask_consent" if turn.talk.pending is None else "utter_ask_consent_again"
    turn.change(pending=PENDING)
    turn.say(
        response,
        buttons=[option.title for option in options],
        custom={
            "kind": "question",
            "about": "profile",
            "id": PENDING,
            "type": "yes_no",
            "options": as_contract(options),
            "progress": {"asked": 0, "expected": 0},
        },
    )
