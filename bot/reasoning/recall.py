"""Remembers results of patterns from talk to talk: they depend only on what was said about what they look at."""

from __future__ import annotations

from itertools import count
from typing import Dict, Hashable, TypeVar

from bot.reasoning.case import Case, once
from bot.reasoning.view import Key, View, view_of

MOST_SAID = 60_000  # things said that are told apart; each is a few hundred bytes at most

Result = TypeVar("Result")


class Memory(Dict[Hashable, Result]):
    """Results by what they depend on; emptied when it holds ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, name: Hashable, result: Result) -> Result:
        """Remembers a result, and returns it."""
        if len(self) >= self._most:
            self.clear()
        self[name] = result
        return result


class Said(Dict[Key, int]):
    """A number for what was said about each thing; two cases with the same number agree on the thing."""

    _numbers: Memory[int] = Memory(MOST_SAID)
    _next = count()  # never used again for anything else, whatever is forgotten

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view

    def __missing__(self, key: Key) -> int:
        said = (key, self._view.said_about(key))
        number = self._numbers.get(said)
        self[key] = number = self._numbers.keep(said, next(self._next)) if number is None else number
        return number


@once
def said_in(case: Case) -> Said:
    """What was said in the case, numbered."""
    return Said(view_of(case))
