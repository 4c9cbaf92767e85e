"""Whether words that raise a red flag are meant: now, for real, and of whom.

This differs from ``bot.understanding.context`` on purpose. An emergency counts in anyone, so person and status are
kept apart; doubt raises a flag; and a question is a mere question only if the speaker is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.understanding.red_flag_patterns import PatternSet, Span, Words

Lists = Mapping[str, Sequence[str]]
SELF, OTHER = "self", "other"
PRESENT, UNCERTAIN, SILENT = "present", "uncertain", "silent"
NEGATION_REACH = 14  # words
NOT_REACH = 3  # words from "not" or "never" to what it denies, unless a verb of having follows
DOUBT_REACH = 8
HYPOTHESIS_REACH = 16
LONG_STANDING_REACH = 8
_STOPS = frozenset([".", "?"])
_MODAL = frozenset(["can", "could", "will", "would"])
_ALTERNATIVES = frozenset(["or", "nor", "either"])
_TURNS = frozenset(["but", "because", "now"])
_CLAIMS = frozenset(["say", "think", "see", "notice", "find", "call"])


@dataclass(frozen=True)
class Verdict:
    """``status`` is present, uncertain or silent; ``resolved`` tells that it happened but is over."""

    status: str
    resolved: bool = False
    distant: bool = False


class Reading:
    """One message with everything that changes what its words mean."""

    def __init__(self, doc: Doc, words: Words, spans: Sequence[Span], lists: Mapping[str, FrozenSet[str]]) -> None:
        self.doc, self.words, self.lists = doc, words, lists
        self.clauses: List[int] = [doc.user_data["clauses"][token] for token in words.tokens]
        self.by_name: Dict[str, List[Span]] = {}
        for span in spans:
            self.by_name.setdefault(span.name, []).append(span)
        neutral = {place for span in self.by_name.get("not_negation", ()) for place in range(span.start, span.end)}
        self.negations = [
            place for place, word in enumerate(words.words) if word in lists["negation"] and place not in neutral
        ]
        self.sentence_starts, self.sentence_ends = self._sentences()
        self.owners = self._owners()

    def _sentences(self) -> Tuple[List[int], List[int]]:
        words = self.words.words
        starts, start = [], 0
        for place, word in enumerate(words):
            starts.append(start)
            if word in _STOPS:
                start = place + 1
        ends = [0] * len(words)
        end = len(words)
        for place in range(len(words) - 1, -1, -1):
            if words[place] in _STOPS:
                end = place
            ends[place] = end
        return starts, ends

    def _owners(self) -> List[Optional[str]]:
        """Of whom each token of the ``Doc`` speaks, as far as said."""
        norms = self.doc.user_data["norms"]
        tokens = self.words.tokens
        spans = self.by_name.get("nobody_else", ())
        nobody = {tokens[place] for span in spans for place in range(span.start, span.end)}
        owners: List[Optional[str]] = []
        current: Optional[str] = None
        for place, norm in enumerate(norms):
            if norm in self.lists["self"]:
                current = OTHER if norm == "my" and self._names_somebody(norms[place + 1 : place + 8]) else SELF
            elif norm in self.lists["other"] and place not in nobody:
                current = OTHER
            owners.append(current)
        return owners

    def _names_somebody(self, norms: Sequence[str]) -> bool:
        """Whether the words behind "my" are of a person ("my little boy", "my six-year-old")."""
        ahead = [norm for norm in norms if norm.strip() and norm != "-"][:3]
        aged = ahead[2:] == ["old"] and ahead[1] in self.lists["age"]
        return aged or any(norm in self.lists["other"] for norm in ahead[:2])

    def owner(self, span: Span, at_start: bool = False) -> Optional[str]:
        """``self``, ``other`` or None if nobody has been named by the end (or start) of ``span``."""
        place = span.start if at_start else min(span.end, len(self.words.tokens)) - 1
        return self.owners[self.words.tokens[place]]

    def offsets(self, span: Span) -> Tuple[int, int]:
        """Character offsets in the text as sent."""
        first = self.doc[self.words.tokens[span.start]]
        last = self.doc[self.words.tokens[min(span.end, len(self.words.tokens)) - 1]]
        return first.idx, last.idx + len(last)


class Scope:
    """Judges spans of a ``Reading``; its words come from ``red_flag_words.yml``."""

    WORD_LISTS = ("negation", "reset", "certain_person", "acute", "mild", "having")

    def __init__(
        self, data: Mapping[str, Sequence[str]], people: Mapping[str, Sequence[str]], lists: Mapping[str, Sequence[str]]
    ) -> None:
        self._lists = {name: frozenset(str(word) for word in data[name]) for name in self.WORD_LISTS}
        self._lists.update({name: frozenset(words) for name, words in people.items()})
        self._patterns = PatternSet({name: rows for name, rows in data.items() if name not in self.WORD_LISTS}, lists)

    def read(self, doc: Doc, words: Words) -> Reading:
        """Looks up everything that changes meaning, once a message."""
        return Reading(doc, words, self._patterns.find(words), self._lists)

    def judge(
        self, reading: Reading, span: Span, background: bool, mild_drops: bool, long_standing_drops: bool
    ) -> Verdict:
        """Whether ``span`` is meant. ``background`` are events that count although they are past."""
        if self.negated(reading, span) or self.hypothetical(reading, span):
            return Verdict(SILENT)
        if mild_drops and self._mild(reading, span):
            return Verdict(SILENT)
        doubtful = UNCERTAIN if self._doubtful(reading, span) else PRESENT
        if background:
            return Verdict(doubtful)
        if long_standing_drops and self._long_standing(reading, span):
            return Verdict(SILENT)
        return Verdict(doubtful, resolved=self._resolved(reading, span), distant=self._distant(reading, span))

    def judge_steadily(self, reading: Reading, span: Span, question_proof: bool) -> Verdict:
        """For words that are never taken lightly: only a denial or a question about people in general silences them.

        ``question_proof`` words count even in a question ("do you ever want to disappear?").
        """
        if self.negated(reading, span):
            return Verdict(SILENT)
        if not question_proof and self._asked_of(reading, span, "general_question"):
            return Verdict(SILENT)
        over = self._distant(reading, span) and (
            reading.owner(span) == OTHER or self._resolved(reading, span) or self._overcome(reading, span)
        )
        return Verdict(UNCERTAIN if self._doubtful(reading, span) else PRESENT, resolved=over)

    def negated(self, reading: Reading, span: Span) -> bool:
        """Denied before ("no ...", "don't have ...") or after ("...: none")."""
        words, lists = reading.words.words, reading.lists
        sentence = reading.sentence_starts[span.start]
        for place in reversed(reading.negations):
            if place >= span.start or place < sentence or span.start - place > NEGATION_REACH:
                continue
            if reading.clauses[place] != reading.clauses[span.start]:
                continue
            between = words[place + 1 : span.start]
            if words[place] in ("not", "never", "nt"):
                if place and words[place - 1] in _MODAL and between and between[0] not in _CLAIMS:
                    continue  # "can't walk, ..." is a complaint, "can't say I have ..." a denial
                listed = not _ALTERNATIVES.isdisjoint(words[place + 1 : span.end + 4])
                if "," in between and not listed:
                    continue
                if len(between) > NOT_REACH and not listed and lists["having"].isdisjoint(between[:2]):
                    continue
            if words[place] in ("without", "nothing", "nobody") and len(between) > 4:
                continue
            if "but" in between or "just" in between or "only" in between:
                continue
            if self._double(reading, place):
                continue
            return True
        denied = reading.by_name.get("denied_within", ())
        if any(span.start <= cue.start + 1 and cue.end <= span.end + 1 and cue.start < span.end for cue in denied):
            return True
        after = [s for s in reading.by_name.get("negated_after", ()) if 0 <= s.start - span.end <= 1]
        return bool(after)

    @staticmethod
    def _double(reading: Reading, place: int) -> bool:
        """Whether the negation itself is denied ("never without")."""
        words = reading.words.words
        return any(other in reading.negations for other in (place - 1, place - 2)) and words[place] in (
            "without",
            "not",
        )

    def hypothetical(self, reading: Reading, span: Span) -> bool:
        """Only asked about, feared or imagined."""
        if self._asked_of(reading, span, "hypothetical_before") or self._asked_of(reading, span, "general_question"):
            return True
        return any(0 <= cue.start - span.end <= 3 for cue in reading.by_name.get("hypothetical_after", ()))

    def _asked_of(self, reading: Reading, span: Span, name: str) -> bool:
        """Whether a cue of this kind before ``span`` reaches it."""
        words = reading.words.words
        for cue in reading.by_name.get(name, ()):
            if cue.start > span.start:
                continue
            if cue.start == span.start and cue.end < span.end and name == "general_question":
                continue
            if reading.sentence_starts[cue.start] != reading.sentence_starts[span.start]:
                continue
            between = words[cue.end : span.start]
            if span.start - cue.end > HYPOTHESIS_REACH or not _TURNS.isdisjoint(between):
                continue
            if name == "general_question":
                if cue.start - reading.sentence_starts[cue.start] > 6 or self._personal(reading, cue, span):
                    continue
            elif words[cue.start] == "if" and "," in between:
                continue
            return True
        return False

    def _personal(self, reading: Reading, cue: Span, span: Span) -> bool:
        """Whether the speaker, or the person spoken of, stands between a general question and ``span``, or in it."""
        tokens = reading.words.tokens
        first = tokens[max(cue.end - 1, 0)] + 1
        last = tokens[min(span.end, len(tokens)) - 1]
        norms = reading.doc.user_data["norms"][first : last + 1]
        return any(norm in reading.lists["certain_person"] for norm in norms)

    @staticmethod
    def _mild(reading: Reading, span: Span) -> bool:
        words = reading.words.words
        near = words[max(span.start - 1, 0) : span.end]
        return any(word in reading.lists["mild"] for word in near)

    @staticmethod
    def _doubtful(reading: Reading, span: Span) -> bool:
        for cue in reading.by_name.get("uncertain", ()):
            near = cue.start < span.end and 0 <= span.start - cue.start <= DOUBT_REACH
            if near and reading.sentence_starts[cue.start] == reading.sentence_starts[span.start]:
                return True
        return False

    @staticmethod
    def _long_standing(reading: Reading, span: Span) -> bool:
        words = reading.words.words
        start, end = reading.sentence_starts[span.start], reading.sentence_ends[span.start]
        if any(word in reading.lists["acute"] for word in words[start:end]):
            return False
        for cue in reading.by_name.get("chronic", ()):
            if not start <= cue.start < end:
                continue
            if "," in words[min(cue.end, span.end) : max(cue.start, span.start)]:
                continue
            distance = cue.start - span.end if cue.start >= span.end else span.start - cue.end
            if distance <= LONG_STANDING_REACH:
                return True
        return False

    @staticmethod
    def _distant(reading: Reading, span: Span) -> bool:
        """Told of long ago: "two years ago I could not pee", with nothing that brings it back to now."""
        words = reading.words.words
        sentence = reading.sentence_starts[span.start]
        for cue in reading.by_name.get("far_time", ()):
            if reading.sentence_starts[cue.start] != sentence:
                continue
            if cue.end <= span.start:
                opening = cue.start - sentence <= 2
                same = reading.clauses[cue.start] == reading.clauses[span.start]
                between = words[cue.end : span.start]
                if (opening or same) and not any(word in reading.lists["reset"] for word in between):
                    return True
            elif cue.start >= span.end and reading.clauses[cue.start] == reading.clauses[min(span.end, len(words)) - 1]:
                between = words[span.end : cue.start]
                if not any(
                    word in ("since", "started", "ago", "from", "began", "and", ",", "after") for word in between
                ):
                    return True
            elif cue.start < span.end and cue.start >= span.start:
                return True
        return False

    @staticmethod
    def _overcome(reading: Reading, span: Span) -> bool:
        """Dark thoughts of long ago that the speaker tells to have left behind."""
        if any(back.start >= span.end for back in reading.by_name.get("unresolved", ())):
            return False
        return any(cue.start >= span.end for cue in reading.by_name.get("overcome", ()))

    @staticmethod
    def _resolved(reading: Reading, span: Span) -> bool:
        words = reading.words.words
        end = reading.sentence_ends[min(span.end, len(words)) - 1]
        following = reading.sentence_ends[min(end + 1, len(words) - 1)]
        for cue in reading.by_name.get("resolved", ()):
            if not span.end <= cue.start < following:
                continue
            if cue.start > end and cue.start - end > 6:
                continue
            if any(back.start >= span.end for back in reading.by_name.get("unresolved", ())):
                continue
            if any(place in range(max(cue.start - 2, 0), cue.end) for place in reading.negations) and words[
                cue.start
            ] not in ("not", "never"):
                continue
            return True
        return False
