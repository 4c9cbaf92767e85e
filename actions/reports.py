"""Where reports of a problem with an answer are kept: a line each, no word of the talk, no trace of a person."""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path
from typing import Sequence

HEAD = ("date", "answers", "knowledge version")
DEFAULT = Path(__file__).resolve().parents[1] / "var" / "problems.csv"


def path() -> Path:
    """The file of the variable ``MYELIN_PROBLEMS``, or ``var/problems.csv``."""
    return Path(os.environ.get("MYELIN_PROBLEMS") or DEFAULT)


def keep(said: Sequence[str], knowledge: str) -> None:
    """Adds one report: the day, the ids of the answers, and the version of the knowledge they came from."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    is_new = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        if is_new:
            writer.writerow(HEAD)
        writer.writerow([date.today().isoformat(), " ".join(said), knowledge])
