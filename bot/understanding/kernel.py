"""A small classifier of texts that trains in seconds and knows how it does on what it has not seen.

Regularised least squares with a Gaussian kernel (Rifkin, Yeo, Poggio 2003). The kernel is a mean of two: one of what
the texts mean (sentence vectors), one of how they are spelt (words and pieces of words, rare ones weighing more). One
matrix inverse gives the solution and, in closed form, the scores of each example had it been left out of training.
Those unseen scores, not the fitted ones, set the temperature of the confidences and the thresholds of whoever uses the
model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Tuple, Union, cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import csr_matrix

from bot.understanding.features import LEXICAL_DIMENSION, Features, Floats

SHARPNESS = 2.0
"""How fast likeness falls as two texts differ: the kernel is exp(sharpness * (cosine - 1))."""
RIDGE = 0.1
LEXICAL_SHARE = 0.2
"""How much of the kernel is spelling; the rest is meaning. These numbers do best on unseen intents and findings."""
COMMON, FEW = 0.02, 200
"""A piece that more of the texts have than this share, and than this many, tells little and takes most of the time."""
KEPT_DIMENSIONS = 256
"""Principal directions of the sentence vectors that are kept; the others add time and nothing else."""


class _Points:
    """The training examples, ready to be compared with others."""

    def __init__(self, mean: Floats, axes: Floats, dense: Floats, rarity: Floats, lexical: csr_matrix) -> None:
        """Shapes (d,), (d, k), (n, k), (2**18,) and (n, 2**18); ``lexical`` holds ones."""
        self.mean, self.axes, self.dense, self.rarity, self.lexical = mean, axes, dense, rarity, lexical
        # Transposed once and stored by rows, so that a product visits only the pieces that the new text has.
        self._by_piece = _weigh(lexical, rarity).T.tocsr()

    @classmethod
    def fit(cls, features: Features, dimensions: int) -> "_Points":
        mean = features.vectors.mean(axis=0)
        centred = _centre(features.vectors, mean)
        axes = _principal_axes(centred, dimensions)
        occurrences = np.bincount(features.lexical.indices, minlength=LEXICAL_DIMENSION)
        rarity = (np.log((1 + len(features)) / (1 + occurrences)) + 1).astype(np.float32)
        rarity[occurrences > max(FEW, COMMON * len(features))] = 0
        return cls(mean, axes, centred @ axes, rarity, features.lexical)

    def kernel(self, features: Features, lexical_share: float, sharpness: float) -> Floats:
        """Likeness of each text with each point, 0 to 1, of shape (texts, points)."""
        likeness = np.exp(np.float32(sharpness) * (self.cosine(features) - np.float32(1)))
        if lexical_share:
            spelling = (_weigh(features.lexical, self.rarity) @ self._by_piece).toarray()
            spelling = np.exp(np.float32(sharpness) * (spelling - np.float32(1)))
            likeness = np.float32(1 - lexical_share) * likeness + np.float32(lexical_share) * spelling
        return cast(Floats, likeness)

    def cosine(self, features: Features) -> Floats:
        return cast(Floats, (_centre(features.vectors, self.mean) @ self.axes) @ self.dense.T)


class KernelRidge:
    """Scores of about -1 (no) to 1 (yes) for each column of ``targets``."""

    def __init__(self, points: _Points, weights: Floats, lexical_share: float, sharpness: float) -> None:
        self._points = points
        self._weights = weights
        self._lexical_share, self._sharpness = lexical_share, sharpness

    @classmethod
    def fit(
        cls,
        features: Features,
        targets: Floats,
        groups: Optional[NDArray[np.int64]] = None,
        lexical_share: float = LEXICAL_SHARE,
        ridge: Union[float, Floats] = RIDGE,
        sharpness: float = SHARPNESS,
        dimensions: int = KEPT_DIMENSIONS,
    ) -> Tuple["KernelRidge", Floats]:
        """The model and, of shape of ``targets``, each example's scores when it was left out.

        ``targets`` has shape (examples, labels) with entries -1 and 1. Examples of the same number in ``groups`` are
        left out together. ``ridge``: one for all, or of shape (examples,): the larger, the less an example counts.
        """
        points = _Points.fit(features, dimensions)
        inverse = _inverse(points.kernel(features, lexical_share, sharpness), ridge)
        weights = inverse @ targets
        unseen = targets - weights / np.diag(inverse)[:, np.newaxis]
        for group in np.unique(groups) if groups is not None else ():
            members = np.flatnonzero(groups == group)
            if len(members) > 1:
                solved = np.linalg.solve(inverse[np.ix_(members, members)], weights[members])
                unseen[members] = targets[members] - solved
        return cls(points, weights.astype(np.float32), lexical_share, sharpness), unseen.astype(np.float32)

    def scores(self, features: Features) -> Floats:
        """Shape (texts, labels)."""
        return cast(Floats, self._points.kernel(features, self._lexical_share, self._sharpness) @ self._weights)

    def similarity(self, features: Features) -> Floats:
        """Cosine of the sentence vectors, after centring, with each training example: shape (texts, examples)."""
        return self._points.cosine(features)

    def save(self, path: Path) -> None:
        """Writes a ``.npz``; points go as half precision, which moves scores by less than 0.001."""
        points = self._points
        np.savez_compressed(
            path,
            mean=points.mean,
            axes=points.axes.astype(np.float16),
            dense=points.dense.astype(np.float16),
            rarity=points.rarity,
            pieces=points.lexical.indices.astype(np.int32),
            ends=points.lexical.indptr.astype(np.int32),
            weights=self._weights,
            lexical_share=self._lexical_share,
            sharpness=self._sharpness,
        )

    @classmethod
    def load(cls, path: Path) -> "KernelRidge":
        """Reads what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as file:
            ones = np.ones(len(file["pieces"]), dtype=np.float32)
            shape = (len(file["ends"]) - 1, LEXICAL_DIMENSION)
            lexical = csr_matrix((ones, file["pieces"], file["ends"]), shape=shape)
            axes, dense = file["axes"].astype(np.float32), file["dense"].astype(np.float32)
            points = _Points(file["mean"], axes, dense, file["rarity"], lexical)
            return cls(points, file["weights"], float(file["lexical_share"]), float(file["sharpness"]))


