"""The pattern language: what each of its signs lets through, and where a match begins and ends."""

from __future__ import annotations

from typing import List

import pytest

from bot.understanding.red_flag_patterns import PatternSet, Words
from bot.understanding.tokens import tokenise

LISTS = {"limb": ["leg", "lower leg", "foot"], "gone": ["numb", "dead", "no feeling"]}


def found(pattern: str, text: str) -> List[str]:
    words = Words.of(tokenise(text), {})
    spans = PatternSet({"cue": [pattern]}, LISTS).find(words)
    return [" ".join(words.words[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    "pattern, text, match",
    [
        ("@limb is @gone", "My lower leg is dead", "lower leg is dead"),  # the longer alternative
        ("@limb is @gone", "the foot is really, really numb", "foot is really , really numb"),  # pauses and fillers
        ("@limb ~2 @gone", "my leg has gone numb", "leg has gone numb"),
        ("@limb ~1 @gone", "my leg has just now gone numb and my foot went dead", "foot went dead"),
        ("@limb ~3 @gone", "my leg is not numb", None),  # a gap never holds "not"
        ("@limb ~3 @gone", "I hurt my leg. Now numb with cold", None),  # or the end of a sentence
        ("@gone", "there is no really feeling", "no really feeling"),  # fillers within an alternative too
        ("very? numb|dead", "it is very numb", "very numb"),
        ("very? numb|dead", "it is dead", "dead"),
        ("numb my_foot?", "numb foot", "numb foot"),  # possessives are left out on both sides
        ("swell* up", "it swelled up", "swelled up"),
        ("swell* up", "it is well up", None),
        ("cold ?", "is it cold?", "cold ?"),
        ("numb ~3", "numb all day long", "numb"),  # a gap at the end takes nothing
    ],
)
def test_patterns(pattern: str, text: str, match: str) -> None:
    assert found(pattern, text) == ([match] if match else [])


def test_matches_of_one_pattern_do_not_overlap() -> None:
    assert found("numb ~2 numb", "numb numb numb numb") == ["numb numb", "numb numb"]


def test_words_that_were_blanked_out_do_not_match() -> None:
    words = Words.of(tokenise("dead leg is a dead leg"), {})
    patterns = PatternSet({"cue": ["dead leg"]}, LISTS)
    first, second = patterns.find(words)
    assert patterns.find(words.without([first])) == [second]


def test_a_pattern_needs_a_word_that_must_be_there() -> None:
    with pytest.raises(ValueError, match="cue"):
        PatternSet({"cue": ["numb? ~2"]}, LISTS)
