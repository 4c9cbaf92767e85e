"""What every channel does to a message before Rasa sees it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Dict, Optional

# A long life story is about 1,000 words. Of a longer one the first part is read, and the person is told where it ends.
LONGEST = 8000  # characters
DANGERS = 1800  # of these are kept for what sounds dangerous in the rest
FIRST_PART = LONGEST - DANGERS - 10
LONGEST_WORD = 100  # the cut is at a space within as many characters
TRUNCATED, READ = (
    "truncated",
    "read",
)  # keys of the metadata: that the end was left out, and how many characters were read
_SLASHES = re.compile(r"^[\s/]+")
_DROPPED = ("Cc", "Cs")  # controls, and halves of characters that no database can store
_KEPT_CONTROLS = "\n\t"
# Right-to-left overrides and their kin can make a text look like another one.
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@dataclass(frozen=True)
class CleanText:
    """The text to hand on, and what was left out at its end."""

    text: str
    rest: str = ""

    @property
    def truncated(self) -> bool:
        """Whether anything was left out."""
        return bool(self.rest)

    @property
    def metadata(self) -> Optional[Dict[str, object]]:
        """What the dialogue is told of it."""
        return {TRUNCATED: True, READ: len(self.text)} if self.truncated else None


def clean(text: str) -> CleanText:
    """Removes control characters and the leading slash that Rasa would read as a ready-made intent."""
    kept = "".join(
        character
        for character in text
        if character not in _BIDI and (unicodedata.category(character) not in _DROPPED or character in _KEPT_CONTROLS)
    )
    kept = _SLASHES.sub("", kept).strip()
    if len(kept) <= LONGEST:
        return CleanText(kept)
    end = max(kept.rfind(space, FIRST_PART - LONGEST_WORD, FIRST_PART) for space in " \n")
    end = end if end > 0 else FIRST_PART
    return CleanText(kept[:end].rstrip(), kept[end:])
