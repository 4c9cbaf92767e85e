"""What every channel does to a message before Rasa sees it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A long life story is about 1,000 words. Past this the rest is left out and the person is told.
LONGEST = 8000  # characters
_SLASHES = re.compile(r"^[\s/]+")
_DROPPED = ("Cc", "Cs")  # controls, and halves of characters that no database can store
_KEPT_CONTROLS = "\n\t"
# Right-to-left overrides and their kin can make a text look like another one.
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@dataclass(frozen=True)
class CleanText:
    """The text to hand on, and whether its end was left out."""

    text: str
    truncated: bool


def clean(text: str) -> CleanText:
    """Removes control characters and the leading slash that Rasa would read as a ready-made intent."""
    kept = "".join(
        character
        for character in text
        if character not in _BIDI and (unicodedata.category(character) not in _DROPPED or character in _KEPT_CONTROLS)
    )
    kept = _SLASHES.sub("", kept).strip()
    return CleanText(kept[:LONGEST], truncated=len(kept) > LONGEST)
