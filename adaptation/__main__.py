"""Writes ``data/encoder/adapter.safetensors``: ``python -m adaptation``. Needed when much was added to ``data``."""

from __future__ import annotations

import argparse
import random
from typing import Iterator, List, Union

import numpy as np
import tensorflow as tf
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from adaptation.batches import Batch, Batches, MarkedBatch
from adaptation.learning import Learner
from adaptation.lessons import ROOT, Lessons
from adaptation.network import AdaptableEncoder
from adaptation.witness import witness
from bot.understanding.adapter import FILE
from bot.understanding.minilm import MAX_TOKENS, model_folder
from bot.understanding.status import WITNESS

EPOCHS, SEED = 3, 7
MARKED_AGAIN = 2
"""Times the marked messages are gone through in one epoch: there are few of them."""
UNSEEN_BY_RULES = ROOT / "evaluation" / "tuning" / "fourth" / "findings.yml"
SHOWN_EVERY = 200  # steps


def main() -> None:
    """Learns and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    epochs = parser.parse_args().epochs
    tf.random.set_seed(SEED)
    folder = model_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    lessons = Lessons.read()
    batches = Batches(lessons, tokenizer, SEED)
    print(f"{len(lessons.texts)} texts, {len(lessons.marked)} marked messages, {epochs} epochs.", flush=True)
    encoder = AdaptableEncoder(load_file(str(folder / "model.safetensors")), SEED)
    labels = {name: len(own) for name, own in batches.labels.items()}
    learner = Learner(encoder, labels, epochs * len(batches), SEED)
    done, losses = 0, [0.0, 0.0]
    for _ in range(epochs):
        for batch in _mixed(batches):
            marked = isinstance(batch, MarkedBatch)
            loss = learner.learn_status(batch) if isinstance(batch, MarkedBatch) else learner.learn(batch)
            losses[marked] += 0.02 * (loss - losses[marked])
            done += not marked
            if not marked and done % SHOWN_EVERY == 0:
                print(f"step {done} of {epochs * len(batches)}: {losses[0]:.3f}, status {losses[1]:.3f}", flush=True)
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
