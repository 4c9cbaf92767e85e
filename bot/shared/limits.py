"""How much one session and one address may ask for."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Callable, Tuple

MOST_KEYS = 50_000  # remembered at a time; the key not used for longest is forgotten first


@dataclass(frozen=True)
class Rate:
    """``per_minute`` in the long run, up to ``burst`` at once."""

    per_minute: float
    burst: int


class InProcessLimiter:
    """A token bucket for each key, in memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, Tuple[float, float]] = OrderedDict()

    async def wait(self, key: str, rate: Rate) -> float:
        """Takes one from the bucket; a refused request takes nothing."""
        now = self._clock()
        left, since = self._buckets.pop(key, (float(rate.burst), now))
        left = min(rate.burst, left + (now - since) * rate.per_minute / 60)
        granted = left >= 1
        self._buckets[key] = (left - granted, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1 - left) * 60 / rate.per_minute
