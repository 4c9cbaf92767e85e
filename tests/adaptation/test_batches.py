from __future__ import annotations

import numpy as np
import pytest

from adaptation.batches import FINDINGS, FLAG, INTENT, SUBJECT, Batches
from adaptation.lessons import NOTHING, Lesson, Lessons, Marked, weights_of
from adaptation.marked import parse
from bot.understanding.minilm import model_folder, read_tokenizer
from bot.understanding.status import STATUSES

TEXT = "my toes are numb but my feet do not burn"


@pytest.fixture(scope="module")
def batches():
    lessons = Lessons(
        {
            "my feet burn and tingle": Lesson(findings=["burning", "tingling"], intent="inform"),
            "what is mma": Lesson(findings=None, intent="test_explained", flag=NOTHING),
            "dad cannot pee": Lesson(flag="F1", other=True, escalated=False),
        },
        [Marked(TEXT, ((12, 16, "present"), (36, 40, "absent")))] * 40,
    )
    return Batches(lessons, read_tokenizer(model_folder()), 1)


def test_every_text_is_asked_what_is_known_of_it(batches):
    (batch,) = batches.epoch()
    assert batch.ids.shape == batch.mask.shape and len(batch.ids) == 3
    for name, labels in batches.labels.items():
        answered = batch.weights[name] > 0
        assert batch.answers[name].shape == (3, len(labels))
        assert batch.answers[name].sum(axis=1)[answered] == pytest.approx(1)
        assert not batch.answers[name][~answered].any()
    assert {name: int((own > 0).sum()) for name, own in batch.weights.items()} == {
        FINDINGS: 1,
        INTENT: 2,
        FLAG: 2,
        SUBJECT: 1,
        "urgency": 1,
    }


def test_marked_complaints_are_found_in_their_tokens_and_some_are_hidden(batches):
    made = list(batches.marked())
    assert sum(len(batch.ids) for batch in made) == 40
    assert sum(len(batch.statuses) for batch in made) == 80
    hidden = 0
    for batch in made:
        for row, start, end, status in zip(batch.rows, batch.starts, batch.ends, batch.statuses):
            words = batches._tokenizer.decode(batch.ids[row, start:end].tolist(), skip_special_tokens=False)
            assert words in ("[MASK]", "numb" if STATUSES[status] == "present" else "burn")
            hidden += words == "[MASK]"
    assert 0 < hidden < 40


def test_a_rare_value_counts_for_more():
    weights = weights_of(["inform"] * 90 + ["skip"] * 10 + [None])
    assert weights["skip"] == pytest.approx(5**0.5) and weights["inform"] < 1


def test_marks_give_places_and_status():
    example = parse("Not on [metformin](risk_factor:metformin status=absent), feet [numb](finding:numbness)")
    told = [(example.text[label.start : label.end], dict(label.keys)["status"]) for label in example.labels]
    assert told == [("metformin", "absent"), ("numb", "present")]


def test_the_lessons_of_the_repository_answer_every_question():
    lessons = Lessons.read()
    told = list(lessons.texts.values())
    assert min(sum(each.findings is not None for each in told), sum(each.flag is not None for each in told)) > 9000
    assert sum(each.intent is not None for each in told) > 9000 and len(lessons.marked) > 2000
    assert {status for each in lessons.marked for _, _, status in each.spans} == set(STATUSES)
    assert all(np.all([start < end <= len(each.text) for start, end, _ in each.spans]) for each in lessons.marked)
