"""What the person wants: one intent with calibrated confidence, from meaning and spelling."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence, Tuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.understanding.features import Features, Floats
from bot.understanding.kernel import KernelRidge

Integers = NDArray[np.int64]
Ranking = List[Tuple[str, float]]

OUT_OF_SCOPE = "out_of_scope"
TURNED_AWAY = 0.02
"""At most this share of in-scope training examples, each unseen, may be taken for out of scope."""

SURELY_OUT_OF_SCOPE = 0.6
"""Below this confidence a message that tells something of a body is not taken for out of scope."""

OFFSET_PENALTY = 0.001
RIDGE = 0.03
"""Of an intent of average size; for others it grows with the root of the size, so that the few examples of a rare
intent are not drowned by those of a common one. Of an unseen author's topics one more in a hundred is right for it."""

MOST_EXAMPLES = 1_500
"""Of one intent; more would cost a quarter of the training time and each message its share, and teach nothing more."""


@dataclass(frozen=True)
class IntentModel:
    """A kernel model with the sharpness and, for each intent, the offset that fit its unseen scores.

    The offsets count each intent alike, however many examples it has: otherwise the many examples of ``inform`` would
    draw short answers to it.
    """

    labels: Tuple[str, ...]
    model: KernelRidge
    sharpness: float
    offsets: Floats

    @classmethod
    def fit(cls, features: Features, intents: Sequence[str]) -> Tuple["IntentModel", Floats]:
        """The model and the probabilities it gives each example when that one is left out of training."""
        labels = tuple(sorted(set(intents)))
        gold = np.array([labels.index(intent) for intent in intents])
        targets = np.full((len(gold), len(labels)), -1, dtype=np.float32)
        targets[np.arange(len(gold)), gold] = 1
        sizes = np.sqrt(np.bincount(gold)[gold])
        ridge = (RIDGE * sizes / np.exp(np.log(sizes).mean())).astype(np.float32)
        model, unseen = KernelRidge.fit(features, targets, ridge=ridge)
        sharpness, offsets = _scale(unseen, gold)
        if OUT_OF_SCOPE in labels:
            column = labels.index(OUT_OF_SCOPE)
            offsets[column] += _bonus(unseen * sharpness + offsets, gold, column)
        fitted = cls(labels, model, sharpness, offsets)
        return fitted, fitted._probabilities(unseen)

    def rank(self, features: Features) -> List[Ranking]:
        """For each text all intents with probability, best first."""
        probabilities = self._probabilities(self.model.scores(features))
        order = np.argsort(-probabilities, axis=1)
        return [[(self.labels[i], float(row[i])) for i in best] for row, best in zip(probabilities, order)]

    def _probabilities(self, scores: Floats) -> Floats:
        return _softmax(scores * np.float32(self.sharpness) + self.offsets)

    def save(self, folder: Path) -> None:
        """Writes two files into an existing folder."""
        self.model.save(folder / "intents.npz")
        content = {"labels": self.labels, "sharpness": self.sharpness, "offsets": self.offsets.tolist()}
        (folder / "intents.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Reads what ``save`` wrote."""
        content = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        model = KernelRidge.load(folder / "intents.npz")
        offsets = np.array(content["offsets"], dtype=np.float32)
        return cls(tuple(content["labels"]), model, content["sharpness"], offsets)


def telling_first(ranking: Ranking) -> Ranking:
    """The ranking for a message in which another reader found what it tells: an unsure "out of scope" goes last."""
    (best, confidence), *rest = ranking
    unsure = best == OUT_OF_SCOPE and confidence < SURELY_OUT_OF_SCOPE and rest
    return [*rest, ranking[0]] if unsure else ranking


def thinned(intents: Sequence[str], most: int = MOST_EXAMPLES) -> Integers:
    """Numbers of the examples to learn from: all of an intent, or evenly spaced ones of an intent with too many."""
    rows = np.array(intents)
    kept = []
    for intent in sorted(set(intents)):
        own = np.flatnonzero(rows == intent)
        kept.append(own[np.linspace(0, len(own) - 1, min(len(own), most)).round().astype(int)])
    return cast(Integers, np.sort(np.concatenate(kept)))


def _scale(scores: Floats, gold: Integers) -> Tuple[float, Floats]:
    """Sharpness and offsets of the highest likelihood, each intent weighing the same (Guo et al. 2017, 2.3)."""
    count = scores.shape[1]
    rows = np.arange(len(gold))
    weights = 1 / (count * np.bincount(gold, minlength=count)[gold])

    def loss(values: Floats) -> Tuple[float, Floats]:
        sharpness, offsets = np.exp(values[0]), values[1:]
        probabilities = _softmax(scores * sharpness + offsets)
        value = -(weights * np.log(probabilities[rows, gold] + 1e-12)).sum() + OFFSET_PENALTY * (offsets**2).sum()
        error = probabilities * weights[:, np.newaxis]
        error[rows, gold] -= weights
        slope = np.r_[(error * scores).sum() * sharpness, error.sum(axis=0) + 2 * OFFSET_PENALTY * offsets]
        return float(value), slope

    start = np.r_[1.5, np.zeros(count)]
    values = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return float(np.exp(values[0])), values[1:].astype(np.float32)


def _bonus(logits: Floats, gold: Integers, column: int) -> float:
    """The largest further offset for out of scope that turns away no more of the rest than allowed; never negative."""
    rest = logits[gold != column]
    if not len(rest) or rest.shape[1] < 2:
        return 0.0
    margins = np.delete(rest, column, axis=1).max(axis=1) - rest[:, column]
    return max(0.0, float(np.quantile(margins, TURNED_AWAY)))


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return cast(Floats, powers / powers.sum(axis=1, keepdims=True))
