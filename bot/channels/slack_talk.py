"""The talk with one person on Slack: reads what was said or pressed, answers, and clears what was answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from base64 import urlsafe_b64encode
from dataclasses import asdict
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.adapters.red_flags import talk_of
from bot.adapters.tracker_store import STORE_SLOT
from bot.channels.cleaning import clean
from bot.channels.safe_reply import safe_reply
from bot.channels.slack_api import SlackApi
from bot.channels.slack_blocks import Block, answered, closed, home, move
from bot.channels.slack_events import DONE, START, HomeOpened, Mentioned, Place, Pressed, Said
from bot.channels.slack_order import REMEMBERED_FOR, Lines
from bot.channels.slack_output import Shown, SlackOutput
from bot.channels.slack_text import escape
from bot.channels.slack_words import word
from bot.channels.turn import OnMessage, take_turn
from bot.shared import Shared, UnavailableError

logger = logging.getLogger(__name__)

OPEN_FOR = 2 * 24 * 3600.0  # seconds for which a question is remembered, so that it can be cleared
_PURPOSE = b"myelin slack 1:"


class SlackTalk:
    """Every talk of one workspace. Slack's ids of persons and messages are never stored, only their keyed hashes."""

    def __init__(self, api: SlackApi, secret: bytes, lines: Lines, memory: Shared) -> None:
        self._api, self._secret, self._lines, self._shared = api, secret, lines, memory
        self._open: Dict[str, Dict[str, Shown]] = {}  # what can be pressed, of the persons being answered

    def person(self, place: Place) -> str:
        """The id of the talk: the same for the same member of the same workspace, and of no use elsewhere."""
        return f"slack-{self.hashed(place.team, place.user)}"

    async def take(self, app: Sanic, on_message: OnMessage, event: Union[Said, Pressed]) -> None:
        """What the person said in either way. What can be pressed is remembered from one message to the next."""
        person = self.person(event.place)
        self._open[person] = await self._recall(person)
        try:
            if isinstance(event, Said):
                await self.said(app, on_message, event)
            else:
                await self.pressed(app, on_message, event)
        finally:
            await self._remember(person, self._open.pop(person, {}))

    async def said(self, app: Sanic, on_message: OnMessage, event: Said) -> None:
        """A typed message."""
        person, id_ = self.person(event.place), self.hashed(event.place.team, event.place.channel, event.ts)
        tracker = await _tracker(app, person)
        if _taken_in(tracker, id_):
            return
        output = self._output(person, event.place, tracker)
        closing = self._close(self._open.pop(person, {}))
        if clean(event.text).text:
            await asyncio.gather(closing, self._turn(app, on_message, person, event.text, id_, output))
            if event.files:
                await output.send_response(person, {"text": word("files_unread")})
        else:
            await closing
            await output.send_response(person, {"text": word("only_text")})
        await self._finish(person, event.place, output)

    async def pressed(self, app: Sanic, on_message: OnMessage, event: Pressed) -> None:
        """A button: what it stands for is said as if it had been typed, and cannot be said a second time."""
        person, place = self.person(event.place), event.place
        if event.action == START:
            await self.said(app, on_message, Said(place, word("start_text"), event.ts))
            return
        if event.action == DONE and not event.answers:
            await self._api.whisper(place.channel, place.user, word("pick_one"))
            return
        if not event.answers or not await self._is_new("used", place.channel, event.message_ts):
            return
        tracker = await _tracker(app, person)
        id_ = self.hashed(place.team, place.channel, event.message_ts, event.ts)
        if _taken_in(tracker, id_):
            return
        shown = self._open.get(person, {}).pop(event.message_ts, None)
        shown = shown or Shown(place.channel, event.message_ts, event.text, [dict(block) for block in event.blocks])
        if _is_over(tracker, event.question):
            await self._replace(shown, closed(shown.blocks, word("closed")), word("closed"))
            return
        note = word("chosen", answer=", ".join(event.titles))
        update = self._replace(shown, answered(shown.blocks, event.block, note), note)
        output = self._output(person, place, tracker)
        closing = self._close(self._open.pop(person, {}))
        await asyncio.gather(update, closing, self._turn(app, on_message, person, _as_typed(event, shown), id_, output))
        await self._finish(person, place, output)

    async def mentioned(self, event: Mentioned) -> None:
        """Offers to talk in private, to the one who called only, and once an hour at most in each channel."""
        place = event.place
        if await self._is_new("offered", place.team, place.channel, place.user):
            url = f"https://slack.com/app_redirect?app={event.app}&team={place.team}"
            await self._api.whisper(place.channel, place.user, word("move"), move(url))

    async def home_opened(self, event: HomeOpened) -> None:
        """The welcome."""
        await self._api.publish_home(event.place.user, home())

    async def too_fast(self, place: Place) -> None:
        """Says that messages are left out, so that nobody waits for an answer that never comes."""
        await self._api.post(place.channel, word("too_fast"), thread=place.thread)

    async def _turn(
        self, app: Sanic, on_message: OnMessage, person: str, text: str, id_: str, output: SlackOutput
    ) -> None:
        await take_turn(on_message, output, person, text, output.name(), message_id=id_)
        if not output.said_anything:
            for bubble in safe_reply(person):
                await output.send_response(person, bubble)

    async def _finish(self, person: str, place: Place, output: SlackOutput) -> None:
        if output.erased:
            await output.send_response(person, {"text": word("erased")})
        await output.finish()
        if output.erased:
            self._open.pop(person, None)
            if output.last_ts:
                self._lines.beside(lambda: self._api.remove_own(output.channel, place.user, before=output.last_ts))

    def _output(self, person: str, place: Place, tracker: Optional[DialogueStateTracker]) -> SlackOutput:
        def on_asked(shown: Shown) -> None:
            self._open.setdefault(person, {})[shown.ts] = shown

        return SlackOutput(self._api, place, on_asked, preface=None if tracker is not None else word("privacy"))

    async def _close(self, earlier: Mapping[str, Shown]) -> None:
        """Clears what could still be pressed of earlier turns."""
        for shown in earlier.values():
            await self._replace(shown, closed(shown.blocks))

    async def _replace(self, shown: Shown, blocks: Sequence[Block], note: str = "") -> None:
        text = "\n\n".join(part for part in (shown.text, escape(note)) if part)
        await self._api.update(shown.channel, shown.ts, text or word("closed"), blocks)

    async def _is_new(self, *parts: str) -> bool:
        return await self._shared.first_time(f"slack {self.hashed(*parts)}", REMEMBERED_FOR)

    async def _recall(self, person: str) -> Dict[str, Shown]:
        try:
            kept = await self._shared.get(f"open {person}")
        except UnavailableError:
            return {}
        return {ts: Shown(**shown) for ts, shown in json.loads(kept or "{}").items()}

    async def _remember(self, person: str, opened: Mapping[str, Shown]) -> None:
        try:
            if opened:
                kept = json.dumps({ts: asdict(shown) for ts, shown in opened.items()})
                await self._shared.put(f"open {person}", kept, OPEN_FOR)
            else:
                await self._shared.drop(f"open {person}")
        except UnavailableError:
            logger.warning("slack_open_not_kept")  # old buttons stay; pressing one says that it was answered

    def hashed(self, *parts: str) -> str:
        """A keyed hash of ids of Slack."""
        digest = hmac.new(self._secret, _PURPOSE + "\x1f".join(parts).encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest[:24]).decode()


