"""What is shown when a red flag fires, and whom to call."""

from __future__ import annotations

import re

import pytest

from bot.knowledge import schema
from bot.knowledge.loader import FOLDER, read_yaml

FLAGS = [schema.RedFlag.parse_obj(row) for row in read_yaml(FOLDER / "red_flags.yml")]  # type: ignore[attr-defined]
SERVICES = [schema.Services.parse_obj(row) for row in read_yaml(FOLDER / "services.yml")]  # type: ignore[attr-defined]


def test_every_flag_has_words() -> None:
    assert [flag.id for flag in FLAGS] == [f"F{number}" for number in range(1, 22)]


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.id)
def test_words_are_short_and_name_help(flag: schema.RedFlag) -> None:
    for text in (flag.act, flag.act_other, flag.reason):
        assert len(text.split()) <= 60
        assert all(len(sentence.split()) <= 20 for sentence in re.split(r"(?<=[.!?])\s", text))
        assert set(re.findall(r"{(\w+)}", text)) <= {"emergency", "advice_line", "crisis"}
    if flag.urgency == "emergency_now":
        assert "{emergency}" in flag.act and "{emergency}" in flag.act_other
    if flag.crisis:
        assert "{crisis}" in flag.act and "{crisis}" in flag.act_other


def test_detector_and_words_agree_on_urgency() -> None:
    rules = read_yaml(FOLDER / "language" / "red_flags.yml")
    assert isinstance(rules, dict)
    assert {flag.id: flag.urgency for flag in FLAGS} == {name: row["urgency"] for name, row in rules["flags"].items()}


def test_only_what_was_read_names_a_source() -> None:
    assert [flag.id for flag in FLAGS if flag.confidence == "recalled" and flag.sources] == []


def test_services_cover_the_unknown_country() -> None:
    by_country = {service.country: service for service in SERVICES}
    assert len(by_country) == len(SERVICES)
    assert {"GB", "US", "IE", "CA", "AU", "NZ", "IN", "ZA", "EU", "XX"} <= set(by_country)
    assert all(number in by_country["XX"].emergency for number in ("999", "112", "911"))
    words = [word for service in SERVICES for word in service.words]
    assert len(words) == len(set(words))
