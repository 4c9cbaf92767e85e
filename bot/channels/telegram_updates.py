"""What Telegram sends, read without trusting its shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Tuple

TEXT, UNREADABLE, EDITED, PRESS, GROUP, LEFT = "text", "unreadable", "edited", "press", "group", "left"

# The kinds of update that are asked for. All others are ignored if they come.
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
MESSAGES = ("message", "edited_message")
# What a person may send that is no text; anything else without text is news of the chat, such as a pinned message.
NOT_TEXT = frozenset(
    """animation audio contact dice document game location paid_media photo poll sticker story venue video video_note
    voice checklist""".split()
)
GONE = ("kicked", "left")
LARGEST_ID = 2**63


@dataclass(frozen=True)
class Press:
    """A button that was pressed. ``buttons`` are the pairs of data and title that Telegram holds of its message."""

    id: str
    data: str
    message_id: Optional[int]
    text: str
    buttons: Tuple[Tuple[str, str], ...]


@dataclass(frozen=True)
class Update:
    """One update of interest. ``album`` is the same for all pictures that were sent at once."""

    id: int
    kind: str
    chat: int
    text: str = ""
    album: str = ""
    press: Optional[Press] = None


def read_update(data: object) -> Optional[Update]:
    """The update, or ``None`` if there is nothing to do about it."""
    id_ = _whole(data, "update_id")
    if id_ is None:
        return None
    for name in MESSAGES:
        message = _part(data, name)
        if message is not None:
            return _message(id_, message, edited=name != "message")
    pressed = _part(data, "callback_query")
    if pressed is not None:
        return _press(id_, pressed)
    member = _part(data, "my_chat_member")
    return None if member is None else _member(id_, member)


def update_id(data: object) -> Optional[int]:
    """The number of the update, if it has one."""
    return _whole(data, "update_id")


def _message(id_: int, message: Mapping[str, Any], edited: bool) -> Optional[Update]:
    chat = _whole(message.get("chat"), "id")
    if chat is None:
        return None
    if not _private(message):
        return Update(id_, GROUP, chat)
    if (_part(message, "from") or {}).get("is_bot") is True:
        return None
    text = _text(message, "text") or _text(message, "caption")
    readable = bool(_text(message, "text"))
    if not readable and not NOT_TEXT.intersection(message):
        return None
    if edited:
        return Update(id_, EDITED, chat) if text else None  # a location that moves is edited all the time
    return Update(id_, TEXT if readable else UNREADABLE, chat, text, album=_text(message, "media_group_id"))


def _press(id_: int, pressed: Mapping[str, Any]) -> Optional[Update]:
    message = _part(pressed, "message") or {}
    # A message that is not in a chat came by another way than ours; the press is answered all the same.
    in_chat = _whole(message.get("chat"), "id")
    chat = _whole(pressed.get("from"), "id") if in_chat is None else in_chat
    query = _text(pressed, "id")
    if not query or chat is None:
        return None
    press = Press(
        query, _text(pressed, "data"), _whole(message, "message_id"), _text(message, "text"), _buttons(message)
    )
    return Update(id_, PRESS if in_chat is None or _private(message) else GROUP, chat, press=press)


def _buttons(message: Mapping[str, Any]) -> Tuple[Tuple[str, str], ...]:
    rows = (_part(message, "reply_markup") or {}).get("inline_keyboard")
    buttons: List[Tuple[str, str]] = []
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            data, title = _text(button, "callback_data"), _text(button, "text")
            if data and title:
                buttons.append((data, title))
    return tuple(buttons)


def _member(id_: int, member: Mapping[str, Any]) -> Optional[Update]:
    chat = _whole(member.get("chat"), "id")
    left = _text(member.get("new_chat_member"), "status") in GONE
    if chat is None or (not left and _private(member)):
        return None
    return Update(id_, LEFT if left else GROUP, chat)


def _private(holder: Mapping[str, Any]) -> bool:
    return _text(holder.get("chat"), "type") == "private"


def _part(data: object, name: str) -> Optional[Mapping[str, Any]]:
    part = data.get(name) if isinstance(data, dict) else None
    return part if isinstance(part, dict) else None


def _whole(data: object, name: str) -> Optional[int]:
    number = data.get(name) if isinstance(data, dict) else None
    return number if type(number) is int and abs(number) < LARGEST_ID else None


def _text(data: object, name: str) -> str:
    """A string with nothing in it that could not be stored: JSON may hold halves of a character."""
    text = data.get(name) if isinstance(data, dict) else None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(text, str) else ""
