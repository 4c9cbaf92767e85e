"""Order and once-only: the messages of one person run one after the other, and none runs twice."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections import OrderedDict
from typing import Awaitable, Callable, Dict, Hashable, List, Set, Tuple

logger = logging.getLogger(__name__)

MOST_WAITING = 20  # messages of one person
# Slack sends an event again for up to an hour; the tracker knows what was taken in before a restart.
REMEMBERED_FOR = 3700.0  # seconds
MOST_REMEMBERED = 100_000

Work = Callable[[], Awaitable[None]]


class Seen:
    """Remembers what came in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: "OrderedDict[Hashable, float]" = OrderedDict()

    def first_time(self, key: Hashable) -> bool:
        """Whether this key is new; from now on it is not."""
        now = self._clock()
        while self._seen and (
            len(self._seen) >= MOST_REMEMBERED or next(iter(self._seen.values())) < now - REMEMBERED_FOR
        ):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True


class Lines:
    """One line for each person: whoever wrote first is read first, also when the later message came in first."""

    def __init__(self) -> None:
        self._waiting: Dict[str, List[Tuple[str, int, Work]]] = {}
        self._tasks: Set["asyncio.Task[None]"] = set()
        self._count = itertools.count()

    def add(self, person: str, stamp: str, work: Work) -> bool:
        """Queues the work by its time stamp; false if too much of this person is waiting already."""
        waiting = self._waiting.get(person)
        if waiting is None:
            waiting = self._waiting[person] = []
            self.beside(lambda: self._serve(person))
        if len(waiting) >= MOST_WAITING:
            return False
        heapq.heappush(waiting, (stamp, next(self._count), work))
        return True

    def beside(self, work: Work) -> None:
        """Runs the work in the background, in no order."""
        task = asyncio.ensure_future(_safely(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, patience: float) -> None:
        """Waits up to ``patience`` seconds until all work is done; what is not done then is given up."""
        deadline = time.monotonic() + patience
        while self._tasks and time.monotonic() < deadline:
            await asyncio.wait(set(self._tasks), timeout=max(0.0, deadline - time.monotonic()))
        for task in self._tasks:
            task.cancel()

    async def _serve(self, person: str) -> None:
        waiting = self._waiting[person]
        try:
            while waiting:
                await _safely(heapq.heappop(waiting)[2])
        finally:
            del self._waiting[person]


async def _safely(work: Work) -> None:
    try:
        await work()
    except Exception:  # noqa: BLE001 - one failed message must not stop the line; the log holds no message text
        logger.exception("slack_work_failed")
