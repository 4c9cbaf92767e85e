"""What the kernel sees of a text: what it means (sentence vector) and how it is spelt (words and pieces of words)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.understanding.encoder import TYPOGRAPHY
from bot.understanding.memory import remembering

Floats = NDArray[np.float32]
Rows = Union[slice, NDArray[np.bool_], NDArray[np.int64]]

LEXICAL_DIMENSION = 2**18
CACHED_TEXTS = 4096


@dataclass(frozen=True)
class Features:
    """``vectors`` of shape (texts, dimension); ``lexical`` of shape (texts, 2**18), 1 where a piece occurs."""

    vectors: Floats
    lexical: csr_matrix

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Floats) -> "Features":
        """Of texts and their sentence vectors, in the same order."""
        pieces = [_pieces(text.translate(TYPOGRAPHY)) for text in texts]
        ends = np.cumsum([0, *map(len, pieces)])
        indices = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32)
        ones = np.ones(len(indices), dtype=np.float32)
        return cls(vectors, csr_matrix((ones, indices, ends), shape=(len(pieces), LEXICAL_DIMENSION)))

    def __len__(self) -> int:
        return len(self.vectors)

    def __getitem__(self, rows: Rows) -> "Features":
        """Some of the texts: a slice, a mask or an array of numbers."""
        return Features(self.vectors[rows], self.lexical[rows])


@lru_cache(maxsize=1)
def _hashers() -> Tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    common = {"n_features": LEXICAL_DIMENSION, "binary": True, "norm": None, "alternate_sign": False}
    words = HashingVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b|\?", **common)
    spelling = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common)  # survives typing errors
    return words, spelling


@remembering(CACHED_TEXTS)
def _pieces(text: str) -> NDArray[np.int32]:
    """Hashes of words, pairs of words and pieces of 2 to 5 letters, sorted."""
    found = [hasher.transform([text]).indices for hasher in _hashers()]
    pieces = np.unique(np.concatenate(found)).astype(np.int32)
    pieces.setflags(write=False)
    return pieces
