"""Findings that a message tells without their name, sentence by sentence, beside what the lexicon found.

A sentence is read as a whole. Where the lexicon found nothing in it, what it tells is added. Where the lexicon took a
word of an image for its meaning ("one half of mum's mouth is sliding off" is no weakness) and the sentence surely tells
something else, the lexicon's finding is doubted. A sentence that tells nothing as a whole, or is too long for one, is
read clause by clause, and a clause in which the lexicon found something is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Dict, List, Mapping, Sequence, Tuple

from spacy.tokens import Doc

from bot.understanding.context import Context
from bot.understanding.finding_rules import FindingRules
from bot.understanding.found import offsets
from bot.understanding.linking import Anchor, Linker
from bot.understanding.mentions import GUESSED, PRESENT, UNCERTAIN, Mention
from bot.understanding.places import Place, PlaceFinder, by_side
from bot.understanding.spelling import LANGUAGE
from bot.understanding.tokens import clauses, tokenise
from bot.understanding.wording import LEAST, FreeWordingModel

FEWEST_WORDS = 3  # a shorter clause is an answer or a greeting
CLAUSE_LEAST = 0.7
"""Confidence from which on a finding of a clause alone is given; for a sentence less will do."""
SURELY, UNLIKELY = 0.8, 0.05
"""A sentence's finding of the first confidence makes those of the lexicon doubtful that have less than the second."""
LONGEST, MOST_NAMED = 40, 3
"""Words of a sentence that is read as a whole, and findings of the lexicon in it: a longer list tells many things."""
SURE: Mapping[str, float] = {"suicidal_thoughts": 0.7}
"""Findings that need more confidence than others; danger itself is looked for by the reader of red flags."""

Entity = Mapping[str, object]


@dataclass(frozen=True)
class Clause:
    """A clause of the message: its tokens and its characters."""

    first: int
    last: int
    start: int
    end: int
    text: str

    def holds(self, entity: Entity) -> bool:
        """Whether the entity begins within the clause."""
        return self.start <= int(entity["start"]) < self.end  # type: ignore[call-overload]


Guess = Tuple[Clause, str, float]


@dataclass(frozen=True)
class Told:
    """Findings to be added, and entities of the lexicon that the wording speaks against."""

    mentions: List[Mention]
    doubted: List[Entity]


class FreeFindings:
    """Reads findings from wording alone with a trained model; status comes from the rules."""

    def __init__(self, model: FreeWordingModel) -> None:
        self._model = model
        self._context = Context()
        self._places = PlaceFinder()
        self._linker = Linker(self._places)
        self._rules = FindingRules.load(LANGUAGE / "finding_rules.yml")

    def read(self, text: str, entities: Sequence[Entity]) -> Told:
        """What the wording tells beside ``entities``, which are what the rules found."""
        doc = tokenise(text)
        named = [entity for entity in entities if entity["entity"] == "finding"]
        known = {str(entity["value"]) for entity in named}
        told = Told([], [])
        for sentence in _sentences(doc, _clauses(doc)):
            whole = _whole(doc, sentence)
            inside = [entity for entity in named if whole.holds(entity)]
            likely = self._as_a_whole(whole, inside)
            guesses = [(whole, finding, confidence) for finding, confidence in self._given(likely, LEAST)]
            if inside and guesses:
                guesses, doubted = _against(guesses, likely, inside)
                told.doubted.extend(doubted)
            elif not guesses:
                guesses = self._by_clause([part for part in sentence if not any(part.holds(each) for each in named)])
            for clause, finding, confidence in guesses:
                if finding not in known:
                    told.mentions.extend(self._mentions(doc, clause, finding, confidence))
        return told

    def _as_a_whole(self, sentence: Clause, named: Sequence[Entity]) -> Dict[str, float]:
        """Confidence of each finding, or nothing where the sentence tells too much for that."""
        many = len({entity["value"] for entity in named}) > MOST_NAMED
        if many or len(sentence.text.split()) > LONGEST:
            return {}
        return dict(self._model.predict([sentence.text], 0.0)[0])

    def _by_clause(self, parts: Sequence[Clause]) -> List[Guess]:
        found = self._model.predict([part.text for part in parts], CLAUSE_LEAST)
        return [
            (part, finding, confidence)
            for part, own in zip(parts, found)
            for finding, confidence in self._given(dict(own), CLAUSE_LEAST)
        ]

    @staticmethod
    def _given(likely: Mapping[str, float], least: float) -> List[Tuple[str, float]]:
        return [each for each in likely.items() if each[1] >= max(least, SURE.get(each[0], 0.0))]

    def _mentions(self, doc: Doc, clause: Clause, finding: str, confidence: float) -> List[Mention]:
        """One mention for each side; the places are those of the clause, or those it refers to."""
        status = self._context.assess_whole(doc, clause.first, clause.last)
        places = self._placed(doc, clause, status)
        found = []
        for sites, side in by_side([place for place in places if place.site != "elsewhere"]) or [([], None)]:
            extra: Dict[str, object] = {}
            named = [site for site in sites if site not in self._rules.pseudo_sites]
            if named and finding in self._rules.takes_site:
                extra["site"] = named
            back = [site for site in named if site in ("lower_back", "upper_back")]
            if back and finding == "back_pain":
                extra["site"] = back[:1]
            if side and finding in self._rules.takes_side:
                extra["side"] = side
            found.append(Mention("finding", finding, clause.start, clause.end, status, confidence, GUESSED, extra))
        return found

    def _placed(self, doc: Doc, clause: Clause, status: str) -> Sequence[Place]:
        """The places of the clause, else those that the rules give to something said in it."""
        places = self._places.find(doc)
        own = [place for place in places if clause.first <= place.first <= clause.last]
        if own:
            return own
        anchors = [Anchor((clause.last,), status in (PRESENT, UNCERTAIN))]
        linked = self._linker.link(doc, anchors, places)
        return linked[0] or self._linker.extensions(doc, anchors, linked)[0]


def _against(
    guesses: Sequence[Guess], likely: Mapping[str, float], named: Sequence[Entity]
) -> Tuple[List[Guess], List[Entity]]:
    """What a sentence tells beside the findings of the lexicon in it, and which of these it makes doubtful."""
    (_, best, confidence), values = guesses[0], {entity["value"] for entity in named}
    if best in values or confidence < SURELY:
        return [], []
    return list(guesses), [entity for entity in named if likely.get(str(entity["value"]), 1.0) < UNLIKELY]


def _clauses(doc: Doc) -> List[Clause]:
    """Clauses with enough words to tell something, without the punctuation around them."""
    found = []
    for _, tokens in groupby(zip(clauses(doc), doc), key=lambda pair: pair[0]):
        words = [token.i for _, token in tokens if token.is_alpha]
        if len(words) >= FEWEST_WORDS:
            start, end = offsets(doc, words[0], words[-1])
            found.append(Clause(words[0], words[-1], start, end, doc.text[start:end]))
    return found


def _sentences(doc: Doc, parts: Sequence[Clause]) -> List[List[Clause]]:
    numbers: List[int] = doc.user_data["sentences"]
    return [list(own) for _, own in groupby(parts, key=lambda clause: numbers[clause.first])]


def _whole(doc: Doc, parts: Sequence[Clause]) -> Clause:
    first, last = parts[0], parts[-1]
    return Clause(first.first, last.last, first.start, last.end, doc.text[first.start : last.end])
