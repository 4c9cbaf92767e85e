"""``GET /summary/...``: the latest summary of a talk as PDF. Nothing is stored; it is set anew from the talk."""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.summary_link import PREFIX, sender_of
from bot.rendering.pdf import summary_pdf

LANGUAGE = "en-GB"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="summary.pdf"',
}


class SummaryPdf(InputChannel):
    """Not a channel to talk on; Rasa lets only channels add routes."""

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return "summary_pdf"

    def url_prefix(self) -> Text:
        """An absolute path, so that the route is not under ``/webhooks``."""
        return PREFIX.rstrip("/")

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The one route."""
        blueprint = Blueprint("summary_pdf")

        @blueprint.get("/<file:string>")
        async def fetch(request: Request, file: str) -> HTTPResponse:
            sender = sender_of(file.removesuffix(".pdf"))
            if sender is None:
                return response.json({"error": "this link is not valid any more"}, status=403)
            markdown = latest_summary(await request.app.ctx.agent.tracker_store.retrieve_full_tracker(sender))
            if markdown is None:
                return response.json({"error": "there is no summary"}, status=404)
            title = markdown.splitlines()[0].lstrip("# ")
            # Setting a page takes 0.3 s; in a thread it holds up no other talk.
            pdf = await asyncio.get_running_loop().run_in_executor(None, summary_pdf, markdown, title, LANGUAGE)
            return response.raw(pdf, content_type="application/pdf", headers=HEADERS)

        return blueprint


def latest_summary(tracker: Any) -> Optional[str]:
    """The Markdown of the latest summary said in the talk."""
    for event in reversed(tracker.events if tracker else ()):
        custom = event.data.get("custom") if isinstance(event, BotUttered) else None
        if custom and custom.get("kind") == "summary":
            return str(custom["markdown"])
    return None
