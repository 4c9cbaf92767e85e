"""The words that only the Slack channel says."""

from __future__ import annotations

from functools import lru_cache
from typing import Dict

from bot.dialogue.turn import UNKNOWN_COUNTRY, contact_words, fill, services_in
from bot.knowledge import load
from bot.knowledge.loader import FOLDER, KnowledgeError, read_yaml

FILE = "slack_words.yml"


@lru_cache(maxsize=1)
def all_words() -> Dict[str, str]:
    """Every text by its key. Raises ``KnowledgeError`` if the file is not a flat mapping of texts."""
    data = read_yaml(FOLDER / FILE)
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise KnowledgeError(f"{FILE}: a mapping of texts is expected")
    return data


def word(key: str, **variables: object) -> str:
    """The text of that key with its variables, and the emergency number where one is named, filled in."""
    text = all_words()[key]
    if "{emergency}" in text:
        text = fill(text, contact_words(services_in(UNKNOWN_COUNTRY, load())))
    return fill(text, {name: str(value) for name, value in variables.items()})
