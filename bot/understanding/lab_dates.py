"""When a blood sample was taken, in the words the person used: "June", "12/03/2026", "three weeks ago".

The words are kept as they are: 12/03 is March in one country and December in another, and "last month" counts from
the day of the talk. Only the person can say which day it was.
"""

from __future__ import annotations

import re
from typing import List, Mapping, Optional, Sequence

from bot.understanding.lab_numbers import alternatives
from bot.understanding.mentions import Span


class DateReader:
    """Finds dates; ``words`` are the lists of ``lab_words.yml``."""

    def __init__(self, words: Mapping[str, object]) -> None:
        months, counts, units, days, parts, seasons = (
            alternatives(words[key])  # type: ignore[arg-type]
            for key in ("months", "date_counts", "date_units", "date_days", "date_parts", "date_seasons")
        )
        year = r"(?:19|20)\d\d(?![\d.,]*\d)"
        day = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
        last = r"(?:last|this|earlier\s+this|the\s+other)"
        self._patterns = [
            re.compile(pattern, re.IGNORECASE)
            for pattern in (
                r"(?<![\d./-])(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?![\d./-])",
                r"(?<![\d./-])\d{1,2}([./-])\d{1,2}\1(?:20)?\d\d(?![\d/-])",
                rf"(?<!\w){day}\s+(?:of\s+)?{months}(?:,?\s+{year})?",
                rf"{months}\s+{day}(?!\w|[.,]?\d)(?:,?\s+{year})?(?!\s*[a-z]+/)",
                rf"{months},?\s+{year}",
                rf"(?<=in\s){year}",
                rf"(?<!\w)(?:\d{{1,2}}|{counts})\s+{units}\s+ago",
                rf"{last}\s+(?:{units}|{days}|{months}|{seasons})",
                rf"(?:(?<=in\s)|(?<=since\s)|(?<=from\s)|(?<=of\s)|(?<=early\s)|(?<=late\s)){months}(?!\s*\d)",
                rf"(?:(?<=in\s)|(?<=in\sthe\s)){seasons}(?:\s+(?:of\s+)?{year})?",
                rf"(?<=on\s){days}",
                parts,
            )
        ]

    def spans(self, text: str) -> List[Span]:
        """Where dates stand, in order; of two that overlap the longer counts."""
        found = [match.span() for pattern in self._patterns for match in pattern.finditer(text)]
        kept: List[Span] = []
        for span in sorted(found, key=lambda span: span[0] - span[1]):
            if not any(span[0] < end and start < span[1] for start, end in kept):
                kept.append(span)
        return sorted(kept)

    def of(self, text: str, number: Span, others: Sequence[Span]) -> Optional[str]:
        """The date of the result whose number stands there; ``others`` are the numbers of the other results.

        A date in the line of a result belongs to that line, a date in a line of its own to the whole message.
        """
        dates = self.spans(text)
        line = _line(text, number[0])
        own = [span for span in dates if _line(text, span[0]) == line]
        taken = {_line(text, other[0]) for other in (number, *others)}
        own = own or [span for span in dates if _line(text, span[0]) not in taken]
        free = [span for span in own if not any(_between(span, other, number) for other in others)]
        near = free or (own if len(own) == 1 else [])
        if not near:
            return None
        start, end = min(near, key=lambda span: max(number[0] - span[1], span[0] - number[1]))
        return text[start:end]


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position)


def _between(date: Span, other: Span, number: Span) -> bool:
    return date[1] <= other[0] < number[0] or number[1] <= other[0] < date[0]
