"""Somebody with the widget: a session, messages with ids, and patience as the widget has it."""

from __future__ import annotations

import asyncio
import itertools
import uuid

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

SAFE = "something went wrong on my side"
_addresses = itertools.count(1)


class Person:
    """Each comes from an address of its own, since addresses have a rate."""

    def __init__(self, url, session=None):
        self.url = url
        number = next(_addresses)
        address = f"127.{10 + number // 60000}.{number // 250 % 240}.{number % 250 + 1}"
        # Short-lived connections: a killed server must not be mistaken for a slow one.
        self._http = ClientSession(
            connector=TCPConnector(local_addr=(address, 0)), timeout=ClientTimeout(total=150, connect=20)
        )
        self.session = session
        self.refused = 0

    async def __aenter__(self):
        if self.session is None:
            self.session = (await self.post("/session", {}))[1]["session"]
        return self

    async def __aexit__(self, *_):
        await self._http.close()

    async def post(self, path, body, url=None):
        async with self._http.post(f"{url or self.url}/webhooks/web{path}", json=body) as reply:
            return reply.status, await reply.json(content_type=None), reply.headers

    async def send(self, text, id_=None, url=None, again=False):
        """One try: status and body."""
        body = {"session": self.session, "id": id_ or uuid.uuid4().hex, "text": text, "again": again}
        status, reply, _ = await self.post("/message", body, url)
        return status, reply

    async def says(self, text, id_=None, url=None, within=240.0):
        """Sends until there is a reply, as the widget does; the reply."""
        id_ = id_ or uuid.uuid4().hex
        loop = asyncio.get_running_loop()
        deadline, again = loop.time() + within, False
        while True:
            try:
                body = {"session": self.session, "id": id_, "text": text, "again": again}
                status, reply, headers = await self.post("/message", body, url)
                if status == 200:
                    return reply
                assert status in (429, 503), (status, reply)
                self.refused += 1
                pause = float(headers.get("Retry-After", 0.5))
            except (ClientError, asyncio.TimeoutError):
                self.refused += 1
                pause = 0.5
            assert loop.time() < deadline, "no reply"
            again = True
            await asyncio.sleep(pause)

    async def history(self, url=None):
        """``(from, text)`` of everything said so far; waits where the rate asks for it."""
        headers = {"X-Myelin-Session": self.session}
        while True:
            async with self._http.get(f"{url or self.url}/webhooks/web/history", headers=headers) as reply:
                if reply.status == 429:
                    await asyncio.sleep(float(reply.headers["Retry-After"]))
                    continue
                assert reply.status == 200, reply.status
                return [(item["from"], item.get("text") or "") for item in (await reply.json())["messages"]]

    async def said(self, url=None):
        """What the person said, as it is stored."""
        return [text for who, text in await self.history(url) if who == "person"]


def words(reply):
    return "\n".join(message.get("text") or "" for message in reply["messages"])


def customs(reply, kind):
    found = [message.get("custom") or {} for message in reply["messages"]]
    return [custom for custom in found if custom.get("kind") == kind]


def question(reply):
    asked = customs(reply, "question")
    return asked[-1] if asked else None
