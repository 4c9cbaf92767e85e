"""Red flags: every emergency is found in many people's words, and near misses stay silent."""

from __future__ import annotations

import random
import statistics
import string
import time

import pytest

from bot.understanding.red_flag_sentences import RULES, Sentence, read_sentences
from bot.understanding.red_flags import RedFlagDetector, red_flag_detector

SENTENCES = read_sentences(authors=RULES)
FIRES = [sentence for sentence in SENTENCES if sentence.fires]


@pytest.fixture(scope="module")
def detector() -> RedFlagDetector:
    return red_flag_detector()


@pytest.mark.parametrize("sentence", FIRES, ids=lambda sentence: sentence.text)
def test_fires(detector: RedFlagDetector, sentence: Sentence) -> None:
    found = {mention.value: mention for mention in detector.detect(sentence.text)}
    assert sentence.flag in found
    mention = found[sentence.flag]
    assert mention.extra["urgency"] == sentence.urgency
    if sentence.other:
        assert mention.extra["subject"] == "other"
    assert 0 <= mention.start < mention.end <= len(sentence.text)
    assert mention.status in ("present", "uncertain")


@pytest.mark.parametrize("text", [sentence.text for sentence in SENTENCES if not sentence.fires])
def test_stays_silent(detector: RedFlagDetector, text: str) -> None:
    assert [mention.value for mention in detector.detect(text)] == []


@pytest.mark.parametrize(
    "text, flag, subject, status",
    [
        ("not sure if I can feel when I wipe", "F1", "self", "uncertain"),
        ("My husband can't pass urine", "F1", "other", "present"),
        ("my mum says my leg is swollen and hot", "F4", "self", "present"),
        ("I think I might have a blood clot in my leg", "F4", "self", "uncertain"),
        ("my friend is suicidal", "F19", "other", "present"),
        ("my 7-year-old is limping and cries", "F20", "other", "present"),
        ("my nine year old daughter has a limp since Sunday", "F20", "other", "present"),
        ("my bottom could belong to someone else, no feeling there when I wipe", "F1", "self", "present"),
        ("lymphoma patient, both legs weak and unsteady since Monday", "F2", "self", "present"),
        ("kidney cancer bloke here, my legs are weak and wobbly this week", "F2", "self", "present"),
    ],
)
def test_subject_and_status(detector: RedFlagDetector, text: str, flag: str, subject: str, status: str) -> None:
    mention = next(mention for mention in detector.detect(text) if mention.value == flag)
    assert (mention.extra["subject"], mention.status) == (subject, status)


@pytest.mark.parametrize(
    "text, flag, urgency",
    [
        ("how many of my heart pills must I take so I don't wake up", "F19", "emergency_now"),
        ("I've put aside three months' supply, saved up my morphine tablets", "F19", "emergency_now"),
        ("one thigh is double the size, tight and shiny", "F4", "emergency_department"),
        ("she does laughing gas, numb feet, and she has fallen three times", "F17", "emergency_department"),
        ("I was suicidal years ago, had help, but lately it came back, I want to die", "F19", "same_day"),
        ("sore muscles since the triathlon and my pee is like engine oil", "F13", "emergency_department"),
    ],
)
def test_urgency(detector: RedFlagDetector, text: str, flag: str, urgency: str) -> None:
    mention = next(mention for mention in detector.detect(text) if mention.value == flag)
    assert mention.extra["urgency"] == urgency


@pytest.mark.parametrize(
    "text",
    [
        "I was suicidal at 15, years of therapy, and I am well now",
        "my great-uncle took his own life in the sixties",
        "my sister was killing herself laughing at my knees",
        "I would rather die than eat sardines",
        "I can't stand on one leg in yoga",
        "my foot went dead while I sat on it",
        "both calves are soft and the same size as each other",
        "I'm 38, my hip aches after a day at the desk",
        "hot showers ease my shoulder",
        "my dog's leg is swollen",
        "hard to say, maybe two years of tingling",
        "I can't make sense of these results",
        "my son had a limp at six, over in two weeks",
    ],
)
def test_turns_of_phrase_and_the_past_stay_silent(detector: RedFlagDetector, text: str) -> None:
    assert [mention.value for mention in detector.detect(text)] == []


@pytest.mark.parametrize("flag", ["F1", "F3", "F6", "F19"])
@pytest.mark.parametrize("before", ["", "Hi, quick question about vitamins. ", "I am 45 and vegan. "])
@pytest.mark.parametrize("after", ["", " Thanks for any help!", " Is that low B12?"])
def test_neighbouring_sentences_do_not_hide_an_emergency(
    detector: RedFlagDetector, flag: str, before: str, after: str
) -> None:
    text = {
        "F1": "I can't feel when I wipe.",
        "F3": "My face is drooping.",
        "F6": "My foot is ice cold, white and numb.",
        "F19": "I want to kill myself.",
    }[flag]
    for version in (text, text.upper(), text.lower().replace("'", ""), text.replace("'", "’")):
        assert flag in {mention.value for mention in detector.detect(before + version + after)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "?",
        "...",
        "😀" * 50,
        "\x00\x07\x1b[0m",
        "a" * 10_000,
        "my leg " * 1_500,
        "no " * 3_000,
        "'s 's",
        "ﷺ İ ß ǅ",
        "\u202egel ym",
        "leg\u0000swollen",
        "((((((",
        "%s {emergency} $(x)",
        "1" * 500,
        ", , , .",
        "\ud800",
    ],
)
def test_any_text_is_accepted(detector: RedFlagDetector, text: str) -> None:
    assert isinstance(detector.detect(text), list)


def test_random_text_is_accepted(detector: RedFlagDetector) -> None:
    generator = random.Random(7)
    words = "my leg can't no not swollen cold , . ? ! and if what kill myself 39 b12 ' - \n 😀".split(" ")
    for _ in range(200):
        detector.detect(" ".join(generator.choices(words, k=25)))
        detector.detect("".join(generator.choices(string.printable, k=80)))


def test_same_text_gives_the_same_answer(detector: RedFlagDetector) -> None:
    text = "my calf is swollen and hot since the flight and I can't catch my breath"
    assert detector.detect(text) == detector.detect(text) == RedFlagDetector().detect(text)


def test_is_fast_enough(detector: RedFlagDetector) -> None:
    texts = [sentence.text for sentence in FIRES if 20 <= len(sentence.text.split()) <= 30]
    for text in texts:
        detector.detect(text)
    seconds = []
    for text in texts:
        start = time.process_time()
        detector.detect(text)
        seconds.append(time.process_time() - start)
    assert statistics.median(seconds) < 0.006  # 2 ms on a quiet machine
