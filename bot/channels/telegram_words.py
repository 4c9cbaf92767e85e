"""The words that only the Telegram channel says, and the words that its commands stand for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict

from bot.dialogue.turn import UNKNOWN_COUNTRY, contact_words, fill, services_in
from bot.knowledge import load
from bot.knowledge.loader import FOLDER, KnowledgeError, read_yaml

FILE = "channel_words.yml"
COMMANDS = ("start", "help", "stop", "restart", "delete")
_COMMAND = re.compile(rf"/({'|'.join(COMMANDS)})(?:@\w+)?(?:\s|$)", re.IGNORECASE)


@lru_cache(maxsize=1)
def all_words() -> Dict[str, str]:
    """Every text by its key. Raises ``KnowledgeError`` if the file is not a flat mapping of texts."""
    data = read_yaml(FOLDER / FILE)
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise KnowledgeError(f"{FILE}: a mapping of texts is expected")
    return data


def word(key: str) -> str:
    """The text of that key, with the emergency number where one is named."""
    return fill(all_words()[f"telegram_{key}"], contact_words(services_in(UNKNOWN_COUNTRY, load())))


def meant(text: str) -> str:
    """What a command stands for; any other text as it is."""
    command = _COMMAND.match(text)
    return word(f"command_{command.group(1).lower()}") if command else text
