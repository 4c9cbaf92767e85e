"""A stand-in for Slack on the loopback address: the Web API as documented, blocks checked by Slack's models."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import socket
import time
import urllib.parse
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from rasa.core.channels.channel import register
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic
from slack_sdk.models.blocks import Block

from bot.channels.slack import Settings, SlackInput
from bot.shared import InMemory

SIGNING_SECRET, TOKEN = "8f742231b10e8888abcd99yyyzzz85a5", "xoxb-test"
TEAM, USER, DM, BOT, APP = "T0001", "U0001", "D0001", "U0BOT", "A0001"
STAMPS = itertools.count(1)


def stamp():
    return f"1700000000.{next(STAMPS):06d}"


class FakeSlack:
    """Keeps every call; ``fail`` gives the next answers of a method instead of success."""

    def __init__(self):
        self.calls = []
        self.failures = {}
        self.messages = {}
        self.files = {}
        self.url = ""

    def fail(self, method, *answers):
        self.failures.setdefault(method, []).extend(answers)

    def made(self, method):
        return [arguments for name, arguments in self.calls if name == method]

    @property
    def posts(self):
        return self.made("chat.postMessage")

    @property
    def said(self):
        return [post["text"] for post in self.posts]

    async def api(self, request):
        method = request.match_info["method"]
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        arguments = await request.json() if request.content_type == "application/json" else dict(await request.post())
        arguments.update(request.query)
        self.calls.append((method, arguments))
        if self.failures.get(method):
            failure = self.failures[method].pop(0)
            if isinstance(failure, web.Response):
                return failure
            return web.json_response({"ok": False, "error": failure})
        return web.json_response({"ok": True, **getattr(self, method.replace(".", "_"), self.other)(arguments)})

    def other(self, arguments):
        return {}

    def check(self, arguments):
        assert 0 < len(arguments["text"]) <= 40_000
        blocks = arguments.get("blocks") or []
        assert len(blocks) <= 50
        ids = [block["block_id"] for block in blocks if "block_id" in block]
        assert len(ids) == len(set(ids))
        for block in Block.parse_all(blocks):
            block.validate_json()
            assert block.to_dict()
        for element in elements(blocks):
            if element["type"] == "button":
                assert 0 < len(element["text"]["text"]) <= 75 and len(element.get("value", "x")) <= 2000
            for option in element.get("options", ()):
                assert 0 < len(option["text"]["text"]) <= 75 and 0 < len(option["value"]) <= 150
            assert len(element.get("options", ())) <= (10 if element["type"] == "checkboxes" else 100)
        for block in blocks:
            assert len(block.get("text", {}).get("text", "")) <= 3000
            assert all(len(field["text"]) <= 2000 for field in block.get("fields", ()))
            action_ids = [element["action_id"] for element in elements([block])]
            assert len(action_ids) == len(set(action_ids))

    def chat_postMessage(self, arguments):
        self.check(arguments)
        channel = DM if arguments["channel"].startswith("U") else arguments["channel"]
        ts = stamp()
        self.messages[ts] = {"user": BOT, "bot_id": "B1", "ts": ts, **arguments}
        return {"channel": channel, "ts": ts}

    def chat_update(self, arguments):
        self.check(arguments)
        self.messages[arguments["ts"]].update(arguments)
        return {"channel": arguments["channel"], "ts": arguments["ts"]}

    def chat_postEphemeral(self, arguments):
        self.check(arguments)
        return {"message_ts": stamp()}

    def views_publish(self, arguments):
        for block in Block.parse_all(arguments["view"]["blocks"]):
            block.validate_json()
        return {}

    def files_getUploadURLExternal(self, arguments):
        id_ = f"F{next(STAMPS)}"
        return {"file_id": id_, "upload_url": f"{self.url}upload/{id_}"}

    def files_completeUploadExternal(self, arguments):
        ts, listed = stamp(), json.loads(arguments["files"])
        self.messages[ts] = {"user": BOT, "bot_id": "B1", "ts": ts, "files": listed}
        return {"files": listed}

    def files_delete(self, arguments):
        del self.files[arguments["file"]]
        return {}

    def chat_delete(self, arguments):
        del self.messages[arguments["ts"]]
        return {}

    def conversations_history(self, arguments):
        """Two messages a page, newest first, as Slack gives them."""
        latest = arguments.get("cursor") or arguments["latest"]
        older = sorted((message for ts, message in self.messages.items() if ts < latest), key=lambda m: m["ts"])[::-1]
        more = {"response_metadata": {"next_cursor": older[1]["ts"]}} if len(older) > 2 else {}
        return {"messages": older[:2], **more}

    async def upload(self, request):
        self.files[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")


def elements(blocks):
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


class Agent:
    """Says what the test put in ``replies`` for a text, else an echo; keeps trackers in a real store."""

    def __init__(self, domain):
        self.domain = domain
        self.tracker_store = InMemoryTrackerStore(domain)
        self.replies = {}
        self.seen = []
        self.pending = None
        self.delay = 0.0
        self.broken = False

    def is_ready(self):
        return True

    @property
    def texts(self):
        return [message.text for message in self.seen]

    async def handle_message(self, message):
        self.seen.append(message)
        await asyncio.sleep(self.delay)
        if self.broken:
            raise RuntimeError("broken")
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, {"name": "inform"}, message_id=message.message_id))
        for reply in self.replies.get(message.text, [{"text": f"You said {message.text}"}]):
            await message.output_channel.send_response(message.sender_id, dict(reply))
            tracker.update(BotUttered(reply.get("text")))
            if (reply.get("custom") or {}).get("kind") == "question":
                self.pending = reply["custom"].get("key") or reply["custom"]["id"]
        tracker.update(SlotSet("talk", {"pending": self.pending}))
        await self.tracker_store.save(tracker)
        if any((reply.get("custom") or {}).get("kind") == "erased" for reply in self.replies.get(message.text, ())):
            self.tracker_store.store.pop(message.sender_id, None)


class World:
    """The server, Slack, and what a member of the workspace does."""

    def __init__(self, slack, agent, url, client):
        self.slack, self.agent, self.url, self.client = slack, agent, url, client

    async def send(self, path, body, *, timestamp=None, signature=None, headers=None, kind="application/json"):
        sent = str(int(time.time()) if timestamp is None else timestamp)
        signed = sign(sent, body) if signature is None else signature
        given = {"Content-Type": kind, "X-Slack-Request-Timestamp": sent, "X-Slack-Signature": signed}
        async with self.client.post(f"{self.url}/{path}", data=body, headers={**given, **(headers or {})}) as answer:
            return answer.status, await answer.text()

    async def event(self, event, event_id=None, **kwargs):
        return await self.send("events", callback(event, event_id), **kwargs)

    async def says(self, text, **more):
        return await self.event(message(text, **more))

    async def action(self, payload, **kwargs):
        body = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()
        return await self.send("actions", body, kind="application/x-www-form-urlencoded", **kwargs)

    async def press(self, title, post=-1, values=None, user=USER):
        """Presses the button with this title, or picks that option, in a post of the assistant."""
        shown = self.slack.messages[self.posted[post]]
        return await self.action(press_payload(shown, title, values, user))

    @property
    def posted(self):
        """The time stamps of the assistant's messages, oldest first."""
        return sorted(ts for ts, message in self.slack.messages.items() if "text" in message)

    async def settled(self):
        """Waits until the server has nothing left to do."""
        for _ in range(6000):
            await asyncio.sleep(0.01)
            if not self.channel._lines._tasks:
                return
        raise AssertionError("the server did not come to rest")


