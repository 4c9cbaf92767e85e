"""What the widget shows: messages of a turn, the talk so far, whether help is still to be arranged."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Text, Tuple

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.adapters.red_flags import talk_of, unseen
from bot.channels.in_words import POSSIBILITIES, POSSIBILITY, SOURCES, TABLE_ROW, WITHOUT_SUPPORTS
from bot.channels.web_pictures import picture
from bot.dialogue.fold import EMERGENCIES
from bot.dialogue.turn import contact_words, fill, services_in
from bot.dialogue.warning import act_of
from bot.knowledge import Knowledge, load
from bot.knowledge.schema import Services

Message = Dict[str, Any]

RESULTS = (None, "utter_result", "utter_result_so_far")

_NUMBER = re.compile(r"(\d[\d ]+\d)(?: (\([^)]+\)))?")


class WebOutput(CollectingOutputChannel):
    """Keeps text, buttons and machine-readable part of a message together."""

    @classmethod
    def name(cls) -> Text:
        """The name that responses of the domain may be chosen by."""
        return "web"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Collects the message as it is."""
        self.messages.append(dict(message))


def present(said: Sequence[Mapping[str, Any]]) -> List[Message]:
    """The messages of one turn as the widget shows them; what a table, list or card shows is not said twice."""
    shown: List[Message] = []
    ranking: List[Mapping[str, Any]] = []
    has_sources = False
    table: Mapping[str, Any] = {}
    for message in said:
        action, custom = message.get("utter_action"), dict(message.get("custom") or {})
        if custom.get("kind") == "answer":
            custom["source_list"] = _sources(custom.get("sources") or ())
            table, has_sources = custom.get("table") or {}, bool(custom["source_list"])
        elif custom.get("kind") == "assessment":
            ranking = list(custom.get("ranking") or ())
            custom["aside"] = action not in RESULTS  # goes with words about something else: for programs alone
        elif custom.get("kind") == "picture":
            if table and custom.get("title") == table.get("title"):
                continue
            custom = picture(custom)
        elif action in POSSIBILITIES and not custom and ranking:
            custom = {"kind": "possibility", **_possibility(message), **_likelihood(ranking.pop(0))}
        if (action == TABLE_ROW and table) or (action == SOURCES and has_sources):
            continue
        shown.append(_message(message, custom))
    return [message for message in shown if message]


def _message(message: Mapping[str, Any], custom: Mapping[str, Any]) -> Message:
    parts = {
        "text": message.get("text"),
        "buttons": [button["title"] for button in message.get("buttons") or ()],
        "image": message.get("image"),
        "custom": custom,
    }
    return {key: value for key, value in parts.items() if value}


def _possibility(message: Mapping[str, Any]) -> Message:
    keys = {"name": "name", "likelihood_title": "likelihood", "supports": "supports", "against": "against"}
    action = message.get("utter_action")
    left_out = {"against"} if action != POSSIBILITY else set()
    left_out |= {"supports"} if action == WITHOUT_SUPPORTS else set()
    return {key: message.get(name) for key, name in keys.items() if key not in left_out}


def _likelihood(ranked: Mapping[str, Any]) -> Message:
    return {key: ranked.get(key) for key in ("condition", "likelihood")}


def _sources(keys: Sequence[str]) -> List[Message]:
    known = load().sources
    sources = [known[key] for key in keys if key in known]
    return [{"title": source.title, "publisher": source.publisher, "url": source.url} for source in sources]


def turns(tracker: DialogueStateTracker) -> Iterator[Tuple[Optional[UserUttered], List[Message]]]:
    """Each message of the person with what was said in reply; the first pair may have no message."""
    asked: Optional[UserUttered] = None
    said: List[Message] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if asked is not None or said:
                yield asked, said
            asked, said = event, []
        elif isinstance(event, BotUttered):
            data = {key: value for key, value in (event.data or {}).items() if value}
            said.append({"text": event.text, **data, **(event.metadata or {})})
    if asked is not None or said:
        yield asked, said


def with_ids(message_id: str, messages: Sequence[Message]) -> List[Message]:
    """The reply to a message with ids that are the same in a reply and in the history."""
    return [{"id": f"{message_id}:{n}", "from": "assistant", **message} for n, message in enumerate(messages)]


def history(tracker: DialogueStateTracker) -> List[Message]:
    """The texts of the person and the messages of the assistant, in order; nothing else of the tracker."""
    items: List[Message] = []
    for asked, said in turns(tracker):
        id_ = str(asked.message_id) if asked is not None else "start"
        if asked is not None and asked.text:
            items.append({"id": id_, "from": "person", "text": asked.text})
        items += with_ids(id_, present(said))
    return items


def reply_to(message_id: str, tracker: Optional[DialogueStateTracker]) -> Optional[List[Message]]:
    """What was said to this message before, or ``None`` if it was never taken in."""
    if tracker is None:
        return None
    for asked, said in turns(tracker):
        if asked is not None and asked.message_id == message_id and said:
            return present(said)
    return None


def state(tracker: Optional[DialogueStateTracker]) -> Message:
    """``urgent``: what to do and whom to call while help is not arranged, else ``None``."""
    flag = _open_flag(tracker) if tracker is not None else None
    if tracker is None or flag is None:
        return {"urgent": None}
    knowledge = load()
    entry = knowledge.red_flags[flag["flag"]]
    services = services_in(_country(tracker), knowledge)
    return {
        "urgent": {
            "flag": entry.id,
            "urgency": flag["urgency"],
            "act": fill(act_of(flag, knowledge), contact_words(services)),
            "call": numbers(services, crisis=entry.crisis),
        }
    }


def _open_flag(tracker: DialogueStateTracker) -> Optional[Dict[str, str]]:
    """The worst flag that help is needed for, also one that the actions have not yet taken in."""
    talk: Mapping[str, Any] = talk_of(tracker)
    knowledge = load()
    flags = [flag for flag in talk.get("flags") or () if flag.get("open")] if talk.get("paused") else []
    for message in unseen(tracker):
        flags += [
            {"flag": entity["value"], "urgency": entity.get("urgency"), "subject": entity.get("subject")}
            for entity in message.entities
            if entity.get("entity") == "red_flag" and entity.get("urgency") in EMERGENCIES
        ]
    return _worst([flag for flag in flags if flag["flag"] in knowledge.red_flags], knowledge)


def _worst(flags: Sequence[Dict[str, str]], knowledge: Knowledge) -> Optional[Dict[str, str]]:
    order: List[str] = knowledge.vocabulary["urgency"]  # type: ignore[assignment]
    return min(flags, key=lambda flag: order.index(flag["urgency"]), default=None)


def _country(tracker: DialogueStateTracker) -> object:
    journal: Sequence[Mapping[str, Any]] = talk_of(tracker).get("journal") or ()  # type: ignore[assignment]
    told = [row["value"] for row in journal if row.get("kind") == "profile" and row.get("id") == "country"]
    return told[-1] if told else None


def numbers(services: Services, crisis: bool) -> List[Dict[str, str]]:
    """Numbers to call, as ``number`` (digits) and ``label``; with ``crisis`` the helplines first."""
    calls = [
        {"number": number.replace(" ", ""), "label": f"{number} {place}".strip()}
        for number, place in _NUMBER.findall(services.emergency)
    ]
    lines = [
        {"number": number.replace(" ", ""), "label": line}
        for line in services.crisis
        if "call" in line.lower()
        for number, _ in _NUMBER.findall(line)[:1]
    ]
    return lines + calls if crisis else calls
