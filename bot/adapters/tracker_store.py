"""The tracker store: SQL, with real deletion, no silent loss of memory, and turns that cost the same in a long talk."""

from __future__ import annotations

import json
import logging
from typing import Any, Dict, List, Optional, Text

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

logger = logging.getLogger(__name__)

TALK_SLOT, ERASE_SLOT, STORE_SLOT = "talk", "erase", "store_unavailable"
_TABLE = SQLTrackerStore.SQLEvent.__table__
_EVENTS = _TABLE.c  # plain SQL: objects for rows would take as long again as the database
# The latest value of each slot is found through this index, whatever the length of the talk.
_BY_SLOT = sa.Index(
    "ix_events_sender_type_action", _EVENTS.sender_id, _EVENTS.type_name, _EVENTS.action_name, _EVENTS.id
)


class PrivateTrackerStore(SQLTrackerStore):
    """``SQLTrackerStore`` that erases a talk when it is marked, and says so when it cannot read.

    Rasa's own fail-safe wrapper answers from an empty memory while the database is locked. Here a turn that
    cannot be read gets a tracker marked ``store_unavailable``: the person hears a safe sentence, and nothing
    is written over what was stored. A turn that cannot be written is kept and written with the next one.

    A turn needs the state of the talk, which is in slots, and the turn before; Rasa would replay every event since
    the beginning. So ``retrieve`` gives the latest value of each slot and the events since the state before last
    (all of them if there is none). ``retrieve_full_tracker`` gives every event.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unsaved: Dict[Text, DialogueStateTracker] = {}
        self._add_index()
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.execute(sa.text("PRAGMA journal_mode=WAL"))  # readers and the writer do not block each other

    async def _retrieve(self, sender_id: Text, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        if sender_id in self._unsaved:
            return self._unsaved[sender_id].copy()
        try:
            if fetch_events_from_all_sessions:
                return await super()._retrieve(sender_id, True)
            with self.session_scope() as session:
                events = [json.loads(data) for data in self._recent(session, sender_id)]
            return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None
        except SQLAlchemyError:
            logger.exception("store_unavailable on=read")
            return self._unavailable(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the new events, or erases every event of a talk that is marked to be erased."""
        if tracker.get_slot(STORE_SLOT):
            return
        if tracker.get_slot(ERASE_SLOT):
            self.erase(tracker.sender_id)
            return
        try:
            with self.session_scope() as session:
                new = _new_events(tracker, self._latest(session, tracker.sender_id))
                if new:
                    session.execute(sa.insert(_TABLE), [_row(tracker.sender_id, event) for event in new])
                session.commit()
            self._unsaved.pop(tracker.sender_id, None)
        except SQLAlchemyError:
            logger.exception("store_unavailable on=write")
            self._unsaved[tracker.sender_id] = tracker.copy()
            return
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    def erase(self, sender_id: Text) -> None:
        """Deletes every stored event of this talk. Raises ``SQLAlchemyError`` if that is not possible."""
        self._unsaved.pop(sender_id, None)
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()

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
            return int(deleted)

    def _add_index(self) -> None:
        try:
            _BY_SLOT.create(self.engine, checkfirst=True)
        except SQLAlchemyError:  # another server that started at the same time was faster
            logger.info("The index on slots is there already.")

    def _recent(self, session: Session, sender_id: Text) -> List[Text]:
        """The stored events that a turn needs, oldest first."""
        of_talk = _EVENTS.sender_id == sender_id
        slots = sa.select(_EVENTS.action_name, sa.func.max(_EVENTS.id)).where(
            of_talk, _EVENTS.type_name == SlotSet.type_name
        )
        latest = {name: int(id_) for name, id_ in session.execute(slots.group_by(_EVENTS.action_name))}
        before = slots.where(_EVENTS.action_name == TALK_SLOT, _EVENTS.id < latest.get(TALK_SLOT, 0))
        start = next((int(id_) for _, id_ in session.execute(before.group_by(_EVENTS.action_name))), 0)
        older = [id_ for id_ in latest.values() if id_ < start]
        wanted = sa.or_(_EVENTS.id >= start, _EVENTS.id.in_(older)) if older else _EVENTS.id >= start
        rows = session.execute(sa.select(_EVENTS.data).where(of_talk, wanted).order_by(_EVENTS.id))
        return [data for (data,) in rows]

    @staticmethod
    def _latest(session: Session, sender_id: Text) -> Any:
        """Type and data of the latest stored event, or ``None``."""
        rows = sa.select(_EVENTS.type_name, _EVENTS.data).where(_EVENTS.sender_id == sender_id)
        return session.execute(rows.order_by(_EVENTS.id.desc()).limit(1)).first()

    def _unavailable(self, sender_id: Text) -> DialogueStateTracker:
        tracker = DialogueStateTracker(sender_id, self.domain.slots)
        for event in (SessionStarted(), SlotSet(STORE_SLOT, True), ActionExecuted(ACTION_LISTEN_NAME)):
            tracker.update(event, self.domain)
        return tracker


def _new_events(tracker: DialogueStateTracker, latest: Any) -> List[Event]:
    """The events behind the row of the ``latest`` stored one (``None``: nothing is stored), oldest first.

    A tracker without that event was read before another server wrote to the talk; of it only what is newer is new.
    """
    if latest is None:
        return list(tracker.events)
    timestamp = json.loads(latest.data)["timestamp"]
    new: List[Event] = []
    for event in reversed(tracker.events):
        if event.type_name == latest.type_name and event.timestamp == timestamp:
            return new[::-1]
        new.append(event)
    logger.warning("talk_written_elsewhere")
    return [event for event in tracker.events if event.timestamp > timestamp]


def _row(sender_id: Text, event: Event) -> Dict[Text, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get(INTENT_NAME_KEY),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
