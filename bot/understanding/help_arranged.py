"""Whether the words say that help is on its way. They are listed in ``knowledge/language/help_arranged.yml``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Pattern, Sequence, Tuple

from bot.knowledge.loader import FOLDER, read_yaml

APOSTROPHES = str.maketrans("", "", "'\u2019")


def says_help_is_arranged(text: str) -> bool:
    """True for "the ambulance is coming", false for "I haven't called" and for questions."""
    arranged, not_yet = _patterns()
    plain = " ".join(text.lower().translate(APOSTROPHES).split())
    return bool(arranged.search(plain)) and not not_yet.search(plain)


@lru_cache(maxsize=1)
def _patterns() -> Tuple[Pattern[str], Pattern[str]]:
    listed: Any = read_yaml(FOLDER / "language" / "help_arranged.yml")
    return _any(listed["arranged"]), _any(listed["not_yet"])


def _any(patterns: Sequence[str]) -> Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
