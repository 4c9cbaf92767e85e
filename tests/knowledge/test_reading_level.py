"""Everything the assistant can say is plain: short sentences, short bubbles, a reading age of 11 to 13."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest
import textstat
import yaml

from bot.knowledge import load
from bot.knowledge.spoken import PHRASES, bubbles, phrases, responses

ROOT = Path(__file__).resolve().parents[2]
MOST_WORDS_IN_A_SENTENCE, MOST_WORDS_IN_A_BUBBLE = 20, 60
MEDIAN_GRADE, WORST_GRADE = 8.0, 10.0  # Flesch-Kincaid, US school grades
# The grade of a few words says nothing: one long name makes it jump.
FEWEST_WORDS_TO_GRADE = 12


def spoken():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    yield from bubbles(load())
    yield from phrases()
    yield from responses(domain["responses"])


SPOKEN = [(place, re.sub(r"{\w+}", "it", text)) for place, text in spoken()]


def words(text):
    return text.split()


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?:])\s+|\n", text) if part.strip()]


@pytest.mark.parametrize(("place", "text"), SPOKEN, ids=[place for place, _ in SPOKEN])
def test_plain(place, text):
    assert len(words(text)) <= MOST_WORDS_IN_A_BUBBLE
    for sentence in sentences(text):
        assert len(words(sentence)) <= MOST_WORDS_IN_A_SENTENCE, sentence
    if len(words(text)) >= FEWEST_WORDS_TO_GRADE:
        assert textstat.flesch_kincaid_grade(text) <= WORST_GRADE


def test_no_file_of_phrases_is_left_out():
    graded = {place.split("/")[0] for place, _ in SPOKEN}
    assert {name.removesuffix(".yml") for name in PHRASES} <= graded


def test_the_median_is_within_reach_of_a_twelve_year_old():
    grades = [textstat.flesch_kincaid_grade(text) for _, text in SPOKEN if len(words(text)) >= FEWEST_WORDS_TO_GRADE]
    assert statistics.median(grades) <= MEDIAN_GRADE
