"""Order: the messages of one person run one after the other, whichever servers they reach."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from contextlib import AsyncExitStack
from typing import Awaitable, Callable, Dict, List, Optional, Set, Tuple

from bot.shared import InMemory, Shared, UnavailableError

logger = logging.getLogger(__name__)

MOST_WAITING = 20  # messages of one person at one server
# Slack sends an event again for up to an hour; the tracker knows what was taken in before a restart.
REMEMBERED_FOR = 3700.0  # seconds

Work = Callable[[], Awaitable[None]]


class Lines:
    """One line for each person: whoever wrote first is read first, also when the later message came in first."""

    def __init__(self, memory: Optional[Shared] = None) -> None:
        self._shared = memory or InMemory()
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
                stamp, _, work = heapq.heappop(waiting)
                await _safely(lambda: self._in_turn(person, stamp, work))  # noqa: B023 - it is done when this line is
        finally:
            del self._waiting[person]

    async def _in_turn(self, person: str, stamp: str, work: Work) -> None:
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._shared.turn(f"line {person}", _order(stamp)))
            except (UnavailableError, TimeoutError):
                logger.warning("line_not_shared")  # the turn itself is still one at a time
            await work()


def _order(stamp: str) -> float:
    try:
        return float(stamp)
    except ValueError:
        return 0.0


async def _safely(work: Work) -> None:
    try:
        await work()
    except Exception:  # noqa: BLE001 - one failed message must not stop the line; the log holds no message text
        logger.exception("slack_work_failed")
