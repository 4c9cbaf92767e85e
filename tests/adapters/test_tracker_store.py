"""Deletion deletes, a locked database is said so, and nothing is lost."""

from __future__ import annotations

import sqlite3
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.adapters.lock_store import SharedLockStore
from bot.adapters.red_flags import unseen
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
        broken.setattr(PrivateTrackerStore, "_read", _fails)
        tracker = await store.retrieve("a")
        assert tracker.get_slot("store_unavailable") is True
        await store.save(tracker)
    assert await texts(store, "a") == ["first"]


def _fails(*_, **__):
    from sqlalchemy.exc import OperationalError

    raise OperationalError("SELECT", {}, Exception("database is locked"))


async def turn(store, domain, sender, number, answered=True):
    """One turn as the processor plays it, on what the store gives."""
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(f"message {number}", {"name": "inform"}), domain)
    if answered:
        tracker.update(ActionExecuted("action_interview"), domain)
        tracker.update(SlotSet("talk", {"turn": number}), domain)
    tracker.update(ActionExecuted("action_listen"), domain)
    await store.save(tracker)


async def test_a_long_talk_is_read_as_quickly_as_a_short_one_and_kept_whole(store, domain):
    for number in range(30):
        await turn(store, domain, "a", number)
    tracker = await store.retrieve("a")
    assert len(tracker.events) < 10
    assert tracker.get_slot("talk") == {"turn": 29} and tracker.latest_message.text == "message 29"
    assert await texts(store, "a") == [f"message {number}" for number in range(30)]


async def test_messages_that_no_action_answered_are_all_read(store, domain):
    for number in range(12):
        await turn(store, domain, "a", number, answered=number < 3)
    tracker = await store.retrieve("a")
    assert [message.text for message in unseen(tracker)] == [f"message {number}" for number in range(3, 12)]


async def test_another_slot_set_long_ago_is_not_forgotten(store, domain):
    tracker = talk(domain, "a", "hello")
    tracker.update(SlotSet("about_other", True), domain)
    await store.save(tracker)
    for number in range(5):
        await turn(store, domain, "a", number)
    assert (await store.retrieve("a")).get_slot("about_other") is True


async def test_saving_twice_stores_once(store, domain):
    for number in range(4):
        await turn(store, domain, "a", number)
    before = len((await store.retrieve_full_tracker("a")).events)
    for read in (store.retrieve, store.retrieve_full_tracker):
        await store.save(await read("a"))
    assert len((await store.retrieve_full_tracker("a")).events) == before


async def test_a_turn_answered_elsewhere_meanwhile_stays_and_neither_is_doubled(store, domain):
    await turn(store, domain, "a", 0)
    stale = await store.retrieve("a")
    await turn(store, domain, "a", 1)
    stale.update(UserUttered("late"), domain)
    await store.save(stale)
    assert await texts(store, "a") == ["message 0", "message 1", "late"]


async def test_a_store_of_an_earlier_version_gets_the_index(tmp_path, domain):
    path = tmp_path / "talks.db"
    SQLTrackerStore(domain=domain, db=str(path)).engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP INDEX IF EXISTS ix_events_sender_type_action")
    PrivateTrackerStore(domain=domain, db=str(path))
    with sqlite3.connect(path) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert "ix_events_sender_type_action" in names


async def test_nothing_erased_can_be_read_from_the_files_while_the_server_runs(store, domain, tmp_path):
    tracker = talk(domain, "a", "zanzibar")
    await store.save(tracker)
    await store.save(talk(domain, "b", "madagascar"))
    tracker.update(SlotSet("erase", True), domain)
    await store.save(tracker)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"zanzibar" not in left and b"madagascar" in left


async def test_connections_to_the_file_are_kept(store, domain):
    opened = []
    sa.event.listen(store.engine, "connect", lambda *connection: opened.append(connection))
    for text in ("first", "second", "third"):
        await store.save(talk(domain, "a", text))
    assert len(opened) <= 1
