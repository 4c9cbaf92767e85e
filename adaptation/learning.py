"""How encoder and heads learn: what is asked of each text, how far off the answer is, and the steps."""

from __future__ import annotations

from typing import Dict, Sequence

import numpy as np
import tensorflow as tf

from adaptation.batches import Batch, MarkedBatch
from adaptation.network import AdaptableEncoder, Tensor
from bot.understanding.minilm import DEEP_DIMENSION, DIMENSION, Array
from bot.understanding.status import BIAS, STATUSES, WEIGHT

RATE, HEAD_RATE = 1e-3, 3e-3
WARMING = 0.06  # share of the steps in which the rates rise; then they fall to nothing
GAIN = 10.0
"""What the logits of unit vectors are multiplied by."""
SMOOTHING = 0.05
DROPOUT = 0.1
LARGEST_STEP = 1.0  # norm of the gradient


class Head:
    """A linear layer that answers one question."""

    def __init__(self, inputs: int, labels: int, seed: int) -> None:
        start = np.random.default_rng(seed).standard_normal((inputs, labels)) * 0.02
        self.weight = tf.Variable(start.astype(np.float32))
        self.bias = tf.Variable(np.zeros(labels, dtype=np.float32))

    def __call__(self, vectors: Tensor) -> Tensor:
        """Logits."""
        return vectors @ self.weight + self.bias


class Learner:
    """An encoder with one head for each question: ``labels`` says how many answers each has."""

    def __init__(self, encoder: AdaptableEncoder, labels: Dict[str, int], steps: int, seed: int) -> None:
        self._encoder = encoder
        self._heads = {name: Head(DEEP_DIMENSION, count, seed) for name, count in labels.items()}
        self._status = Head(DIMENSION, len(STATUSES), seed)
        self._steps, self._done = steps, 0
        self._optimizer = tf.keras.optimizers.legacy.Adam(RATE)
        self._head_optimizer = tf.keras.optimizers.legacy.Adam(HEAD_RATE)

    def adapter(self) -> Dict[str, Array]:
        """What serving needs: the additions and the head of the status."""
        head = {WEIGHT: self._status.weight.numpy(), BIAS: self._status.bias.numpy()}
        return {**self._encoder.additions(), **head}

    def learn(self, batch: Batch) -> float:
        """One step; the loss before it."""
        self._set_rates()
        return float(self._step(batch.ids, batch.mask, batch.answers, batch.weights))

    def learn_status(self, batch: MarkedBatch) -> float:
        """One step on marked messages; the loss before it."""
        return float(self._status_step(batch.ids, batch.mask, batch.rows, batch.starts, batch.ends, batch.statuses))

    def _set_rates(self) -> None:
        self._done += 1
        share = self._done / self._steps
        factor = min(1.0, share / WARMING) * max(0.0, 1 - share)
        self._optimizer.learning_rate, self._head_optimizer.learning_rate = RATE * factor, HEAD_RATE * factor

    @tf.function(reduce_retracing=True)
    def _step(self, ids: Tensor, mask: Tensor, answers: Dict[str, Tensor], weights: Dict[str, Tensor]) -> Tensor:
        with tf.GradientTape() as tape:
            vectors, _ = self._encoder(ids, mask, learning=True)
            vectors = tf.nn.dropout(vectors, DROPOUT)
            losses = [
                tf.reduce_mean(weights[name] * _loss(answers[name], head(vectors) * GAIN))
                for name, head in self._heads.items()
            ]
            loss = tf.add_n(losses)
        self._apply(tape, loss, list(self._heads.values()))
        return loss

    @tf.function(reduce_retracing=True)
    def _status_step(
        self, ids: Tensor, mask: Tensor, rows: Tensor, starts: Tensor, ends: Tensor, statuses: Tensor
    ) -> Tensor:
        with tf.GradientTape() as tape:
            _, states = self._encoder(ids, mask, learning=True)
            places = tf.range(tf.shape(states)[1])[tf.newaxis]
            inside = tf.cast((places >= starts[:, tf.newaxis]) & (places < ends[:, tf.newaxis]), tf.float32)
            total = tf.reduce_sum(tf.gather(states, rows) * inside[:, :, tf.newaxis], axis=1)
            mean = total / tf.reduce_sum(inside, axis=1, keepdims=True)
            logits = self._status(tf.nn.dropout(mean, DROPOUT))
            loss = tf.reduce_mean(_loss(tf.one_hot(statuses, len(STATUSES)), logits))
        self._apply(tape, loss, [self._status])
        return loss

    def _apply(self, tape: tf.GradientTape, loss: Tensor, heads: Sequence[Head]) -> None:
        own = self._encoder.variables
        read = [variable for head in heads for variable in (head.weight, head.bias)]
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, own + read), LARGEST_STEP)
        self._optimizer.apply_gradients(zip(gradients[: len(own)], own))
        self._head_optimizer.apply_gradients(zip(gradients[len(own) :], read))


def _loss(answers: Tensor, logits: Tensor) -> Tensor:
    """Cross-entropy of each row; a little of the answer is spread over all labels (Szegedy et al. 2016)."""
    labels = tf.cast(tf.shape(answers)[1], tf.float32)
    return tf.nn.softmax_cross_entropy_with_logits(answers * (1 - SMOOTHING) + SMOOTHING / labels, logits)
