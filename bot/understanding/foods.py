"""Reads what somebody eats: foods, amounts and how often ("two eggs a day, milk in my tea and fish once a week").

Words are data: names of foods in ``foods.yml``, amounts and how often in ``diet.yml``. Everything is a range, because
people seldom say exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from bot.knowledge.loader import FOLDER, load, read_yaml
from bot.knowledge.schema import Food
from bot.understanding.lab_numbers import alternatives

Range = Tuple[float, float]

# Where one food's amount ends and the next one's begins.
_PARTS = re.compile(
    r"[,;.\n]+(?!\d)|&|\+|\b(?:and(?! chips)|plus|then|also|but"
    r"|(?<!tea )(?<!teas )(?<!coffee )(?<!coffees )with(?! (?:my tea|every)))\b"
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_MEASURE = re.compile(rf"({_NUMBER})\s*(g|ml)\b")


@dataclass(frozen=True)
class Eaten:
    """Food as told. ``foods`` are the ids it may be; ``servings`` are those of ``foods.yml`` in one day."""

    foods: Tuple[str, ...]
    words: str
    servings: Range
    often_said: bool


@dataclass(frozen=True)
class Diet:
    """All that was read. ``avoided`` are ids of foods that are not eaten; ``supplement`` whether B12 is taken."""

    eaten: Tuple[Eaten, ...] = ()
    avoided: Tuple[str, ...] = ()
    supplement: bool = False


@dataclass
class _Part:
    """A stretch of text with at most one way of saying how often."""

    text: str
    end_mark: str
    often: Optional[Range] = None
    often_at: int = -1


class FoodReader:
    """Reads diets. Without arguments it uses the project's knowledge."""

    def __init__(
        self, foods: Optional[Mapping[str, Food]] = None, words: Optional[Mapping[str, object]] = None
    ) -> None:
        self._foods = dict(load().foods if foods is None else foods)
        data: Dict[str, object] = dict(_words() if words is None else words)
        self._names: Dict[str, Tuple[str, ...]] = {
            word.lower(): (food.id,) for food in self._foods.values() for word in food.words
        }
        groups: Mapping[str, Mapping[str, Sequence[str]]] = data["groups"]  # type: ignore[assignment]
        for group in groups.values():
            self._names.update({word: tuple(group["foods"]) for word in group["words"]})
        self._name = _any(self._names)
        self._supplement = _any(data["supplements"])  # type: ignore[arg-type]
        self._none = _any(data["none"])  # type: ignore[arg-type]
        self._none_ends = frozenset(data["none_ends"])  # type: ignore[call-overload]
        self._tells, self._asks_enough = _any(data["tells"]), _any(data["asks_enough"])  # type: ignore[arg-type]
        self._usual = _range(data["usual_portion"])
        self._not_said = _range(data["not_said"])
        self._sizes = [(_any(size["words"]), size) for size in data["sizes"]]  # type: ignore[attr-defined]
        self._numbers: Dict[str, float] = dict(data["numbers"])  # type: ignore[call-overload]
        self._often = _Frequency(data, self._numbers)
        number = "|".join([_NUMBER, *sorted(map(re.escape, self._numbers), key=len, reverse=True)])
        self._count = re.compile(rf"(?<![\w.,])({number})(?:\s*(?:-|to|or)\s*({number}))?(?!\w)")

    def is_told(self, text: str) -> bool:
        """Whether somebody tells what they eat: a question about a food alone tells nothing."""
        return self._tells.search(text.lower().replace("’", "'")) is not None

    def asks_whether_enough(self, text: str) -> bool:
        """Whether somebody asks if they eat enough."""
        return self._asks_enough.search(text.lower().replace("’", "'")) is not None

    def read(self, text: str) -> Diet:
        """The foods in the order told; one food told twice counts twice."""
        plain = re.sub(r"(?<=\d)(?=[a-z])", " ", text.lower().replace("’", "'"))
        supplement = self._supplement.search(plain) is not None
        plain = self._supplement.sub(lambda match: " " * len(match.group()), plain)
        parts = self._parts(plain)
        eaten: List[Eaten] = []
        avoided: List[str] = []
        negated = False
        leading: Optional[Range] = None
        for place, part in enumerate(parts):
            names = list(self._name.finditer(part.text))
            nothing = self._none.search(self._without(part.text, self._often.span(part.text)))
            if nothing:
                negated = True
            elif names and negated and not self._goes_on(parts, place):
                negated = False
            if part.often is not None and (not names or part.often_at < names[0].start()):
                leading = part.often
            for match in names:
                if negated and (nothing is None or nothing.start() < match.start()):
                    avoided += self._names[match.group()]
                else:
                    elsewhere = leading or self._later(parts, place)
                    eaten.append(self._eaten(part.text, match, part.often, elsewhere))
            if part.end_mark in self._none_ends:
                negated = False
        return Diet(tuple(eaten), tuple(dict.fromkeys(avoided)), supplement)

    def _parts(self, text: str) -> List[_Part]:
        """The text cut at commas, "and" and the like."""
        parts: List[_Part] = []
        start = 0
        cuts = [*_PARTS.finditer(text), None]
        for cut in cuts:
            piece = text[start : cut.start() if cut else len(text)]
            often, place = self._often.find(piece)
            parts.append(_Part(piece, cut.group().strip()[:3] if cut else "", often, place))
            start = cut.end() if cut else len(text)
        return parts

    def _goes_on(self, parts: Sequence[_Part], place: int) -> bool:
        """Whether "no meat, fish or eggs" goes on: no new verb or amount in this part."""
        part = parts[place]
        return part.often is None and re.search(r"\b(?:i|we|he|she|they|have|eat|drink|had)\b|\d", part.text) is None

    def _later(self, parts: Sequence[_Part], place: int) -> Optional[Range]:
        """How often, said once at the end of a list: "eggs and cheese every day"."""
        for part in parts[place + 1 :]:
            if parts[place].end_mark in (".", ";", "but"):
                return None
            name = self._name.search(part.text)
            if part.often is not None:
                return part.often if name is None or part.often_at > name.start() else None
            if name is None:
                return None
        return None

    @staticmethod
    def _without(text: str, spans: Sequence[Tuple[int, int]]) -> str:
        """The text with these stretches blanked."""
        for start, end in spans:
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return text

    def _eaten(self, part: str, name: "re.Match[str]", own: Optional[Range], elsewhere: Optional[Range]) -> Eaten:
        """``own`` is how often in the part itself, ``elsewhere`` what the sentence says for all its foods."""
        foods = self._names[name.group()]
        rest = self._without(part, self._often.span(part))
        before = rest[: name.start()]
        previous = [match.end() for match in self._name.finditer(before)]
        own_start = max(previous, default=0)
        following = self._name.search(rest, name.end())
        around = rest[own_start : following.start() if following else len(rest)]
        count = self._amount(before[own_start:])
        size, daily = self._size(around, self._foods[foods[0]])
        if daily and count is None:  # milk in tea: as often as people drink tea
            days = own if own and own[1] < 1 else (1.0, 1.0)
            often: Optional[Range] = (daily[0] * days[0], daily[1] * days[1])
        else:
            often = own or elsewhere
        if size is None:
            size = (1.0, 1.0) if count else self._usual
        low, high = count or (1.0, 1.0)
        least, most = often or self._not_said
        return Eaten(foods, name.group(), (low * size[0] * least, high * size[1] * most), often is not None)

    def _amount(self, before: str) -> Optional[Range]:
        """The number before the food; "a" alone says nothing of the size."""
        matches = [match for match in self._count.finditer(before) if match.group() not in ("a", "an", "some")]
        if not matches:
            return None
        if len(matches) == 2 and matches[0].group() == "half":  # half a dozen
            return (self._value(matches[0].group(1)) * self._value(matches[1].group(1)),) * 2
        low = self._value(matches[-1].group(1))
        high = self._value(matches[-1].group(2)) if matches[-1].group(2) else low
        return (min(low, high), max(low, high))

    def _value(self, word: str) -> float:
        return float(self._numbers[word]) if word in self._numbers else float(word.replace(",", "."))

    def _size(self, around: str, food: Food) -> Tuple[Optional[Range], Optional[Range]]:
        """How large one piece is in servings, and how often it is usual if that goes with it."""
        for pattern, size in self._sizes:
            if pattern.search(around) is None:
                continue
            if "servings" in size:
                return _range(size["servings"]), _range(size["daily"]) if "daily" in size else None
            measured = _MEASURE.search(food.serving)
            wanted = "g" if "grams" in size else "ml"
            if measured and measured.group(2) == wanted:
                servings = float(size.get("grams", size.get("millilitres"))) / float(measured.group(1))
                return (servings, servings), None
        return None, None


