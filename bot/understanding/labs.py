"""Laboratory results in a message: which test, number, unit, comparator and range of the laboratory.

Names claim the nearest number that can be theirs. A number with a unit of the test may stand further away than a
bare one. Doses, ages, dates, scores, supposed values and thresholds only asked about are left out.
Words are data (``lab_words.yml``), as are names and units (``labs.yml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from rapidfuzz import fuzz

from bot.knowledge import lab_bands
from bot.knowledge.loader import FOLDER, KnowledgeError, load, read_yaml
from bot.knowledge.schema import LabAnalyte
from bot.understanding.lab_context import Context
from bot.understanding.lab_dates import DateReader
from bot.understanding.lab_numbers import Number, NumberReader, alternatives
from bot.understanding.lab_units import UnitReader
from bot.understanding.mentions import Mention, Span

OTHER = "other"  # a test of the report that is not read; it claims its own number
ANTIBODY = "intrinsic_factor_antibody"
SAME_VALUE = 0.03  # relative difference up to which "180 ng/L (133 pmol/L)" is one result
FUZZY_LENGTH, FUZZY_SCORE = 7, 88  # shorter names are too close to everyday words


@dataclass(frozen=True)
class Name:
    """A test named in the text."""

    analyte: str
    start: int
    end: int


@dataclass(frozen=True)
class Own:
    """The laboratory's own range in the text; an open upper end is ``None``."""

    start: int
    end: int
    low: float
    high: Optional[float]


@dataclass(frozen=True)
class Found:
    """A number that belongs to a name."""

    name: Name
    number: Number
    unit: Optional[str]
    end: int


def _spaced(name: str) -> str:
    return re.escape(name).replace(r"\-", r"[\-\s]?").replace(r"\ ", r"[\s\-]+")


