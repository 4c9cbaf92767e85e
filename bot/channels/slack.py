"""The Slack channel: signed requests, acknowledged at once, read in order, direct messages only."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import wraps
from typing import Any, Awaitable, Callable, Dict, Optional, Text, Union

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse
from slack_sdk.signature import SignatureVerifier

from bot.channels.slack_api import BASE_URL, SlackApi
from bot.channels.slack_events import Event, HomeOpened, Mentioned, Place, Pressed, Said, read_action, read_event
from bot.channels.slack_order import REMEMBERED_FOR, Lines
from bot.channels.slack_requests import RefusedError, read_form, read_json, signed_body
from bot.channels.slack_talk import SlackTalk
from bot.channels.turn import OnMessage
from bot.channels.web_session import read_secret
from bot.shared import Rate, Shared, shared

logger = logging.getLogger(__name__)

TOKEN_VARIABLE, SIGNING_VARIABLE = "MYELIN_SLACK_TOKEN", "MYELIN_SLACK_SIGNING_SECRET"
PERSON_RATE = Rate(per_minute=30, burst=12)
NOTICE_RATE = Rate(per_minute=1, burst=1)  # of telling somebody that they write too fast
PATIENCE_AT_STOP = 10.0  # seconds for messages in work when the server stops

Reader = Callable[[Dict[str, Any]], Optional[Event]]


@dataclass(frozen=True)
class Settings:
    """``bot_token`` (xoxb-...) and ``signing_secret`` of the Slack app; ``secret`` hashes the ids of persons."""

    bot_token: str
    signing_secret: str
    secret: bytes
    base_url: str = BASE_URL

    @classmethod
    def from_environment(cls) -> "Optional[Settings]":
        """The settings, or ``None`` while the app is not set up: the server then starts without Slack."""
        values = {name: os.environ.get(name, "").strip() for name in (TOKEN_VARIABLE, SIGNING_VARIABLE)}
        missing = [name for name, value in values.items() if not value]
        if len(missing) == 1:
            logger.warning("slack_off missing=%s", missing[0])
        if missing:
            return None
        return cls(values[TOKEN_VARIABLE], values[SIGNING_VARIABLE], read_secret())


class SlackInput(InputChannel):
    """``/webhooks/slack``: ``POST /events`` for the Events API, ``POST /actions`` for buttons and menus."""

    def __init__(
        self,
        settings: Optional[Settings] = None,
        memory: Optional[Shared] = None,
        person_rate: Rate = PERSON_RATE,
    ) -> None:
        self._settings = settings or Settings.from_environment()
        self._shared = memory or shared()
        self._person_rate = person_rate
        self._lines = Lines(self._shared)

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return "slack"

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The routes of the channel; none while the app is not set up."""
        blueprint = Blueprint("myelin_slack")
        if self._settings is None:
            return blueprint
        verifier = SignatureVerifier(self._settings.signing_secret)
        api = SlackApi(self._settings.bot_token, self._settings.base_url)
        talk = SlackTalk(api, self._settings.secret, self._lines, self._shared)

        @blueprint.post("/events", stream=True)
        @_answering
        async def events(request: Request) -> BaseHTTPResponse:
            body = read_json(await signed_body(request, verifier))
            if body.get("type") == "url_verification":
                return response.json({"challenge": str(body.get("challenge", ""))})
            if body.get("type") == "app_rate_limited":
                logger.warning("slack_app_rate_limited")
            if body.get("type") == "event_callback" and await self._is_new(talk, "event", body.get("event_id")):
                await self._take(request.app, on_new_message, talk, read_event(body))
            return _received()

        @blueprint.post("/actions", stream=True)
        @_answering
        async def actions(request: Request) -> BaseHTTPResponse:
            payload = read_form(await signed_body(request, verifier))
            if await self._is_new(talk, "action", payload.get("trigger_id")):
                await self._take(request.app, on_new_message, talk, read_action(payload))
            return _received()

        @blueprint.listener("before_server_start")
        async def start(app: Sanic, _: Any) -> None:
            await api.open()

        @blueprint.listener("before_server_stop")
        async def stop(app: Sanic, _: Any) -> None:
            await self._lines.finish(PATIENCE_AT_STOP)
            await api.close()

        return blueprint

    async def _take(self, app: Sanic, on_message: OnMessage, talk: SlackTalk, event: Optional[Event]) -> None:
        """Puts the event in its person's line; Slack gets its answer before the work begins."""
        if isinstance(event, HomeOpened):
            home = event
            self._lines.beside(lambda: talk.home_opened(home))
        elif isinstance(event, Mentioned):
            mention = event
            # A mention comes as two events, one of the mention and one of the message, with ids of their own.
            if await self._is_new(talk, "mention", mention.place.channel, mention.ts):
                self._lines.beside(lambda: talk.mentioned(mention))
        elif isinstance(event, (Said, Pressed)):
            await self._take_words(app, on_message, talk, event)

    async def _is_new(self, talk: SlackTalk, *parts: object) -> bool:
        return await self._shared.first_time(f"slack {talk.hashed(*map(str, parts))}", REMEMBERED_FOR)

    async def _take_words(
        self, app: Sanic, on_message: OnMessage, talk: SlackTalk, event: Union[Said, Pressed]
    ) -> None:
        person, place = talk.person(event.place), event.place
        if isinstance(event, Said) and not await self._is_new(talk, "message", place.channel, event.ts):
            return
        granted = await self._shared.wait(f"slack {person}", self._person_rate) == 0
        if granted and self._lines.add(person, event.ts, lambda: talk.take(app, on_message, event)):
            return
        await self._say_too_fast(talk, person, place)

    async def _say_too_fast(self, talk: SlackTalk, person: str, place: Place) -> None:
        if await self._shared.wait(f"slack notice {person}", NOTICE_RATE) == 0:
            self._lines.beside(lambda: talk.too_fast(place))


def _answering(
    handler: Callable[[Request], Awaitable[BaseHTTPResponse]],
) -> Callable[[Request], Awaitable[BaseHTTPResponse]]:
    """Turns a refusal into its answer."""

    @wraps(handler)
    async def answering(request: Request) -> BaseHTTPResponse:
        try:
            return await handler(request)
        except RefusedError as refused:
            return response.empty(status=refused.status)

    return answering


def _received() -> BaseHTTPResponse:
    return response.text("", headers={"Cache-Control": "no-store"})
