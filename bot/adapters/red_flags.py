"""The red flags of the latest message, read from the tracker alone."""

from __future__ import annotations

from typing import Dict, List, Mapping

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.adapters.event_table import TALK_SLOT
from bot.dialogue.answers import flags_of, flags_told, read_answer
from bot.dialogue.message import Message
from bot.knowledge import load


def talk_of(tracker: DialogueStateTracker) -> Mapping[str, object]:
    """The state of the talk as the actions keep it."""
    return tracker.get_slot(TALK_SLOT) or {}


def talk_before(tracker: DialogueStateTracker) -> Mapping[str, object]:
    """The state of the talk when the latest message came in; actions of this turn may have changed it since."""
    answered = False
    for event in reversed(tracker.events):
        if answered and isinstance(event, SlotSet) and event.key == TALK_SLOT:
            return event.value or {}
        answered = answered or isinstance(event, UserUttered)
    return {}


def unseen(tracker: DialogueStateTracker) -> List[UserUttered]:
    """The messages that the actions have not yet taken in, oldest first: those behind the latest state they left."""
    messages: List[UserUttered] = []
    for event in reversed(tracker.events):
        if isinstance(event, SlotSet) and event.key == TALK_SLOT:
            break
        if isinstance(event, UserUttered):
            messages.append(event)
    return messages[::-1]


def flags_raised(tracker: DialogueStateTracker) -> List[Dict[str, str]]:
    """Flags of the latest message, worst first: found in its words, or in the answer it gives to what was asked."""
    if tracker.latest_message is None:
        return []
    knowledge, talk = load(), talk_before(tracker)
    message = _read(tracker.latest_message)
    asked = knowledge.questions.get(str(talk.get("pending")))
    flags: Dict[str, Dict[str, str]] = {}
    for entity in flags_told(message, asked, knowledge):
        flag = str(entity["value"])
        urgency = str(entity.get("urgency") or knowledge.red_flags[flag].urgency)
        flags.setdefault(flag, {"flag": flag, "urgency": urgency, "subject": str(entity.get("subject") or "self")})
    if asked is not None and (asked.flag or any(option.flag for option in asked.options)):
        subject = "other" if talk.get("about_other") else "self"
        for flag in flags_of(asked, read_answer(asked, message, knowledge)):
            flags.setdefault(flag, {"flag": flag, "urgency": knowledge.red_flags[flag].urgency, "subject": subject})
    order: List[str] = knowledge.vocabulary["urgency"]  # type: ignore[assignment]
    return sorted(flags.values(), key=lambda flag: order.index(flag["urgency"]))


def _read(message: UserUttered) -> Message:
    return Message.from_parse_data(message.as_dict()["parse_data"])
