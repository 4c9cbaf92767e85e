from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.wording import Example, FreeWordingModel

WORDINGS = {
    "burning": ["someone holds a lighter to my thigh", "like hot coals under my feet", "my skin feels scalded"],
    "numbness": ["my legs fall asleep", "like walking on cotton wool", "I stood on a pin and felt nothing"],
    "fatigue": ["running on empty", "I could sleep for a week", "shattered by noon"],
    "": ["I sit at a desk all day", "which foods have b12", "my mum is a nurse", "yes please", "about six months"],
}
EXAMPLES = [Example(text, frozenset({name} - {""})) for name, texts in WORDINGS.items() for text in texts]


@pytest.fixture(scope="module")
def model() -> FreeWordingModel:
    return FreeWordingModel.fit(EXAMPLES)


@pytest.mark.parametrize(
    "clause, finding",
    [
        ("it is as if somebody held a lighter to my leg", "burning"),
        ("I trod on a pin and felt nothing at all", "numbness"),
        ("I am running on empty these days", "fatigue"),
    ],
)
def test_new_wordings_are_recognised(model: FreeWordingModel, clause: str, finding: str) -> None:
    assert model.predict([clause], least=0.3)[0][0][0] == finding


@pytest.mark.parametrize("clause", ["I sit in an office all day", "which food has b12 in it", "no thank you"])
def test_nothing_is_found_where_nothing_is_felt(model: FreeWordingModel, clause: str) -> None:
    assert model.predict([clause], least=0.3) == [[]]


def test_no_clauses_give_nothing(model: FreeWordingModel) -> None:
    assert model.predict([]) == []


def test_a_saved_model_finds_the_same(model: FreeWordingModel, tmp_path: Path) -> None:
    clauses = ["like hot coals in my shoes", "my legs fall asleep on the loo", "I am a teacher"]
    model.save(tmp_path)
    before, after = model.predict(clauses, 0.2), FreeWordingModel.load(tmp_path).predict(clauses, 0.2)
    assert [[name for name, _ in found] for found in before] == [[name for name, _ in found] for found in after]


def test_evaluation_counts_every_marked_example() -> None:
    _, evaluation = FreeWordingModel.fit_and_evaluate(EXAMPLES)
    assert {name: hit + miss for name, (hit, miss, _) in evaluation.items()} == {
        name: len(texts) for name, texts in WORDINGS.items() if name
    }


def test_examples_without_any_finding_are_refused() -> None:
    with pytest.raises(ValueError, match="no example"):
        FreeWordingModel.fit([Example("yes please", frozenset())])
