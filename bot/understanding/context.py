"""Status of what is said: present, absent, past, uncertain, hypothetical or someone else's.

After ConText (Harkema et al., J Biomed Inform 2009;42:839-51) in the layout of edsnlp: cues that precede or follow
what they change, pseudo cues that change nothing, and words that end a scope, all plain data in
``knowledge/language/context.yml``. Added for the language of patients: who is spoken of (``subjects``), and questions
about people in general, told apart from the speaker's own complaint (``asking``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import AbstractSet, Dict, FrozenSet, List, Mapping, Optional, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.asking import Asking
from bot.understanding.company import Company, Other
from bot.understanding.cues import STATUSES, Cue, CueFinder
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import ABSENT, HYPOTHETICAL, OTHER_PERSON, PAST, PRESENT, UNCERTAIN
from bot.understanding.spelling import LANGUAGE
from bot.understanding.subjects import OTHER, Subjects, SubjectTracker
from bot.understanding.verdicts import Verdicts

REACH: Mapping[str, int] = {"absent": 16, "past": 9, "uncertain": 9, "hypothetical": 14, "other": 8}  # tokens
REACH_BACK: Mapping[str, int] = {"absent": 4, "past": 7, "uncertain": 6, "hypothetical": 3, "other": 6}
QUESTION_REACH = 5  # tokens between what is asked and its question mark or colon
SINCE_REACH = 5  # tokens between what is denied and "since"
BARE_STRETCH = 7  # tokens "no" or "not" may bridge without a list word in between
_STATUS = {"absent": ABSENT, "past": PAST, "uncertain": UNCERTAIN, "hypothetical": HYPOTHETICAL, "other": OTHER_PERSON}


@dataclass(frozen=True)
class Assessment:
    """``cues`` are the words that decided, for explanation."""

    status: str
    subject: str
    cues: Tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reading:
    cues: Tuple[Cue, ...]
    stops: FrozenSet[int]
    subjects: Subjects
    asked: FrozenSet[int]  # sentences that ask about people in general
    doubles: Tuple[Match, ...]
    turns: Tuple[Match, ...]
    verdicts: Tuple[Match, ...]
    company: List[Match]


class Context:
    """Assesses spans of one ``Doc``; the cues of a ``Doc`` are looked up once."""

    def __init__(self, folder: Path = LANGUAGE) -> None:
        self._tracker, self._asking = SubjectTracker(folder / "subjects.yml"), Asking(folder / "asking.yml")
        data = read_yaml(folder / "context.yml")
        assert isinstance(data, dict)
        self._cues = CueFinder(data)
        self._company = Company(data, self._tracker.persons)
        self._stops = Lexicon({"stop": {"here": data["terminate"], "behind": data["terminate_behind"]}}, {})
        self._turns = Lexicon(
            {
                "denied": {"denied": data["denied"]["after"]},
                "answered": {"answered": data["answered"]},
                "restored": {"restored": data["restored"]["after"]},
            },
            {},
            data["fillers"],
        )
        self._whole = Lexicon({"whole": {ABSENT: data["whole"]}}, {}, data["fillers"])
        self._doubles = Lexicon({"double": {"double": data["double"]}}, {}, data["fillers"])
        self._words: Dict[str, FrozenSet[str]] = {name: frozenset(words) for name, words in data["words"].items()}
        self._words.update({name: frozenset(data[name]) for name in ("contrast", "own")})
        self._breaks = frozenset(data["breaks"])
        self._verdicts = Verdicts(data, self._words)

    def assess(
        self,
        doc: Doc,
        start_token: int,
        end_token: int,
        ignore: AbstractSet[int] = frozenset(),
        subject_token: Optional[int] = None,
    ) -> Assessment:
        """Status of the tokens ``start_token`` to ``end_token`` (exclusive), as said in ``doc``.

        Cues inside the span, and cues that use a token of ``ignore``, do not count: they belong to a phrase
        that already carries its meaning ("can't feel"). ``subject_token`` says whose it is, if not the first.
        """
        reading = self._reading(doc)
        inside = frozenset(range(start_token, end_token)) | ignore
        subject = reading.subjects.at(start_token if subject_token is None else subject_token)
        found: Dict[str, Cue] = {}
        for cue in reading.cues:
            asks = (
                cue.status in ("hypothetical", "past")
                and cue.direction == "before"
                and cue.first < start_token
                and cue.first not in inside
                and cue.last < end_token - 1
            )
            shared = inside.intersection(cue.tokens)
            trouble = bool(shared) and all(doc.user_data["lemmas"][token] in self._words["trouble"] for token in shared)
            if not asks and shared and not trouble:
                continue
            if cue.direction == "heading":
                reached = start_token in cue.scope
            elif asks and start_token <= cue.last:
                reached = True
            elif trouble and cue.first < start_token <= cue.last:
                reached = True  # "no trouble" is said of the walking in "no trouble walking"
            elif cue.direction == "before" and cue.last < start_token:
                reached = self._reaches(doc, reading, cue, start_token, ignore)
            elif cue.direction == "after" and cue.first >= end_token:
                reached = self._reaches_back(doc, reading, cue, end_token)
            elif cue.first < start_token and cue.last >= end_token:
                reached = doc.user_data["clauses"][cue.first] == doc.user_data["clauses"][start_token]
            else:
                continue
            if reached and not (
                cue.status in ("absent", "past") and self._is_turned(doc, reading, cue, start_token, end_token, ignore)
            ):
                found.setdefault(cue.status, cue)
        if subject == OTHER:
            return Assessment(OTHER_PERSON, OTHER)
        answer = self._denied(doc, reading, end_token)
        if answer is not None:
            return Assessment(ABSENT, subject, (" ".join(doc[i].norm_ for i in answer.tokens),))
        verdict = self._verdicts.of(doc, reading.verdicts, end_token, ignore)
        if verdict is not None and "absent" not in found:
            return Assessment(verdict.id, subject, (" ".join(doc[i].norm_ for i in verdict.tokens),))
        head = start_token if subject_token is None else subject_token
        own = self._is_own(doc, head) and not (_is_if(doc, found.get("hypothetical")) and head < end_token - 1)
        for status in STATUSES:
            cue_ = found.get(status)
            if cue_ is None:
                continue
            unreal = self._words["unreal"].intersection(doc.user_data["norms"][cue_.last : head])
            if status == "hypothetical" and own and not unreal:
                continue
            return Assessment(_STATUS[status], subject, (" ".join(doc[i].norm_ for i in cue_.tokens),))
        if doc.user_data["sentences"][start_token] in reading.asked and not own:
            return Assessment(HYPOTHETICAL, subject, ("?",))
        return Assessment(PRESENT, subject)

    def assess_whole(self, doc: Doc, first: int, last: int) -> str:
        """Status of the clause ``first`` to ``last`` that is known by its wording as a whole.

        Its "no" and "not" belong to the image ("not a drop would come"), so that only what denies all of it counts.
        """
        if self._reading(doc).subjects.of_clause(first, last) == OTHER:
            return OTHER_PERSON
        if any(first <= match.first and match.last <= last for match in self._whole.find(doc)):
            return ABSENT
        assessed = self.assess(doc, last, last + 1)
        words = frozenset(word for cue in assessed.cues for word in cue.split())
        denies = bool(self._words["denials"] & words)
        if assessed.status == UNCERTAIN and not (denies and self._words["of_images"] & words):
            return assessed.status
        if assessed.status in (PAST, HYPOTHETICAL) and not denies:
            return assessed.status
        return PRESENT

    def _is_turned(
        self, doc: Doc, reading: _Reading, cue: Cue, start: int, end: int, claimed: AbstractSet[int]
    ) -> bool:
        """Whether a denial does not deny: "not a day when it doesn't ache", "ain't got no", "only when I sit"."""
        norms, sentence = doc.user_data["norms"], doc.user_data["sentences"]
        if cue.direction == "before" and norms[start] in self._words["concord"]:
            return all(norms[i] in self._words["having"] or not norms[i].strip() for i in range(cue.last + 1, start))
        for double in reading.doubles:
            if not self._words["contrast"].isdisjoint(norms[double.last : start]):
                continue
            if sentence[double.first] == sentence[start] and double.first < cue.first < start:
                inner = [
                    other
                    for other in reading.cues
                    if other.status == "absent" and double.last < other.first < start and other.direction == "before"
                ]
                if inner or cue.first > double.last:
                    return True
            own = double.first <= cue.first <= double.last < start and sentence[double.first] == sentence[start]
            if own and any(norms[i] in self._words["denials"] for i in range(double.last + 1, start)):
                return True
        if self._words["denials"].isdisjoint(norms[i] for i in cue.tokens) and cue.status == "past":
            return False
        for turn in reading.turns:
            if turn.kind == "restored" and turn.first >= end and sentence[turn.first] == sentence[start]:
                return not any(i in claimed for i in range(end, turn.first))
        return False

    @staticmethod
    def _denied(doc: Doc, reading: _Reading, end: int) -> Optional[Match]:
        """The answer that denies what was named or asked before it, in the sentence or in the questions before."""
        sentence, norms = doc.user_data["sentences"], doc.user_data["norms"]
        for turn in reading.turns:
            if turn.kind in ("denied", "answered") and turn.first >= end:
                apart = sentence[turn.first] - sentence[end - 1]
                questions = norms[end : turn.first].count("?")
                if (apart == 0 and turn.kind == "denied") or (0 < apart <= 4 and questions >= apart):
                    return turn
        return None

    def own_answer(self, doc: Doc, last: int) -> Optional[str]:
        """What the speaker says of himself after naming someone else's ("my wife is exhausted, not me")."""
        return self._company.of_speaker(doc, self._reading(doc).company, last)

    def other_answer(self, doc: Doc, last: int) -> Optional[Other]:
        """Who else has what the speaker named ("I'm coeliac and so is my brother")."""
        reading = self._reading(doc)
        return self._company.of_other(doc, reading.company, reading.subjects, last)

    def is_since(self, doc: Doc, start: int) -> bool:
        """Whether "since" follows, so that what is denied was there before ("pain free since the operation")."""
        norms, clauses = doc.user_data["norms"], doc.user_data["clauses"]
        for i in range(start, min(len(norms), start + SINCE_REACH)):
            if clauses[i] != clauses[start - 1] or norms[i] in self._words["lists"]:
                return False
            if norms[i] == "since":
                return not self._words["began"].intersection(norms[i + 1 : i + 7])
        return False

    def is_blood_relative(self, doc: Doc, token: int) -> bool:
        """Whether the person spoken of at ``token`` is a relative by blood."""
        return self._reading(doc).subjects.relatives[token]

    def is_asked_in_general(self, doc: Doc, token: int) -> bool:
        """Whether the sentence of ``token`` asks about people in general, not about the speaker."""
        return doc.user_data["sentences"][token] in self._reading(doc).asked

    def is_question(self, doc: Doc, token: int) -> bool:
        """Whether the sentence of ``token`` begins with a question word and ends with a question mark."""
        return self._asking.is_question(doc, token)

    # --- one message ---------------------------------------------------------------------------

    def _reading(self, doc: Doc) -> _Reading:
        reading: Optional[_Reading] = doc.user_data.get("context")
        if reading is None:
            cues = tuple(self._cues.find(doc))
            stops = frozenset(match.last if match.id == "behind" else match.first for match in self._stops.find(doc))
            doubles, turns = tuple(self._doubles.find(doc)), tuple(self._turns.find(doc))
            verdicts = tuple(self._verdicts.find(doc))
            subjects, asked = self._tracker.read(doc), self._asking.in_general(doc)
            reading = _Reading(cues, stops, subjects, asked, doubles, turns, verdicts, self._company.find(doc))
            doc.user_data["context"] = reading
        return reading

    def _reaches(self, doc: Doc, reading: _Reading, cue: Cue, start: int, ignore: AbstractSet[int]) -> bool:
        if start - cue.last > REACH[cue.status]:
            return False
        clause, sentence = doc.user_data["clauses"], doc.user_data["sentences"]
        norms, lemmas = doc.user_data["norms"], doc.user_data["lemmas"]
        if cue.status == "hypothetical":
            if sentence[cue.last] != sentence[start] or any(
                norms[i] in self._words["contrast"] for i in range(cue.last, start)
            ):
                return False
            return clause[cue.last] == clause[start] or (norms[cue.first] == "if" and self._opens(doc, cue.first))
        if clause[cue.last] != clause[start]:
            return False
        stretch = 0
        having = {"have", *self._words["having"]}.intersection(norms[cue.last + 1 : cue.last + 4])
        verbal = norms[cue.last] == "not" and norms[cue.last + 1] not in self._words["amounts"] and not having
        for i in range(cue.last + 1, start):
            if i in reading.stops and cue.status != "uncertain":
                return False
            if cue.status == "absent":
                if norms[i] == "," and norms[i + 1] in self._words["resumes"]:
                    return False  # "not pregnant, on the pill"
                if norms[i] == "," and verbal and ignore.isdisjoint(range(cue.last + 1, i)):
                    return False  # "won't heal, eight weeks now, and I've diabetes"
                if lemmas[i] in self._breaks and i not in ignore:
                    return False
                if any(other.first == i and other.status == "absent" and other is not cue for other in reading.cues):
                    return False
                stretch = 0 if norms[i] in self._words["lists"] else stretch + 1
                if stretch > BARE_STRETCH:
                    return False
        return True

    def _opens(self, doc: Doc, token: int) -> bool:
        """Whether a sentence begins at the token: "if my foot drops, what then" asks all, not so "it stings if"."""
        norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
        before = [norms[i] for i in range(token) if sentences[i] == sentences[token] and norms[i].strip()]
        return all(norm in self._words["leads"] for norm in before)

    def _reaches_back(self, doc: Doc, reading: _Reading, cue: Cue, end: int) -> bool:
        clause, sentence, norms = doc.user_data["clauses"], doc.user_data["sentences"], doc.user_data["norms"]
        if cue.first - end > REACH_BACK[cue.status] + (4 if cue.status == "past" else 0):
            return False
        between = range(end, cue.first)
        if norms[cue.first] in ("?", ":", "-"):
            asked = norms[cue.first] == "?" or sentence[end - 1] == sentence[cue.first]
            return asked and len(between) <= (2 if norms[cue.first] == "-" else QUESTION_REACH)
        if (
            norms[cue.first] in self._words["doubts"]
            and norms[cue.last + 1 : cue.last + 2]
            and norms[cue.last + 1] not in self._words["ends"]
        ):
            return False  # "I drink, maybe a bottle": the doubt is about what follows
        if sentence[end - 1] != sentence[cue.first]:
            return False
        near = cue.status == "uncertain" or norms[cue.first] in self._words["until"]
        if near and "," in norms[end : cue.first - 1]:
            return False  # "the tongue is fine, the skin is pale maybe"
        if clause[end - 1] == clause[cue.first]:
            return cue.status != "absent" or not any(norms[i] in ("or", "and", ",") for i in between)
        if cue.status != "past" or clause[cue.first] - clause[end - 1] > 1:
            return False
        if self._words["objects"].intersection(norms[cue.last + 1 : cue.last + 2]):
            return False
        later = [norms[i] for i in between if clause[i] == clause[cue.first]]
        return all(norm in self._words["carried"] for norm in later)  # "..., but that has gone"

    def _is_own(self, doc: Doc, start: int) -> bool:
        """ "my numbness", "this burning": the speaker's own, also in a question about its cause."""
        norms: List[str] = doc.user_data["norms"]
        if norms[start] in self._words["verbs"] and norms[start - 1] not in self._words["own"]:
            return False
        for i in range(start - 1, max(-1, start - 4), -1):
            if norms[i] in ("my", "this", "these"):
                return True
            if norms[i] in ("the", "that"):
                return i == start - 1
            if norms[i] in self._words["ends_own"]:
                return False
        return False


def _is_if(doc: Doc, cue: Optional[Cue]) -> bool:
    """Whether the cue asks about something that has not happened: "what if my sight goes", "if I lose control"."""
    norms = doc.user_data["norms"]
    return cue is not None and norms[cue.last] == "if" and (norms[cue.first] == "what" or norms[cue.last + 1] == "i")
