"""Age, sex and country said in passing, so that they are not asked again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.mentions import Mention

YOUNGEST, OLDEST = 1, 110  # years; other numbers are something else
_NUMBER = r"(?P<n>\d{1,3})"


class ProfileReader:
    """Finds ``profile`` mentions with the extra key ``name`` (age, sex_at_birth or country)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        words: Dict[str, object] = read_yaml(folder / "language" / "profile.yml")  # type: ignore[assignment]
        self._age = [_compile(pattern) for pattern in words["age"]]  # type: ignore[attr-defined]
        self._sex = _by_value(words["sex_at_birth"])  # type: ignore[arg-type]
        self._relatives = _by_value(words["relatives"])  # type: ignore[arg-type]
        self._country = _countries(str(words["country"]), folder)

    def read(self, text: str) -> List[Mention]:
        """At most one age, one sex and one country; a relative's sex has ``subject`` "other"."""
        lowered = text.lower()
        found = [self._age_in(lowered), self._first(lowered, self._country, "country")]
        sex = self._first(lowered, self._sex, "sex_at_birth")
        found.append(sex or self._first(lowered, self._relatives, "sex_at_birth", subject="other"))
        return [mention for mention in found if mention is not None]

    def _age_in(self, text: str) -> Optional[Mention]:
        for pattern in self._age:
            for match in pattern.finditer(text):
                if YOUNGEST <= int(match["n"]) <= OLDEST:
                    start, end = match.span("n")
                    return Mention("profile", match["n"], start, end, extra={"name": "age", "value": int(match["n"])})
        return None

    @staticmethod
    def _first(
        text: str, patterns: List[Tuple[str, "re.Pattern[str]"]], name: str, subject: str = "self"
    ) -> Optional[Mention]:
        for value, pattern in patterns:
            match = pattern.search(text)
            if match:
                return Mention("profile", value, match.start(), match.end(), extra={"name": name, "subject": subject})
        return None


def _compile(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern.replace("{n}", _NUMBER))


def _by_value(words: Dict[str, List[str]]) -> List[Tuple[str, "re.Pattern[str]"]]:
    return [
        (value, re.compile(r"\b(?:" + "|".join(word.replace("{n}", r"\d{1,3}") for word in forms) + r")\b"))
        for value, forms in words.items()
    ]


def _countries(pattern: str, folder: Path) -> List[Tuple[str, "re.Pattern[str]"]]:
    services: List[Dict[str, object]] = read_yaml(folder / "services.yml")  # type: ignore[assignment]
    rows = []
    for entry in services:
        named: List[str] = entry.get("words") or []  # type: ignore[assignment]
        words = [re.escape(str(word).lower()) for word in named]
        if words:
            longest_first = "|".join(sorted(words, key=len, reverse=True))
            named_in_passing = pattern.replace("{country}", f"(?:{longest_first})")
            alone = rf"^\W*(?:the\s+)?(?:{longest_first})\W*$"
            rows.append((str(entry["country"]), re.compile(f"{named_in_passing}|{alone}")))
    return rows
