"""Trains the model of the present data unless it is there: ``python scripts/train.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fingerprint import ROOT, fingerprint

sys.path.insert(0, str(ROOT))
from bot.processor import choose_kernels  # noqa: E402  (the root of the repository is no package of this script)

MODELS = ROOT / "models"


def train(name: str) -> None:
    """Runs the training. Raises ``SystemExit`` with Rasa's code if it fails."""
    # --force: Rasa's cache knows components by name only and would keep those whose data changed.
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation"]
    command += ["--fixed-model-name", name, "--out", str(MODELS)]
    choose_kernels()
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    code = subprocess.call(command, cwd=ROOT, env=environment)
    if code:
        raise SystemExit(code)


def remove_others(kept: Path) -> None:
    """Deletes the models of earlier data."""
    for path in MODELS.glob("myelin-*.tar.gz"):
        if path != kept:
            path.unlink()


def main() -> None:
    """Trains if needed and leaves one model."""
    name = f"myelin-{fingerprint()}"
    path = MODELS / f"{name}.tar.gz"
    if path.exists():
        print(f"The model {path.name} is up to date.")
    else:
        print("Training the model for the present data; this takes a few minutes.", flush=True)
        train(name)
    remove_others(path)


if __name__ == "__main__":
    main()
