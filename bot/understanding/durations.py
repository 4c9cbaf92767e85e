"""How long a complaint has lasted, as an ISO 8601 duration ("a couple of weeks" = P2W)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

_NUMBERS: Mapping[str, float] = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_MORE = {"a": 1, "an": 1, "couple": 2, "half": 0.5, "last": 1, "past": 1, "single": 1}
_UNITS: Mapping[str, Tuple[str, int]] = {
    "hour": ("PT{}H", 1),
    "day": ("P{}D", 1),
    "night": ("P{}D", 1),
    "week": ("P{}W", 1),
    "fortnight": ("P{}W", 2),
    "month": ("P{}M", 1),
    "year": ("P{}Y", 1),
    "decade": ("P{}Y", 10),
    "minute": ("PT{}M", 1),
    "weekend": ("", 0),
}
_SMALLER = {
    "year": ("P{}M", 12),
    "month": ("P{}W", 4),
    "week": ("P{}D", 7),
    "day": ("PT{}H", 24),
    "hour": ("PT{}M", 60),
    "decade": ("P{}Y", 10),
    "fortnight": ("P{}W", 2),
}
_VAGUE = frozenset(
    [
        "few",
        "several",
        "many",
        "some",
        "every",
        "each",
        "next",
        "per",
        "these",
        "those",
        "in",
        "once",
        "twice",
        "other",
        "number",
    ]
)
_NOT_HERE = frozenset(
    "old every each per next age aged pregnant older younger lasts lasting last-minute within".split()
)
_ANCHORS = frozenset(
    "for since past last over about ago nearly almost started began been now under during around approximately roughly "
    "least than least, is's it's lasted lasting going on like".split()
)
_BRIEF = frozenset(
    ["hour", "minute"]
)  # counts only with "for the last", "ago" or "since": "after walking for an hour" is no duration
_TRIGGERS = frozenset(
    "walk stand sit drive run lie lasts last exercise take wait every rest within work wear hold read".split()
)
_ROUTINES = frozenset("take wait every within work rest".split())  # weeks or more of these are no complaint
_OVER = frozenset(
    "had quit stopped gave diagnosed retired moved married smoked was were used finished removed operated done took "
    "lost".split()
)
_BEFORE_ELSE = frozenset("after before later into following apart gestation sleep stay".split())
_STARTED = frozenset("start begin come ago since past".split())


@dataclass(frozen=True)
class Duration:
    """``first`` and ``last`` are tokens."""

    iso: str
    first: int
    last: int


def find_durations(doc: Doc) -> List[Duration]:
    """Spans of time that say how long something has lasted; ages, doses, intervals and brief spells are left out."""
    words = [
        (i, norm, doc.user_data["lemmas"][i])
        for i, norm in enumerate(doc.user_data["norms"])
        if norm.strip() and norm != "-"
    ]
    found: List[Duration] = []
    for at, (_, _, unit) in enumerate(words):
        if unit not in _UNITS:
            continue
        start, number = _number_before(words, at)
        if number is None or not _UNITS[unit][1]:
            continue
        end = at
        if [word for _, word, _ in words[at + 1 : at + 4]] == ["and", "a", "half"]:
            number, end = number + 0.5, at + 3
        if _is_lasting(words, start, end, unit):
            found.append(Duration(_iso(number, unit), words[start][0], words[end][0]))
    return found


def _number_before(words: Sequence[Tuple[int, str, str]], at: int) -> Tuple[int, Optional[float]]:
    norms = [norm for _, norm, _ in words[:at]]
    i = at - 1
    while i >= 0 and norms[i] in ("of", "or", "so", "good", "whole", "solid", "full", "long", "just", "long,"):
        i -= 1
    if i < 0:
        return at, None
    word = norms[i]
    if word in _VAGUE:
        return at, None
    if word == "half" and norms[max(0, i - 2) : i] == ["and", "a"] and i >= 3:
        whole = _value(norms[i - 3])
        return (i - 3, whole + 0.5) if whole is not None else (at, None)
    if word in ("a", "an") and i and norms[i - 1] == "half":
        return i - 1, 0.5
    value = _value(word)
    if value is None or (word in ("last", "past") and norms[i - 1 : i] != ["the"]):
        return at, None
    if i >= 2 and norms[i - 1] in ("or", "to", "/") and _value(norms[i - 2]) is not None:
        return i - 2, _value(norms[i - 2])
    if word == "couple" and i and norms[i - 1] == "a":
        return i - 1, value
    if i and value < 10 and norms[i - 1] in _TENS:
        return i - 1, _TENS[norms[i - 1]] + value
    return i, value


def _value(word: str) -> Optional[float]:
    if word.replace(".", "", 1).isdigit():
        return float(word)
    number = _NUMBERS.get(word, _TENS.get(word, _MORE.get(word)))
    return None if number is None else float(number)


def _is_lasting(words: Sequence[Tuple[int, str, str]], start: int, end: int, unit: str) -> bool:
    ends = [at for at in range(start) if words[at][1] in (".", "!", "?")]
    words, shift = words[ends[-1] + 1 :] if ends else words, ends[-1] + 1 if ends else 0
    start, end = start - shift, end - shift
    before = [lemma for _, _, lemma in words[max(0, start - 4) : start]]
    plain = [norm for _, norm, _ in words[max(0, start - 4) : start]]
    after = [norm for _, norm, _ in words[end + 1 : end + 4]]
    near = plain[-1] if plain else ""
    if (
        near in _NOT_HERE
        or near in ("as", "than")
        or near in ("once", "twice", "times", "every", "in")
        or (after and after[0] in ("old", "pregnant", "of", "at", "younger", "apart"))
    ):
        return after[:1] == ["of"] and near not in _NOT_HERE and after[1:2] != ["age"]
    if (
        after
        and after[0] in _BEFORE_ELSE
        and after[1:2] != ["that"]
        or after[:2] in (["on", ","], ["in", "to"], ["on", "my"])
    ):
        return False  # "three weeks after my flight", "two weeks on, my feet began to tingle"
    if after[:1] in (["in"], ["of"]) and {"morning", "mornings"} & set(after):
        return False  # "stiff for half an hour in the mornings"
    if {"ago", "back"} & set(after) and _OVER.intersection([norm for _, norm, _ in words[max(0, start - 9) : start]]):
        return False
    if near == "a" or (after and after[0] in ("a", "time")):
        return False
    most = plain[-2:-1] in (["part"], ["most"], ["side"]) and near == "of"  # "the best part of a year"
    if (
        words[start][1] in ("a", "an")
        and words[min(start + 1, end)][1] != "couple"
        and not most
        and near not in _ANCHORS
        and not (after and after[0] in ("ago", "now", "or", "back"))
    ):
        return False
    if unit in _BRIEF or (unit == "night"):
        return (
            "past" in plain
            or "ago" in after
            or words[start][1] in ("last", "past")
            or "last" in plain
            or (unit == "hour" and near == "for" and not _TRIGGERS.intersection(before) and "when" not in plain)
        )
    triggers = _TRIGGERS if _UNITS[unit][0].startswith("PT") or unit in ("day", "night") else _ROUTINES
    if triggers.intersection(before) and not _STARTED.intersection(before):
        return near in ("past", "last")
    return True


def _iso(number: float, unit: str) -> str:
    shape, factor = _UNITS[unit]
    amount = number * factor
    if amount != int(amount):
        shape, factor = _SMALLER.get(unit, _UNITS[unit])
        amount = round(number * factor)
    return shape.format(int(amount))


def days(iso: str) -> float:
    """Length in days; a month counts as 30.4 and a year as 365 days."""
    timed = iso.startswith("PT")
    number = float(iso.strip("PTHDWMY"))
    letter = iso[-1]
    if timed:
        return number / (24 if letter == "H" else 1440)
    return number * {"D": 1.0, "W": 7.0, "M": 30.4, "Y": 365.0}[letter]