def sign(timestamp, body, secret=SIGNING_SECRET):
    base = f"v0:{timestamp}:".encode() + (body if isinstance(body, bytes) else body.encode())
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def message(text, **more):
    event = {"type": "message", "channel_type": "im", "channel": DM, "user": USER, "text": text, "ts": stamp(), **more}
    return {key: value for key, value in event.items() if value is not None}


def callback(event, event_id=None):
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": APP,
        "event_id": event_id or f"Ev{next(STAMPS)}",
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": event,
    }
    return json.dumps(body).encode()


def press_payload(shown, title, values=None, user=USER):
    found = [
        (block["block_id"], element)
        for block in shown["blocks"]
        for element in elements([block])
        if element.get("text", {}).get("text") == title
        or any(option["text"]["text"] == title for option in element.get("options", ()))
    ]
    block_id, element = found[0]
    action = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id, "action_ts": stamp()}
    if element["type"] == "button":
        action.update(text=element["text"], value=element.get("value"))
    else:
        options = [option for option in element["options"] if option["text"]["text"] == title]
        action["selected_option" if element["type"] == "static_select" else "selected_options"] = (
            options[0] if element["type"] == "static_select" else options
        )
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "channel": {"id": DM},
        "trigger_id": f"trigger.{next(STAMPS)}",
        "message": {key: shown[key] for key in ("ts", "text", "blocks") if key in shown},
        "state": {"values": ticked(shown, values or ())},
        "actions": [action],
    }


def ticked(shown, values):
    return {
        block["block_id"]: {
            element["action_id"]: {
                "type": "checkboxes",
                "selected_options": [option for option in element["options"] if option["text"]["text"] in values],
            }
        }
        for block in shown["blocks"]
        for element in elements([block])
        if element["type"] == "checkboxes"
    }


@asynccontextmanager
async def world(domain, unique, api=None, **settings):
    """Slack and the server on free ports, for the time of a test."""
    slack = FakeSlack()
    pages = web.Application()
    pages.add_routes([web.post("/api/{method}", slack.api), web.get("/api/{method}", slack.api)])
    pages.add_routes([web.post("/api/upload/{id}", slack.upload)])
    runner = web.AppRunner(pages)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/api/"

    running = Sanic(f"slack-{unique}", configure_logging=False)
    running.ctx.agent = Agent(domain)
    channel = SlackInput(
        Settings(TOKEN, SIGNING_SECRET, b"s" * 32, api or slack.url), **{"memory": InMemory(), **settings}
    )
    register([channel], running, route="/webhooks/")
    address = socket.create_server(("127.0.0.1", 0))
    server = await running.create_server(sock=address, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.after_start()
    await server.start_serving()
    port = address.getsockname()[1]
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as client:
            here = World(slack, running.ctx.agent, f"http://127.0.0.1:{port}/webhooks/slack", client)
            here.channel, here.app = channel, running
            yield here
    finally:
        await server.before_stop()
        server.close()
        await runner.cleanup()
