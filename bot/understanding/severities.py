"""How bad it is, from 0 to 10 ("8/10", "nine out of ten", "ten being the worst, it's a 7")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, List, Optional

from spacy.tokens import Doc

_WORDS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten".split())}
_NUMBER = r"(?:10|\d|zero|one|two|three|four|five|six|seven|eight|nine|ten)(?:\.5)?"
_UNIT = (
    r"(?:am|pm|o'?clock|years?|yrs?|months?|mths?|weeks?|wks?|days?|nights?|hours?|minutes?|mins?|times?"
    r"|mg|mcg|ng|pg|pmol|stone|kg|of)"
)
_NO_MEASURE = rf"(?![\d/%:-]|\.\d|\s*{_UNIT}\b)"
_RATED = (
    r"(?:is|was|it|it's|at|of|level|score|as|about|around|a|an|maybe|probably|roughly|rated|rating|bad|now|say|id|i'd"
    r"|=|:)"
)
_MEASURED = r"(?:pain|severity|score|level|intensity|rate it)"
_ENDS = r"(?=\s*(?:$|[.,;!?)]|for|at|when|on|now|today|right|and|but|or))"
_OF_TEN = re.compile(
    rf"(?<![\d./])(?P<low>{_NUMBER})(?:\s*(?:-|to|or)\s*(?P<high>{_NUMBER}))?"
    r"\s*(?:/\s*10\b|(?:out\s?of|outta|out a|over)\s+(?:10|ten)\b)"
)
_LEVEL = re.compile(
    rf"\b(?:{_MEASURED}|scale|rate|say|call it|give it)(?:\s*(?:{_RATED}|like)){{1,4}}"
    rf"\s+(?P<digit>\d{{1,2}}){_NO_MEASURE}"
)
_LEVEL_IN_WORDS = re.compile(
    rf"\b{_MEASURED}(?:\s+{_RATED}){{1,4}}\s+(?P<word>two|three|four|five|six|seven|eight|nine|ten)\b{_ENDS}"
)
_STATED = (_OF_TEN, _LEVEL, _LEVEL_IN_WORDS)
# Only where the message speaks of a scale or of better and worse days.
_SCALE = re.compile(
    r"\bscale\b|\b(?:one|1|zero|0)\s*(?:to|-)\s*(?:ten|10)\b|\b(?:ten|10)\s*(?:being|is|=|as|the worst)"
)
_ON_SCALE = re.compile(
    r"\b(?:it'?s|is|are|be|at|say|call it|give it|give|about|around|a|an|maybe|probably|hits|reaches)"
    rf"\s+(?P<low>{_NUMBER})\b{_NO_MEASURE}(?!\s*(?:to|being|is|=|as|the worst)\b)"
)
_ON_A_DAY = re.compile(
    rf"\b(?:it'?s|is|hits|reaches|up to|goes to)\s+(?:an?|about|around)?\s*(?P<low>{_NUMBER})\b"
    r"(?=\s+(?:on (?:a|my) (?:good|bad|worst)|at (?:its|the|it's) worst|at worst))"
)


@dataclass(frozen=True)
class Severity:
    """``score`` runs from 0 to 10; ``first`` and ``last`` are tokens."""

    score: int
    first: int
    last: int


def find_severities(doc: Doc) -> List[Severity]:
    """The scores said outright; where there are none, the first on a scale that the message speaks of."""
    text = doc.text.replace("’", "'").lower()
    if len(text) != len(doc.text):
        return []  # a letter whose lower case is longer: offsets would not hold
    found = _scores(doc, [match for pattern in _STATED for match in pattern.finditer(text)])
    if not found:
        found = _scores(doc, (_ON_SCALE if _SCALE.search(text) else _ON_A_DAY).finditer(text))[:1]
    return found


def _scores(doc: Doc, matches: Iterable["re.Match[str]"]) -> List[Severity]:
    scores = [_score(doc, match) for match in matches]
    return [score for score in scores if score is not None]


def _score(doc: Doc, match: "re.Match[str]") -> Optional[Severity]:
    groups = match.groupdict()
    said = next(str(groups[name]) for name in ("high", "low", "digit", "word") if groups.get(name))
    score = _WORDS[said] if said in _WORDS else int(float(said)) if said[0].isdigit() else 99
    span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
    return Severity(score, span.start, span.end - 1) if score <= 10 and span is not None else None
