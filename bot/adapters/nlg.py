"""Responses of the domain, with the advice for red flags filled in from the reviewed knowledge."""

from __future__ import annotations

from typing import Any, Dict, Optional, Text

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.adapters.metrics import said
from bot.adapters.red_flags import flags_raised, talk_of
from bot.adapters.safety_policy import URGENT
from bot.dialogue.turn import contact_words, fill, services_in
from bot.dialogue.warning import is_brief, warning
from bot.knowledge import load


class KnowledgeNlg(TemplatedNaturalLanguageGenerator):
    """Every response may use the emergency number and help lines of the person's country.

    The variable ``about_other`` selects the variation for a talk about somebody else.
    """

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: Text, tracker: DialogueStateTracker, output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        """The filled response; ``utter_urgent`` speaks of the next flag not yet spoken of in this turn."""
        contacts = contact_words(services_in(_country(tracker), load()))
        variables = {**contacts, "about_other": bool(talk_of(tracker).get("about_other")), **kwargs}
        if utter_action == URGENT:
            variables.update(_urgent(tracker, contacts))
        said(utter_action, variables.get("flag") if utter_action == URGENT else None)
        conditions = {"about_other": variables.pop("about_other")}
        further = variables.pop("further", False)
        words: Optional[Dict[Text, Any]] = self.generate_from_slots(
            utter_action, conditions, output_channel, **variables
        )
        return _on_top(words) if words is not None and further else words


def _country(tracker: DialogueStateTracker) -> object:
    journal: Any = talk_of(tracker).get("journal") or ()
    told = [entry["value"] for entry in journal if entry.get("kind") == "profile" and entry.get("id") == "country"]
    return told[-1] if told else None


def _on_top(words: Dict[Text, Any]) -> Dict[Text, Any]:
    """Marks a warning that comes on top of a more urgent one."""
    return {**words, "text": words["text"].rstrip(), "custom": {**words["custom"], "further": True}}


def _urgent(tracker: DialogueStateTracker, contacts: Dict[str, str]) -> Dict[str, object]:
    flags = flags_raised(tracker)
    spoken = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        spoken += isinstance(event, ActionExecuted) and event.action_name == URGENT
    number, knowledge = min(spoken, len(flags) - 1), load()
    words = warning(flags, number, knowledge)
    further = is_brief(flags, number, knowledge)
    return {**flags[number], **{part: fill(text, contacts) for part, text in words.items()}, "further": further}
