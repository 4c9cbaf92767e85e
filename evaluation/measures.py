"""Counting what was right: shares and the F measure."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import AbstractSet, Hashable, Iterable, Optional, Sequence, Tuple


@dataclass(frozen=True)
class Hits:
    """How many of all were right."""

    right: int = 0
    total: int = 0

    @property
    def share(self) -> Optional[float]:
        """From 0 to 1, ``None`` where there was nothing to measure."""
        return self.right / self.total if self.total else None

    def __add__(self, other: "Hits") -> "Hits":
        return Hits(self.right + other.right, self.total + other.total)

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> "Hits":
        """Counts outcomes."""
        listed = list(outcomes)
        return cls(sum(listed), len(listed))


@dataclass(frozen=True)
class Counts:
    """Found rightly, found wrongly (``extra``) and ``missed``; micro-averaged when added up."""

    found: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> Optional[float]:
        """Share of what was predicted that is right."""
        predicted = self.found + self.extra
        return self.found / predicted if predicted else None

    @property
    def recall(self) -> Optional[float]:
        """Share of what is true that was found."""
        true = self.found + self.missed
        return self.found / true if true else None

    @property
    def f1(self) -> Optional[float]:
        """Harmonic mean of precision and recall; ``None`` where nothing was true or predicted."""
        total = 2 * self.found + self.extra + self.missed
        return 2 * self.found / total if total else None

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.found + other.found, self.extra + other.extra, self.missed + other.missed)

    @classmethod
    def of(cls, gold: AbstractSet[Hashable], predicted: AbstractSet[Hashable]) -> "Counts":
        """Compares two sets."""
        return cls(len(gold & predicted), len(predicted - gold), len(gold - predicted))


def total(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    return sum(counts, Counts())


def milliseconds(seconds: Sequence[float]) -> Tuple[Optional[float], Optional[float]]:
    """Median and 95th percentile in milliseconds."""
    if not seconds:
        return None, None
    ordered = sorted(seconds)
    return 1000 * statistics.median(ordered), 1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
