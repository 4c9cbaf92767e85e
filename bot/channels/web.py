"""The channel of the web widget: signed sessions, checked input, every message answered exactly once."""

from __future__ import annotations

import math
import re
from functools import wraps
from typing import Any, Awaitable, Callable, Dict, FrozenSet, List, Optional, Text

from rasa.core.channels.channel import InputChannel
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.adapters.lock_store import nothing_kept
from bot.adapters.tracker_store import STORE_SLOT
from bot.channels.cleaning import clean
from bot.channels.safe_reply import safe_reply
from bot.channels.turn import OnMessage, take_turn
from bot.channels.web_guard import FOR_DATA, SESSION_HEADER, RefusedError, allowed_origins, origin_headers, read_json
from bot.channels.web_messages import WebOutput, history, present, reply_to, state, with_ids
from bot.channels.web_replies import Replies, Reply
from bot.channels.web_session import Sessions, read_secret
from bot.shared import Rate, Shared, shared

Handler = Callable[[Request], Awaitable[Any]]

SESSION_RATE = Rate(per_minute=30, burst=12)
# One address may be a whole clinic.
ADDRESS_RATE = Rate(per_minute=300, burst=100)
_MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class WebInput(InputChannel):
    """``/webhooks/web``: ``POST /session``, ``POST /message``, ``GET /history``."""

    def __init__(
        self,
        memory: Optional[Shared] = None,
        session_rate: Rate = SESSION_RATE,
        address_rate: Rate = ADDRESS_RATE,
        origins: Optional[FrozenSet[str]] = None,
        secret: Optional[bytes] = None,
    ) -> None:
        self._shared = memory or shared()
        self._session_rate = session_rate
        self._address_rate = address_rate
        self._origins = allowed_origins() if origins is None else origins
        self._sessions = Sessions(secret or read_secret())
        self._replies = Replies(self._shared)

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return "web"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The routes of the channel."""
        blueprint = Blueprint("myelin_web")

        @blueprint.post("/session", stream=True)
        @self._guarded
        async def session(request: Request) -> Dict[str, Any]:
            await read_json(request)
            return {"session": self._sessions.issue()}

        @blueprint.post("/message", stream=True)
        @self._guarded
        async def message(request: Request) -> Dict[str, Any]:
            body = await read_json(request)
            sender = await self._sender(body.get("session"))
            id_, text = body.get("id"), body.get("text")
            if not isinstance(id_, str) or not _MESSAGE_ID.fullmatch(id_):
                raise RefusedError(400, "id")
            if not isinstance(text, str) or not clean(text).text:
                raise RefusedError(400, "text")
            again = body.get("again") is True

            async def turn(seen: bool) -> Reply:
                return await self._turn(on_new_message, request, sender, id_, text, again or seen)

            return await self._replies.once(sender, id_, turn)

        @blueprint.get("/history")
        @self._guarded
        async def talk_so_far(request: Request) -> Dict[str, Any]:
            sender = await self._sender(request.headers.get(SESSION_HEADER))
            tracker = await _tracker(request.app, sender, whole=True)
            return {"messages": history(tracker) if tracker is not None else [], "state": state(tracker)}

        @blueprint.options("/session", name="preflight_session")
        @blueprint.options("/message", name="preflight_message")
        @blueprint.options("/history", name="preflight_history")
        async def preflight(request: Request) -> BaseHTTPResponse:
            return response.empty()

        @blueprint.on_response
        async def allow_origin(request: Request, reply: BaseHTTPResponse) -> None:
            # Here and not in the route: Rasa's own middleware answers before the route is reached.
            if request.method == "OPTIONS":
                reply.headers.update(self._preflight_headers(request))

        return blueprint

    def _preflight_headers(self, request: Request) -> Dict[str, str]:
        try:
            headers = origin_headers(request, self._origins)
        except RefusedError as refused:
            return {**FOR_DATA, **refused.headers}
        allow = {
            "Access-Control-Allow-Headers": f"Content-Type, {SESSION_HEADER}",
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Max-Age": "600",
        }
        return {**FOR_DATA, **allow, **headers}

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[BaseHTTPResponse]]:
        """Checks origin and rate before the handler, and turns what is refused into an answer."""

        @wraps(handler)
        async def guarded(request: Request) -> BaseHTTPResponse:
            headers: Dict[str, str] = {}
            try:
                headers = origin_headers(request, self._origins)
                await self._take(f"address {request.remote_addr or request.ip}", self._address_rate)
                return response.json(await handler(request), headers={**FOR_DATA, **headers})
            except RefusedError as refused:
                return _error(refused, headers)

        return guarded

    async def _sender(self, token: object) -> str:
        sender = self._sessions.sender(token)
        if sender is None:
            raise RefusedError(403, "session")
        await self._take(f"session {sender}", self._session_rate)
        return sender

    async def _take(self, key: str, rate: Rate) -> None:
        seconds = await self._shared.wait(key, rate)
        if seconds > 0:
            raise RefusedError(429, "rate", {"Retry-After": str(math.ceil(seconds))})

    async def _turn(
        self, on_new_message: OnMessage, request: Request, sender: str, id_: str, text: str, again: bool
    ) -> Reply:
        """One turn. A message sent ``again`` may have had its turn, on another server or before a new start."""
        messages: Optional[List[Dict[str, Any]]] = None
        try:
            messages = reply_to(id_, await _tracker(request.app, sender, whole=True)) if again else None
            if messages is None:
                messages = await self._answer(on_new_message, sender, id_, text)
            tracker = await _tracker(request.app, sender)
        except RefusedError:
            # The widget keeps a message that is refused and sends it again by itself; urgent advice waits for nothing.
            if messages is None:
                with nothing_kept():  # whether it had its turn cannot be known
                    messages = await self._answer(on_new_message, sender, id_, text)
            if not _urgent(messages):
                raise
            return {"messages": with_ids(id_, messages), "state": None}
        if tracker is None:  # the talk was erased
            self._replies.forget(sender)
        return {"messages": with_ids(id_, messages), "state": state(tracker)}

    async def _answer(self, on_new_message: OnMessage, sender: str, id_: str, text: str) -> List[Dict[str, Any]]:
        collector = WebOutput()
        await take_turn(on_new_message, collector, sender, text, self.name(), message_id=id_)
        return present(collector.messages) or present(safe_reply(sender))


async def _tracker(app: Sanic, sender: str, whole: bool = False) -> Optional[DialogueStateTracker]:
    """The stored talk, ``whole`` or what a turn needs. Raises ``RefusedError`` while the store cannot be read."""
    store = app.ctx.agent.tracker_store
    tracker = await (store.retrieve_full_tracker(sender) if whole else store.retrieve(sender))
    if tracker is not None and tracker.get_slot(STORE_SLOT):
        raise RefusedError(503, "store")
    return tracker


def _urgent(messages: List[Dict[str, Any]]) -> bool:
    return any((message.get("custom") or {}).get("kind") == "urgent" for message in messages)


def _error(refused: RefusedError, headers: Optional[Dict[str, str]] = None) -> BaseHTTPResponse:
    return response.json(
        {"error": refused.reason}, status=refused.status, headers={**FOR_DATA, **(headers or {}), **refused.headers}
    )
