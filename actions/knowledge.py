"""Answers to questions of knowledge."""

from typing import Any, Dict, List, Sequence

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import reports
from actions.base import TalkAction
from bot.dialogue.message import Message
from bot.dialogue.skills import answer, feedback


class ActionAnswer(TalkAction):
    skill = answer.run


class ActionMore(TalkAction):
    skill = feedback.more


class ActionReportProblem(TalkAction):
    """Keeps the report where whoever runs Myelin can read it."""

    skill = feedback.report_problem

    def _respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, messages: Sequence[Message]
    ) -> List[Dict[str, Any]]:
        events = super()._respond(dispatcher, tracker, messages)
        for message in dispatcher.messages:
            custom = message.get("custom") or {}
            if custom.get("kind") == feedback.PROBLEM:
                reports.keep(custom["said"], custom["knowledge"])
        return events
