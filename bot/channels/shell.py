"""``rasa shell``: the same talk in a terminal, with numbered options."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.core.channels.rest import RestInput

from bot.channels.rest import SafeRestInput


class ShellInput(SafeRestInput):
    """Named ``cmdline`` so that Rasa starts its prompt; it speaks through the REST route of the same server."""

    @classmethod
    def name(cls) -> Text:
        """The name Rasa looks for."""
        return "cmdline"

    def url_prefix(self) -> Text:
        """The route Rasa's prompt posts to."""
        return RestInput.name()

    def render(self, messages: List[Dict[Text, Any]]) -> List[Dict[Text, Any]]:
        """Text alone: the machine-readable parts are for programs, options become numbered lines."""
        return [self._as_text(message) for message in messages if "text" in message]

    @staticmethod
    def _as_text(message: Dict[Text, Any]) -> Dict[Text, Any]:
        options = [
            f"  {number}. {button['title']}" for number, button in enumerate(message.get("buttons", ()), start=1)
        ]
        return {"recipient_id": message["recipient_id"], "text": "\n".join([message["text"], *options])}
