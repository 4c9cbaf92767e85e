"""Says it when a message was too long to be read whole, so that nothing is lost without a word."""

from __future__ import annotations

from typing import Sequence

from bot.dialogue.message import Message
from bot.dialogue.say import Say
from bot.dialogue.turn import Turn

QUOTED = 6  # words; enough to find the place again


def tell(turn: Turn, messages: Sequence[Message]) -> None:
    """Before all else that is said: where the reading ended, and that the rest can be sent as a message of its own."""
    cut = [message for message in messages if message.read_up_to]
    if cut and not turn.erase:
        last = " ".join(cut[-1].text[: cut[-1].read_up_to].split()[-QUOTED:])
        turn.says.insert(0, Say(response="utter_overlong", variables={"last": last}, custom={"kind": "overlong"}))
