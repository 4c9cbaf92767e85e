"""A hash of everything that goes into the trained model: ``python scripts/fingerprint.py``."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
INPUTS = ("config.yml", "domain.yml", "data", "knowledge", "bot/understanding", "bot/adapters")
SUFFIXES = (".py", ".yml", ".yaml", ".txt", ".json", ".safetensors")
LENGTH = 12  # hexadecimal digits; enough to tell the models of one project apart


def files(root: Path, inputs: Sequence[str] = INPUTS) -> Iterator[Path]:
    """The files of the inputs, in a fixed order."""
    for name in inputs:
        path = root / name
        candidates = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in candidates if file.is_file() and file.suffix in SUFFIXES)


def fingerprint(root: Path = ROOT) -> str:
    """The first digits of a SHA-256 over names and contents of the inputs and the version of Rasa."""
    digest = hashlib.sha256(metadata.version("rasa").encode())
    for file in files(root):
        digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:LENGTH]


if __name__ == "__main__":
    print(fingerprint())
