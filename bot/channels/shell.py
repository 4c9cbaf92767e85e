"""The talk in a terminal: words, numbered answers, and the other buttons as words to type."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Text

from bot.rendering.picture import word


def as_text(messages: Sequence[Mapping[Text, Any]]) -> List[Dict[Text, Any]]:
    """Text alone, a blank line after each message; the answers of a question get their numbers.

    A picture becomes its words, unless a table or a result has just said them.
    """
    lines: List[Dict[Text, Any]] = []
    told = set()
    for message, following in zip(messages, [*messages[1:], {}]):
        custom = message.get("custom") or {}
        if custom.get("kind") == "answer":
            told.add((custom.get("table") or {}).get("title"))
        elif custom.get("kind") == "assessment" and custom.get("ranking"):
            told.add(word("for_title"))
        if "text" in message:
            options = (following.get("custom") or {}).get("options", ())
            lines.append(_line(message, _with_answers(message, [option["title"] for option in options])))
        elif custom.get("kind") == "picture" and custom["title"] not in told:
            lines.append(_line(message, f"[{custom['alt']}]"))
    return lines


def _line(message: Mapping[Text, Any], text: Text) -> Dict[Text, Any]:
    return {"recipient_id": message["recipient_id"], "text": f"{text}\n"}


def _with_answers(message: Mapping[Text, Any], answers: Sequence[Text]) -> Text:
    titles = [button["title"] for button in message.get("buttons", ())]
    numbered = [f"  {number}. {title}" for number, title in enumerate(answers, start=1)]
    others = [title for title in titles if title not in answers]
    typed = [f"  ({' / '.join(others)})"] if others else []
    return "\n".join([message["text"], *numbered, *typed])
