"""Age, sex and country said in passing."""

from __future__ import annotations

import pytest

from bot.understanding.profile import ProfileReader

READER = ProfileReader()


def told(text):
    return {mention.extra["name"]: mention.extra.get("value", mention.value) for mention in READER.read(text)}


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("I'm 44", 44),
        ("im 67 and my feet burn", 67),
        ("a 54 year old woman", 54),
        ("72M with burning feet", 72),
        ("female, 38yo", 38),
        ("my dad is 81", 81),
        ("aged 29", 29),
        ("I am a 60 y/o man", 60),
    ],
)
def test_ages(text, age):
    assert told(text)["age"] == age


@pytest.mark.parametrize(
    "text",
    [
        "I'm 20 weeks pregnant",
        "for 3 years",
        "I take 500 mg",
        "my b12 was 210",
        "at 3am",
        "pain is 7 out of 10",
        "I'm 2 days in",
    ],
)
def test_other_numbers_are_no_age(text):
    assert "age" not in told(text)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("I'm a 40 year old man", "male"),
        ("54F", "female"),
        ("as a woman", "female"),
        ("I'm 44", None),
        ("it's 2 months", None),
    ],
)
def test_sex(text, sex):
    assert told(text).get("sex_at_birth") == sex


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("I live in the UK", "GB"),
        ("here in the states", "US"),
        ("I'm in Ireland", "IE"),
        ("tell us more", None),
        ("UK", "GB"),
        ("Germany.", "DE"),
        ("the us", "US"),
    ],
)
def test_country(text, country):
    assert told(text).get("country") == country
