"""Writes what was measured: tables, the goals, a picture."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Callable, List, Optional, Sequence

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

from benchmarks.measure import Measures  # noqa: E402
from benchmarks.talks import BEFORE, PHASES, percentile  # noqa: E402
from evaluation.patient_scores import table  # noqa: E402

PLAIN = {"Software": None}  # no version of the library in the file
COLOURS = ("#1b6ca8", "#e0a458", "#6b6b6b", "#b0b0b0")  # distinguishable without colour vision
SMOOTH = 10  # turns of which the picture shows the median


@dataclass(frozen=True)
class Goal:
    """A ratio to the stock bot, or within Myelin, and its bound."""

    title: str
    value: Optional[float]
    bound: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether it was measured and lies within the bound."""
        if self.value is None:
            return False
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def goals(own: Measures, stock: Measures) -> List[Goal]:
    """The goals of the project, each with what was measured."""
    first, last = min(own.marks), max(own.marks)
    busiest = max(zip(own.loads, stock.loads), key=lambda pair: pair[0].talks)
    training = own.training / stock.training if own.training and stock.training else None
    return [
        Goal("median turn, of stock", median(own.turns) / median(stock.turns), 0.5),
        Goal("start to first answer, of stock", own.start / stock.start, 0.35),
        Goal("memory of all processes, of stock", own.memory / stock.memory, 0.6),
        Goal("training, of stock", training, 0.3),
        Goal(f"turn {last} of a talk, of turn {first}", own.marks[last] / own.marks[first], 1.5),
        Goal(
            f"turns per second of processor time with {busiest[0].talks} talks at once, of stock",
            busiest[0].per_core / busiest[1].per_core,
            2.5,
            at_least=True,
        ),
    ]


def document(measured: Sequence[Measures], notes: Sequence[str]) -> str:
    """The whole report; the first two are Myelin and the stock bot."""
    own, stock = measured[:2]
    names = [each.name for each in measured]
    parts = [
        "# Benchmarks",
        "Written by `make bench`. Do not edit: the next run overwrites it.",
        "\n".join(f"- {note}" for note in [_machine(), *notes]),
        "## Goals",
        table(["goal", "ratio", "bound", ""], [_goal_row(goal) for goal in goals(own, stock)]),
        "## Side by side",
        table(["", *names], _rows(measured)),
        "Memory is the proportional set size of all processes, after all the talks. Turns are measured over REST on "
        "loopback. Turns per core are turns per second of processor time that all processes of the bot used.",
        f"The cost of a turn of a long talk is the median of the {BEFORE} turns up to it.",
        "![Turns and load](benchmarks/turns.png)",
    ]
    return "\n\n".join(parts) + "\n"


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def _goal_row(goal: Goal) -> List[str]:
    bound = f"{'at least' if goal.at_least else 'at most'} {goal.bound:g}"
    value = "not measured" if goal.value is None else f"{goal.value:.2f}"
    return [goal.title, value, bound, "reached" if goal.reached else "not reached"]


def _rows(measured: Sequence[Measures]) -> List[List[str]]:
    def row(title: str, value: Callable[[Measures], Optional[float]], unit: str, digits: int = 0) -> List[str]:
        values = [value(each) for each in measured]
        return [title, *("" if each is None else f"{each:.{digits}f} {unit}".strip() for each in values)]

    rows = [
        row("training", lambda m: m.training, "s"),
        row("start to first answer", lambda m: m.start, "s", 1),
        row("of it loading the model", lambda m: m.load, "s", 1),
        row("memory, idle", lambda m: m.memory_idle, "MiB"),
        row("memory, after all talks", lambda m: m.memory, "MiB"),
        row("turn, median", lambda m: median(m.turns), "ms", 1),
        row("turn, 95th percentile", lambda m: percentile(m.turns, 0.95), "ms", 1),
    ]
    for name in PHASES:
        times = partial(_phase, name=name)
        rows.append(row(f"turn at the {name}, median", lambda m, t=times: median(t(m)), "ms", 1))  # type: ignore[misc]
        slow = "95th percentile"
        rows.append(row(f"turn at the {name}, {slow}", lambda m, t=times: percentile(t(m), 0.95), "ms", 1))  # type: ignore[misc]
    rows.append(row("turns answered with nothing", lambda m: m.silent, ""))
    for mark in measured[0].marks:
        rows.append(row(f"turn {mark} of one talk", lambda m, mark=mark: m.marks[mark], "ms", 1))  # type: ignore[misc]
    for number, load in enumerate(measured[0].loads):
        talks = f"{load.talks} talks at once" if load.talks > 1 else "one talk at a time"
        rows.append(row(f"{talks}: turns per second", lambda m, n=number: m.loads[n].rate, "", 1))  # type: ignore[misc]
        rows.append(row(f"{talks}: turns per core", lambda m, n=number: m.loads[n].per_core, "", 1))  # type: ignore[misc]
        rows.append(row(f"{talks}: turn, {slow}", lambda m, n=number: m.loads[n].slow, "ms"))  # type: ignore[misc]
    return rows


def _phase(each: Measures, name: str) -> Sequence[float]:
    return each.phases[name].times


def draw(measured: Sequence[Measures], path: Path) -> None:
    """The turns of one long talk, and turns per second by talks at once."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
    for each, colour in zip(measured, COLOURS):
        smooth = [median(each.long[max(0, n - SMOOTH) : n]) for n in range(1, len(each.long) + 1)]
        left.plot(range(1, len(smooth) + 1), smooth, color=colour, label=each.name)
        right.plot([load.talks for load in each.loads], [load.rate for load in each.loads], "o-", color=colour)
    left.set_xlabel("turn of one talk")
    left.set_ylabel("milliseconds")
    left.legend()
    right.set_xscale("log", base=2)
    right.set_xlabel("talks at once")
    right.set_ylabel("turns per second")
    for axes in (left, right):
        axes.set_yscale("log")
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata=PLAIN)
    plt.close(figure)
