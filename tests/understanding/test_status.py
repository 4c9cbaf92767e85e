from __future__ import annotations

from typing import Any, Dict, Sequence

import numpy as np
import pytest

from bot.understanding.mentions import ABSENT, HYPOTHETICAL, PAST, PRESENT
from bot.understanding.status import BIAS, STATUSES, WEIGHT, WITNESS, StatusReader

TEXT = "my toes were numb but that is over now"


class _Encoder:
    """Every span looks like one status, as strongly as given."""

    def __init__(self, status: str, strength: float) -> None:
        self._state = np.eye(len(STATUSES), dtype=np.float32)[STATUSES.index(status)] * strength

    def encode_spans(self, text: str, spans: Sequence[Any]) -> Any:
        return np.stack([self._state for _ in spans])


def reader(status: str, strength: float) -> StatusReader:
    size = len(STATUSES)
    witness = np.full((size, size), 0.02, dtype=np.float32) + np.eye(size, dtype=np.float32) * 0.88
    adapter = {WEIGHT: np.eye(size, dtype=np.float32), BIAS: np.zeros(size, dtype=np.float32), WITNESS: witness}
    return StatusReader(adapter, _Encoder(status, strength))  # type: ignore[arg-type]


def finding(value: str = "numbness", status: str = PRESENT, **extra: Any) -> Dict[str, Any]:
    return {"entity": "finding", "value": value, "start": 3, "end": 16, "status": status, **extra}


@pytest.mark.parametrize("strength, status", [(1, PRESENT), (10, PAST)])
def test_the_rules_stand_unless_the_regression_is_surer(strength: float, status: str) -> None:
    assert [each["status"] for each in reader(PAST, strength).revise(TEXT, [finding()])] == [status]


def test_a_short_answer_is_left_to_the_rules() -> None:
    assert reader(ABSENT, 10).revise("yes, numbness", [finding()]) == [finding()]


def test_what_is_only_said_of_a_present_complaint_goes_with_it() -> None:
    told = finding(site=["toe"], side="both", timing=["night"], duration="P3M")
    assert reader(PAST, 10).revise(TEXT, [told]) == [finding(status=PAST, site=["toe"], side="both")]


def test_thoughts_of_suicide_and_other_entities_are_not_revised() -> None:
    others = [finding("suicidal_thoughts"), {"entity": "test", "value": "mma", "start": 0, "end": 3}]
    assert reader(HYPOTHETICAL, 10).revise(TEXT, others) == others


def test_what_is_present_is_not_denied_as_well() -> None:
    told = [finding(status=ABSENT), finding(status=ABSENT, site=["hand"])]
    assert reader(PRESENT, 0).revise(TEXT, [finding(site=["toe"]), *told]) == [finding(site=["toe"]), told[1]]


def test_the_trained_reader_sees_what_follows_in_the_next_sentence() -> None:
    told = "I had terrible cramps all winter. Both gone now, thank heavens."
    cramps = {"entity": "finding", "value": "cramps", "start": 15, "end": 21, "status": PRESENT}
    assert [each["status"] for each in StatusReader().revise(told, [cramps])] == [PAST]
