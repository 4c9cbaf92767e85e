"""``rasa shell`` and ``make shell``: Rasa's own prompt, with replies that can be read."""

from __future__ import annotations

from asyncio import Queue
from typing import Any, Dict, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.channels.console import CmdlineInput


def prepare_prompt() -> None:
    """Makes the channel of Rasa's prompt clean what comes in, and hand over words alone.

    ``rasa shell`` takes no other channel than Rasa's own, which prints the machine-readable part of each message as
    JSON, and hangs where an answer fails.
    """

    async def answer(
        on_message: Any, text: Text, queue: Queue, sender: Text, channel: Text, _: Optional[Dict[Text, Any]]
    ) -> None:
        # The channels import half of the assistant; whoever trains has no need of it.
        from bot.channels.safe_reply import safe_reply
        from bot.channels.shell import as_text
        from bot.channels.turn import take_turn

        collector = CollectingOutputChannel()
        await take_turn(on_message, collector, sender, text, channel)
        for said in as_text(collector.messages or safe_reply(sender)):
            await queue.put(said)
        await queue.put("DONE")

    CmdlineInput.on_message_wrapper = staticmethod(answer)
