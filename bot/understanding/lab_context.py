"""What the words around a number say about it: amount, range, supposition, whose and when."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from bot.knowledge.loader import read_yaml
from bot.understanding.lab_numbers import Number, alternatives
from bot.understanding.spelling import LANGUAGE

BARE_GAP, UNIT_GAP, AGAIN_GAP = 14, 26, 20  # words that may stand between a name and its number
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’\-]*|[:=(]")
_STOP = re.compile(r"[.!?;](?=\s|$)|\n{2,}")
_CLAUSE_BREAK = re.compile(r"[.!?;\n]\s|,\s*(?:but|and|so)\s|\bbut\s")
_DAY_OR_YEAR = re.compile(r"(?:19|20)\d\d|\d{1,2}")
_PLACEHOLDER = re.compile(r"<(\w+)>")
_SMALL = 13  # spelled numbers below this are too often "one of" or "two" of something


def compiled(path: Path, words: Mapping[str, object]) -> Dict[str, "re.Pattern[str]"]:
    """The patterns of the file by name, with the lists of ``words`` in place of their names."""
    table = read_yaml(path)
    assert isinstance(table, dict)

    def listed(name: "re.Match[str]") -> str:
        return alternatives(words[name.group(1)])  # type: ignore[arg-type]

    return {name: re.compile(_PLACEHOLDER.sub(listed, text), re.IGNORECASE) for name, text in table.items()}


class Context:
    """Judges numbers by their surroundings: the patterns of ``path``, the lists of ``words`` (``lab_words.yml``)."""

    def __init__(self, words: Mapping[str, object], path: Path = LANGUAGE / "lab_patterns.yml") -> None:
        self._says = compiled(path, words)
        self._filler, self._linking, self._towards = (
            {word.lower() for word in words[key]}  # type: ignore[attr-defined]
            for key in ("filler", "linking", "towards_name")
        )

    # --- sentences and clauses -----------------------------------------------------------------------

    @staticmethod
    def sentence(text: str, start: int, end: int) -> Tuple[int, int]:
        """The sentence around the offsets."""
        begin = max([match.end() for match in _STOP.finditer(text, 0, start)] + [0])
        stop = _STOP.search(text, end)
        return begin, stop.start() if stop else len(text)

    @staticmethod
    def _clause_start(text: str, start: int) -> int:
        return max([match.end() for match in _CLAUSE_BREAK.finditer(text[:start])] + [0])

    # --- numbers -----------------------------------------------------------------------------------

    def is_amount(self, text: str, number: Number, has_unit: bool) -> bool:
        """Whether the number may be a measured value, not an age, a dose or a count."""
        if has_unit:
            return True
        after = text[number.end :]
        if self._says["glued"].match(after) and not number.spelled:
            return False
        if self._says["other_after"].match(after):
            return False
        if (
            number.spelled
            and number.value < _SMALL
            and number.value == int(number.value)
            and self._says["counted"].match(after)
        ):
            return False
        before = text[: number.start]
        return not self._says["other_before"].search(before[-24:])

    def is_range(
        self,
        text: str,
        low: Number,
        high: Number,
        between: str,
        has_result: bool,
        unit: Optional[Tuple[str, int]],
    ) -> bool:
        """Whether two numbers are the ends of a usual range."""
        joined = self._says["joined"].fullmatch(between)
        before = text[max(0, low.start - 60) : low.start]
        if self._says["and"].fullmatch(between):
            return bool(self._says["between"].search(before))
        if (
            has_result
            and self._says["columns"].search(text[: low.start])
            and self._says["next_column"].fullmatch(between)
        ):
            return True
        if not joined:
            return False
        after = text[unit[1] if unit else high.end :]
        if (
            self._says["range_cue"].search(before)
            or self._says["range_after"].match(after)
            or any(self._says[name].search(before) for name in ("opens", "between"))
        ):
            return True
        return has_result and not self._says["from"].search(before)

    def is_rough(self, before: str, between: str) -> bool:
        """Whether two numbers are a guess: "around 200 to 220"."""
        return bool(self._says["roughly"].search(before[-24:]) and self._says["or"].fullmatch(between))

    def limit(self, text: str, number: Number, has_result: bool) -> Optional[str]:
        """``<`` or ``>`` for a limit of what is usual on that side, empty without a side, ``None`` for no limit."""
        before = text[max(0, number.start - 60) : number.start]
        cue = self._says["range_cue"].search(before)
        bare = self._says["bare_normal"].search(before if has_result else before.rstrip(" (["))
        if cue and not (bare and number.comparator is None):
            return number.comparator or self._side(before)
        if number.comparator == "<" and has_result and self._says["called_low"].search(before):
            return ">"
        if number.comparator and has_result and self._says["opens_limit"].search(before):
            return number.comparator
        return None

    def _side(self, before: str) -> str:
        """``<`` or ``>`` where the words before a limit say on which side of it the usual values lie, else empty."""
        if self._says["starts_at"].search(before):
            return ">"
        return "<" if self._says["ends_at"].search(before) else ""

    # --- names and numbers --------------------------------------------------------------------------

    def is_taken(self, text: str, start: int, end: int) -> bool:
        """Whether the name is what somebody swallows or gets injected."""
        if self._says["supplements"].search(text[slice(*self.sentence(text, start, end))]):
            return True
        return bool(self._says["taken"].search(text[max(0, start - 40) : start])) or self.medicine_follows(text, end)

    def medicine_follows(self, text: str, end: int) -> bool:
        """Whether "tablets", "injections" or the like follow the name directly."""
        return bool(self._says["medicine"].match(text[end:].lstrip()))

    def leads_to_name(self, gap: str) -> bool:
        """Whether only linking words stand between a number and the name behind it."""
        words = _WORD.findall(gap.lower())
        return (
            len(words) <= 5
            and not re.search(r"[.;\n]" if words else r"[,.;\n]", gap)
            and all(word in self._towards for word in words if word != "(")
        )

    def bridges(self, gap: str, has_unit: bool, spelled: bool, again: bool) -> bool:
        """Whether a name reaches over the gap to a number. ``again``: the name has a number already."""
        gap = self._says["such"].sub("", gap)
        words = [word.replace("’", "'") for word in _WORD.findall(gap.lower())]
        plain = [word for word in words if word not in ":=("]
        filler = all(word in self._filler or _DAY_OR_YEAR.fullmatch(word) for word in plain)
        if again:
            told = (
                has_unit
                or (filler and bool(plain))
                or (self._says["this_time"].search(gap) is not None and _STOP.search(gap) is None)
            )
            return len(plain) <= AGAIN_GAP and told
        if has_unit or filler:
            return len(plain) <= UNIT_GAP
        broken = _STOP.search(gap) is not None
        if self._says["limits_follow"].match(gap) and not self._says["own"].search(gap):
            return False
        linked = bool(words) and words[-1] in self._linking
        return len(plain) <= BARE_GAP and linked and not broken and not self._says["medicine"].search(gap)

    def is_supposed(self, text: str, name_start: int, name_end: int, number: Number) -> bool:
        """Whether the value is only asked about, wished, supposed or a limit in general."""
        first = min(name_start, number.start)
        start = self._clause_start(text, first)
        before, lead, after = text[start:first], text[start : number.start], text[number.end :]
        claimed = self._says["own_after"].search(text, number.end, number.end + 60) is not None
        own = claimed or bool(self._says["own"].search(text[start : max(name_start, number.start)]))
        doubted = number.comparator is None and self._says["doubted"].search(before)
        mine = self._is_mine(text, start, name_start, name_end, number)
        if self._says["conditional"].search(before) and not (doubted or mine):
            return True
        if self._says["asked_for"].search(lead) or self._says["limit_after"].match(after):
            return True
        sentence = text[self.sentence(text, number.start, number.end)[0] : number.start]
        between = text[name_end : number.start] if name_end <= number.start else ""
        if not claimed and self._is_asked(sentence, between):
            return True
        if self._says["asks_why"].search(sentence) and self._says["generic_after"].match(after):
            return True
        supposed = self._says["supposed"].search(lead)
        if supposed and not self._says["own"].search(supposed.group()):
            return True
        return not own and self._is_generic(text, start, name_start, number)

    def _is_asked(self, sentence: str, between: str) -> bool:
        """Whether the words before a number ask, and call neither name nor number one's own."""
        if self._says["own"].search(sentence):
            return False
        asks_how = self._says["asks_how"].search(sentence) and not self._says["directly"].fullmatch(between)
        return bool(asks_how) or self._in_general(sentence)

    def _is_generic(self, text: str, start: int, name_start: int, number: Number) -> bool:
        """ "Anything under 200 is low", "a B12 of 180 can mean ...": said of people in general."""
        lead, after = text[start : number.start], text[number.end :]
        if self._says["generic"].search(lead) or (number.comparator and self._says["generic_plural"].search(lead)):
            return True
        if not (number.comparator or self._says["indefinite"].search(text[start:name_start])):
            return False
        return bool(self._says["generic_after"].match(after)) or self._is_question(text, start, number.end)

    def is_code(self, text: str, start: int, gap: str) -> bool:
        """Whether a name and the bare number behind it make up a reference: "my order B12-4471", "B12/4471"."""
        referred = self._says["reference"].search(text[max(0, start - 40) : start])
        return gap == "/" or bool(referred and self._says["code"].fullmatch(gap))

    def is_reading(self, text: str, number: Number) -> bool:
        """Whether the words before the number say that it is a result, without naming the test."""
        return self._told_by(("reading",), text, number)

    def is_another(self, text: str, number: Number) -> bool:
        """Whether a number with a unit is one more result of the test: someone else's, or of another day."""
        return self._told_by(("reading", "whose", "dated"), text, number)

    def _told_by(self, names: Sequence[str], text: str, number: Number) -> bool:
        before = text[max(0, number.start - 40) : number.start]
        return any(self._says[name].search(before) for name in names)

    def is_told(self, text: str, name_start: int, name_end: int, number: Number) -> bool:
        """Whether the sentence of the number tells something, or name or number are said to be one's own."""
        start, end = self.sentence(text, number.start, number.end)
        named = self.sentence(text, name_start, name_end)
        own = (
            self._says["own_after"].search(text, number.end, number.end + 60)
            or self._says["own"].search(text[start:end])
            or self._says["own"].search(text[named[0] : named[1]])
        )
        return bool(own) or not self._is_question(text, start, number.end)

    def _in_general(self, lead: str) -> bool:
        """ "Which level is low, 200 or 300", "the guideline says 180": no result of anybody."""
        return bool(
            self._says["authority"].search(lead)
            or (
                self._says["question"].search(lead)
                and (self._says["judged"].search(lead) or self._says["you"].search(lead))
            )
        )

    def _is_mine(self, text: str, clause_start: int, name_start: int, name_end: int, number: Number) -> bool:
        """ "Do I need injections if my B12 is 150?" tells a result; "if my B12 was ..., would I" supposes one."""
        before, between = text[clause_start:name_start], text[name_end : number.start]
        asked_first = self._says["asks_if_mine"].search(before)
        what_if = self._says["asks_what_if"].search(before)
        is_now = self._says["is_now"].fullmatch(between)
        return bool(asked_first and not what_if and is_now and number.comparator is None)

    def _is_question(self, text: str, start: int, end: int) -> bool:
        stop = re.search(r"[.!?\n]", text[end:])
        asks = stop is not None and stop.group() == "?"
        return asks or bool(self._says["question"].search(text[start:end]))

    def status(self, text: str, name_start: int, start: int, end: int) -> Optional[str]:
        """``other_person`` or ``past`` where the words right beside the result say so."""
        if self._says["relative"].search(text[max(0, name_start - 40) : name_start]):
            return "other_person"
        clause_start = self._clause_start(text, start)
        following = re.match(r"[^.!?;,\n]{0,30}?(?=\s(?:and|then|but|now)\b|[.!?;,\n]|$)", text[end:])
        around: List[str] = [text[clause_start:start], following.group() if following else ""]
        return (
            "past"
            if any(self._says["then"].search(part) and not self._says["now"].search(part) for part in around)
            else None
        )