async def _tracker(app: Sanic, person: str) -> Optional[DialogueStateTracker]:
    """The talk so far, ``None`` if there is none or it cannot be read; then the turn itself says what is wrong."""
    try:
        return await app.ctx.agent.tracker_store.retrieve_full_tracker(person)
    except Exception:  # noqa: BLE001 - see docstring
        logger.exception("store_unavailable channel=slack")
        return None


def _taken_in(tracker: Optional[DialogueStateTracker], id_: str) -> bool:
    """Whether this message had its turn, perhaps before the server was started anew."""
    events = tracker.events if tracker is not None else ()
    return any(isinstance(event, UserUttered) and event.message_id == id_ for event in events)


def _is_over(tracker: Optional[DialogueStateTracker], question: str) -> bool:
    """Whether the question is no longer the one that waits for an answer: "yes" would answer another one."""
    if not question or tracker is None or tracker.get_slot(STORE_SLOT):
        return False
    return talk_of(tracker).get("pending") != question


def _as_typed(event: Pressed, shown: Shown) -> str:
    """The answer as it would be typed. Ticked boxes are sent as their numbers: several titles in one line can be
    read as a new complaint, and "foot or toes" as two answers.
    """
    if event.action == DONE:
        offered = _offered(shown.blocks)
        numbers = [str(offered.index(answer) + 1) for answer in event.answers if answer in offered]
        if len(numbers) == len(event.answers):
            return ", ".join(numbers)
    return ", ".join(event.answers)


def _offered(blocks: Sequence[Dict[str, Any]]) -> Sequence[str]:
    elements = [element for block in blocks for element in block.get("elements") or ()]
    return [option["value"] for element in elements for option in element.get("options") or ()]
