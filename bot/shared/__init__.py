"""What several servers must know together. Without ``MYELIN_REDIS_URL`` one server knows it alone, in memory."""

from __future__ import annotations

import os
from functools import lru_cache

from bot.shared.interface import Held, Shared, UnavailableError
from bot.shared.limits import Rate
from bot.shared.memory import InMemory

__all__ = ["Held", "InMemory", "Rate", "Shared", "UnavailableError", "shared"]

REDIS_VARIABLE = "MYELIN_REDIS_URL"


@lru_cache(maxsize=1)
def shared() -> Shared:
    """The shared memory of this process, chosen once by the environment."""
    url = os.environ.get(REDIS_VARIABLE, "").strip()
    if not url:
        return InMemory()
    from bot.shared.redis import InRedis

    return InRedis(url)
