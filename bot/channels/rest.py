"""The REST channel: checks what comes in and never answers with nothing."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Text

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.channels.safe_reply import safe_reply
from bot.channels.turn import OnMessage, take_turn

LONGEST_SENDER = 255  # characters; the width of the column in the tracker store

# Talks of the channels that know who is writing; nobody may write into them from here.
OTHER_CHANNELS = ("web-", "telegram-", "slack-")


class SafeRestInput(RestInput):
    """``POST /webhooks/rest/webhook`` with ``{"sender": ..., "message": ...}``, answered by Rasa's list of messages."""

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint(f"safe_{self.name()}")

        @blueprint.get("/")
        async def status(_: Request) -> BaseHTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> BaseHTTPResponse:
            problem = _problem(request)
            if problem is not None:
                return response.json({"error": problem}, status=400)
            messages = await self._answer(on_new_message, request)
            if request.args.get("stream") == "true":
                return response.text("".join(json.dumps(message) + "\n" for message in messages))
            return response.json(messages)

        return blueprint

    async def _answer(self, on_new_message: OnMessage, request: Request) -> List[Dict[Text, Any]]:
        collector, sender = CollectingOutputChannel(), request.json["sender"]
        await take_turn(on_new_message, collector, sender, request.json["message"], self.name())
        return collector.messages or safe_reply(sender)


def _problem(request: Request) -> Optional[str]:
    """What is wrong with the shape of the request, if anything."""
    try:
        body = request.json
    except Exception:  # noqa: BLE001 - sanic raises its own kind for a body that is no JSON
        return "the body is not JSON"
    if not isinstance(body, dict):
        return "a JSON object is expected"
    sender, message = body.get("sender"), body.get("message")
    if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER:
        return f"sender: a string of 1 to {LONGEST_SENDER} characters is expected"
    if sender.startswith(OTHER_CHANNELS):
        return "sender: this beginning is kept for another channel"
    if not isinstance(message, str):
        return "message: a string is expected"
    return None
