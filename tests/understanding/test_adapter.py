from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.adapter import adapted, read_adapter
from bot.understanding.minilm import DENSE, DIMENSION, MiniLM, model_folder
from bot.understanding.status import BIAS, STATUSES, WEIGHT, WITNESS


def test_a_layer_gains_the_product_and_the_others_stay() -> None:
    weights = {"one.weight": np.ones((2, 3), dtype=np.float32), "two.weight": np.ones((2, 3), dtype=np.float32)}
    down, up = np.array([[1.0], [2.0], [3.0]]), np.array([[10.0, 100.0]])
    result = adapted(weights, {"one.down": down, "one.up": up})
    assert result["one.weight"].tolist() == [[11, 21, 31], [101, 201, 301]]
    assert result["two.weight"] is weights["two.weight"]


def test_the_file_adds_to_every_dense_layer_and_reads_status() -> None:
    adapter = read_adapter()
    assert set(adapter) == {f"{name}.{part}" for name in DENSE for part in ("down", "up")} | {WEIGHT, BIAS, WITNESS}
    assert adapter[WEIGHT].shape == (DIMENSION, len(STATUSES)) and adapter[BIAS].shape == (len(STATUSES),)
    assert adapter[WITNESS].sum(axis=1) == pytest.approx(np.ones(len(STATUSES)), abs=1e-5)


@pytest.mark.parametrize(
    "said, other",
    [
        ("my legs are getting weaker by the day", "my legs aren't getting weaker by the day"),
        ("my calf is swollen and hot since yesterday", "my calf was swollen and hot years ago"),
        ("both legs went numb yesterday", "could both legs go numb one day?"),
    ],
)
def test_an_adapted_encoder_tells_what_is_denied_over_or_asked_from_what_is_there(said: str, other: str) -> None:
    def distance(model: MiniLM) -> float:
        first, second = model(model.tokens([said, other])).vectors[:, -DIMENSION:]
        return 1 - float(first @ second)

    published, taught = MiniLM(model_folder(), {}), MiniLM(model_folder(), read_adapter())
    assert distance(taught) > 1.5 * distance(published)
