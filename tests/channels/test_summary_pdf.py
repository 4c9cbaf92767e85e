"""Only the signed link opens the summary, and only for a day."""

from __future__ import annotations

import uuid

import pytest
from rasa.core.channels.channel import register
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.channels.summary_link import VALID_FOR, sender_of, summary_path
from bot.channels.summary_pdf import SummaryPdf

SECRET = "x" * 40


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("MYELIN_SECRET", SECRET)


class Store:
    def __init__(self, tracker):
        self.tracker = tracker

    async def retrieve_full_tracker(self, sender):
        return self.tracker if sender == self.tracker.sender_id else None


@pytest.fixture
def app():
    tracker = DialogueStateTracker("a", Domain.empty().slots)
    custom = {"kind": "summary", "markdown": "# Summary\n\n- burning feet\n", "pdf": None}
    tracker.update(BotUttered("words", {"custom": custom}))
    running = Sanic(f"summary-{uuid.uuid4().hex}", configure_logging=False)
    running.ctx.agent = type("Agent", (), {"tracker_store": Store(tracker)})()
    register([SummaryPdf()], running, route="/webhooks/")
    return running


def get(app, path):
    _, reply = app.test_client.get(path)
    return reply


def test_the_link_gives_the_pdf_and_is_not_cached(app):
    reply = get(app, summary_path("a"))
    assert reply.status == 200 and reply.body.startswith(b"%PDF")
    assert reply.headers["cache-control"] == "no-store"


def test_a_talk_without_summary_has_no_pdf(app):
    assert get(app, summary_path("b")).status == 404


@pytest.mark.parametrize(
    "change", [lambda path: path.replace("/summary/gA", "/summary/gB"), lambda path: "/summary/YQ.9999999999.sig.pdf"]
)
def test_a_forged_link_opens_nothing(app, change):
    assert get(app, change(summary_path("a"))).status == 403


def test_a_link_ends_after_a_day(time_machine):
    time_machine.move_to(1_000_000_000, tick=False)
    token = summary_path("a")[len("/summary/") : -len(".pdf")]
    assert sender_of(token) == "a"
    time_machine.shift(VALID_FOR + 1)
    assert sender_of(token) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é.1.x"])
def test_nonsense_is_no_link(token):
    assert sender_of(token) is None
