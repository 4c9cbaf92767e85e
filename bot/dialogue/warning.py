"""What is said about red flags: in full of the most urgent, briefly of others that the same person has besides."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Sequence

from bot.knowledge import Knowledge
from bot.knowledge.schema import RedFlag

BRIEF = "urgent_too"  # key of the words that lead to what else is to be told
NUMBERS = ("{emergency}", "{crisis}")  # a sentence that names whom to call is never left out
_SENTENCES = re.compile(r"(?<=[.!?])\s+")

Flag = Mapping[str, str]


def act_of(flag: Flag, knowledge: Knowledge) -> str:
    """What to do first about a flag of that ``flag``, ``urgency`` and ``subject``; contacts are not yet filled in."""
    entry = knowledge.red_flags[flag["flag"]]
    other = flag.get("subject") == "other"
    sooner = entry.act_sooner_other if other else entry.act_sooner
    if sooner is not None and _is_sooner(flag, entry, knowledge):
        return sooner
    return entry.act_other if other else entry.act


def is_brief(flags: Sequence[Flag], number: int, knowledge: Knowledge) -> bool:
    """Whether the flag comes on top of a more urgent one of the same person. A crisis always gets all its words."""
    first, flag = flags[0], flags[number]
    crisis = any(knowledge.red_flags[each["flag"]].crisis for each in (first, flag))
    return number > 0 and not crisis and first.get("subject") == flag.get("subject")


def warning(flags: Sequence[Flag], number: int, knowledge: Knowledge) -> Dict[str, str]:
    """The ``act`` and ``reason`` to say of one of the flags, which are sorted with the most urgent first."""
    flag = flags[number]
    act, reason = act_of(flag, knowledge), knowledge.red_flags[flag["flag"]].reason
    if not is_brief(flags, number, knowledge):
        return {"act": act, "reason": reason}
    said = {sentence for other in flags[:number] for sentence in _sentences(act_of(other, knowledge))}
    same = flag["urgency"] == flags[0]["urgency"]
    rest = [
        sentence
        for sentence in _sentences(act)
        if sentence not in said and (same or any(number in sentence for number in NUMBERS))
    ]
    return {"act": f"{knowledge.words[BRIEF]} {reason}", "reason": " ".join(rest)}


def _is_sooner(flag: Flag, entry: RedFlag, knowledge: Knowledge) -> bool:
    order: List[str] = knowledge.vocabulary["urgency"]  # type: ignore[assignment]
    return order.index(flag["urgency"]) < order.index(entry.urgency)


def _sentences(text: str) -> List[str]:
    return _SENTENCES.split(text)
