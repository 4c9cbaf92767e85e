"""The whole assistant in one process: trained model, real actions, real store; no sockets.

Conversation tests and measurements talk to it.
"""

from __future__ import annotations

import asyncio
import copy
import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

import rasa.utils.log_utils
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.adapters.local_actions import LocalActions
from bot.serve import newest_model, read_endpoints

Messages = List[Dict[Text, Any]]


class InProcessActions(LocalActions):
    """The actions in this process; ``failure`` makes them behave like an action server that is down."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: Optional[Exception] = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Runs one action call."""
        if self.failure is not None:
            raise self.failure
        return await super().request(*args, **kwargs)


class Assistant:
    """Myelin with a database of its own."""

    def __init__(self, database: Path, model: Optional[str] = None) -> None:
        rasa.utils.log_utils.configure_structlog(logging.WARNING)
        self.actions = InProcessActions()
        self.database = database
        self.loop = asyncio.new_event_loop()
        self.agent: Agent = self._run(self._load(model or newest_model()))
        self.agent.action_endpoint = self.agent.processor.action_endpoint = self.actions

    async def _load(self, model: str) -> Agent:
        return await load_agent(model_path=model, endpoints=read_endpoints(str(self.database)))

    def _run(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def send(self, text: str, sender: str = "person") -> Messages:
        """The replies to one message, in the form of the REST channel."""
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, sender, input_channel="rest")
        self._run(self.agent.handle_message(message))
        return copy.deepcopy(channel.messages)

    def parse(self, text: str) -> Dict[Text, Any]:
        """What ``POST /model/parse`` would answer."""
        result: Dict[Text, Any] = self._run(self.agent.parse_message(text))
        return result

    def slot(self, name: str, sender: str = "person") -> Any:
        """The value of a slot in the stored talk."""
        tracker = self._run(self.agent.tracker_store.retrieve(sender))
        return tracker.get_slot(name) if tracker else None

    def close(self) -> None:
        """Ends the event loop."""
        self.loop.close()


def customs(messages: Messages, kind: Optional[str] = None) -> List[Dict[Text, Any]]:
    """The machine-readable parts of a reply, or those of one kind."""
    found = [message["custom"] for message in messages if "custom" in message]
    return [custom for custom in found if kind is None or custom.get("kind") == kind]


def texts(messages: Messages) -> List[str]:
    """The words of a reply."""
    return [message["text"] for message in messages if "text" in message]
