"""The tracker store: SQL, with real deletion, no silent loss of memory, and turns that cost the same in a long talk."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Awaitable, Callable, List, Optional, Set, Text, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sqlalchemy import orm
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from bot.adapters import event_table, sqlite_file
from bot.adapters.lock_store import guard
from bot.adapters.unsaved import Events, Unsaved
from bot.shared import Shared, UnavailableError
from bot.understanding import memory

logger = logging.getLogger(__name__)

ERASE_SLOT, STORE_SLOT = "erase", "store_unavailable"
# A connection that a restarted database closed is opened anew at once; a restart itself takes a second or two.
PAUSES = (0.0, 0.3, 1.0)  # seconds before another try

Result = TypeVar("Result")


class PrivateTrackerStore(SQLTrackerStore):
    """``SQLTrackerStore`` that erases a talk when it is marked, and says so when it cannot read.

    Rasa's own fail-safe wrapper answers from an empty memory while the database is locked. Here a turn that
    cannot be read gets a tracker marked ``store_unavailable``: the person hears a safe sentence, and nothing
    is written over what was stored. A turn that cannot be written is kept, where all servers find it, and written
    with the next one or by ``write_unsaved``.

    ``retrieve`` gives what a turn needs (see ``event_table``), ``retrieve_full_tracker`` every event.
    """

    engine: sa.engine.Engine

    def __init__(self, *args: Any, memory: Optional[Shared] = None, **kwargs: Any) -> None:
        if kwargs.get("dialect") == "sqlite":
            Path(kwargs["db"]).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name == "sqlite":
            self.engine = sqlite_file.pooled(self.engine)
            self.sessionmaker = orm.sessionmaker(bind=self.engine)
        event_table.add_index(self.engine)
        self.engine.hide_parameters = True  # an error of the database would else be logged with what was said
        self._unsaved = Unsaved(memory)
        self._waiting: Set[Text] = set()  # talks that were last read from what waits to be written
        self._patient = self.engine.dialect.name != "sqlite"  # which waits for a locked file itself

    async def _retrieve(self, sender_id: Text, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        turn = guard.get()
        if turn is not None and not turn.taken:
            return self._unavailable(sender_id)
        try:
            waiting = await self._unsaved.events(sender_id)
        except UnavailableError:
            return self._unavailable(sender_id)
        if waiting is not None:
            return await self._read_waiting(sender_id, waiting)
        self._waiting.discard(sender_id)
        whole = super()._retrieve
        read = (lambda: whole(sender_id, True)) if fetch_events_from_all_sessions else (lambda: self._read(sender_id))
        try:
            return await self._patiently(read)
        except SQLAlchemyError:
            logger.exception("store_unavailable on=read")
            return self._unavailable(sender_id)

    async def _read_waiting(self, sender_id: Text, events: Events) -> Optional[DialogueStateTracker]:
        """The talk that waits to be written, unless the database has it by now."""
        try:
            stored = await self._read(sender_id)
        except SQLAlchemyError:
            stored = None
        if stored is not None and stored.events[-1].timestamp >= events[-1]["timestamp"]:
            await self._written(sender_id)
            return stored
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        if tracker.get_slot(ERASE_SLOT):
            erased = await self._erase_or_keep(tracker)
            return None if erased else self._unavailable(sender_id)
        self._waiting.add(sender_id)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the new events, or erases every event of a talk that is marked to be erased."""
        if tracker.get_slot(STORE_SLOT):
            return
        turn = guard.get()
        if turn is not None and not await turn.kept():
            logger.error("turn_superseded")  # another server has carried the talk on; its turn stands
            return
        if tracker.get_slot(ERASE_SLOT):
            await self._erase_or_keep(tracker)
            return
        try:
            new = await self._patiently(lambda: self._write(tracker))
        except SQLAlchemyError:
            logger.exception("store_unavailable on=write")
            await self._keep(tracker.sender_id, tracker.current_state(EventVerbosity.ALL)["events"])
            return
        if tracker.sender_id in self._waiting:
            await self._written(tracker.sender_id)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    async def _read(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        with self.session_scope() as session:
            events = event_table.recent(session, sender_id)
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots) if events else None

    async def _write(self, tracker: DialogueStateTracker) -> List[Event]:
        with self.session_scope() as session:
            new = event_table.append(session, tracker)
            session.commit()
        return new

    async def write_unsaved(self, lock: Callable[[Text], Any]) -> None:
        """Writes the turns that this server could not write; ``lock`` holds a talk meanwhile."""
        for sender_id in list(self._unsaved.senders):
            async with lock(sender_id):
                tracker = await self.retrieve(sender_id)
                if tracker is not None and sender_id in self._waiting:
                    await self.save(tracker)
                elif tracker is None or not tracker.get_slot(STORE_SLOT):
                    self._unsaved.senders.discard(sender_id)  # another server was first

    async def _erase_or_keep(self, tracker: DialogueStateTracker) -> bool:
        """Whether the talk could be erased now; if not, the wish is kept."""
        try:
            await self._patiently(lambda: self._erase(tracker.sender_id))
        except SQLAlchemyError:
            logger.exception("store_unavailable on=erase")
            await self._keep(tracker.sender_id, [SlotSet(ERASE_SLOT, True).as_dict()])
            return False
        await self._written(tracker.sender_id)
        return True

    async def _keep(self, sender_id: Text, events: Events) -> None:
        if not await self._unsaved.keep(sender_id, events):
            logger.error("turn_lost")

    async def _written(self, sender_id: Text) -> None:
        self._waiting.discard(sender_id)
        try:
            await self._unsaved.drop(sender_id)
        except UnavailableError:
            logger.warning("unsaved_not_dropped")  # the next turn sees that the database is newer

    async def _patiently(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """The result of database work, tried again while the database is away for a moment."""
        for pause in PAUSES if self._patient else ():
            try:
                return await work()
            except (OperationalError, InterfaceError):
                await asyncio.sleep(pause)
        return await work()

    async def _erase(self, sender_id: Text) -> None:
        self.erase(sender_id)

    def erase(self, sender_id: Text) -> None:
        """Deletes every stored event of this talk. Raises ``SQLAlchemyError`` if that is not possible."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()
        self._forget()
        memory.forget()

    def erase_older_than(self, timestamp: float) -> int:
        """Deletes every talk whose latest event is older than the timestamp (seconds since 1970)."""
        with self.session_scope() as session:
            latest = sa.func.max(self.SQLEvent.timestamp)
            old = session.query(self.SQLEvent.sender_id).group_by(self.SQLEvent.sender_id).having(latest < timestamp)
            deleted = (
                session.query(self.SQLEvent)
                .filter(self.SQLEvent.sender_id.in_(old.subquery().select()))
                .delete(synchronize_session=False)
            )
            session.commit()
        self._forget()
        memory.forget()
        return int(deleted)

    def _forget(self) -> None:
        if self.engine.dialect.name == "sqlite":
            sqlite_file.forget(self.engine)

    def _unavailable(self, sender_id: Text) -> DialogueStateTracker:
        tracker = DialogueStateTracker(sender_id, self.domain.slots)
        for event in (SessionStarted(), SlotSet(STORE_SLOT, True), ActionExecuted(ACTION_LISTEN_NAME)):
            tracker.update(event, self.domain)
        return tracker
