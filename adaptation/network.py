"""The encoder once more, in TensorFlow, with low-rank additions to its weights that can be learnt.

The additions are LoRA (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021): the published weights
stay as they are, and each dense layer gains the product of two thin matrices. ``bot.understanding.adapter`` adds the
product to the weights when the encoder is read, so that a message costs what it did.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

import numpy as np
import tensorflow as tf

from bot.understanding.minilm import DEEP_LAYERS, DENSE, DIMENSION, EPSILON, HEADS, LAYERS, Array, places_of

RANK = 8
SCALE = 2.0
"""What the product is multiplied by; with Adam it only sets how fast the additions grow."""
DROPOUT = 0.1

Tensor = Any


class AdaptableEncoder:
    """``weights`` are those of the published model."""

    def __init__(self, weights: Mapping[str, Array], seed: int) -> None:
        self._weights = weights
        self._places = places_of(weights)
        random = np.random.default_rng(seed)
        self._down: Dict[str, tf.Variable] = {}
        self._up: Dict[str, tf.Variable] = {}
        for name in DENSE:
            width, inputs = weights[f"{name}.weight"].shape
            down = random.standard_normal((inputs, RANK)) / np.sqrt(inputs)
            self._down[name] = tf.Variable(down.astype(np.float32))
            self._up[name] = tf.Variable(np.zeros((RANK, width), dtype=np.float32))

    @property
    def variables(self) -> List[tf.Variable]:
        """What is learnt."""
        return [*self._down.values(), *self._up.values()]

    def additions(self) -> Dict[str, Array]:
        """The thin matrices by name, as the adapter's file holds them."""
        found = {}
        for name in DENSE:
            found[f"{name}.down"] = self._down[name].numpy().astype(np.float16)
            found[f"{name}.up"] = (self._up[name].numpy() * SCALE).astype(np.float16)
        return found

    def __call__(self, ids: Tensor, mask: Tensor, learning: bool) -> Tuple[Tensor, Tensor]:
        """Deep vectors of shape (texts, 1536) and token states (texts, tokens, 384) of padded token ids."""
        states = tf.gather(tf.constant(self._weights["embeddings.word_embeddings.weight"]), ids)
        states = self._norm(states + tf.constant(self._places)[: tf.shape(ids)[1]], "embeddings.LayerNorm")
        apart = (1 - mask)[:, tf.newaxis, tf.newaxis, :] * -1e9
        rate = DROPOUT if learning else 0.0
        pooled = []
        for number in range(LAYERS):
            states = self._layer(states, apart, f"encoder.layer.{number}", rate)
            if number + 1 in DEEP_LAYERS:
                weighed = tf.reduce_sum(states * mask[:, :, tf.newaxis], axis=1)
                pooled.append(tf.math.l2_normalize(weighed, axis=-1))
        return tf.concat(pooled, axis=1) * len(DEEP_LAYERS) ** -0.5, states

    def _layer(self, states: Tensor, apart: Tensor, name: str, rate: float) -> Tensor:
        attended = self._dense(
            self._attention(states, apart, f"{name}.attention.self"), f"{name}.attention.output.dense"
        )
        states = self._norm(states + tf.nn.dropout(attended, rate), f"{name}.attention.output.LayerNorm")
        wide = tf.nn.gelu(self._dense(states, f"{name}.intermediate.dense"))
        narrow = self._dense(wide, f"{name}.output.dense")
        return self._norm(states + tf.nn.dropout(narrow, rate), f"{name}.output.LayerNorm")

    def _attention(self, states: Tensor, apart: Tensor, name: str) -> Tensor:
        texts, tokens = tf.shape(states)[0], tf.shape(states)[1]
        head = DIMENSION // HEADS
        query, key, value = (
            tf.transpose(tf.reshape(self._dense(states, f"{name}.{part}"), [texts, tokens, HEADS, head]), [0, 2, 1, 3])
            for part in ("query", "key", "value")
        )
        weights = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * head**-0.5 + apart)
        return tf.reshape(tf.transpose(weights @ value, [0, 2, 1, 3]), [texts, tokens, DIMENSION])

    def _dense(self, states: Tensor, name: str) -> Tensor:
        weight, bias = tf.constant(self._weights[f"{name}.weight"].T), tf.constant(self._weights[f"{name}.bias"])
        return states @ weight + bias + (states @ self._down[name]) @ self._up[name] * SCALE

    def _norm(self, states: Tensor, name: str) -> Tensor:
        mean, variance = tf.nn.moments(states, [-1], keepdims=True)
        weight, bias = (tf.constant(self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return (states - mean) * tf.math.rsqrt(variance + EPSILON) * weight + bias
