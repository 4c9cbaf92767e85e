from __future__ import annotations

from pathlib import Path
from typing import List

import numpy as np
import pytest

from bot.understanding.encoder import SentenceEncoder
from bot.understanding.features import Features
from bot.understanding.intents import IntentModel, telling_first
from bot.understanding.kernel import KernelRidge

EXAMPLES = {
    "food_sources": ["which foods have b12", "is there b12 in eggs", "what should I eat", "does fish contain b12"],
    "recovery_time": ["how long until I feel better", "when will the tingling stop", "how fast do nerves heal"],
    "privacy": ["is this private", "who can read my answers", "do you store my data"],
    "out_of_scope": ["will it rain tomorrow", "who won the match", "write me a poem", "my tooth hurts"],
}


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def _features(texts: List[str], encoder: SentenceEncoder) -> Features:
    return Features.of(texts, encoder.encode_deep(texts))


@pytest.fixture(scope="module")
def model(encoder: SentenceEncoder) -> IntentModel:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    return IntentModel.fit(_features(texts, encoder), [name for name, part in EXAMPLES.items() for _ in part])[0]


@pytest.mark.parametrize(
    "text, intent",
    [
        ("does milk contain vitamin b12", "food_sources"),
        ("how soon will I get better", "recovery_time"),
        ("who sees what I write, is it private", "privacy"),
        ("is it going to snow", "out_of_scope"),
    ],
)
def test_new_wordings_find_their_intent(model: IntentModel, encoder: SentenceEncoder, text: str, intent: str) -> None:
    ranking = model.rank(_features([text], encoder))[0]
    assert ranking[0][0] == intent
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1, abs=1e-4)


def test_a_saved_model_ranks_the_same(model: IntentModel, encoder: SentenceEncoder, tmp_path: Path) -> None:
    features = _features(["is there b12 in cheese", "hello"], encoder)
    model.save(tmp_path)
    for before, after in zip(model.rank(features), IntentModel.load(tmp_path).rank(features)):
        assert [name for name, _ in before] == [name for name, _ in after]
        assert np.allclose([c for _, c in before], [c for _, c in after], atol=0.01)


def test_unseen_scores_are_those_of_a_model_without_the_example() -> None:
    random = np.random.default_rng(1)
    # Symmetric points keep the mean, and equal words their rarity, when two of them are left out.
    half = random.normal(size=(20, 8)).astype(np.float32)
    features = Features.of(["word"] * 40, np.concatenate([half, -half]))
    targets = np.sign(features.vectors[:, :2] + random.normal(size=(40, 2))).astype(np.float32)
    groups = np.arange(40) % 20
    _, unseen = KernelRidge.fit(features, targets, groups)
    kept = groups != 3
    without, _ = KernelRidge.fit(features[kept], targets[kept])
    assert np.allclose(without.scores(features[~kept]), unseen[~kept], atol=2e-3)


def test_likeness_sees_the_words_where_the_meaning_is_the_same() -> None:
    texts = ["my leg is red", "my leg is ready", "", "red leg"]
    same = Features.of(texts, np.ones((4, 8), dtype=np.float32) + np.eye(4, 8, dtype=np.float32) * 1e-3)
    targets = np.array([[1], [-1], [-1], [1]], dtype=np.float32)
    model, _ = KernelRidge.fit(same, targets)
    asked = Features.of(["leg red", "readily"], np.ones((2, 8), dtype=np.float32))
    red, ready = model.scores(asked)[:, 0]
    assert red > 0 > ready


def test_texts_without_words_and_no_texts_have_features() -> None:
    empty = Features.of(["", "?", "😀"], np.zeros((3, 4), dtype=np.float32))
    assert len(empty) == 3 and empty.lexical.shape[0] == 3
    assert len(Features.of([], np.zeros((0, 4), dtype=np.float32))) == 0


def test_a_saved_kernel_scores_the_same(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    vectors = random.normal(size=(30, 6)).astype(np.float32)
    features = Features.of([f"text {number} of {number % 7}" for number in range(30)], vectors)
    model, _ = KernelRidge.fit(features, np.sign(vectors[:, :1]))
    model.save(tmp_path / "kernel.npz")
    assert np.allclose(KernelRidge.load(tmp_path / "kernel.npz").scores(features), model.scores(features), atol=1e-2)


def test_an_unsure_out_of_scope_gives_way_to_what_the_message_tells():
    unsure = [("out_of_scope", 0.5), ("inform", 0.3), ("deny", 0.1)]
    assert telling_first(unsure) == [("inform", 0.3), ("deny", 0.1), ("out_of_scope", 0.5)]


@pytest.mark.parametrize("ranking", [[("out_of_scope", 0.9), ("inform", 0.1)], [("deny", 0.4), ("inform", 0.3)]])
def test_a_sure_out_of_scope_and_every_other_intent_stay_first(ranking):
    assert telling_first(ranking) == ranking
