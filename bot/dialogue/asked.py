"""What a message asks, when its words alone do not say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple


@dataclass(frozen=True)
class Asked:
    """A topic and its objects; ``parts`` are what is wanted of it: fields of a test, or which sources."""

    topic: str
    objects: Tuple[str, ...] = ()
    parts: Tuple[str, ...] = ()
