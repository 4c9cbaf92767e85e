"""The summary for a doctor and the deletion of data."""

from typing import Any, Dict, List, Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TalkAction
from bot.channels.summary_link import summary_path
from bot.dialogue.message import Message
from bot.dialogue.skills import privacy, summary


class ActionSummary(TalkAction):
    """Adds to the summary where its PDF can be fetched; only here is the talk's id known."""

    skill = summary.run

    def _respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, messages: Sequence[Message]
    ) -> List[Dict[str, Any]]:
        events = super()._respond(dispatcher, tracker, messages)
        for message in dispatcher.messages:
            if (message.get("custom") or {}).get("kind") == "summary":
                message["custom"]["pdf"] = summary_path(tracker.sender_id)
        return events


class ActionDeleteData(TalkAction):
    """Marks the talk to be erased."""

    skill = privacy.delete
