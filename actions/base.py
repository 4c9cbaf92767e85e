"""What every action shares: the talk from its slot, the unseen messages, safe failure."""

from __future__ import annotations

import logging
from typing import Any, ClassVar, Dict, List, Mapping, Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.message import Message
from bot.dialogue.respond import Skill, respond
from bot.dialogue.say import Say
from bot.dialogue.talk import Talk
from bot.dialogue.turn import contact_words
from bot.knowledge import load

logger = logging.getLogger(__name__)

TALK_SLOT, ERASE_SLOT = "talk", "erase"
TROUBLE = "utter_technical_problem"


class TalkAction(Action):
    """Runs one skill of the dialogue. Subclasses are only a name and a skill."""

    skill: ClassVar[Skill]

    def name(self) -> str:
        """``action_`` and the snake-case name of the class: ``ActionGoBack`` is ``action_go_back``."""
        words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in type(self).__name__)
        return words.lstrip("_")

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        """Answers safely whatever happens: an exception would reach the person as silence.

        A message that cannot be taken in is left out of the next turn, so that it does not break every turn to come.
        """
        messages = unseen_messages(tracker)
        for attempt in dict.fromkeys((len(messages), 1)):
            try:
                return self._respond(dispatcher, tracker, messages[-attempt:])
            except Exception:  # noqa: BLE001 - see docstring; the log holds no message text
                logger.exception("action_failed name=%s messages=%d", self.name(), attempt)
                dispatcher.messages.clear()
        dispatcher.utter_message(response=TROUBLE)
        return []

    def _respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, messages: Sequence[Message]
    ) -> List[Dict[str, Any]]:
        talk = Talk.from_dict(tracker.get_slot(TALK_SLOT))
        turn = respond(type(self).skill, talk, messages, load())
        known = {"about_other": turn.talk.about_other, **contact_words(turn.services)}
        for say in turn.says:
            utter(dispatcher, say, known)
        if turn.erase:
            return [SlotSet(TALK_SLOT, None), SlotSet(ERASE_SLOT, True)]
        return [SlotSet(TALK_SLOT, turn.talk.to_dict())]


def unseen_messages(tracker: Tracker) -> List[Message]:
    """The messages since the latest state, the present one last; more than one after the action server was away."""
    unseen: List[Message] = []
    for event in reversed(tracker.events):
        if event.get("event") == "slot" and event.get("name") == TALK_SLOT:
            break
        if event.get("event") == "user":
            unseen.append(Message.from_event(event))
    return unseen[::-1] or [Message.from_parse_data(tracker.latest_message)]


def utter(dispatcher: CollectingDispatcher, say: Say, known: Mapping[str, object]) -> None:
    """Hands one thing to say to Rasa, which fills in the words; whom to call is ``known`` here a turn earlier."""
    custom = dict(say.custom) if say.custom else None
    buttons = say.button_payloads()
    if say.response is None:
        dispatcher.utter_message(text=say.text, buttons=buttons, json_message=custom)
    else:
        dispatcher.utter_message(response=say.response, buttons=buttons, json_message=custom, **known, **say.variables)
