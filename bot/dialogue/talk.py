"""The state of one talk. It is kept in the slot ``talk`` and is all that a restart must bring back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Dict, Mapping, Optional, Tuple

Entry = Mapping[str, object]


@dataclass(frozen=True)
class Talk:
    """What was told and asked so far.

    ``journal`` holds what was told, in order; the case is recomputed from it, so any entry can be changed.
    ``pending`` is the key of the question that waits for an answer. ``flags`` are the red flags raised.
    ``doubted`` are contradictions already asked about. ``answered`` remembers the last answer given, for
    "tell me more". ``said`` are the ids of what the last turn said, for a report of a problem.
    """

    journal: Tuple[Entry, ...] = ()
    consent: Optional[bool] = None
    about_other: bool = False
    pending: Optional[str] = None
    asked: Tuple[str, ...] = ()
    flags: Tuple[Entry, ...] = ()
    turn: int = 0
    misses: int = 0
    paused: bool = False
    concluded: bool = False
    answered: Mapping[str, object] = field(default_factory=dict)
    explained: Tuple[str, ...] = ()
    doubted: Tuple[str, ...] = ()
    said: Tuple[str, ...] = ()

    def to_dict(self) -> Dict[str, object]:
        """Plain data for the slot, without what is empty; shared with the talk, which never changes."""
        return {key: value for key, value in vars(self).items() if value not in (None, (), {}, False, 0)}

    @classmethod
    def from_dict(cls, data: Optional[Mapping[str, object]]) -> "Talk":
        """The inverse of ``to_dict``; an empty slot is a new talk. What an earlier version kept besides is left out."""
        names = {part.name for part in fields(cls)}
        values: Dict[str, object] = {name: value for name, value in (data or {}).items() if name in names}
        for key in ("journal", "asked", "flags", "explained", "doubted", "said"):
            values[key] = tuple(values.get(key) or ())  # type: ignore[arg-type]
        return cls(**values)  # type: ignore[arg-type]

    def record(self, kind: str, **content: object) -> "Talk":
        """The talk with one more journal entry of this turn."""
        return replace(self, journal=self.journal + ({"kind": kind, "turn": self.turn, **content},))

    def ask(self, key: str) -> "Talk":
        """The talk waiting for the answer to this question."""
        asked = self.asked if key in self.asked else self.asked + (key,)
        return replace(self, pending=key, asked=asked)

    def unask(self) -> "Talk":
        """The talk as if the pending question had not been asked, so that it may be asked later."""
        return replace(self, pending=None, asked=tuple(key for key in self.asked if key != self.pending))

    @property
    def open_flags(self) -> Tuple[Entry, ...]:
        """Red flags for which help is not yet said to be arranged."""
        return tuple(flag for flag in self.flags if flag.get("open"))
