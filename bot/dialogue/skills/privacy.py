"""Deleting everything that was said."""

from __future__ import annotations

from bot.dialogue.turn import Turn


def delete(turn: Turn) -> None:
    """Erases the talk; the tracker store removes every stored event when it sees the erase mark."""
    turn.erase = True
    turn.says.clear()
    turn.say("utter_erased", custom={"kind": "erased"})
