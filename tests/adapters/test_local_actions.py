"""Actions in the server's process are as far away as in a server of their own: JSON between, time limited."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.adapters import local_actions
from bot.adapters.local_actions import LocalActions

pytestmark = pytest.mark.asyncio

HELLO = {"text": "hello", "intent": {"name": "greet", "confidence": 1.0}, "entities": []}


def call(action="action_greet"):
    event = {"event": "user", "parse_data": HELLO}
    tracker = {"sender_id": "a", "slots": {"talk": None}, "latest_message": HELLO, "events": [event]}
    return {"next_action": action, "sender_id": "a", "tracker": tracker, "version": "3.6.21"}


async def test_an_action_answers():
    answer = await LocalActions().request(json=call())
    assert [event["name"] for event in answer["events"]] == ["talk"]
    assert answer["responses"]


async def test_nothing_is_shared_with_the_caller():
    actions = LocalActions()
    first = await actions.request(json=call())
    kept = repr(first)
    first["responses"].clear()
    assert repr(await actions.request(json=call())) == kept


async def test_an_unknown_action_raises():
    with pytest.raises(Exception, match="action_nothing"):
        await LocalActions().request(json=call("action_nothing"))


async def test_an_action_that_hangs_is_given_up_and_others_go_on(monkeypatch):
    monkeypatch.setattr(local_actions, "PATIENCE", 0.2)
    let_go = threading.Event()

    async def hang(*_):
        let_go.wait(10)

    actions = LocalActions()
    actions._executor.actions["action_hang"] = hang
    try:
        with pytest.raises(asyncio.TimeoutError):
            await actions.request(json=call("action_hang"))
        assert (await actions.request(json=call()))["responses"]
    finally:
        let_go.set()


async def test_it_is_reachable_while_a_thread_is_free():
    assert await LocalActions().is_reachable(1.0)


async def test_it_is_not_while_every_thread_hangs():
    actions, done = LocalActions(), threading.Event()
    for _ in range(local_actions.AT_ONCE):
        actions._threads.submit(done.wait)
    try:
        assert not await actions.is_reachable(0.05)
    finally:
        done.set()
    assert await actions.is_reachable(1.0)
