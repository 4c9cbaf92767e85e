"""The sentence that is said when nothing else could be."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from sanic import Sanic

from bot.dialogue.turn import UNKNOWN_COUNTRY, contact_words, fill, services_in
from bot.knowledge import load

RESPONSE = "utter_technical_problem"


def safe_reply(app: Sanic, sender: Text) -> List[Dict[Text, Any]]:
    """The words of the domain's response for trouble, where to get help included."""
    words = app.ctx.agent.domain.responses[RESPONSE][0]["text"]
    filled = fill(words, contact_words(services_in(UNKNOWN_COUNTRY, load())))
    return [{"recipient_id": sender, "text": bubble.strip()} for bubble in filled.split("\n\n")]
