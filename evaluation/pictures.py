"""Pictures of the report: confusion matrices and the findings that are hardest to find."""

from __future__ import annotations

from pathlib import Path
from typing import List, Mapping, Sequence, Tuple

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

from evaluation.measures import Counts  # noqa: E402

NUMBERS_UP_TO = 25  # labels; a larger matrix shows its numbers too small to read, so only those off the diagonal
PLAIN = {"Software": None}  # no version of the library in the file, so that the same numbers give the same picture
FOUND, WRONG = "#1b6ca8", "#e0a458"  # blue and orange, distinguishable without colour vision


def confusion(counts: Mapping[Tuple[str, str], int], labels: Sequence[str], title: str, path: Path) -> None:
    """A confusion matrix in shares of the gold label; what is predicted outside ``labels`` comes last."""
    columns = [*labels, *sorted({got for _, got in counts} - set(labels))]
    shares = _shares(counts, labels, columns)
    figure, axes = plt.subplots(figsize=(3.5 + 0.32 * len(columns), 2.5 + 0.32 * len(labels)))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, gold in enumerate(labels):
        for column, got in enumerate(columns):
            number = counts.get((gold, got), 0)
            if number and (gold != got or len(labels) <= NUMBERS_UP_TO):
                ink = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, str(number), ha="center", va="center", color=ink, fontsize=8)
    axes.set_xticks(range(len(columns)), [_plain(name) for name in columns], rotation=90, fontsize=8)
    axes.set_yticks(range(len(labels)), [_plain(name) for name in labels], fontsize=8)
    axes.set_xlabel("understood as")
    axes.set_ylabel("labelled as")
    axes.set_title(title)
    _save(figure, path)


def _shares(counts: Mapping[Tuple[str, str], int], rows: Sequence[str], columns: Sequence[str]) -> List[List[float]]:
    shares = []
    for gold in rows:
        of_row = [counts.get((gold, got), 0) for got in columns]
        shares.append([number / max(1, sum(of_row)) for number in of_row])
    return shares


def hardest(findings: Mapping[str, Counts], path: Path, most: int = 25) -> None:
    """The findings with the lowest F1: what was found, missed, and found where it was not meant."""
    names = list(findings)[:most][::-1]
    figure, axes = plt.subplots(figsize=(9, 2 + 0.28 * len(names)))
    for place, name in enumerate(names):
        counts = findings[name]
        axes.barh(place, counts.found, color=FOUND)
        axes.barh(place, counts.missed, left=counts.found, color=WRONG)
        axes.barh(place, -counts.extra, color=WRONG, hatch="//")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(names)), [_plain(name) for name in names], fontsize=8)
    axes.set_xlabel("left, hatched: found wrongly; right: found rightly (blue) and missed (orange)")
    axes.set_title("The findings hardest to find, with status")
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(str(path), dpi=100, metadata=PLAIN)
    plt.close(figure)


def _plain(name: str) -> str:
    return name.replace("_", " ")
