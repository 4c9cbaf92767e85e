"""The tracker store: SQL, with real deletion and no silent loss of memory."""

from __future__ import annotations

import logging
from typing import Any, Dict, Optional, Text

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

ERASE_SLOT, STORE_SLOT = "erase", "store_unavailable"


class PrivateTrackerStore(SQLTrackerStore):
    """``SQLTrackerStore`` that erases a talk when it is marked, and says so when it cannot read.

    Rasa's own fail-safe wrapper answers from an empty memory while the database is locked. Here a turn that
    cannot be read gets a tracker marked ``store_unavailable``: the person hears a safe sentence, and nothing
    is written over what was stored. A turn that cannot be written is kept and written with the next one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unsaved: Dict[Text, DialogueStateTracker] = {}
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.execute(sa.text("PRAGMA journal_mode=WAL"))  # readers and the writer do not block each other

    async def _retrieve(self, sender_id: Text, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        if sender_id in self._unsaved:
            return self._unsaved[sender_id].copy()
        try:
            return await super()._retrieve(sender_id, fetch_events_from_all_sessions)
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
            await super().save(tracker)
            self._unsaved.pop(tracker.sender_id, None)
        except SQLAlchemyError:
            logger.exception("store_unavailable on=write")
            self._unsaved[tracker.sender_id] = tracker.copy()

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

    def _unavailable(self, sender_id: Text) -> DialogueStateTracker:
        tracker = DialogueStateTracker(sender_id, self.domain.slots)
        for event in (SessionStarted(), SlotSet(STORE_SLOT, True), ActionExecuted(ACTION_LISTEN_NAME)):
            tracker.update(event, self.domain)
        return tracker