def _inverse(kernel: Floats, ridge: Union[float, Floats]) -> Floats:
    """Inverse of the kernel plus ridge, by Cholesky: half the work of a general inverse. Overwrites ``kernel``.

    Single precision does: the ridge keeps the condition number below 1e5, and no unseen score moved by more than 1e-4.
    """
    kernel[np.diag_indices_from(kernel)] += np.asarray(ridge, dtype=np.float32)
    factor, _ = spotrf(kernel.T, lower=1, overwrite_a=1)  # transposed: LAPACK reads columns first and needs no copy
    inverse, _ = spotri(factor, lower=1, overwrite_c=1)
    lower = np.tril(inverse, -1)
    inverse = lower + lower.T + np.diag(np.diag(inverse))
    return cast(Floats, inverse)


def _centre(vectors: Floats, mean: Floats) -> Floats:
    centred = vectors - mean
    return cast(Floats, centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), np.float32(1e-6)))


def _principal_axes(centred: Floats, dimensions: int) -> Floats:
    """Shape (dimension of the vectors, at most ``dimensions``), orthonormal."""
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.ascontiguousarray(axes[:, ::-1][:, :dimensions], dtype=np.float32)


def _weigh(lexical: csr_matrix, rarity: Floats) -> csr_matrix:
    """Rows of length 1, or of length 0 where no piece counts; each piece weighs by its rarity."""
    weighed = csr_matrix((rarity[lexical.indices], lexical.indices, lexical.indptr), shape=lexical.shape, copy=True)
    weighed.eliminate_zeros()
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    weighed.data /= np.repeat(np.maximum(lengths, np.float32(1e-6)), np.diff(weighed.indptr))
    return weighed
