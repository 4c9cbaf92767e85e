"""The web server alone: Sanic, which Rasa serves with, answers the REST route with always the same words."""

from __future__ import annotations

import sys

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.serve import LOOPBACK

app = Sanic("floor")


@app.post("/webhooks/rest/webhook")
async def receive(request: Request) -> BaseHTTPResponse:
    """Reads the message and answers."""
    return response.json([{"recipient_id": request.json["sender"], "text": "Hello."}])


if __name__ == "__main__":
    app.run(host=LOOPBACK, port=int(sys.argv[1]), access_log=False)
