"""Findings told without their name: "someone holds a lighter to my thigh" is burning.

Learns from the marked examples of ``data/nlu`` (whole clauses, any number of findings each). Its vectors are those of
the sentence encoder, its scores those of ``kernel.KernelRidge``: a kernel weighs each training wording by its likeness,
so it is one-against-rest classification and a vote of the nearest wordings at once. "Nothing is felt here" competes as
one more label. Confidence is the share that was right among unseen examples of that score (Platt 1999, with an offset
for each finding). Of what is given at the least confidence or more, eight of ten are right, on wordings as free
as those of the training data. The model says nothing about negation, time or person: whoever has the clause does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, List, Mapping, Optional, Sequence, Tuple, cast

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import SentenceEncoder, default_encoder
from bot.understanding.features import Features, Floats
from bot.understanding.kernel import KernelRidge

LEAST = 0.65
"""Confidence from which on a finding is given."""
CANDIDATES = 4
"""Only the best findings of a clause may be given; calibration sees the same ones."""
DIMENSIONS = 128
"""Of the sentence vectors; with 256 it finds as much."""
SHARPNESS, COMPETITION = 10.0, 0.5
"""How much a rival label lowers the score; chosen on unseen scores."""

Evaluation = Mapping[str, Tuple[int, int, int]]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Example:
    """A clause and the findings named in it; without findings it is a counterexample."""

    text: str
    findings: FrozenSet[str]


class FreeWordingModel:
    """Findings of clauses, each with confidence."""

    def __init__(
        self,
        labels: Sequence[str],
        model: KernelRidge,
        slope: float,
        offsets: Floats,
        encoder: Optional[SentenceEncoder] = None,
    ) -> None:
        self.labels = tuple(labels)
        self._model = model
        self._slope = slope
        self._offsets = offsets
        self._encoder = encoder or default_encoder()

    @classmethod
    def fit(cls, examples: Sequence[Example], encoder: Optional[SentenceEncoder] = None) -> "FreeWordingModel":
        """Trains on all examples; see ``fit_and_evaluate``."""
        return cls.fit_and_evaluate(examples, encoder)[0]

    @classmethod
    def fit_and_evaluate(
        cls, examples: Sequence[Example], encoder: Optional[SentenceEncoder] = None
    ) -> Tuple["FreeWordingModel", Evaluation]:
        """The model, and for each finding how many unseen examples were found, missed and wrongly given.

        Raises ``ValueError`` if no example names a finding.
        """
        encoder = encoder or default_encoder()
        labels = sorted({finding for example in examples for finding in example.findings})
        if not labels:
            raise ValueError("no example names a finding")
        gold = np.array([[label in example.findings for label in labels] for example in examples])
        targets = np.where(np.c_[gold, ~gold.any(axis=1)], 1, -1).astype(np.float32)
        features = _features([example.text for example in examples], encoder)
        model, unseen = KernelRidge.fit(features, targets, dimensions=DIMENSIONS)
        scores = _compete(unseen)
        slope, offsets = _calibrate(scores, gold)
        fitted = cls(labels, model, slope, offsets, encoder)
        given = fitted._confidence(scores) >= LEAST
        counts = zip((given & gold).sum(axis=0), (~given & gold).sum(axis=0), (given & ~gold).sum(axis=0))
        return fitted, {label: (int(hit), int(miss), int(wrong)) for label, (hit, miss, wrong) in zip(labels, counts)}

    def predict(self, clauses: Sequence[str], least: float = LEAST) -> List[List[Tuple[str, float]]]:
        """For each clause its findings of at least the wanted confidence (0..1), best first."""
        if not clauses:
            return []
        confidences = self._confidence(_compete(self._model.scores(_features(clauses, self._encoder))))
        found = []
        for row in confidences:
            best = [column for column in np.argsort(-row) if row[column] >= least]
            found.append([(self.labels[column], float(row[column])) for column in best])
        return found

    def _confidence(self, scores: Floats) -> Floats:
        confidences = 1 / (1 + np.exp(-(self._slope * scores + self._offsets)))
        return cast(Floats, np.where(_candidates(scores), confidences, 0))

    def save(self, folder: Path) -> None:
        """Writes two files into an existing folder."""
        self._model.save(folder / "wording.npz")
        content = {"labels": self.labels, "slope": self._slope, "offsets": self._offsets.tolist()}
        (folder / "wording.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Optional[SentenceEncoder] = None) -> "FreeWordingModel":
        """Reads what ``save`` wrote."""
        content = json.loads((folder / "wording.json").read_text(encoding="utf-8"))
        offsets = np.array(content["offsets"], dtype=np.float32)
        return cls(content["labels"], KernelRidge.load(folder / "wording.npz"), content["slope"], offsets, encoder)


def _features(texts: Sequence[str], encoder: SentenceEncoder) -> Features:
    return Features.of(texts, encoder.encode_deep(texts))


def _compete(raw: Floats) -> Floats:
    """Scores of the findings: the last column, "nothing", and close rivals take away from each."""
    powers = np.exp(SHARPNESS * (raw - raw.max(axis=1, keepdims=True)))
    return cast(Floats, (raw + COMPETITION * powers / powers.sum(axis=1, keepdims=True))[:, :-1])


def _candidates(scores: Floats) -> Booleans:
    if scores.shape[1] <= CANDIDATES:
        return np.ones(scores.shape, dtype=bool)
    return scores >= -np.partition(-scores, CANDIDATES - 1, axis=1)[:, CANDIDATES - 1 : CANDIDATES]


def _calibrate(scores: Floats, gold: Booleans) -> Tuple[float, Floats]:
    """Slope and, for each finding, offset of the log odds of being right."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    rows, columns = np.nonzero(_candidates(scores))
    own = csr_matrix((np.ones(len(rows)), (np.arange(len(rows)), columns)), shape=(len(rows), scores.shape[1]))
    right = gold[rows, columns]
    if right.all() or not right.any():
        return 1.0, np.zeros(scores.shape[1], dtype=np.float32)
    # The score is scaled up so that the penalty, which shrinks the findings' offsets to a shared one, spares the slope.
    features = hstack([csr_matrix(scores[rows, columns][:, np.newaxis] * 10), own * 0.5])
    regression = LogisticRegression(C=1.0, max_iter=500).fit(features, right)
    offsets = regression.intercept_[0] + 0.5 * regression.coef_[0, 1:]
    return float(regression.coef_[0, 0] * 10), offsets.astype(np.float32)
