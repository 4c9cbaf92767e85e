"""Calls to Slack's Web API that are retried where that helps, and never raise."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack_files import File

logger = logging.getLogger(__name__)
# The library writes whole messages to its log when debugging is on; this one never is.
_library_logger = logging.getLogger(f"{__name__}.library")
_library_logger.setLevel(logging.WARNING)

BASE_URL = "https://slack.com/api/"
TIMEOUT = 15  # seconds, of one attempt
PATIENCE = 120.0  # seconds, of a call with all its retries and waits
# Slack could not show the blocks, such as a picture it could not fetch: the words alone are better than nothing.
_UNSHOWABLE = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments")

Blocks = Sequence[Dict[str, Any]]
Answer = Mapping[str, Any]


class SlackApi:
    """The few methods that the channel needs. Each gives ``None`` when Slack did not do it."""

    def __init__(self, token: str, base_url: str = BASE_URL) -> None:
        self._client = AsyncWebClient(
            token=token,
            base_url=base_url,
            timeout=TIMEOUT,
            logger=_library_logger,
            retry_handlers=[
                AsyncRateLimitErrorRetryHandler(max_retry_count=5),
                AsyncConnectionErrorRetryHandler(max_retry_count=2),
                AsyncServerErrorRetryHandler(max_retry_count=2),
            ],
        )

    async def open(self) -> None:
        """One pool of connections for all calls; has to be opened in the loop of the server."""
        self._client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))

    async def close(self) -> None:
        """Closes the pool."""
        if self._client.session is not None:
            await self._client.session.close()

    async def post(
        self, channel: str, text: str, blocks: Blocks = (), thread: Optional[str] = None
    ) -> Optional[Tuple[str, str]]:
        """Sends a message; gives its channel and time stamp."""

        async def send(shown: Optional[Blocks]) -> Tuple[Optional[Answer], str]:
            return await _attempt(
                "chat.postMessage",
                lambda: self._client.chat_postMessage(
                    channel=channel,
                    text=text,
                    blocks=list(shown) if shown else None,
                    thread_ts=thread,
                    unfurl_links=False,
                    unfurl_media=False,
                ),
            )

        answer, error = await send(blocks)
        if answer is None and blocks and error in _UNSHOWABLE:
            answer, _ = await send(None)
        return (str(answer.get("channel") or channel), str(answer.get("ts"))) if answer else None

    async def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        """Replaces a message of ours."""
        await _attempt(
            "chat.update",
            lambda: self._client.chat_update(channel=channel, ts=ts, text=text, blocks=list(blocks)),
        )

    async def whisper(self, channel: str, user: str, text: str, blocks: Blocks = ()) -> None:
        """Shows a message in a channel to one person only."""
        await _attempt(
            "chat.postEphemeral",
            lambda: self._client.chat_postEphemeral(
                channel=channel, user=user, text=text, blocks=list(blocks) if blocks else None
            ),
        )

    async def publish_home(self, user: str, blocks: Blocks) -> None:
        """Shows the home tab to one person."""
        view = {"type": "home", "blocks": list(blocks)}
        await _attempt("views.publish", lambda: self._client.views_publish(user_id=user, view=view))

    async def upload(self, channel: str, file: File, thread: Optional[str] = None) -> bool:
        """Adds a file to the talk; whether that worked."""
        answer, _ = await _attempt(
            "files.upload",
            lambda: self._client.files_upload_v2(
                channel=channel,
                filename=file.name,
                title=file.title,
                file=file.content,
                alt_txt=file.alt,
                thread_ts=thread,
            ),
        )
        return answer is not None

    async def remove_own(self, channel: str, person: str, before: str) -> None:
        """Deletes all messages and files in a direct message that are not the person's and older than a time stamp."""
        async for message in self._pages("conversations.history", channel=channel, latest=before):
            if message.get("reply_count"):
                thread = str(message.get("ts"))
                async for reply in self._pages("conversations.replies", channel=channel, ts=thread):
                    if reply.get("ts") != thread:
                        await self._remove(channel, person, reply)
            await self._remove(channel, person, message)

    async def _remove(self, channel: str, person: str, message: Mapping[str, Any]) -> None:
        if message.get("user") == person:
            return
        for file in message.get("files") or ():
            await self._call("files.delete", file=str(file.get("id")))
        await self._call("chat.delete", channel=channel, ts=str(message.get("ts")))

    async def _pages(self, method: str, **arguments: str) -> AsyncIterator[Dict[str, Any]]:
        cursor = ""
        while True:
            answer = await self._call(method, limit="200", **arguments, **({"cursor": cursor} if cursor else {}))
            if answer is None:
                return
            page: List[Dict[str, Any]] = answer.get("messages") or []
            for message in page:
                yield message
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _call(self, method: str, **arguments: str) -> Optional[Answer]:
        return (await _attempt(method, lambda: self._client.api_call(method, params=arguments)))[0]


async def _attempt(method: str, call: Callable[[], Awaitable[Any]]) -> Tuple[Optional[Answer], str]:
    """The answer, or ``None`` and Slack's word for what went wrong. Logs hold that word, never a message."""
    try:
        return await asyncio.wait_for(call(), PATIENCE), ""
    except SlackApiError as failed:
        data = getattr(failed.response, "data", None)
        error = str(data.get("error")) if isinstance(data, dict) else "unreadable"
    except (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as failed:
        error = type(failed).__name__
    logger.warning("slack_call_failed method=%s error=%s", method, error)
    return None, error
