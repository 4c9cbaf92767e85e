"""Reads and writes the table of events in plain SQL, so that a turn costs the same in a long talk.

A turn needs the state of the talk, which is in slots, and the turn before; Rasa would replay every event since the
beginning.
"""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import Any, Dict, List, Text, Type

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY
from rasa.shared.utils.common import all_subclasses
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

logger = logging.getLogger(__name__)

TALK_SLOT = "talk"
_TABLE = SQLTrackerStore.SQLEvent.__table__
_EVENTS = _TABLE.c  # plain SQL: objects for rows would take as long again as the database
# The latest value of each slot is found through this index, whatever the length of the talk.
_BY_SLOT = sa.Index(
    "ix_events_sender_type_action", _EVENTS.sender_id, _EVENTS.type_name, _EVENTS.action_name, _EVENTS.id
)


def add_index(engine: Any) -> None:
    """Creates the index by which ``recent`` finds the latest value of each slot, unless it is there."""
    try:
        _BY_SLOT.create(engine, checkfirst=True)
    except SQLAlchemyError:  # another server that started at the same time was faster
        logger.info("The index on slots is there already.")


@cache
def _kinds() -> Dict[Text, Type[Event]]:
    """The class of each kind of event; Rasa would look through all classes for each event."""
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}


def recent(session: Session, sender_id: Text) -> List[Event]:
    """The stored events that a turn needs, oldest first: the latest value of each slot, and all since the state before
    last (all of them if there is none).
    """
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
    stored = [json.loads(data) for (data,) in rows]
    return [_kinds()[data["event"]]._from_parameters(data) for data in stored]


def append(session: Session, tracker: DialogueStateTracker) -> List[Event]:
    """Writes the events that are not yet stored, and returns them, oldest first."""
    new = _new_events(tracker, _latest(session, tracker.sender_id))
    if new:
        session.execute(sa.insert(_TABLE), [_row(tracker.sender_id, event) for event in new])
    return new


def _latest(session: Session, sender_id: Text) -> Any:
    """Type and data of the latest stored event, or ``None``."""
    rows = sa.select(_EVENTS.type_name, _EVENTS.data).where(_EVENTS.sender_id == sender_id)
    return session.execute(rows.order_by(_EVENTS.id.desc()).limit(1)).first()


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
