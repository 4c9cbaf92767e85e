"""Adds findings that a message tells without their name, clause by clause, to what the lexicon found.

A clause in which the lexicon already found something is left alone: its words are known, and a guess beside them
would more often be a second name for the same feeling than a second feeling. A sentence of several clauses none of
which tells anything by itself is read as a whole ("I wash my hands, and cannot tell the hot tap from the cold").
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
from bot.understanding.mentions import PRESENT, UNCERTAIN, Mention
from bot.understanding.places import Place, PlaceFinder, by_side
from bot.understanding.spelling import LANGUAGE
from bot.understanding.tokens import clauses, tokenise
from bot.understanding.wording import LEAST, FreeWordingModel

FEWEST_WORDS = 3  # a shorter clause is an answer or a greeting
WHOLE_LEAST = 0.65
"""Confidence from which on a finding of a whole sentence is given."""
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


class FreeFindings:
    """Reads findings from wording alone with a trained model; status comes from the rules."""

    def __init__(self, model: FreeWordingModel) -> None:
        self._model = model
        self._context = Context()
        self._places = PlaceFinder()
        self._linker = Linker(self._places)
        self._rules = FindingRules.load(LANGUAGE / "finding_rules.yml")

    def read(self, text: str, entities: Sequence[Entity]) -> List[Mention]:
        """Findings of clauses in which no finding was named. ``entities`` are what the rules found."""
        doc = tokenise(text)
        named = [entity for entity in entities if entity["entity"] == "finding"]
        known = {entity["value"] for entity in named}
        mentions = []
        for sentence in _sentences(doc, _clauses(doc)):
            parts = [clause for clause in sentence if not any(clause.holds(entity) for entity in named)]
            guesses = self._guesses(parts)
            if not guesses and len(parts) > 1 and len(parts) == len(sentence):
                guesses = self._guesses([_whole(doc, parts)], WHOLE_LEAST)
            for clause, finding, confidence in guesses:
                if finding not in known:
                    mentions += self._mentions(doc, clause, finding, confidence)
        return mentions

    def _guesses(self, parts: Sequence[Clause], least: float = LEAST) -> List[Tuple[Clause, str, float]]:
        found = self._model.predict([part.text for part in parts], least)
        return [
            (part, finding, confidence)
            for part, own in zip(parts, found)
            for finding, confidence in own
            if confidence >= SURE.get(finding, least)
        ]

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
            found.append(Mention("finding", finding, clause.start, clause.end, status, confidence, "wording", extra))
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
