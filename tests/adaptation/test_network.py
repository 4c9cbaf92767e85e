from __future__ import annotations

import numpy as np
import pytest

from adaptation.network import AdaptableEncoder
from bot.understanding.adapter import adapted
from bot.understanding.minilm import DENSE, MiniLM, model_folder, read_weights

TEXTS = ["my feet tingle", "can low b12 make my thigh burn at night"]


@pytest.fixture(scope="module")
def published():
    return read_weights(model_folder())


def vectors(encoder, tokens):
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int32)
    mask = np.zeros(ids.shape, dtype=np.float32)
    for row, own in enumerate(tokens):
        ids[row, : len(own)], mask[row, : len(own)] = own, 1
    return encoder(ids, mask, learning=False)[0].numpy()


def test_an_untaught_encoder_is_the_published_one(published):
    model = MiniLM(model_folder(), {})
    tokens = model.tokens(TEXTS)
    assert np.allclose(vectors(AdaptableEncoder(published, 1), tokens), model(tokens).vectors / 2, atol=1e-3)


def test_what_is_learnt_is_what_is_added_when_serving(published):
    encoder = AdaptableEncoder(published, 1)
    random = np.random.default_rng(1)
    for variable in encoder.variables[len(DENSE) :]:
        variable.assign(random.standard_normal(variable.shape).astype(np.float32) * 0.02)
    additions = {name: value.astype(np.float32) for name, value in encoder.additions().items()}
    assert set(adapted(published, additions)) == set(published)
    model = MiniLM(model_folder(), additions)
    tokens = model.tokens(TEXTS)
    assert np.allclose(vectors(encoder, tokens), model(tokens).vectors / 2, atol=2e-3)
    assert not np.allclose(model(tokens).vectors, MiniLM(model_folder(), {})(tokens).vectors, atol=0.05)
