"""Deletes talks that are older than the promised time."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from bot.dialogue.retention import retention_days
from bot.shared import shared

logger = logging.getLogger(__name__)

DAY = 86_400.0  # seconds
EVERY = 3_600.0  # seconds between two rounds


async def keep_deleting(app: Any, _: Any = None) -> None:
    """Starts the hourly rounds of the server."""
    app.ctx.retention = asyncio.get_running_loop().create_task(_rounds(app))


async def stop_deleting(app: Any, _: Any = None) -> None:
    """Ends the rounds with the server."""
    app.ctx.retention.cancel()


async def _rounds(app: Any) -> None:
    loop = asyncio.get_running_loop()
    while True:
        # Of several servers one does the round, in a thread: it reads the whole table and must hold up no talk.
        if await shared().first_time("retention", EVERY * 0.9):
            await loop.run_in_executor(None, delete_old, app.ctx.agent.tracker_store)
        await asyncio.sleep(EVERY)


def delete_old(tracker_store: Any) -> int:
    """One round; returns how many events were deleted. A store that is busy is tried again in the next round."""
    store = getattr(tracker_store, "_tracker_store", tracker_store)  # Rasa wraps the store of endpoints.yml
    if not hasattr(store, "erase_older_than"):
        return 0
    try:
        deleted = int(store.erase_older_than(time.time() - retention_days() * DAY))
    except Exception:  # noqa: BLE001 - whatever the database says, the server goes on and the next round tries again
        logger.exception("retention_failed")
        return 0
    if deleted:
        logger.info("retention deleted_events=%d", deleted)
    return deleted
