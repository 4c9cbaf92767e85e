"""What readers remember of texts read lately, known in one place so that all of it can be forgotten at once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Callable, Protocol, TypeVar
from weakref import WeakSet

Function = TypeVar("Function", bound=Callable[..., Any])


class Memory(Protocol):
    """Something that holds texts or what was made of them."""

    def cache_clear(self) -> None:
        """Forgets all of it."""


_memories: "WeakSet[Memory]" = WeakSet()


def remembering(texts: int) -> Callable[[Function], Function]:
    """``lru_cache`` for a function of a text, holding at most so many results, that ``forget`` empties."""

    def decorate(function: Function) -> Function:
        cached: Any = lru_cache(texts)(function)
        keep(cached)
        result: Function = cached
        return result

    return decorate


def keep(memory: Memory) -> None:
    """Has ``forget`` empty this one as well, as long as it lives."""
    _memories.add(memory)


def forget() -> None:
    """Empties every memory: a person asked for deletion, or the time of keeping is over."""
    for memory in list(_memories):
        memory.cache_clear()
