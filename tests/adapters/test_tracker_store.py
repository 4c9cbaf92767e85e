"""Deletion deletes, a locked database is said so, and nothing is lost."""

from __future__ import annotations

import sqlite3
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.adapters.lock_store import SharedLockStore
from bot.adapters.tracker_store import PrivateTrackerStore
from bot.shared import InMemory, UnavailableError

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def domain():
    return Domain.load("domain.yml")


@pytest.fixture
def store(tmp_path, domain):
    return PrivateTrackerStore(
        domain=domain, db=str(tmp_path / "talks.db"), query={"timeout": "0.2"}, memory=InMemory()
    )


def talk(domain, sender, text, age=0.0):
    tracker = DialogueStateTracker(sender, domain.slots)
    for event in (SessionStarted(), ActionExecuted("action_listen"), UserUttered(text)):
        event.timestamp = time.time() - age
        tracker.update(event, domain)
    return tracker


def lock(store):
    connection = sqlite3.connect(store.engine.url.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


async def texts(store, sender):
    tracker = await store.retrieve_full_tracker(sender)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else None


async def test_a_talk_marked_to_be_erased_is_gone(store, domain):
    tracker = talk(domain, "a", "secret")
    await store.save(tracker)
    await store.save(talk(domain, "b", "kept"))
    tracker.update(SlotSet("erase", True), domain)
    await store.save(tracker)
    assert await texts(store, "a") is None
    assert await texts(store, "b") == ["kept"]


async def test_old_talks_are_erased_whole_and_new_ones_kept(store, domain):
    await store.save(talk(domain, "old", "old", age=40 * 86400))
    await store.save(talk(domain, "new", "new"))
    assert store.erase_older_than(time.time() - 30 * 86400) == 3
    assert await texts(store, "old") is None and await texts(store, "new") == ["new"]


async def test_what_could_not_be_written_is_written_with_the_next_turn(store, domain):
    tracker = talk(domain, "a", "first")
    locked = lock(store)
    await store.save(tracker)
    assert await texts(store, "a") == ["first"]
    locked.execute("ROLLBACK")
    tracker.update(UserUttered("second"), domain)
    await store.save(tracker)
    fresh = PrivateTrackerStore(domain=domain, db=store.engine.url.database)
    assert await texts(fresh, "a") == ["first", "second"]


async def test_a_turn_that_waits_is_written_without_another_message(store, domain):
    locked = lock(store)
    await store.save(talk(domain, "a", "first"))
    locked.execute("ROLLBACK")
    await store.write_unsaved(SharedLockStore(memory=InMemory()).lock)
    fresh = PrivateTrackerStore(domain=domain, db=store.engine.url.database, memory=InMemory())
    assert await texts(fresh, "a") == ["first"]


async def test_a_turn_written_by_another_server_is_not_taken_back(store, domain, monkeypatch):
    """The mark that it waits could not be removed; the database is newer and counts."""
    locked = lock(store)
    tracker = talk(domain, "a", "first")
    await store.save(tracker)
    locked.execute("ROLLBACK")
    other = PrivateTrackerStore(domain=domain, db=store.engine.url.database, memory=InMemory())
    tracker.update(UserUttered("second"), domain)
    await other.save(tracker)
    assert await texts(store, "a") == ["first", "second"]


async def test_a_wish_to_be_forgotten_is_kept_while_the_database_is_away(store, domain):
    tracker = talk(domain, "a", "secret")
    await store.save(tracker)
    tracker.update(SlotSet("erase", True), domain)
    locked = lock(store)
    await store.save(tracker)
    assert (await store.retrieve("a")).get_slot("store_unavailable"), "nothing may be said from a talk to be erased"
    locked.execute("ROLLBACK")
    assert await store.retrieve("a") is None
    await store.save(talk(domain, "a", "new"))
    assert await texts(store, "a") == ["new"]


async def test_without_the_turn_nothing_is_read_or_written(store, domain):
    await store.save(talk(domain, "a", "first"))
    async with SharedLockStore(memory=Away()).lock("a"):
        tracker = await store.retrieve("a")
        assert tracker.get_slot("store_unavailable") and not tracker.latest_message.text
        await store.save(talk(domain, "a", "second"))
    assert await texts(store, "a") == ["first"]


async def test_a_turn_that_another_server_took_over_is_not_written(store, domain):
    memory = Lost()
    async with SharedLockStore(memory=memory).lock("a"):
        await store.save(talk(domain, "a", "first"))
    assert await texts(store, "a") is None


async def test_an_error_of_the_database_is_logged_without_what_was_said(store, domain, caplog):
    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE events RENAME COLUMN data TO gone"))
    await store.save(talk(domain, "a", "zanzibar"))
    assert "store_unavailable on=write" in caplog.text and "zanzibar" not in caplog.text


class Away(InMemory):
    @asynccontextmanager
    async def turn(self, key, order=None):
        raise UnavailableError
        yield


class Lost(InMemory):
    @asynccontextmanager
    async def turn(self, key, order=None):
        async def still():
            return False

        yield SimpleNamespace(still=still)


async def test_a_store_that_cannot_be_read_says_so_and_overwrites_nothing(store, domain, monkeypatch):
    await store.save(talk(domain, "a", "first"))
    store.engine.dispose()
    with monkeypatch.context() as broken:
        broken.setattr("rasa.core.tracker_store.SQLTrackerStore._retrieve", _fails)
        tracker = await store.retrieve("a")
        assert tracker.get_slot("store_unavailable") is True
        await store.save(tracker)
    assert await texts(store, "a") == ["first"]


async def _fails(*_, **__):
    from sqlalchemy.exc import OperationalError

    raise OperationalError("SELECT", {}, Exception("database is locked"))
