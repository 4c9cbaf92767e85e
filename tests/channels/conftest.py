"""The channels on a real Sanic application; in place of the model an agent that does as it is told."""

from __future__ import annotations

import uuid
from functools import partialmethod

import pytest
from rasa.core.channels.channel import register
from rasa.shared.core.domain import Domain
from sanic import Sanic
from sanic_testing.testing import SanicTestClient

from bot.channels.health import HealthInput
from bot.channels.rest import SafeRestInput


class FakeAgent:
    """Echoes, asks, says nothing, or fails."""

    def __init__(self, domain):
        self.domain = domain
        self.behaviour = "echo"
        self.seen = []
        self.action_endpoint = None
        self.tracker_store = None

    def is_ready(self):
        return True

    async def handle_message(self, message):
        self.seen.append(message)
        if self.behaviour == "fail":
            raise RuntimeError("broken")
        if self.behaviour == "ask":
            options = [{"value": title.lower(), "title": title} for title in ("Yes", "No")]
            asked = {"text": "Numb?", "buttons": [{"title": o["title"], "payload": o["title"]} for o in options]}
            await message.output_channel.send_response(message.sender_id, asked)
            custom = {"custom": {"kind": "question", "options": options}}
            await message.output_channel.send_response(message.sender_id, custom)
        if self.behaviour == "echo":
            await message.output_channel.send_text_message(message.sender_id, message.text or "(empty)")


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine may need more than the five seconds that the test client gives a reply."""
    monkeypatch.setattr(SanicTestClient, "get_new_session", partialmethod(SanicTestClient.get_new_session, timeout=60))


@pytest.fixture(scope="session")
def domain():
    return Domain.load("domain.yml")


@pytest.fixture
def app(domain):
    running = Sanic(f"channels-{uuid.uuid4().hex}", configure_logging=False)
    running.ctx.agent = FakeAgent(domain)
    register([SafeRestInput(), HealthInput()], running, route="/webhooks/")
    return running


@pytest.fixture
def agent(app):
    return app.ctx.agent


@pytest.fixture
def post(app):
    def send(body, path="/webhooks/rest/webhook", **kwargs):
        _, reply = app.test_client.post(path, json=body, **kwargs)
        return reply

    return send
