"""One person on each of the four channels, over HTTP: what they see, and how they answer."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from rasa.core.channels.channel import register
from rasa.core.channels.console import CmdlineInput
from sanic import Sanic

from bot.channels.slack_words import word as slack_word
from bot.channels.telegram_words import word as telegram_word
from bot.channels.web import WebInput
from bot.shared import Rate
from tests.channels import slack_server, telegram_server
from tests.channels import test_telegram as telegram

UNLIMITED = Rate(per_minute=1e9, burst=10**6)


@dataclass
class Seen:
    """The latest reply: all its words, what can be pressed or is offered by number, pictures and documents."""

    words: str = ""
    titles: list = field(default_factory=list)
    pictures: int = 0
    documents: int = 0

    def says(self, piece):
        return plain(piece) in plain(self.words)


def plain(text):
    """Letters and digits alone: how a channel sets words is its own affair."""
    return " ".join(re.findall(r"\w+", text.replace("_", " "))).lower()


def strings(data, leave=("id", "kind", "value", "payload", "block_id", "action_id")):
    """Every text in plain data."""
    if isinstance(data, dict):
        return [text for key, value in data.items() if key not in leave for text in strings(value)]
    if isinstance(data, list):
        return [text for value in data for text in strings(value)]
    return [data] if isinstance(data, str) else []


class Web:
    """The widget's requests; its way of drawing is tested in tests/widget."""

    def __init__(self, url, client):
        self._url, self._client = url, client
        self.session = None

    async def says(self, text):
        if self.session is None:
            self.session = (await self._post("web/session", {}))["session"]
        reply = await self._post("web/message", {"session": self.session, "id": uuid.uuid4().hex, "text": text})
        messages = reply["messages"]
        kinds = [message.get("custom", {}).get("kind") for message in messages]
        pdfs = [message for message in messages if message.get("custom", {}).get("pdf")]
        titles = [title for message in messages for title in message.get("buttons", ())]
        words = "\n".join(strings([messages, reply["state"]]))
        return Seen(words, titles, kinds.count("picture"), len(pdfs))

    async def presses(self, *titles):
        return await self.says(", ".join(titles))

    async def _post(self, path, body):
        async with self._client.post(f"{self._url}/webhooks/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


class Shell(Web):
    """A terminal: everything is words, and everything is typed."""

    sender = None

    async def says(self, text):
        self.sender = self.sender or uuid.uuid4().hex
        body = {"sender": self.sender, "message": text}
        async with self._client.post(f"{self._url}/webhooks/rest/webhook?stream=true", json=body) as answer:
            rows = [json.loads(line) async for line in answer.content]
        assert all(set(row) == {"recipient_id", "text"} for row in rows)
        words = "\n".join(row["text"] for row in rows)
        titles = []
        for numbered, others in re.findall(r"(?m)^  (?:\d+\. (.+)|\((.+)\))$", words):
            titles += [numbered] if numbered else others.split(" / ")
        return Seen(words, titles)


class Telegram:
    def __init__(self, line):
        self._line, self._person = line, telegram.Person(line, chat=uuid.uuid4().int % 10**9 + 1)

    async def says(self, text):
        return await self._after(self._person.says(text))

    async def presses(self, *titles):
        done = telegram_word("done")
        if done in self._person.buttons:
            for title in titles:
                if f"t{self._person.buttons.index(title)}" in self._data(title):
                    await self._person.presses(title)
            if any(button.startswith("✓") for button in self._person.buttons):
                return await self._after(self._person.presses(done))
        return await self._after(self._person.presses(titles[0]))

    def _data(self, title):
        rows = [row[0] for shown in self._line.api.shown(self._person.chat) for row in shown["keyboard"]]
        return [button["callback_data"] for button in rows if button["text"] == title]

    async def _after(self, act):
        before = {shown["message_id"] for shown in self._line.api.shown(self._person.chat)}
        self._line.now += 60
        await act
        new = [shown for shown in self._line.api.shown(self._person.chat) if shown["message_id"] not in before]
        words = "\n".join(str(shown.get("text") or shown.get("caption") or "") for shown in new)
        titles = [row[0]["text"] for shown in new for row in shown["keyboard"]]
        pictures, documents = (sum(kind in shown for shown in new) for kind in ("photo", "document"))
        return Seen(words, [title for title in titles if title != telegram_word("done")], pictures, documents)


class Slack:
    def __init__(self, world):
        self._world, self._user = world, f"U{uuid.uuid4().hex[:9].upper()}"

    async def says(self, text):
        return await self._after(self._world.says(text, user=self._user))

    async def presses(self, *titles):
        shown = self._world.slack.messages[self._world.posted[-1]]
        if any(element["type"] == "checkboxes" for element in slack_server.elements(shown["blocks"])):
            boxes = [
                option["text"]["text"]
                for e in slack_server.elements(shown["blocks"])
                for option in e.get("options", ())
            ]
            if set(titles) <= set(boxes):
                return await self._after(self._world.press(slack_word("done"), values=titles, user=self._user))
        return await self._after(self._world.press(titles[0], user=self._user))

    def _uploads(self):
        return self._world.slack.made("files.getUploadURLExternal")

    async def _after(self, act):
        slack = self._world.slack
        posts, files, uploads = len(slack.posts), len(slack.files), len(self._uploads())
        await act
        await self._world.settled()
        new = slack.posts[posts:]
        titles = []
        for element in (e for post in new for e in slack_server.elements(post.get("blocks") or ())):
            titles += [option["text"]["text"] for option in element.get("options", ())]
            titles += [element["text"]["text"]] if element["type"] == "button" else []
        words = "\n".join(strings([new, self._uploads()[uploads:]]))  # a picture's alternative goes with its file
        kinds = [content[:4] for content in list(slack.files.values())[files:]]
        titles = [title for title in titles if title != slack_word("done")]
        return Seen(words, titles, kinds.count(b"\x89PNG"), kinds.count(b"%PDF"))


@asynccontextmanager
async def everybody(agent):
    """A person on each channel, all in front of the same assistant."""
    running = Sanic(f"voices-{uuid.uuid4().hex}", configure_logging=False)
    running.ctx.agent = agent
    web = WebInput(secret=b"s" * 32, session_rate=UNLIMITED, address_rate=UNLIMITED, origins=frozenset())
    register([web, CmdlineInput()], running, route="/webhooks/")
    address = socket.create_server(("127.0.0.1", 0))
    server = await running.create_server(sock=address, return_asyncio_server=True, access_log=False)
    for step in (server.startup, server.before_start, server.after_start, server.start_serving):
        await step()
    url = f"http://127.0.0.1:{address.getsockname()[1]}"
    bot_api = telegram_server.BotApi()
    await bot_api.server.start_server()
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as client,
        telegram.Line(agent.domain, bot_api) as line,
        slack_server.world(agent.domain, uuid.uuid4().hex, person_rate=UNLIMITED) as world,
    ):
        line.app.ctx.agent = world.app.ctx.agent = agent
        yield {"web": Web(url, client), "shell": Shell(url, client), "telegram": Telegram(line), "slack": Slack(world)}
    await bot_api.server.close()
    await server.before_stop()
    server.close()
    await asyncio.sleep(0)