class LabReader:
    """Reads laboratory results. Without arguments it uses the project's knowledge."""

    def __init__(
        self, analytes: Optional[Mapping[str, LabAnalyte]] = None, words: Optional[Mapping[str, object]] = None
    ) -> None:
        self._analytes = dict(analytes if analytes is not None else load().labs)
        self._words = dict(words) if words is not None else _words()
        self._units = UnitReader(self._analytes)
        self._numbers = NumberReader(self._words)
        self._context = Context(self._words)
        self._by_name: Dict[str, str] = {name: OTHER for name in self._list("other_tests")}
        self._by_name.update({name.lower(): a.id for a in self._analytes.values() for name in a.names})
        ordered = sorted(self._by_name, key=len, reverse=True)
        self._name_patterns = [(re.compile(_spaced(name), re.IGNORECASE), self._by_name[name]) for name in ordered]
        union = "|".join(_spaced(name) for name in ordered)
        self._any_name = re.compile(rf"(?<![A-Za-z0-9])(?:{union})(?:['’]?s)?(?![A-Za-z0-9])", re.IGNORECASE)
        self._fuzzy = [name for name in ordered if " " not in name and len(name) >= FUZZY_LENGTH]
        self._positive = re.compile(alternatives(self._list("positive")), re.IGNORECASE)
        self._negative = re.compile(alternatives(self._list("negative")), re.IGNORECASE)
        self._asked = re.compile(alternatives(self._list("asked_only")), re.IGNORECASE)
        self._own = re.compile(alternatives(self._list("own")), re.IGNORECASE)
        self._nameless = re.compile(alternatives(self._list("nameless")), re.IGNORECASE)
        self._corrects = re.compile(
            rf"[\s,.;:–-]*(?:{alternatives(self._list('put_right'))}[\s,.;:–-]*)+", re.IGNORECASE
        )
        self._dates = DateReader(self._words)

    def _list(self, key: str) -> List[str]:
        return list(self._words[key])  # type: ignore[call-overload]

    # --- what others call ------------------------------------------------------------------------

    def read(self, text: str) -> List[Mention]:
        """The results in the order in which they stand."""
        names = self._names(text) or self._unnamed(text)
        if not any(name.analyte != OTHER for name in names):
            return []
        numbers = self._numbers.read(text, [(name.start, name.end) for name in names], self._dates.spans(text))
        ranges, numbers = self._ranges(text, names, self._countable(text, numbers))
        found = self._assign(text, names, numbers)
        found = self._share_units(text, names, found)
        found = self._put_right(text, [item for item in found if item.name.analyte != OTHER])
        found = self._distinct(found)
        dates = self._dates_of(text, found)
        mentions = [self._mention(text, item, self._range_of(item, found, ranges), dates.get(item)) for item in found]
        with_number = {item.name.analyte for item in found}
        mentions = self._settle_antibody(text, names, mentions, ANTIBODY in with_number)
        return sorted(mentions, key=lambda mention: mention.start)

    def read_unit_answer(self, text: str, analyte: Optional[str] = None) -> Optional[str]:
        """The unit named in a reply to the question for the unit, or ``None``."""
        return self._units.answer(text, analyte)

    def usual_units(self, analyte: str) -> Tuple[str, ...]:
        """The units to offer for the analyte."""
        return self._units.usual(analyte)

    # --- finding the parts -------------------------------------------------------------------------

    def _names(self, text: str) -> List[Name]:
        names: List[Name] = []
        for match in self._any_name.finditer(text):
            analyte = next(a for pattern, a in self._name_patterns if pattern.match(text, match.start()))
            last = names[-1] if names else None
            between = text[last.end : match.start()] if last else "?"
            if last is not None and last.analyte == analyte and re.fullmatch(r"[\s(,:/\-]*", between):
                names[-1] = Name(analyte, last.start, match.end())  # MMA (methylmalonic acid)
            else:
                names.append(Name(analyte, match.start(), match.end()))
        for match in re.finditer(rf"[A-Za-z]{{{FUZZY_LENGTH},}}", text):
            if any(name.start < match.end() and match.start() < name.end for name in names):
                continue
            word = match.group().lower()
            best = max(self._fuzzy, key=lambda name: fuzz.ratio(word, name))
            if fuzz.ratio(word, best) >= FUZZY_SCORE:
                names.append(Name(self._by_name[best], match.start(), match.end()))
        return sorted(names, key=lambda name: name.start)

    def _unnamed(self, text: str) -> List[Name]:
        """ "Mine was 167 pg/mL": the words that stand for the name of the test that only this unit belongs to."""
        units: Mapping[str, Sequence[str]] = self._words["nameless_units"]  # type: ignore[assignment]
        for analyte, names in units.items():
            stands = [start for name, start, _ in self._units.named_in(text, analyte) if name in names]
            cues = [match for match in self._nameless.finditer(text) if stands and match.end() <= stands[0]]
            if cues:
                return [Name(analyte, cues[-1].start(), cues[-1].end())]
        return []

    def _countable(self, text: str, numbers: Sequence[Number]) -> List[Number]:
        """Numbers that do not count something else; a range of such ("2-3 weeks") goes as a whole."""
        kept: List[Number] = []
        for number in reversed(numbers):
            unit = self._units.at(text, number.end)
            following = numbers[numbers.index(number) + 1] if number is not numbers[-1] else None
            joined = following is not None and re.fullmatch(r"\s?(?:-|–|to|or)\s?", text[number.end : following.start])
            if joined and following not in kept:
                continue
            if self._context.is_amount(text, number, unit is not None and unit[0] != "%"):
                kept.insert(0, number)
        return kept

    def _ranges(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> Tuple[List[Own], List[Number]]:
        """Ranges of the laboratory, and the numbers that are left."""
        ranges: List[Own] = []
        left: List[Number] = []
        index = 0
        while index < len(numbers):
            number = numbers[index]
            following = numbers[index + 1] if index + 1 < len(numbers) else None
            since = max([name.end for name in names if name.end <= number.start] + [0])
            has_result = any(since <= other.start for other in left)
            if following is not None and self._is_range(text, number, following, has_result):
                unit = self._units.at(text, following.end)
                ranges.append(Own(number.start, unit[1] if unit else following.end, number.value, following.value))
                index += 2
                continue
            if following is not None and self._is_vague(text, number, following):
                index += 2
                continue
            kind = self._context.limit(text, number, has_result)
            if kind == "range" and number.comparator:
                low, high = (0.0, number.value) if number.comparator == "<" else (number.value, None)
                ranges.append(Own(number.start, number.end, low, high))
            elif kind is None:
                left.append(number)
            index += 1
        return ranges, left

    def _is_range(self, text: str, low: Number, high: Number, has_result: bool) -> bool:
        unit = self._units.at(text, low.end)
        between = text[unit[1] if unit else low.end : high.start]
        if low.value >= high.value or low.comparator or high.comparator:
            return False
        return self._context.is_range(text, low, high, between, has_result, self._units.at(text, high.end))

    @staticmethod
    def _is_vague(text: str, low: Number, high: Number) -> bool:
        """ "around 150-200" is neither a result nor a range of the laboratory."""
        between = text[low.end : high.start]
        return low.value < high.value and re.fullmatch(r"\s?[-–—]\s?", between) is not None

    # --- which number belongs to which name ----------------------------------------------------------

    def _assign(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        listed = self._listed(text, names, numbers)
        found = list(listed)
        used = {item.number for item in listed}
        for number in numbers:
            if number in used:
                continue
            left = next((name for name in reversed(names) if name.end <= number.start), None)
            right = self._name_after(text, names, number)
            previous = next((item for item in reversed(found) if left is not None and item.name == left), None)
            if right is not None and (left is None or previous or not self._belongs(text, left, number, previous)):
                chosen: Optional[Name] = right
            elif left is not None and self._belongs(text, left, number, previous):
                chosen = left
            else:
                chosen = None
            if chosen is None or self._context.is_supposed(text, chosen.start, chosen.end, number):
                continue
            item = self._with_unit(text, chosen, number)
            if item is not None:
                found.append(item)
        return sorted(found, key=lambda item: item.number.start)

    def _with_unit(self, text: str, name: Name, number: Number) -> Optional[Found]:
        if name.analyte == OTHER:
            return Found(name, number, None, number.end)
        unit = self._units.at(text, number.end, name.analyte)
        if unit is not None:
            return Found(name, number, unit[0], unit[1])
        if re.match(r"\s?%", text[number.end :]):
            return None
        return Found(name, number, None, number.end)

    def _name_after(self, text: str, names: Sequence[Name], number: Number) -> Optional[Name]:
        unit = self._units.at(text, number.end)
        end = unit[1] if unit else number.end
        right = next((name for name in names if name.start >= end), None)
        if right is None or not self._context.leads_to_name(text[end : right.start]):
            return None
        after = self._context.medicine_follows(text, right.end)
        return None if after and unit is None else right

    def _belongs(self, text: str, name: Name, number: Number, previous: Optional[Found]) -> bool:
        """Whether the number can be the name's, given what stands between them."""
        analyte = None if name.analyte == OTHER else name.analyte
        unit = self._units.at(text, number.end, analyte) if analyte else None
        known = lab_bands.unit_named(self._analytes[analyte], unit[0]) if analyte and unit else None
        has_unit = known is not None and not known.slip
        start = previous.end if previous else name.end
        gap = text[start : number.start]
        for unit_start, unit_end in reversed(self._units.spans(gap)):
            gap = gap[:unit_start] + gap[unit_end:]
        if not has_unit and self._context.is_taken(text, name.start, name.end):
            return False
        return self._context.bridges(gap, has_unit, number.spelled, again=previous is not None)

    def _listed(self, text: str, names: Sequence[Name], numbers: Sequence[Number]) -> List[Found]:
        """ "B12 and folate were 180 and 2.1": as many numbers as names, in the same order."""
        found: List[Found] = []
        join = re.compile(r"\s*(?:,|&|/|\band\b|,\s*and\b)\s*(?:my\s+|serum\s+)?", re.IGNORECASE)
        index = 0
        while index < len(names):
            group = [names[index]]
            for name in names[index + 1 :]:
                if not join.fullmatch(text, group[-1].end, name.start):
                    break
                group.append(name)
            index += len(group)
            stop = names[index].start if index < len(names) else len(text)
            values = [number for number in numbers if group[-1].end <= number.start < stop]
            ends = [self._with_unit(text, name, number) for name, number in zip(group, values)]
            if len(group) < 2 or len(values) != len(group) or any(end is None for end in ends):
                continue
            gaps = [text[first.end : second.number.start] for first, second in zip(ends, ends[1:])]  # type: ignore[union-attr]
            if all(join.fullmatch(gap) for gap in gaps):
                found += [item for item in ends if item is not None]
        return found

    def _share_units(self, text: str, names: Sequence[Name], found: Sequence[Found]) -> List[Found]:
        """Units that stand apart from their number: before it, behind its range, or in the next sentence."""
        attached = [(item.number.start, item.end) for item in found]
        result: List[Found] = []
        for position, item in enumerate(found):
            if item.unit is not None or item.name.analyte == OTHER:
                result.append(item)
                continue
            same = [
                other.unit
                for other in [*found[position + 1 :], *found[:position]]
                if other.name == item.name and other.unit
            ]
            units = self._units.named_in(text, item.name.analyte)
            free = [u for u in units if not any(start <= u[1] < end for start, end in attached)]
            later = [name.start for name in names if name.start > max(item.end, item.name.end)]
            near = [u for u in free if item.name.start <= u[1] < (min(later) if later else len(text))]
            result.append(replace(item, unit=(near[0][0] if near else None) or next(iter(same), None)))
        return result

    def _range_of(self, item: Found, found: Sequence[Found], ranges: Sequence[Own]) -> Optional[Own]:
        """The range that stands nearest behind the number, or before it where it is the only result."""
        following = min((o.number.start for o in found if o.number.start > item.number.start), default=None)
        behind = [
            own for own in ranges if own.start >= item.number.end and (following is None or own.start < following)
        ]
        if behind:
            return behind[0]
        return ranges[0] if len(found) == 1 and ranges else None

    def _put_right(self, text: str, found: Sequence[Found]) -> List[Found]:
        """Without a number that the next one of the same test takes back: "210, no sorry 120"."""
        return [
            item
            for item, following in zip(found, [*found[1:], None])
            if following is None
            or item.name.analyte != following.name.analyte
            or not self._corrects.fullmatch(text, item.end, following.number.start)
        ]

    def _distinct(self, found: Sequence[Found]) -> List[Found]:
        """Without repetitions, and without the same value in a second unit."""
        kept: List[Found] = []
        for item in found:
            if not any(self._same_value(item, other) for other in kept if other.name.analyte == item.name.analyte):
                kept.append(item)
        return kept

    def _same_value(self, item: Found, other: Found) -> bool:
        if item.number.value == other.number.value and (item.unit is None or item.unit == other.unit):
            return True
        if item.unit is None or other.unit is None or item.unit == other.unit:
            return False
        analyte = self._analytes[item.name.analyte]
        first, second = (lab_bands.convert(analyte, i.number.value, str(i.unit)) for i in (item, other))
        return abs(first - second) <= SAME_VALUE * max(first, second)

    # --- the mention -----------------------------------------------------------------------------

    def _dates_of(self, text: str, found: Sequence[Found]) -> Dict[Found, str]:
        """When the sample of each result was taken, where that was said."""
        spans = [(item.number.start, item.end) for item in found]
        dates = [self._dates.of(text, span, [other for other in spans if other != span]) for span in spans]
        return {item: date for item, date in zip(found, dates) if date}

    def _mention(self, text: str, item: Found, own: Optional[Own], when: Optional[str]) -> Mention:
        analyte = self._analytes[item.name.analyte]
        value = item.number.value
        own_range = [own.low, own.high] if own else None
        unit = item.unit or lab_bands.supplied_unit(analyte, value)
        band = lab_bands.band(analyte, value, unit, item.number.comparator, own_range)
        if unit is None and not lab_bands.may_be_meant(analyte, value):
            band = lab_bands.IMPLAUSIBLE
        extra: Dict[str, object] = {"number": int(value) if value == int(value) else value, "unit": unit, "band": band}
        if item.number.comparator:
            extra["comparator"] = item.number.comparator
        if own_range:
            extra["lab_range"] = own_range
        if when:
            extra["when"] = when
        if unit is not None:
            extra["canonical"] = {"number": lab_bands.convert(analyte, value, unit), "unit": analyte.canonical_unit}
        start, end = min(item.name.start, item.number.start), max(item.name.end, item.end)
        return Mention(
            entity="lab_result",
            value=analyte.id,
            start=start,
            end=end,
            status=self._context.status(text, item.name.start, start, end),
            extra=extra,
        )

    def _settle_antibody(
        self, text: str, names: Sequence[Name], mentions: List[Mention], has_number: bool
    ) -> List[Mention]:
        """The antibody test is reported in words; a word also settles a number without a range."""
        for name in names:
            if name.analyte != ANTIBODY:
                continue
            worded = self._antibody_word(text, name)
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

    def _antibody_word(self, text: str, name: Name) -> Optional[Tuple[str, int, int]]:
        clause_start, clause_end = self._context.sentence(text, name.start, name.end)
        before, after = text[clause_start : name.start], text[name.end : clause_end]
        if self._asked.search(before) and not self._own.search(text[clause_start:clause_end]):
            return None
        spans: List[Tuple[int, int, str, Span]] = []
        for pattern, band in ((self._negative, "normal"), (self._positive, "raised")):
            for match in pattern.finditer(after):
                spans.append((match.start(), -len(match.group()), band, (name.start, name.end + match.end())))
            for match in pattern.finditer(before[-40:]):
                start = name.start - len(before[-40:]) + match.start()
                spans.append((name.start - start, -len(match.group()), band, (start, name.end)))
        if not spans:
            return None
        _, _, band, (start, end) = min(spans)
        return band, start, end


def _words() -> Dict[str, object]:
    words = read_yaml(FOLDER / "lab_words.yml")
    if not isinstance(words, dict):
        raise KnowledgeError("lab_words.yml: a mapping is expected")
    return words
