from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.understanding.encoder import SentenceEncoder
from bot.understanding.intents import IntentModel
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


@pytest.fixture(scope="module")
def model(encoder: SentenceEncoder) -> IntentModel:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    return IntentModel.fit(encoder.encode_deep(texts), [name for name, part in EXAMPLES.items() for _ in part])[0]


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
    ranking = model.rank(encoder.encode_deep([text]))[0]
    assert ranking[0][0] == intent
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1, abs=1e-4)


def test_a_saved_model_ranks_the_same(model: IntentModel, encoder: SentenceEncoder, tmp_path: Path) -> None:
    vectors = encoder.encode_deep(["is there b12 in cheese", "hello"])
    model.save(tmp_path)
    for before, after in zip(model.rank(vectors), IntentModel.load(tmp_path).rank(vectors)):
        assert [name for name, _ in before] == [name for name, _ in after]
        assert np.allclose([c for _, c in before], [c for _, c in after], atol=0.01)


def test_unseen_scores_are_those_of_a_model_without_the_example() -> None:
    random = np.random.default_rng(1)
    # Symmetric points keep the mean, and with it the centring, the same when two of them are left out.
    half = random.normal(size=(20, 8)).astype(np.float32)
    vectors = np.concatenate([half, -half])
    targets = np.sign(vectors[:, :2] + random.normal(size=(40, 2))).astype(np.float32)
    groups = np.arange(40) % 20
    _, unseen = KernelRidge.fit(vectors, targets, groups)
    kept = groups != 3
    without, _ = KernelRidge.fit(vectors[kept], targets[kept])
    assert np.allclose(without.scores(vectors[~kept]), unseen[~kept], atol=1e-3)
