"""The intrinsic factor antibody, which laboratories report in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from bot.knowledge import lab_bands
from bot.understanding.lab_context import Context
from bot.understanding.lab_names import Name
from bot.understanding.lab_numbers import alternatives
from bot.understanding.mentions import Mention, Span

ANTIBODY = "intrinsic_factor_antibody"


class AntibodyReader:
    """Reads "positive" and "negative"; ``words`` are the lists of ``lab_words.yml``."""

    def __init__(self, words: Mapping[str, object], context: Context) -> None:
        self._context = context
        self._positive, self._negative, self._asked, self._own = (
            re.compile(alternatives(words[key]), re.IGNORECASE)  # type: ignore[arg-type]
            for key in ("positive", "negative", "asked_only", "own")
        )
        positive = alternatives([*words["positive"], "find", "detect", "show", "seen"])  # type: ignore[misc]
        self._none = re.compile(
            r"(?:\b(?:no|without|zero|not have|not got)|n['’]t (?:have|got))\s+(?:any\s+)?$", re.IGNORECASE
        )
        self._test = re.compile(rf"\s*{alternatives(words['tested'])}", re.IGNORECASE)  # type: ignore[arg-type]
        # "none were found", "didn't find any", "not at all positive"
        self._denied = re.compile(
            rf"(?:n['’]t|\b(?:not|none|no|never|without|zero))\s+(?:[a-z]+\s+){{0,3}}?{positive}", re.IGNORECASE
        )

    def settle(self, text: str, names: Sequence[Name], mentions: List[Mention]) -> List[Mention]:
        """The antibody test is reported in words; a word also settles a number without a range."""
        has_number = any(mention.value == ANTIBODY for mention in mentions)
        for name in names:
            if name.analyte != ANTIBODY:
                continue
            worded = self._word(text, name)
            if worded is None:
                continue
            band, start, end = worded
            if not has_number:
                extra: Dict[str, object] = {"number": None, "unit": None, "band": band}
                status = self._context.status(text, name.start, start, end)
                return [*mentions, Mention("lab_result", ANTIBODY, start, end, status=status, extra=extra)]
            open_bands = (lab_bands.NEEDS_UNIT, lab_bands.INDETERMINATE)
            return [
                replace(m, extra={**m.extra, "band": band})
                if m.value == ANTIBODY and m.extra["band"] in open_bands
                else m
                for m in mentions
            ]
        return mentions

    def _word(self, text: str, name: Name) -> Optional[Tuple[str, int, int]]:
        clause_start, clause_end = self._context.sentence(text, name.start, name.end)
        before, after = text[clause_start : name.start], text[name.end : clause_end]
        if self._asked.search(before) and not self._own.search(text[clause_start:clause_end]):
            return None
        spans: List[Tuple[int, int, str, Span]] = []
        for pattern, band in ((self._negative, "normal"), (self._denied, "normal"), (self._positive, "raised")):
            for match in pattern.finditer(after):
                spans.append((match.start(), -len(match.group()), band, (name.start, name.end + match.end())))
            for match in pattern.finditer(before[-40:]):
                start = name.start - len(before[-40:]) + match.start()
                spans.append((name.start - start, -len(match.group()), band, (start, name.end)))
        none = self._none.search(before)
        if none and not self._test.match(after):
            spans.append((0, 0, "normal", (name.start - len(none.group()), name.end)))
        if not spans:
            return None
        _, _, band, (start, end) = min(spans)
        return band, start, end
