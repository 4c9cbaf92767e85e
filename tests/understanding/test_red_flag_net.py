"""The learnt reader of red flags, and how it and the rules answer together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import List

import pytest

from bot.understanding.mentions import Mention
from bot.understanding.red_flag_net import FEWEST, MOST, WHOLE, Likeness, RedFlagNet, split, tale_parts
from bot.understanding.red_flag_reader import (
    AS_LIKELY,
    AS_LIKELY_ELSEWHERE,
    CLEARLY_NONE,
    FAR_BEHIND,
    FAR_BEHIND_MORE_URGENT,
    FIRES,
    FIRES_EARLY,
    MOST_FLAGS,
    NO_DOUBT,
    combine,
)
from bot.understanding.red_flag_sentences import FOLDER, TALES, Sentence, counterexamples, read_sentences
from bot.understanding.red_flags import LESS_SURE, SURE, red_flag_detector
from bot.understanding.wording import Example

DETECTOR = red_flag_detector()
AUTHORS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
EVERYDAY = ["which foods have b12", "my thigh tingles when I stand", "hello", "what does my result mean", "thank you"]


def _few(flags: List[str]) -> List[Sentence]:
    """Some sentences of each flag, so that training takes a few seconds."""
    found = [sentence for sentence in read_sentences(authors=("variants", "rules")) if sentence.near in flags]
    return [each for flag in flags for each in [one for one in found if one.near == flag][:40]]


@pytest.fixture(scope="module")
def net() -> RedFlagNet:
    return RedFlagNet.fit(_few(["F1", "F4", "F19"]), EVERYDAY)[0]


# --- sentences -----------------------------------------------------------------------------------


def test_no_sentence_is_both_an_emergency_and_none() -> None:
    sentences = read_sentences()
    fires = {sentence.text.lower() for sentence in sentences if sentence.fires}
    assert [each.text for each in sentences if not each.fires and each.text.lower() in fires] == []


@pytest.mark.parametrize("author", AUTHORS)
def test_every_author_wrote_of_every_flag(author: str) -> None:
    written = Counter((sentence.near, sentence.fires) for sentence in read_sentences(authors=(author,)))
    kinds = (False,) if author in TALES else (True, False)
    assert set(written) == {(f"F{number}", fires) for number in range(1, 22) for fires in kinds}


def test_urgency_is_at_least_that_of_the_flag() -> None:
    for sentence in read_sentences():
        if sentence.fires:
            levels = DETECTOR.urgencies[sentence.near]
            assert sentence.usual == levels[0], sentence.near
            assert sentence.urgency in levels, sentence.text


def test_counterexamples_hold_nothing_alarming() -> None:
    examples = [
        Example("what is b12 good for", frozenset()),
        Example("I want to kill myself", frozenset()),
        Example("my face hangs", frozenset(["facial_droop"])),
        Example("my thigh tingles", frozenset(["tingling"])),
    ]
    assert counterexamples(examples, DETECTOR) == ["what is b12 good for", "my thigh tingles"]
    assert len(counterexamples(examples[:1] * 10, DETECTOR, most=3)) <= 3


# --- the net -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, flag",
    [
        ("since this morning I feel nothing between my legs when I wash", "F1"),
        ("cant feel the loo paper and cant pee", "F1"),
        ("one calf is twice as thick as the other, red and warm", "F4"),
        ("I keep thinking about ending my life", "F19"),
    ],
)
def test_new_wordings_are_found(net: RedFlagNet, text: str, flag: str) -> None:
    best = net.read(text)[0]
    assert best.flag == flag and best.score > FIRES
    assert 0 <= best.start < best.end <= len(text)


@pytest.mark.parametrize("text", ["which fish has b12", "my thigh tingles a little when I stand up", "ok thanks", "!"])
def test_everyday_messages_are_not(net: RedFlagNet, text: str) -> None:
    assert all(likeness.score < FIRES for likeness in net.read(text))


def test_an_emergency_in_the_middle_of_a_long_story_is_found(net: RedFlagNet) -> None:
    before = "I am a teacher and I like my work. We went to the sea last summer. The weather was lovely all week. "
    danger = "I want to kill myself."
    after = " Anyway I eat eggs and fish. My sister sends her regards. What does a normal result mean?"
    best = net.read(before + danger + after)[0]
    assert best.flag == "F19"
    assert best.start <= len(before) + len(danger) and best.end >= len(before)


def test_likenesses_are_sorted_and_their_confidence_rises_with_the_score(net: RedFlagNet) -> None:
    found = net.read("my calf is swollen and hot")
    assert [each.flag for each in found][0] == "F4" and len(found) == 3
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert 0 <= found[-1].confidence <= found[0].confidence <= 1


@pytest.mark.parametrize("text", ["", " \n\t", "?", "😀" * 50, "\x00\x07", "no " * 3_000, "a" * 10_000, "\ud800 leg"])
def test_any_text_is_read(net: RedFlagNet, text: str) -> None:
    assert len(net.read(text)) in (0, 3)


def test_a_saved_net_reads_the_same(net: RedFlagNet, tmp_path: Path) -> None:
    net.save(tmp_path)
    loaded = RedFlagNet.load(tmp_path)
    for text in ("my calf is swollen and hot", "which foods have b12"):
        before, after = net.read(text), loaded.read(text)
        assert [each.flag for each in before] == [each.flag for each in after]
        assert [each.score for each in before] == pytest.approx([each.score for each in after], abs=0.01)


# --- parts of a message --------------------------------------------------------------------------


def test_a_short_message_is_one_part() -> None:
    assert split("One. Two.") == [(0, 9)]
    assert split("  ") == []


def test_a_long_message_is_read_whole_and_by_sentence() -> None:
    sentences = [f"Here is sentence number {number} with some more words in it." for number in range(4)]
    text = " ".join(sentences)
    assert len(text.split()) > WHOLE
    parts = [text[part.start : part.end] for part in split(text)]
    assert parts == [text, *sentences]


def test_a_long_sentence_without_stops_is_cut() -> None:
    text = " ".join(f"word{number}" for number in range(100))
    parts = split(text)[1:]
    assert all(FEWEST <= len(text[part.start : part.end].split()) <= MOST for part in parts)
    assert {word for part in parts for word in text[part.start : part.end].split()} == set(text.split())


def test_a_harmless_story_teaches_its_sentences_and_a_near_miss_does_not() -> None:
    tale = "I dug the garden on Sunday and my back is stiff. " * 4
    story = Sentence(tale.strip(), "F1", False, "emergency_department", "emergency_department", False, TALES[0])
    assert tale_parts(story) == [tale.split(".")[0] + "."] * 4
    assert tale_parts(replace(story, author="written_1")) == []


# --- rules and net together ----------------------------------------------------------------------


def _rule(flag: str, confidence: float = LESS_SURE, urgency: str = "same_day") -> Mention:
    extra = {"urgency": urgency, "subject": "self"}
    return Mention("red_flag", flag, 0, 5, "present", confidence, "rule", extra)


def _like(flag: str, score: float, escalated: bool = False, other: bool = False) -> Likeness:
    return Likeness(flag, score, 0.9, 0, 9, other, escalated)


def test_without_the_net_the_rules_answer() -> None:
    assert combine([_rule("F4")], [], DETECTOR) == [_rule("F4")]


def test_the_net_raises_a_flag_alone_and_says_when_it_doubts() -> None:
    sure, doubtful = combine([], [_like("F4", NO_DOUBT), _like("F5", NO_DOUBT - AS_LIKELY + 0.1, other=True)], DETECTOR)
    assert (sure.value, sure.status, sure.evidence) == ("F4", "present", "wording")
    assert sure.extra == {"urgency": "same_day", "subject": "self"}
    assert (doubtful.value, doubtful.status) == ("F5", "uncertain")
    assert doubtful.extra == {"urgency": "emergency_now", "subject": "other"}
    assert combine([], [_like("F4", FIRES - 0.01)], DETECTOR) == []


def test_suicidal_thoughts_need_less() -> None:
    assert FIRES_EARLY["F19"] < FIRES
    assert [each.value for each in combine([], [_like("F19", FIRES_EARLY["F19"])], DETECTOR)] == ["F19"]


def test_the_net_takes_back_only_what_is_clearly_none_and_not_sure() -> None:
    clearly = [_like("F4", CLEARLY_NONE - 0.01)]
    assert combine([_rule("F4")], clearly, DETECTOR) == []
    assert combine([_rule("F19", SURE)], clearly, DETECTOR) == [_rule("F19", SURE)]
    assert combine([_rule("F4")], [_like("F4", CLEARLY_NONE)], DETECTOR) == [_rule("F4")]


def _flags(rules: List[Mention], likenesses: List[Likeness]) -> List[str]:
    return sorted(each.value for each in combine(rules, likenesses, DETECTOR))


def test_another_flag_of_the_net_keeps_that_of_a_rule_unless_it_explains_it_far_better() -> None:
    best = _like("F5", 1.0)
    assert _flags([_rule("F4")], [best, _like("F4", 1.01 - FAR_BEHIND)]) == ["F4", "F5"]
    assert _flags([_rule("F4")], [best, _like("F4", 0.99 - FAR_BEHIND)]) == ["F5"]
    assert _flags([_rule("F4"), _rule("F5")], [best, _like("F4", 0.99 - FAR_BEHIND)]) == ["F5"]


def test_a_more_urgent_flag_of_a_rule_is_taken_back_later() -> None:
    rule, best = _rule("F5", urgency="emergency_now"), _like("F4", 1.5)
    assert _flags([rule], [best, _like("F5", 1.51 - FAR_BEHIND_MORE_URGENT)]) == ["F4", "F5"]
    assert _flags([rule], [best, _like("F5", 1.49 - FAR_BEHIND_MORE_URGENT)]) == ["F4"]


def test_what_does_not_fire_explains_nothing() -> None:
    assert _flags([_rule("F4")], [_like("F5", FIRES - 0.01), _like("F4", -2.0)]) == ["F4"]


def test_suicidal_thoughts_are_never_explained_by_another_flag() -> None:
    assert _flags([_rule("F19")], [_like("F5", 2.0), _like("F19", -2.0)]) == ["F19", "F5"]


def test_another_emergency_in_other_words_is_kept() -> None:
    best = replace(_like("F5", 2.0), start=100, end=200)  # the rule rests on characters 0 to 5
    assert _flags([_rule("F4")], [best, _like("F4", FIRES)]) == ["F4", "F5"]
    assert _flags([_rule("F4")], [best, _like("F4", FIRES - 0.01)]) == ["F5"]
    further = replace(_like("F6", 2.01 - AS_LIKELY_ELSEWHERE), start=0, end=90)
    assert _flags([], [best, further]) == ["F5", "F6"]
    assert _flags([], [best, replace(further, start=100, end=200)]) == ["F5"]


def test_only_the_likeliest_flags_are_raised() -> None:
    many = [_like(f"F{number}", 0.5 - number / 100) for number in range(1, 10)]
    assert [each.value for each in combine([], many, DETECTOR)] == [each.flag for each in many[:MOST_FLAGS]]
    far = [_like("F4", 1.0), _like("F5", 1.0 - AS_LIKELY - 0.01)]
    assert [each.value for each in combine([], far, DETECTOR)] == ["F4"]
    assert {each.value for each in combine([_rule("F9"), _rule("F10")], many[:3], DETECTOR)} == {
        *("F1", "F2", "F3", "F9", "F10")
    }


def test_urgency_is_the_higher_of_both_and_never_below_the_usual() -> None:
    raised = combine([_rule("F4")], [_like("F4", 1.0, escalated=True)], DETECTOR)[0]
    assert raised.extra["urgency"] == "emergency_department" and raised.evidence == "rule"
    kept = combine([_rule("F4", urgency="emergency_department")], [_like("F4", 1.0)], DETECTOR)[0]
    assert kept.extra["urgency"] == "emergency_department"
    assert combine([], [_like("F3", 1.0, escalated=True)], DETECTOR)[0].extra["urgency"] == "emergency_now"


@pytest.mark.parametrize(
    "text", ["I want to kill myself", "I am going to end my life tonight", "my husband says he will kill himself"]
)
def test_plain_words_of_suicide_cannot_be_taken_back(text: str) -> None:
    found = [mention for mention in DETECTOR.detect(text) if mention.value == "F19"]
    assert found and found[0].confidence == SURE
    assert combine(found, [_like("F19", -2.0)], DETECTOR) == found
