"""Status and parts of findings that are known by their wording alone; the model stands in as a table of texts."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple, cast

import pytest

from bot.understanding.free_findings import FreeFindings
from bot.understanding.wording import LEAST, FreeWordingModel

Guesses = List[Tuple[str, float]]


class Table:
    """Answers like ``FreeWordingModel``: for each text what is listed."""

    def __init__(self, known: Dict[str, Guesses]) -> None:
        self.known = known

    def predict(self, clauses: Sequence[str], least: float = LEAST) -> List[Guesses]:
        """The listed guesses of at least the wanted confidence."""
        return [[guess for guess in self.known.get(clause, []) if guess[1] >= least] for clause in clauses]


def read(text: str, known: Dict[str, Guesses]) -> List[Tuple[object, object]]:
    findings = FreeFindings(cast(FreeWordingModel, Table(known)))
    return [(mention.value, mention.status) for mention in findings.read(text, []).mentions]


@pytest.mark.parametrize(
    "clause, status",
    [
        ("nothing in that department answers the bell", "present"),
        ("not a drip comes however hard I push", "present"),
        ("my ankle bone can't be found by teatime", "present"),
        ("I never reach the landing with any puff left", "present"),
        ("I have never had that creeping under the skin", "absent"),
        ("there is no sign of that creeping under the skin", "absent"),
        ("I can still smell and taste", "absent"),
        ("I used to have ants under the skin", "past"),
        ("maybe ants are under my skin", "uncertain"),
        ("my husband keeps walking into door frames", "other_person"),
        ("our neighbour had to haul me off the lawn", "present"),
        ("I'm the colour of chalk, says the lady next door", "present"),
    ],
)
def test_only_what_stands_outside_an_image_changes_its_status(clause: str, status: str) -> None:
    parts = {part.strip(): [("tingling", 0.9)] for part in [clause, *clause.split(",")[:1]]}
    assert ("tingling", status) in read(clause, parts)


def test_a_sentence_is_read_as_a_whole_and_by_clause_where_that_tells_nothing() -> None:
    text = "I wash the cups, and I cannot tell the hot tap from the cold"
    first, second = "I wash the cups", "and I cannot tell the hot tap from the cold"
    assert read(text, {text: [("numbness", 0.7)], second: [("fatigue", 0.9)]}) == [("numbness", "present")]
    assert read(text, {text: [("numbness", 0.5)], second: [("fatigue", 0.75)]}) == [("fatigue", "present")]
    assert read(text, {first: [("fatigue", 0.65)]}) == []


SLIDING = "one half of my face is sliding off like butter and feels weak"
WEAK = {"entity": "finding", "value": "weakness", "start": 57, "end": 61, "status": "present"}


@pytest.mark.parametrize(
    "guesses, added, doubted",
    [
        ([("facial_droop", 0.9)], ["facial_droop"], [WEAK]),
        ([("facial_droop", 0.9), ("weakness", 0.2)], ["facial_droop"], []),
        ([("facial_droop", 0.7)], [], []),
        ([("weakness", 0.9), ("facial_droop", 0.8)], [], []),
    ],
)
def test_a_sure_sentence_makes_a_word_of_its_image_doubtful(
    guesses: Guesses, added: List[str], doubted: List[object]
) -> None:
    known = {SLIDING: guesses}
    if not any(finding == "weakness" for finding, _ in guesses):
        known[SLIDING] = [*guesses, ("weakness", 0.0)]
    told = FreeFindings(cast(FreeWordingModel, Table(known))).read(SLIDING, [WEAK])
    assert ([mention.value for mention in told.mentions], told.doubted) == (added, doubted)


def test_thoughts_of_suicide_are_not_guessed_from_a_weak_likeness() -> None:
    text = "I might as well watch paint dry"
    assert read(text, {text: [("suicidal_thoughts", 0.65)]}) == []
    assert read(text, {text: [("suicidal_thoughts", 0.75)]}) == [("suicidal_thoughts", "present")]
