"""Writes ``data/encoder/adapter.safetensors``: ``python -m adaptation``. Needed when much was added to ``data``."""

from __future__ import annotations

import argparse
import random
from itertools import chain
from typing import Iterator, List, Union

import numpy as np
import tensorflow as tf
from safetensors.numpy import save_file

from adaptation.batches import Batch, Batches, MarkedBatch
from adaptation.learning import Learner
from adaptation.lessons import ROOT, Lessons
from adaptation.network import AdaptableEncoder
from adaptation.witness import witness
from bot.understanding.adapter import FILE
from bot.understanding.minilm import model_folder, read_tokenizer, read_weights
from bot.understanding.status import WITNESS

EPOCHS, SEED = 3, 7
MARKED_AGAIN = 2
"""Times the marked messages are gone through in one epoch: there are few of them."""
UNSEEN_BY_RULES = ROOT / "evaluation" / "tuning" / "fourth" / "findings.yml"
SHOWN_EVERY = 200  # steps
SMOOTHED = 0.02  # share of the latest loss in the one shown


def main() -> None:
    """Learns and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    epochs = parser.parse_args().epochs
    tf.random.set_seed(SEED)
    folder = model_folder()
    lessons = Lessons.read()
    batches = Batches(lessons, read_tokenizer(folder), SEED)
    print(f"{len(lessons.texts)} texts, {len(lessons.marked)} marked messages, {epochs} epochs.", flush=True)
    encoder = AdaptableEncoder(read_weights(folder), SEED)
    labels = {name: len(own) for name, own in batches.labels.items()}
    learner = Learner(encoder, labels, epochs * len(batches), SEED)
    done, loss, status_loss = 0, 0.0, 0.0
    for batch in chain.from_iterable(_mixed(batches) for _ in range(epochs)):
        if isinstance(batch, MarkedBatch):
            status_loss += SMOOTHED * (learner.learn_status(batch) - status_loss)
            continue
        loss += SMOOTHED * (learner.learn(batch) - loss)
        done += 1
        if done % SHOWN_EVERY == 0:
            print(f"step {done} of {epochs * len(batches)}: {loss:.3f}, status {status_loss:.3f}", flush=True)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    save_file({**learner.adapter(), WITNESS: witness(UNSEEN_BY_RULES)}, str(FILE))
    print(f"Wrote {FILE.relative_to(ROOT)}.")


def _mixed(batches: Batches) -> Iterator[Union[Batch, MarkedBatch]]:
    """One epoch: the marked messages stand evenly between the others."""
    marked: List[MarkedBatch] = [batch for _ in range(MARKED_AGAIN) for batch in batches.marked()]
    random.Random(SEED).shuffle(marked)
    places = np.linspace(0, len(batches), len(marked), endpoint=False).astype(int)
    waiting = sorted(zip(places, range(len(marked))), reverse=True)
    for number, batch in enumerate(batches.epoch()):
        while waiting and waiting[-1][0] <= number:
            yield marked[waiting.pop()[1]]
        yield batch


if __name__ == "__main__":
    main()