class _Frequency:
    """Finds how often something is eaten, in times a day."""

    def __init__(self, data: Mapping[str, object], numbers: Mapping[str, float]) -> None:
        self._phrases: Dict[str, Range] = {
            name: _range(value)
            for name, value in data["how_often"].items()  # type: ignore[attr-defined]
        }
        self._phrase = _any(self._phrases)
        self._periods: Dict[str, float] = dict(data["periods"])  # type: ignore[call-overload]
        self._times: Dict[str, float] = {**numbers, **data["times"]}  # type: ignore[dict-item]
        period, each = alternatives(self._periods), alternatives(data["each"])  # type: ignore[arg-type]
        times = "|".join([_NUMBER, *sorted(map(re.escape, self._times), key=len, reverse=True)])
        number = rf"(?<![\w.,])(?:{times})(?!\w)"
        again = rf"(?:(?P<low>{number})(?:\s*(?:-|to|or)\s*(?P<high>{number}))?\s*(?:times|x|days|nights|mornings)\s*"
        self._regular = re.compile(
            rf"{again}|(?P<plain>once|twice|thrice)(?:\s*(?:or|to)\s*(?P<more>twice|thrice))?\s*)?"
            rf"(?:{each}\s*)?(?:{each}\s*)?(?P<period>{period})"
        )

    def find(self, text: str) -> Tuple[Optional[Range], int]:
        """Times a day and where it is said; ``None`` and -1 if nothing is said."""
        spans = self._matches(text)
        return (spans[0][1], spans[0][0].start()) if spans else (None, -1)

    def span(self, text: str) -> List[Tuple[int, int]]:
        """The stretches of text that say how often."""
        return [match.span() for match, _ in self._matches(text)]

    def _matches(self, text: str) -> "List[Tuple[re.Match[str], Range]]":
        phrase = self._phrase.search(text)
        if phrase:
            return [(phrase, self._phrases[phrase.group()])]
        return [(match, self._rate(match)) for match in self._regular.finditer(text)]

    def _rate(self, match: "re.Match[str]") -> Range:
        days = float(self._periods[match.group("period")])
        low = match.group("low") or match.group("plain")
        high = match.group("high") or match.group("more") or low
        least, most = (self._value(word) if word else 1.0 for word in (low, high))
        return (min(least, most) / days, max(least, most) / days)

    def _value(self, word: str) -> float:
        return float(self._times[word]) if word in self._times else float(word.replace(",", "."))


def _any(words: Sequence[str] | Mapping[str, object]) -> "re.Pattern[str]":
    return re.compile(alternatives([str(word).lower() for word in words]))


def _range(value: object) -> Range:
    assert isinstance(value, list)
    low, high = value
    return float(low), float(high)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, object]:
    data = read_yaml(FOLDER / "diet.yml")
    assert isinstance(data, dict)
    return data
