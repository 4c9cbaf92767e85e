"""What a server does beside answering: writes turns that waited for the database."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from bot.adapters.tracker_store import PrivateTrackerStore

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds


async def keep_writing(app: Any, _: Any = None) -> None:
    """Starts the rounds of the server."""
    app.ctx.upkeep = asyncio.get_running_loop().create_task(_rounds(app))


async def stop_writing(app: Any, _: Any = None) -> None:
    """Ends the rounds with the server, after one last try."""
    app.ctx.upkeep.cancel()
    await write_unsaved(app)


async def _rounds(app: Any) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await write_unsaved(app)


async def write_unsaved(app: Any) -> None:
    """One round. What cannot be written yet is tried again in the next."""
    agent = app.ctx.agent
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)  # Rasa wraps the store
    if not isinstance(store, PrivateTrackerStore):
        return
    try:
        await store.write_unsaved(agent.lock_store.lock)
    except Exception:  # noqa: BLE001 - the server goes on and the next round tries again
        logger.exception("upkeep_failed")
