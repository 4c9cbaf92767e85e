"""What the person wants: one intent with calibrated confidence, from a sentence vector."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import List, Sequence, Tuple, cast

import numpy as np
from scipy.optimize import minimize_scalar

from bot.understanding.kernel import Floats, KernelRidge

OUT_OF_SCOPE = "out_of_scope"
TURNED_AWAY = 0.02
"""At most this share of in-scope training examples, each unseen, may be taken for out of scope."""


@dataclass(frozen=True)
class IntentModel:
    """A kernel model with the temperature and the out-of-scope bonus that fit its unseen scores."""

    labels: Tuple[str, ...]
    model: KernelRidge
    sharpness: float
    bonus: float

    @classmethod
    def fit(cls, vectors: Floats, intents: Sequence[str]) -> Tuple["IntentModel", Floats]:
        """The model and the probabilities it gives each example when that one is left out of training."""
        labels = tuple(sorted(set(intents)))
        gold = np.array([labels.index(intent) for intent in intents])
        targets = np.full((len(gold), len(labels)), -1, dtype=np.float32)
        targets[np.arange(len(gold)), gold] = 1
        model, unseen = KernelRidge.fit(vectors, targets)
        bonus = _bonus(unseen, gold, labels)
        shifted = _add(unseen, labels, bonus)

        def loss(logarithm: float) -> float:
            return float(-np.log(_softmax(shifted * np.exp(logarithm))[np.arange(len(gold)), gold] + 1e-9).mean())

        sharpness = float(np.exp(minimize_scalar(loss, bounds=(0.0, 4.0), method="bounded").x))
        return cls(labels, model, sharpness, bonus), _softmax(shifted * np.float32(sharpness))

    def rank(self, vectors: Floats) -> List[List[Tuple[str, float]]]:
        """For each vector all intents with probability, best first."""
        probabilities = _softmax(_add(self.model.scores(vectors), self.labels, self.bonus) * np.float32(self.sharpness))
        order = np.argsort(-probabilities, axis=1)
        return [[(self.labels[i], float(row[i])) for i in best] for row, best in zip(probabilities, order)]

    def save(self, folder: Path) -> None:
        """Writes two files into an existing folder."""
        self.model.save(folder / "intents.npz")
        content = {"labels": self.labels, "sharpness": self.sharpness, "bonus": self.bonus}
        (folder / "intents.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "IntentModel":
        """Reads what ``save`` wrote."""
        content = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        model = KernelRidge.load(folder / "intents.npz")
        return cls(tuple(content["labels"]), model, content["sharpness"], content["bonus"])


def _bonus(unseen: Floats, gold: np.ndarray, labels: Sequence[str]) -> float:
    """The largest bonus for out of scope that turns away no more of the rest than allowed; never negative."""
    if OUT_OF_SCOPE not in labels:
        return 0.0
    column = labels.index(OUT_OF_SCOPE)
    rest = unseen[gold != column]
    if not len(rest):
        return 0.0
    margins = np.delete(rest, column, axis=1).max(axis=1, initial=-1) - rest[:, column]
    return max(0.0, float(np.quantile(margins, TURNED_AWAY)))


def _add(scores: Floats, labels: Sequence[str], bonus: float) -> Floats:
    shifted = scores.copy()
    if OUT_OF_SCOPE in labels:
        shifted[:, labels.index(OUT_OF_SCOPE)] += np.float32(bonus)
    return shifted


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return cast(Floats, powers / powers.sum(axis=1, keepdims=True))
