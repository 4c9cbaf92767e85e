"""What Slack tells the server, as plain data: who did what where. Everything else is left out here.

Shapes of requests: https://docs.slack.dev/apis/events-api/ and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

# A block id of ours is "answer|<key of the question>|<number>", so that a press says what it answers.
ANSWER = "answer"
DONE, TICK, PICK, START, LINK = "done", "tick", "pick", "start", "link"
# The other kinds are posts by programs, edits, deletions, joins and the like.
_WRITTEN = (None, "file_share", "me_message", "thread_broadcast")
_CHANNELS = ("channel", "group", "mpim")
_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Whom to answer and where. ``channel`` is the direct message, or the user when it is not known yet."""

    team: str
    user: str
    channel: str
    thread: Optional[str] = None


@dataclass(frozen=True)
class Said:
    """A message typed in a direct message; ``ts`` is Slack's time stamp and id of the message."""

    place: Place
    text: str
    ts: str
    files: bool = False


@dataclass(frozen=True)
class Mentioned:
    """Somebody called the app in a channel."""

    place: Place
    app: str
    ts: str


@dataclass(frozen=True)
class HomeOpened:
    """Somebody opened the home tab of the app."""

    place: Place


@dataclass(frozen=True)
class Pressed:
    """A button or menu of ours was used. ``answers`` are what it stands for, more than one for ticked boxes."""

    place: Place
    action: str
    ts: str
    message_ts: str
    question: str = ""
    block: str = ""
    answers: Tuple[str, ...] = ()
    titles: Tuple[str, ...] = ()
    blocks: Sequence[Json] = field(default=(), repr=False)
    text: str = field(default="", repr=False)


Event = Union[Said, Mentioned, HomeOpened, Pressed]


def read_event(body: Json) -> Optional[Event]:
    """The event of an ``event_callback``, or ``None`` for all that the assistant does not react to."""
    event = _mapping(body.get("event"))
    team, user = _text(body.get("team_id")) or _text(event.get("team")), _text(event.get("user"))
    channel, ts = _text(event.get("channel")), _text(event.get("ts"))
    if not team or not user or not channel:
        return None
    place = Place(team, user, channel, _text(event.get("thread_ts")) or None)
    kind = event.get("type")
    if kind == "app_home_opened":
        return HomeOpened(place) if event.get("tab") == "home" else None
    if not ts or event.get("subtype") not in _WRITTEN or _by_a_program(event, body):
        return None
    if kind == "app_mention" or (kind == "message" and event.get("channel_type") in _CHANNELS):
        called = kind == "app_mention" or _calls_us(event, body)
        return Mentioned(place, _text(body.get("api_app_id")), ts) if called else None
    if kind == "message" and event.get("channel_type") == "im":
        return Said(place, plain(_text(event.get("text"))), ts, files=bool(event.get("files")))
    return None


def read_action(payload: Json) -> Optional[Pressed]:
    """The press of a ``block_actions`` payload, or ``None`` for ticks before Done, links and other payloads."""
    actions = payload.get("actions")
    if payload.get("type") != "block_actions" or not isinstance(actions, list) or not actions:
        return None
    action, message = _mapping(actions[0]), _mapping(payload.get("message"))
    kind = _text(action.get("action_id")).partition(":")[0]
    user = _mapping(payload.get("user"))
    team = _text(_mapping(payload.get("team")).get("id")) or _text(user.get("team_id"))
    person, ts = _text(user.get("id")), _text(action.get("action_ts"))
    channel = _text(_mapping(payload.get("channel")).get("id"))
    if not team or not person or kind not in (ANSWER, DONE, PICK, START):
        return None
    if kind != START and not (channel.startswith("D") and message.get("ts")):
        return None
    place = Place(team, person, channel or person, _text(message.get("thread_ts")) or None)
    block = _text(action.get("block_id"))
    chosen = _ticked(payload, block) if kind == DONE else _chosen(action)
    return Pressed(
        place,
        kind,
        ts or _text(payload.get("trigger_id")),
        _text(message.get("ts")),
        question=question_of(block),
        block=block,
        answers=tuple(value for value, _ in chosen),
        titles=tuple(title for _, title in chosen),
        blocks=[block for block in message.get("blocks") or () if isinstance(block, dict)],
        text=_text(message.get("text")),
    )


def question_of(block: str) -> str:
    """The key of the question that a block of ours belongs to; empty if it belongs to none."""
    parts = block.split("|")
    return parts[1] if len(parts) == 3 and parts[0] == ANSWER else ""


def plain(text: str) -> str:
    """The words as they were typed: without mentions of people, links as they read, entities as characters."""

    def words(match: "re.Match[str]") -> str:
        sign, target, label = match.groups()
        if sign in ("@", "!"):
            return ""
        return label or ("" if sign else re.sub(r"^(mailto|tel):", "", target))

    text = _MARK.sub(words, text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text.strip()


def _by_a_program(event: Json, body: Json) -> bool:
    marks = ("bot_id", "bot_profile", "hidden", "edited")
    return any(event.get(mark) for mark in marks) or event.get("user") in ("USLACKBOT", *_our_users(body))


def _our_users(body: Json) -> List[str]:
    listed = body.get("authorizations")
    entries = [_mapping(entry) for entry in listed] if isinstance(listed, list) else []
    return [_text(entry.get("user_id")) for entry in entries if entry.get("is_bot")]


def _calls_us(event: Json, body: Json) -> bool:
    text = _text(event.get("text"))
    return any(f"<@{user}{end}" in text for user in _our_users(body) for end in ">|")


def _chosen(action: Json) -> List[Tuple[str, str]]:
    option = _mapping(action.get("selected_option")) or action
    value = _text(option.get("value"))
    return [(value, _text(_mapping(option.get("text")).get("text")) or value)] if value else []


def _ticked(payload: Json, block: str) -> List[Tuple[str, str]]:
    """What is ticked in all boxes and menus of the same question, in their order."""
    values: Dict[str, Any] = dict(_mapping(_mapping(payload.get("state")).get("values")))
    chosen: List[Tuple[str, str]] = []
    for name in sorted(values, key=lambda name: (len(name), name)):
        if question_of(name) != question_of(block):
            continue
        for element in _mapping(values[name]).values():
            options = _mapping(element).get("selected_options")
            for option in options if isinstance(options, list) else ():
                chosen += _chosen({"selected_option": option})
    return chosen


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
