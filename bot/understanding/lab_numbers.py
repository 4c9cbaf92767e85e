"""Numbers in a message: digits, decimal commas, thousands and number words, each with its comparator."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from bot.understanding.mentions import Span

_DIGITS = re.compile(
    r"(?<![\w.])(?<!\d,)(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?|\.\d+|(?<![^\s<>=(:]),\d+)(?![.,]?\d)"
)
_POINT = re.compile(r"(?<![\w.,])\d+\s+point\s+\d+(?![.,]?\d)", re.IGNORECASE)  # 11 point 4
_ONE_BY_ONE = re.compile(r"(?<![\w.,])\d(?: \d){2,3}(?![\w.,]|\s\d)")  # 1 8 0
_SPACED = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+(?![.,]?\d)")  # 1 105, 1'105
# Dates, clock times, scores, blood pressures, telephone and patient numbers.
_NO_AMOUNT = re.compile(
    r"(?<![\d.])\d{1,4}([./-])\d{1,2}\1\d{2,4}(?![\d.])"
    r"|(?<![\d.])\d{1,3}\s?/\s?(?:\d{1,3}|(?:19|20)\d\d)(?![\d.])"
    r"|(?<!\d)\d{1,2}:\d{2}(?!\d)"
    r"|(?<!\w)(?:\+|0)\d[\d\s()-]{7,}\d"
    r"|(?<!\d)\d{3}[ -]\d{3}[ -]\d{4}(?!\d)"
    r"|(?<![\w.])\d+-\d+-\d*[A-Za-z#][\w#]*"
    r"|(?<![\w.])\d{1,2}\s+(?:of|out\s+of)\s+\d+(?![\d.])"
)

_DENIED = re.compile(
    r"(?:\b(?:never|not)|n['’]t)\s+(?:(?:been|be|gone|go|got|get|risen|fallen|ever)\s+)*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Number:
    """``start`` includes the comparator; ``end`` is the end of the digits or words."""

    start: int
    end: int
    value: float
    comparator: Optional[str] = None
    spelled: bool = False


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; a space matches several, letters need a word boundary."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        pattern = re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]")
        before = r"(?<![A-Za-z0-9])" if word[0].isalnum() else ""
        after = r"(?![A-Za-z0-9])" if word[-1].isalnum() else ""
        parts.append(f"{before}{pattern}{after}")
    return "(?:" + "|".join(parts) + ")"


def digits_value(text: str) -> float:
    """The value of typed digits: 1,234 is thousands, as is the dot in 1.254,0; 0,45 and 13,4 are decimals."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text):
        return float(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if _POINT.fullmatch(text):
        return float(".".join(re.findall(r"\d+", text)))
    if _SPACED.fullmatch(text) or _ONE_BY_ONE.fullmatch(text):
        return float(re.sub(r"\D", "", text))
    return float(text.replace(",", "."))


def words_value(words: Sequence[str], values: Mapping[str, int]) -> Optional[float]:
    """The value of number words up to the thousands, such as "one hundred and eighty" or "one eighty"."""
    if "point" in words:
        at = words.index("point")
        whole = words_value(words[:at], values) if at else 0.0
        decimals = [values.get(word) for word in words[at + 1 :]]
        if whole is None or not decimals or any(digit is None for digit in decimals):
            return None
        return float(f"{int(whole)}.{''.join(str(digit) for digit in decimals)}")
    total = current = 0
    previous = ""
    plain = [values[word] for word in words if word in values]
    if len(plain) == len(words) >= 3 and all(value < 10 for value in plain):
        return float("".join(map(str, plain)))  # one eight zero
    for word in words:
        if word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in values:
            value = values[word]
            if previous in values and (values[previous] < 10 or value >= 10):
                current *= 100  # one eighty, twelve fifty
            current += value
        previous = word
    return float(total + current)


class NumberReader:
    """Finds numbers; ``words`` are the lists of ``lab_words.yml``."""

    def __init__(self, words: Mapping[str, object]) -> None:
        self._values: Dict[str, int] = dict(words["number_words"])  # type: ignore[call-overload]
        less, more = words["less_than"], words["more_than"]
        self._less = re.compile(alternatives(less) + r"\s*$", re.IGNORECASE)  # type: ignore[arg-type]
        self._more = re.compile(alternatives(more) + r"\s*$", re.IGNORECASE)  # type: ignore[arg-type]
        self._rose = re.compile(alternatives(words["rose"]) + r"\s+$", re.IGNORECASE)  # type: ignore[arg-type]
        one = alternatives([*self._values, "hundred", "thousand", "point"])
        join = r"(?:\s+and\s+|[\s-]+)"
        self._spelled = re.compile(rf"(?:(?<!\w)a\s+(?=hundred|thousand))?{one}(?:{join}{one})*", re.IGNORECASE)
        self._vague = re.compile(r"[\s-]*" + alternatives(words["vague_after"]), re.IGNORECASE)  # type: ignore[arg-type]
        months, days = (alternatives(words[key]) for key in ("months", "date_days"))  # type: ignore[arg-type]
        self._appointment = re.compile(
            rf"(?:{months}|{days}|today|tomorrow)(?:,?\s+20\d\d)?,?\s+at\s+\d{{1,2}}\.[0-5]\d"
            r"(?![\d.,]*\d|\s*(?:[a-zµ]+/|%|fl\b))",
            re.IGNORECASE,
        )
        self._date = re.compile(
            rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{months}(?:\s+\d{{4}})?|{months}\s+\d{{1,2}}(?:st|nd|rd|th)(?!\w)"
            rf"|{months},?\s+(?:19|20)\d\d(?!\d)|(?:\b(?:in|since|during|until|from|year|early|late|mid|of)\s+|\()(?:19|20)\d\d(?![\d.,]*\d)"
            r"(?!\s*(?:ng|pg|pmol|nmol))|(?<![\w.])(?:19|20)\d\d(?=\s*:)"
            rf"|(?<![\d.])\d{{1,2}}\.[0-5]\d(?=\s*(?:am|pm|tomorrow|today|this|next|on\s+{days})\b)"
            r"|(?<=(?:19|20)\d\d)\s*(?:,|and|or|to|-|–|/|&)\s*(?:19|20)\d\d(?![\d.,]*\d)",
            re.IGNORECASE,
        )

    def read(
        self, text: str, taken: Sequence[Span], dates: Sequence[Span] = (), units: Sequence[Span] = ()
    ) -> List[Number]:
        """Numbers in order, without those inside ``taken`` spans, vague ones, dates, times and telephone numbers.

        A space groups thousands only right before one of the ``units``.
        """
        plain = text
        for start, end in taken:
            plain = f"{plain[:start]}{'#' * (end - start)}{plain[end:]}"
        dated = [m.span() for kind in (_NO_AMOUNT, self._date, self._appointment) for m in kind.finditer(plain)]
        blocked = [*taken, *dates, *dated]
        starts = [start for start, _ in units]
        spaced = [m for m in _SPACED.finditer(plain) if any(0 <= start - m.end() <= 1 for start in starts)]
        spaced += [*_POINT.finditer(plain), *_ONE_BY_ONE.finditer(plain)]
        digits = [
            match
            for match in self._digit_matches(plain)
            if not any(whole.start() <= match.start() < whole.end() for whole in spaced)
        ]
        found = [(match.start(), match.end(), digits_value(match.group()), False) for match in (*spaced, *digits)]
        for match in self._spelled.finditer(plain):
            value = self._value(match.group())
            if value is not None:
                found.append((match.start(), match.end(), value, True))
        numbers: List[Number] = []
        for start, end, value, spelled in sorted(found):
            if any(start < span_end and end > span_start for span_start, span_end in blocked):
                continue
            if self._vague.match(text, end):
                continue
            comparator, begin = self._comparator(plain, start, end)
            if text[end : end + 1] == "+" and not text[end + 1 : end + 2].isalnum():
                comparator, end = ">", end + 1
            numbers.append(Number(begin, end, value, comparator, spelled))
        return numbers

    @staticmethod
    def _digit_matches(text: str) -> Iterable["re.Match[str]"]:
        for match in _DIGITS.finditer(text):
            before = text[: match.start()]
            if not re.search(r"[A-Za-z]-$", before) and len(match.group()) <= 12:
                yield match

    def _value(self, words: str) -> Optional[float]:
        tokens = [token for token in re.split(r"[\s-]+", words.lower()) if token and token not in ("and", "a")]
        if not any(token in self._values or token in ("hundred", "thousand") for token in tokens):
            return None
        return words_value(tokens, self._values)

    def _comparator(self, text: str, start: int, end: int) -> Tuple[Optional[str], int]:
        before = text[max(0, start - 24) : start]
        offset = start - len(before)
        for pattern, sign in ((self._less, "<"), (self._more, ">")):
            match = pattern.search(before)
            if match and not (
                match.group().lower().startswith("up") and self._reaches(before[: match.start()], text[end:])
            ):
                denied = _DENIED.search(before[: match.start()])
                return ("<>".replace(sign, "") if denied else sign), offset + match.start()
        return None, start

    def _reaches(self, before: str, after: str) -> bool:
        """Whether "up to" follows a verb, a name (``#``) or the low end of a range."""
        if re.search(r"#\s+$", before):
            return not re.match(r"[\s\w/]{0,16}?\b(?:is|are|counts?)\b", after)
        return bool(self._rose.search(before) or re.search(r"\d\s+$", before))
