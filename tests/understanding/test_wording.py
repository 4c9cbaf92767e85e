from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import List

import pytest

from bot.understanding.wording import Example, FreeWordingModel

FOLDER = Path(__file__).resolve().parents[2] / "data" / "nlu" / "findings"
MARKED = re.compile(r"\[([^\]]+)\]\(finding:(\w+)\)")


def _examples(name: str) -> List[Example]:
    lines = [line.strip()[2:] for line in (FOLDER / name).read_text("utf-8").splitlines() if line[:8] == "      - "]
    return [Example(MARKED.sub(r"\1", line), frozenset(found for _, found in MARKED.findall(line))) for line in lines]


EXAMPLES = _examples("sensory.yml") + _examples("none.yml")


@pytest.fixture(scope="module")
def model() -> FreeWordingModel:
    return FreeWordingModel.fit(EXAMPLES)


@pytest.mark.parametrize(
    "clause, finding",
    [
        ("my thigh is cooking from the inside", "burning"),
        ("somebody poured petrol on my leg and lit it", "burning"),
        ("I did not notice the stone in my shoe until my foot bled", "numbness"),
        ("the blanket on my thigh makes me scream", "touch_sensitivity"),
        ("my toes sparkle like soda", "tingling"),
        ("like a cattle prod up my shin", "electric_shocks"),
    ],
)
def test_new_wordings_are_recognised(model: FreeWordingModel, clause: str, finding: str) -> None:
    assert [name for name, _ in model.predict([clause])[0]] == [finding]


@pytest.mark.parametrize("clause", ["I sit in an office all day", "I am burning to find out", "my neighbour has a dog"])
def test_nothing_is_found_where_nothing_is_felt(model: FreeWordingModel, clause: str) -> None:
    assert model.predict([clause]) == [[]]


def test_no_clauses_give_nothing(model: FreeWordingModel) -> None:
    assert model.predict([]) == []


def test_a_saved_model_finds_the_same(model: FreeWordingModel, tmp_path: Path) -> None:
    clauses = ["like hot coals in my shoes", "my legs fall asleep on the loo", "I am a teacher"]
    model.save(tmp_path)
    before, after = model.predict(clauses, 0.5), FreeWordingModel.load(tmp_path).predict(clauses, 0.5)
    assert [[name for name, _ in found] for found in before] == [[name for name, _ in found] for found in after]


def test_evaluation_counts_every_marked_example() -> None:
    _, evaluation = FreeWordingModel.fit_and_evaluate(EXAMPLES)
    marked = Counter(name for example in EXAMPLES for name in example.findings)
    assert {name: hit + miss for name, (hit, miss, _) in evaluation.items()} == marked
    assert sum(wrong for _, _, wrong in evaluation.values()) < 0.3 * sum(hit for hit, _, _ in evaluation.values())


def test_examples_without_any_finding_are_refused() -> None:
    with pytest.raises(ValueError, match="no example"):
        FreeWordingModel.fit([Example("yes please", frozenset())])
