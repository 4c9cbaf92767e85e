"""Whether the assistant can serve.

``GET /health`` looks at everything behind the server. ``/health/ready`` tells whether to send messages here: also
while the database or the actions are away, since then the person hears the safe sentence and advice for red flags.
``/health/live`` tells whether to leave the process running.
"""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Dict, Text

import aiohttp
import sqlalchemy as sa
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.adapters.local_actions import LocalActions
from bot.shared import shared

PATIENCE = 2.0  # seconds; a probe must answer faster than it is asked again


class HealthInput(InputChannel):
    """Not a channel to talk on; Rasa lets only channels add routes."""

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return "health"

    def url_prefix(self) -> Text:
        """An absolute path, so that the route is not under ``/webhooks``."""
        return "/health"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        blueprint = Blueprint("health")

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None:
                return response.json({"ok": False, "model": False}, status=503)
            checks: Dict[str, bool] = {
                "model": agent.is_ready(),
                "actions": await _actions_reachable(agent.action_endpoint),
                "store": await asyncio.get_running_loop().run_in_executor(None, _store_writable, agent.tracker_store),
                "shared": await shared().ping(),
            }
            return response.json({"ok": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)

        @blueprint.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            is_ready = agent is not None and agent.is_ready()
            return response.json({"ok": is_ready}, status=200 if is_ready else 503)

        @blueprint.get("/live")
        async def live(_: Request) -> HTTPResponse:
            return response.json({"ok": True})

        return blueprint


async def _actions_reachable(endpoint: Any) -> bool:
    if isinstance(endpoint, LocalActions):
        return await endpoint.is_reachable(PATIENCE)
    if endpoint is None or not endpoint.url:
        return False
    try:
        url = endpoint.url.rsplit("/", 1)[0] + "/health"
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            return bool(answer.status == 200)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False


def _store_writable(store: Any) -> bool:
    engine = getattr(getattr(store, "_tracker_store", store), "engine", None)
    if engine is None:
        return True
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE events SET type_name = type_name WHERE id = -1"))
        return True
    except sa.exc.SQLAlchemyError:
        return False
