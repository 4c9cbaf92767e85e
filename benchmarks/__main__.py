"""Measures Myelin and a stock Rasa bot side by side: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Optional, Sequence

from benchmarks import bots, report
from benchmarks.measure import QUICK, Effort, measure, myelin, rasa_bot, web_server
from bot.processor import choose_kernels
from bot.serve import ROOT, newest_model
from evaluation import baselines

DOCS = ROOT / "docs"
PICTURES = DOCS / "benchmarks"


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Measures, writes the report, and returns 1 if a goal was missed."""
    options = _options(arguments)
    choose_kernels()  # for every process that is started here, the stock bot's too
    epochs = options.epochs or (bots.QUICK_EPOCHS if options.quick else baselines.EPOCHS)
    effort = QUICK if options.quick else Effort()
    model = Path(newest_model())
    print(f"Training, unless it is done already; the stock bot for {epochs} epochs.", flush=True)
    own = baselines.train_own(model.name.split(".")[0])
    stock, empty = bots.trained("stock", bots.stock(epochs)), bots.trained("empty", bots.empty())
    contestants = (
        myelin(model, own.seconds),
        rasa_bot("Stock Rasa bot", stock.model, stock.seconds),
        rasa_bot("Empty Rasa bot", empty.model, empty.seconds),
        web_server(),
    )
    measured = []
    for bot in contestants:
        print(f"Measuring: {bot.name}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            measured.append(measure(bot, Path(folder), effort))
    notes = [
        f"The stock bot: what `rasa init` sets up (DIET, TED, UnexpecTED) with {epochs} epochs each, trained on "
        "Myelin's examples, intents and rules, with a plain response for each action.",
        "The empty Rasa bot has a few keywords and one answer. Sanic alone answers the same route with fixed words.",
    ]
    if epochs < baselines.EPOCHS:
        notes.append(
            f"`rasa init` trains {baselines.EPOCHS} epochs: the training time of the stock bot is too low here."
        )
    if options.quick:
        notes.append("This was a quick run (`--quick`): few turns, so its numbers are rough.")
    text = report.document(measured, notes)
    PICTURES.mkdir(parents=True, exist_ok=True)
    report.draw(measured, PICTURES / "turns.png")
    (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")
    print("Written to docs/benchmarks.md")
    return int(not all(goal.reached for goal in report.goals(*measured[:2])))


def _options(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Writes docs/benchmarks.md.")
    parser.add_argument("--quick", action="store_true", help="measure little")
    parser.add_argument("--epochs", type=int, help="train the stock bot for so many epochs; rasa init has 100")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
