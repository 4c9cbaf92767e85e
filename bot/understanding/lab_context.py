"""What the words around a number say about it: amount, range, supposition, whose and when."""

from __future__ import annotations

import re
from typing import List, Mapping, Optional, Set, Tuple

from bot.understanding.lab_numbers import Number, alternatives

BARE_GAP, UNIT_GAP, AGAIN_GAP = 14, 26, 20  # words that may stand between a name and its number
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’\-]*|[:=(]")
_STOP = re.compile(r"[.!?;](?=\s|$)|\n{2,}")
_STARTS = re.compile(r"\b(?:from|(?:starts?|begins?) (?:at|from))\s*$", re.IGNORECASE)
_ENDS = re.compile(r"\bto\s*$", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:now|today|currently|this time)\W*(?:(?:it's|its|is|at|only|down to|up to)\W*)?$", re.IGNORECASE
)
_DIRECT = re.compile(r"\W*(?:(?:is|was|of|at|level|result|reading|came|back)\W*)*", re.IGNORECASE)
_YOU = re.compile(r"\b(?:your|(?:can|do|could) you (?:have|be|get))\b", re.IGNORECASE)
_A_SUCH = re.compile(r"\ban?\s+[a-z]+\s*$", re.IGNORECASE)  # "a healthy 14.2"
_SMALL = 13  # spelled numbers below this are too often "one of" or "two" of something


class Context:
    """Judges numbers by their surroundings; ``words`` are the lists of ``lab_words.yml``."""

    def __init__(self, words: Mapping[str, object]) -> None:
        def any_of(key: str) -> str:
            return alternatives(words[key])  # type: ignore[arg-type]

        def find(pattern: str) -> "re.Pattern[str]":
            return re.compile(pattern, re.IGNORECASE)

        self._other_after = find(rf"[\s\-]*{any_of('other_after')}")
        self._other_before = find(rf"{any_of('other_before')}\s*$")
        self._taken = find(rf"{any_of('taken')}\s+(?:\w+\s+){{0,2}}$")
        self._medicine = find(any_of("medicine"))
        self._filler: Set[str] = {word.lower() for word in words["filler"]}  # type: ignore[attr-defined]
        self._linking: Set[str] = {word.lower() for word in words["linking"]}  # type: ignore[attr-defined]
        self._towards: Set[str] = {word.lower() for word in words["towards_name"]}  # type: ignore[attr-defined]
        link = any_of("range_link")
        self._cue = find(rf"{any_of('range_cue')}[\s:=(\[]*(?:{link}[\s:=(\[]*){{0,5}}$")
        self._asks_why = find(r"^\W*(?:so|and|but)?\W*(?:who|why|where|which|when|since when|how come)\b")
        self._called_low = find(rf"{any_of('called_low')}[\s:=]*(?:(?:is|if|when|means|at)\s+)?$")
        self._doubted = find(rf"{any_of('doubted')}\s+(?:if|whether)\s+(?:[\w'’]+\s+){{0,4}}$")
        self._supplements = find(any_of("supplements"))
        self._how = find(r"^\W*(?:(?:so|and|but|hi|hello)\W+)?(?:when|what|which|how|can|could|does|do|would|should)\b")
        self._limits_follow = find(rf"\W*(?:reference\W+)?{any_of('limits_follow')}")
        self._own_after = find(any_of("own_after"))
        self._reading = find(rf"{any_of('nameless')}(?:['’]s)?\s+(?:(?:is|was|of|at|only|just|about)\s+)*$")
        self._columns = find(
            r"\b(?:low|lower|min|minimum|from)\b[^\n\d]{1,12}\b(?:high|higher|upper|max|maximum|to)\b[^\n\d]*\n"
        )
        self._bare_normal = find(r"\b(?:normal(?:ly)?|healthy)\s*$")
        self._range_after = find(rf"\s*[)\]]?\s*,?\s*{any_of('range_after')}")
        self._supposed = find(rf"{any_of('supposed')}(?:[\s\w'’<>=,]{{0,30}})$")
        self._asked_for = find(any_of("asked_for"))
        self._own = find(rf"(?!\w+\s+{any_of('clinicians')}){any_of('own')}")
        self._question = find(rf"^\W*(?:(?:so|and|but|hi|hello|well|ok)\W+)?{any_of('question_start')}")
        self._indefinite = find(r"\b(?:an?|any)\s+(?:\w+\s+){0,2}$")
        self._generic = find(any_of("generic_subject"))
        self._generic_plural = find(any_of("generic_plural"))
        self._generic_after = find(rf"[\s\w/%]{{0,16}}?{any_of('generic_after')}")
        self._limit_after = find(
            rf"[\s\w/%]{{0,16}}?\b(?:is|as|was|for|being)\s+(?:the|their|a|its|your|our)\s+(?:\w+\s+)?{any_of('limit_words')}"
        )
        self._authority = find(any_of("authority"))
        self._judged = find(any_of("judged"))
        self._conditional = find(rf"(?:{any_of('conditional')}|^\W*(?:(?:so|ok|and)\W+)?say)\s+(?:[\w'’]+\s+){{0,4}}$")
        self._relative = find(
            rf"{any_of('relatives')}['’]?s?\s+(?:\w+\s+){{0,2}}$|{any_of('others')}\s+(?:\w+\s+){{0,2}}$"
        )
        self._now = find(any_of("now"))
        self._then = find(rf"{any_of('then')}|\b(?:in|back in)\s+(?:19|20)\d\d\b")

    # --- sentences and clauses -----------------------------------------------------------------------

    @staticmethod
    def sentence(text: str, start: int, end: int) -> Tuple[int, int]:
        """The sentence around the offsets."""
        begin = max([match.end() for match in _STOP.finditer(text, 0, start)] + [0])
        stop = _STOP.search(text, end)
        return begin, stop.start() if stop else len(text)

    @staticmethod
    def _clause_start(text: str, start: int) -> int:
        breaks = re.finditer(r"[.!?;\n]\s|,\s*(?:but|and|so)\s|\bbut\s", text[:start])
        return max([match.end() for match in breaks] + [0])

    # --- numbers -----------------------------------------------------------------------------------

    def is_amount(self, text: str, number: Number, has_unit: bool) -> bool:
        """Whether the number may be a measured value, not an age, a dose or a count."""
        if has_unit:
            return True
        after = text[number.end :]
        if re.match(r"(?!ish\b)[A-Za-z]", after) and not number.spelled:
            return False
        if self._other_after.match(after):
            return False
        if (
            number.spelled
            and number.value < _SMALL
            and number.value == int(number.value)
            and re.match(r"\s*[a-z]", after)
        ):
            return False
        before = text[: number.start]
        return not self._other_before.search(before[-24:])

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
        joined = re.fullmatch(r"\s*(?:-|–|—|to|until|up to|through|till)\s*", between, re.IGNORECASE)
        before = text[max(0, low.start - 60) : low.start]
        if re.fullmatch(r"\s*and\s*", between, re.IGNORECASE):
            return bool(re.search(r"\bbetween\s*$", before, re.IGNORECASE))
        if has_result and self._columns.search(text[: low.start]) and re.fullmatch(r"\s*[|;,\t]\s*|\s{2,}", between):
            return True
        if not joined:
            return False
        after = text[unit[1] if unit else high.end :]
        if self._cue.search(before) or self._range_after.match(after) or re.search(r"[(\[]\s*$|\bbetween\s*$", before):
            return True
        return has_result and not re.search(r"\bfrom\s*$", before, re.IGNORECASE)

    def limit(self, text: str, number: Number, has_result: bool) -> Optional[str]:
        """``<`` or ``>`` for a limit of what is usual on that side, empty without a side, ``None`` for no limit."""
        before = text[max(0, number.start - 60) : number.start]
        cue = self._cue.search(before)
        bare = self._bare_normal.search(before if has_result else before.rstrip(" (["))
        if cue and not (bare and number.comparator is None):
            return number.comparator or (">" if _STARTS.search(before) else "<" if _ENDS.search(before) else "")
        if number.comparator == "<" and has_result and self._called_low.search(before):
            return ">"
        if number.comparator and has_result and re.search(r"[(\[]\s*$|[|;\t]\s*$|\S\s{2,}$", before):
            return number.comparator
        return None

    # --- names and numbers --------------------------------------------------------------------------

    def is_taken(self, text: str, start: int, end: int) -> bool:
        """Whether the name is what somebody swallows or gets injected."""
        if self._supplements.search(text[slice(*self.sentence(text, start, end))]):
            return True
        return bool(self._taken.search(text[max(0, start - 40) : start])) or self.medicine_follows(text, end)

    def medicine_follows(self, text: str, end: int) -> bool:
        """Whether "tablets", "injections" or the like follow the name directly."""
        return bool(self._medicine.match(text[end:].lstrip()))

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
        gap = _A_SUCH.sub("", gap)
        words = [word.replace("’", "'") for word in _WORD.findall(gap.lower())]
        plain = [word for word in words if word not in ":=("]
        filler = all(word in self._filler or re.fullmatch(r"(?:19|20)\d\d|\d{1,2}", word) for word in plain)
        if again:
            told = has_unit or (filler and bool(plain)) or (_NOW.search(gap) is not None and _STOP.search(gap) is None)
            return len(plain) <= AGAIN_GAP and told
        if has_unit or filler:
            return len(plain) <= UNIT_GAP
        broken = _STOP.search(gap) is not None
        if self._limits_follow.match(gap) and not self._own.search(gap):
            return False
        linked = bool(words) and words[-1] in self._linking
        return len(plain) <= BARE_GAP and linked and not broken and not self._medicine.search(gap)

    def is_supposed(self, text: str, name_start: int, name_end: int, number: Number) -> bool:
        """Whether the value is only asked about, wished, supposed or a limit in general."""
        first = min(name_start, number.start)
        clause_start = self._clause_start(text, first)
        before = text[clause_start:first]
        claimed = self._own_after.search(text, number.end, number.end + 60) is not None
        own = claimed or bool(self._own.search(text[clause_start : max(name_start, number.start)]))
        doubted = number.comparator is None and self._doubted.search(before)
        if (
            self._conditional.search(before)
            and not doubted
            and not self._is_mine(text, clause_start, name_start, name_end, number)
        ):
            return True
        if self._asked_for.search(text[clause_start : number.start]) or self._limit_after.match(text[number.end :]):
            return True
        sentence = text[self.sentence(text, number.start, number.end)[0] : number.start]
        if not claimed and not self._own.search(sentence):
            between = text[name_end : number.start] if name_end <= number.start else ""
            if self._in_general(sentence) or (self._how.search(sentence) and not _DIRECT.fullmatch(between)):
                return True
        if self._asks_why.search(sentence) and self._generic_after.match(text[number.end :]):
            return True
        supposed = self._supposed.search(text[clause_start : number.start])
        if supposed and not self._own.search(supposed.group()):
            return True
        if own:
            return False
        lead = text[clause_start : number.start]
        if self._generic.search(lead) or (number.comparator and self._generic_plural.search(lead)):
            return True
        if self._indefinite.search(text[clause_start:name_start]) and (
            self._is_question(text, clause_start, number.end) or self._generic_after.match(text[number.end :])
        ):
            return True
        return number.comparator is not None and (
            bool(self._generic_after.match(text[number.end :])) or self._is_question(text, clause_start, number.end)
        )

    def is_reading(self, text: str, number: Number) -> bool:
        """Whether the words before the number say that it is a result, without naming the test."""
        return bool(self._reading.search(text[max(0, number.start - 40) : number.start]))

    def is_told(self, text: str, name_start: int, name_end: int, number: Number) -> bool:
        """Whether the sentence of the number tells something, or name or number are said to be one's own."""
        start, end = self.sentence(text, number.start, number.end)
        named = self.sentence(text, name_start, name_end)
        own = (
            self._own_after.search(text, number.end, number.end + 60)
            or self._own.search(text[start:end])
            or self._own.search(text[named[0] : named[1]])
        )
        return bool(own) or not self._is_question(text, start, number.end)

    def _in_general(self, lead: str) -> bool:
        """ "Which level is low, 200 or 300", "the guideline says 180": no result of anybody."""
        return bool(
            self._authority.search(lead)
            or (self._question.search(lead) and (self._judged.search(lead) or _YOU.search(lead)))
        )

    @staticmethod
    def _is_mine(text: str, clause_start: int, name_start: int, name_end: int, number: Number) -> bool:
        """ "Do I need injections if my B12 is 150?" tells a result; "if my B12 was ..., would I" supposes one."""
        before, between = text[clause_start:name_start], text[name_end : number.start]
        asked_first = re.search(r"\w\s+(?:if|whether)\s+my\s+(?:\w+\s+){0,2}$", before, re.IGNORECASE)
        what_if = re.search(r"\bwhat\s+if\b", before, re.IGNORECASE)
        is_now = re.fullmatch(r"\W*(?:(?:level|result|count)\s+)?(?:is|=)?\W*", between, re.IGNORECASE)
        return bool(asked_first and not what_if and is_now and number.comparator is None)

    def _is_question(self, text: str, start: int, end: int) -> bool:
        stop = re.search(r"[.!?\n]", text[end:])
        asks = stop is not None and stop.group() == "?"
        return asks or bool(self._question.search(text[start:end]))

    def status(self, text: str, name_start: int, start: int, end: int) -> Optional[str]:
        """``other_person`` or ``past`` where the words right beside the result say so."""
        if self._relative.search(text[max(0, name_start - 40) : name_start]):
            return "other_person"
        clause_start = self._clause_start(text, start)
        following = re.match(r"[^.!?;,\n]{0,30}?(?=\s(?:and|then|but|now)\b|[.!?;,\n]|$)", text[end:])
        around: List[str] = [text[clause_start:start], following.group() if following else ""]
        return "past" if any(self._then.search(part) and not self._now.search(part) for part in around) else None
