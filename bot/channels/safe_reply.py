"""The sentence that is said when nothing else could be, even while no model is loaded."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, List, Text, Tuple

from bot.dialogue.turn import UNKNOWN_COUNTRY, contact_words, fill, services_in
from bot.knowledge import load
from bot.knowledge.loader import FOLDER, read_yaml

DOMAIN = FOLDER.parent / "domain.yml"
RESPONSE = "utter_technical_problem"


def safe_reply(sender: Text) -> List[Dict[Text, Any]]:
    """The words of the domain's response for trouble, where to get help included."""
    return [{"recipient_id": sender, "text": bubble} for bubble in _bubbles()]


@lru_cache(maxsize=1)
def _bubbles() -> Tuple[str, ...]:
    domain: Any = read_yaml(DOMAIN)
    words = domain["responses"][RESPONSE][0]["text"]
    filled = fill(words, contact_words(services_in(UNKNOWN_COUNTRY, load())))
    return tuple(bubble.strip() for bubble in filled.split("\n\n"))
