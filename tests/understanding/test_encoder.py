from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.understanding import minilm
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.minilm import DEEP_DIMENSION, DIMENSION, EncoderError

TEXTS = [
    "my feet tingle",
    "can low b12 make my thigh burn",
    "yes",
    "the doctor gave me the results of the blood test last week and I do not understand them at all",
    "",
    "my thigh went numb, and it's been like that since March",
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_vectors_are_unit_vectors(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSION)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_deep_vectors_are_unit_vectors_that_end_in_the_sentence_vector(encoder: SentenceEncoder) -> None:
    deep = encoder.encode_deep(TEXTS)
    assert deep.shape == (len(TEXTS), DEEP_DIMENSION)
    assert np.allclose(np.linalg.norm(deep, axis=1), 1, atol=1e-5)
    assert np.allclose(deep[:, -DIMENSION:] * 2, encoder.encode(TEXTS), atol=1e-5)


def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSION)


@pytest.mark.parametrize(
    "text, near, far",
    [
        ("my feet tingle", "pins and needles in my toes", "what is the weather like in Leeds"),
        ("how long until I feel better", "when will this improve", "which foods contain it"),
        ("my boss shouts at me", "trouble at work", "my leg goes numb"),
    ],
)
def test_similar_sentences_are_closer(encoder: SentenceEncoder, text: str, near: str, far: str) -> None:
    vectors = encoder.encode([text, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_known_similarity() -> None:
    """The well-known example of the published model, as quoted elsewhere to three digits: guards the forward pass."""
    model = minilm.MiniLM(minilm.model_folder(), {})
    vectors = model(model.tokens(["That is a happy person", "That is a happy dog", "Today is a sunny day"])).vectors
    vectors = vectors[:, -DIMENSION:]
    assert vectors[0] @ vectors[1] == pytest.approx(0.695, abs=0.002)
    assert vectors[0] @ vectors[2] == pytest.approx(0.257, abs=0.002)


def test_a_batch_equals_single_texts() -> None:
    batch = SentenceEncoder().encode(TEXTS)
    single = np.concatenate([SentenceEncoder().encode([text]) for text in TEXTS])
    assert np.allclose(batch, single, atol=1e-5)


def test_longer_neighbours_do_not_change_a_vector() -> None:
    alone = SentenceEncoder().encode(["numb toes"])
    beside = SentenceEncoder().encode(["numb toes", "word " * 400, "numb toes and fingers"])
    assert np.allclose(alone[0], beside[0], atol=1e-5)


def test_typographic_quotes_do_not_matter(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["I can't feel my toes", "I can\u2019t feel my toes"])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)


def test_capitals_and_a_full_stop_do_not_matter(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(["My toes are numb.", "my toes are NUMB", "my toes are numb?"])
    assert np.array_equal(vectors[0], vectors[1])
    assert not np.allclose(vectors[0], vectors[2], atol=1e-3)


def test_the_cache_is_bounded_and_repeats_what_was_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = SentenceEncoder(cached_texts=2)
    encoder.encode(["one", "two", "three"])
    assert list(encoder._cache) == ["two", "three"]
    monkeypatch.setattr(encoder, "_compute", lambda texts: pytest.fail(f"computed {texts} again"))
    encoder.encode(["two", "three"])


def test_threads_share_an_encoder() -> None:
    encoder = SentenceEncoder(cached_texts=3)
    expected = SentenceEncoder().encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: encoder.encode(TEXTS), range(8)):
            assert np.allclose(vectors, expected, atol=1e-5)


def test_other_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"not the weights")
    with pytest.raises(EncoderError, match="model.safetensors"):
        minilm.verify(path)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "DISTRIBUTION", "no-such-model-package")
    with pytest.raises(EncoderError, match="no-such-model-package"):
        minilm.model_folder()
