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

# Built once: to put a statement together takes as long as to run it.
_OF_TALK = _EVENTS.sender_id == sa.bindparam("talk")
_SET = sa.select(_EVENTS.action_name, sa.func.max(_EVENTS.id)).where(_OF_TALK, _EVENTS.type_name == SlotSet.type_name)
_LATEST_OF_SLOTS = _SET.group_by(_EVENTS.action_name)
_STATE_BEFORE = _LATEST_OF_SLOTS.where(_EVENTS.action_name == TALK_SLOT, _EVENTS.id < sa.bindparam("state"))
_NEW, _NAMED = _EVENTS.id >= sa.bindparam("start"), _EVENTS.id.in_(sa.bindparam("older", expanding=True))
_SINCE, _SINCE_AND_OLDER = (
    sa.select(_EVENTS.data).where(_OF_TALK, wanted).order_by(_EVENTS.id) for wanted in (_NEW, sa.or_(_NEW, _NAMED))
)
_LATEST = sa.select(_EVENTS.type_name, _EVENTS.data).where(_OF_TALK).order_by(_EVENTS.id.desc()).limit(1)
_INSERT = sa.insert(_TABLE)


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
    talk = {"talk": sender_id}
    latest = {name: int(id_) for name, id_ in session.execute(_LATEST_OF_SLOTS, talk)}
    before = session.execute(_STATE_BEFORE, {**talk, "state": latest.get(TALK_SLOT, 0)})
    start = next((int(id_) for _, id_ in before), 0)
    older = [id_ for id_ in latest.values() if id_ < start]
    wanted = {**talk, "start": start}
    rows = session.execute(_SINCE_AND_OLDER, {**wanted, "older": older}) if older else session.execute(_SINCE, wanted)
    stored = [json.loads(data) for (data,) in rows]
    return [_kinds()[data["event"]]._from_parameters(data) for data in stored]


def append(session: Session, tracker: DialogueStateTracker) -> List[Event]:
    """Writes the events that are not yet stored, and returns them, oldest first."""
    new = _new_events(tracker, _latest(session, tracker.sender_id))
    if new:
        session.execute(_INSERT, [_row(tracker.sender_id, event) for event in new])
    return new


def _latest(session: Session, sender_id: Text) -> Any:
    """Type and data of the latest stored event, or ``None``."""
    return session.execute(_LATEST, {"talk": sender_id}).first()


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
