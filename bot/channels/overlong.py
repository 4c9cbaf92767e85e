"""What is done with a message over the limit: its first part is read, and what sounds dangerous in the rest."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Dict, Iterator, List

from bot.channels.cleaning import DANGERS, LONGEST, CleanText
from bot.understanding.red_flags import SEVERITY, RedFlagDetector

SEARCHED = 24_000  # characters of the rest in which dangers are looked for: about 4,000 words, a second of work
PASSAGE = 600  # characters that are judged together, so that "no" and "my mother" keep their meaning
MOST_PASSAGES = DANGERS // PASSAGE
_SENTENCES = re.compile(r"[^.!?\n]*[.!?\n]+|[^.!?\n]+$")


def readable(cleaned: CleanText) -> str:
    """The first part of the text and, below it, the passages of the rest that raise a red flag, worst first.

    They go the way of all words, so that a danger on the last page leads to the same advice as one on the first.
    """
    return "\n".join([cleaned.text, *_dangers(cleaned.rest[:SEARCHED])])[:LONGEST]


def _dangers(text: str) -> List[str]:
    found: Dict[str, int] = {}
    known = set()
    for passage in _passages(text):
        mentions = [mention for mention in _detector().detect(passage) if mention.value not in known]
        if mentions:
            known |= {mention.value for mention in mentions}
            found[passage] = max(SEVERITY.index(str(mention.extra["urgency"])) for mention in mentions)
    return sorted(found, key=lambda passage: -found[passage])[:MOST_PASSAGES]


def _passages(text: str) -> Iterator[str]:
    """Whole sentences, as many as fit; one that is longer by itself is torn at a space."""
    passage = ""
    for sentence in _SENTENCES.findall(text):
        if len(passage) + len(sentence) > PASSAGE:
            yield passage
            passage = ""
        while len(sentence) > PASSAGE:
            end = sentence.rfind(" ", 0, PASSAGE) + 1 or PASSAGE
            yield sentence[:end]
            sentence = sentence[end:]
        passage += sentence
    yield passage


@lru_cache(maxsize=1)
def _detector() -> RedFlagDetector:
    return RedFlagDetector()
