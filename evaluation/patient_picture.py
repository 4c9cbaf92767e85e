"""One picture of the results: urgency confusion, and the right condition first and in the first three."""

from __future__ import annotations

from pathlib import Path
from typing import Sequence

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402

from evaluation.patient_scores import NO_RESULT, TOP, Outcome, by_condition, confusion  # noqa: E402
from evaluation.patient_talk import URGENCIES  # noqa: E402

RIGHT, IN_TOP, MISSED = "#1b6ca8", "#9cc5e3", "#e3e3e3"  # distinguishable without colour vision


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Writes the picture; the same outcomes give the same picture."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 8), gridspec_kw={"width_ratios": [1, 1.2]})
    _draw_confusion(left, outcomes)
    _draw_conditions(right, outcomes)
    figure.tight_layout()
    figure.savefig(str(path), dpi=110, metadata={"Software": None} if path.suffix == ".png" else None)
    plt.close(figure)


def _draw_confusion(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    counts, reached = confusion(outcomes), [*URGENCIES, NO_RESULT]
    shares = [[counts[gold][each] / max(1, sum(counts[gold].values())) for each in reached] for gold in URGENCIES]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, gold in enumerate(URGENCIES):
        for column, each in enumerate(reached):
            if counts[gold][each]:
                ink = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, str(counts[gold][each]), ha="center", va="center", color=ink)
    axes.set_xticks(range(len(reached)), [_plain(each) for each in reached], rotation=35, ha="right")
    axes.set_yticks(range(len(URGENCIES)), [_plain(each) for each in URGENCIES])
    axes.set_xlabel("urgency reached")
    axes.set_ylabel("gold urgency")
    axes.set_title("Urgency (left of the diagonal: under-triage)")


def _draw_conditions(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    rows = by_condition([each for each in outcomes if each.condition])
    names = sorted(rows, reverse=True)
    for place, name in enumerate(names):
        first, top, patients = (int(str(rows[name][key])) for key in ("top_1", "top_3", "patients"))
        axes.barh(place, patients, color=MISSED)
        axes.barh(place, top, color=IN_TOP)
        axes.barh(place, first, color=RIGHT)
    axes.set_yticks(range(len(names)), [_plain(name) for name in names])
    axes.set_xlabel("patients")
    axes.set_title("Right condition")
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in (RIGHT, IN_TOP, MISSED)]
    axes.legend(handles, ["first", f"in the first {TOP}", "not"], loc="lower right")


def _plain(name: str) -> str:
    return name.replace("_", " ")
