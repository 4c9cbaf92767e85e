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
        """Text alone: the answers of a question get their numbers, a picture its words unless they were just said."""
        lines: List[Dict[Text, Any]] = []
        table = ""
        for message, following in zip(messages, [*messages[1:], {}]):
            custom = message.get("custom") or {}
            table = str((custom.get("table") or {}).get("title") or table)
            if "text" in message:
                options = (following.get("custom") or {}).get("options", ())
                lines.append(_as_text(message, [option["title"] for option in options]))
            elif custom.get("kind") == "picture" and custom.get("title") != table:
                lines.append({"recipient_id": message["recipient_id"], "text": f"[{custom['alt']}]"})
        return lines


def _as_text(message: Dict[Text, Any], answers: List[Text]) -> Dict[Text, Any]:
    """The words, the numbered answers, and the other buttons as words that can be typed."""
    titles = [button["title"] for button in message.get("buttons", ())]
    numbered = [f"  {number}. {title}" for number, title in enumerate(answers, start=1)]
    others = [title for title in titles if title not in answers]
    typed = [f"  ({' / '.join(others)})"] if others else []
    return {"recipient_id": message["recipient_id"], "text": "\n".join([message["text"], *numbered, *typed])}
