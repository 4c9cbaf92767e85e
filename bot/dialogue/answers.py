"""Reads a reply to the pending question: a button, its number, an option's title or free words."""

from __future__ import annotations

import re
from functools import cache
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from rapidfuzz import fuzz

from bot.dialogue.journal import NO, NONE, UNSURE, YES
from bot.dialogue.message import Entity, Message
from bot.dialogue.standing import standing
from bot.knowledge import Knowledge
from bot.knowledge.schema import Option, Question
from bot.reasoning.case import Case
from bot.understanding.mentions import GUESSED, PRESENT

# Share of letters in common (0-100) from which a typed title counts as the option; below 85 "left" met "both legs".
TITLE_MATCH = 88
OLDEST_AGE = 120  # years

NOT_SURE = "not_sure"
_ACTS = {"affirm": YES, "deny": NO, NOT_SURE: UNSURE, "skip": UNSURE}
_STATUS = {"present": YES, "absent": NO, "past": NO, "uncertain": UNSURE}
_NUMBER = re.compile(r"(?<![A-Za-z0-9.,])\d{1,3}(?![\d.,]*\d)")  # not the 12 of B12
_AROUND = " .!)"  # typed around an answer without meaning anything
_ONE_SIDE = ("left", "right")  # what "one side" leaves open
_SEPARATORS = re.compile(r"\s*(?:,|;|&|\+|\band\b|\bor\b)\s*", re.IGNORECASE)


@cache
def yes_no_options(knowledge: Knowledge) -> Tuple[Option, ...]:
    """The three answers every yes/no question has."""
    words = knowledge.words
    return (
        Option(value="affirm", title=words["answer_yes"]),
        Option(value="deny", title=words["answer_no"]),
        Option(value=NOT_SURE, title=words["answer_not_sure"]),
    )


def options_of(question: Question, knowledge: Knowledge) -> Sequence[Option]:
    """The answers offered, in the order of their numbers. Where there are any, "not sure" is one, the last."""
    yes_no = yes_no_options(knowledge)
    if question.type == "yes_no":
        return yes_no
    return [*question.options, yes_no[-1]] if question.options else []


def still_open(question: Question, case: Case) -> Question:
    """The question without the risks of its list that were told already.

    Symptoms stay in their lists: these are looked at anew, so that one read wrongly can be denied.
    """
    if question.about != "risk_factor" or question.type != "multi_choice" or question.flag:
        return question
    told = {fact.id for fact in standing(case.facts) if fact.kind == question.about and fact.status == PRESENT}
    options = [option for option in question.options if option.value not in told]
    return question.copy(update={"options": options}) if any(each.value != NONE for each in options) else question


def is_plain_number(text: str) -> bool:
    """Whether it is a number and nothing else, which can only be meant for the question that asks for one."""
    return text.strip(_AROUND).isdigit()


def names_an_option(question: Question, message: Message) -> bool:
    """Whether a choice about the complaint is made in words of its own, such as "the right one"."""
    return question.about == "attribute" and question.type == "choice" and bool(_values_told(question, message))


def read_answer(question: Question, message: Message, knowledge: Knowledge) -> Optional[object]:
    """The value answered, or ``None`` if the message does not answer this question.

    Returns ``yes``, ``no`` or ``unsure``; a list of option values for choices; a number; or text.
    """
    chosen = options_chosen(question, message.text, knowledge)
    if question.type == "yes_no":
        if chosen:
            return _ACTS[chosen[0]]
        return _told(question, message) or _ACTS.get(_act(question, message))
    if question.type == "number":
        return _number(message)
    if chosen:
        return [value for value in chosen if value != NOT_SURE] or UNSURE
    values = _values_told(question, message)
    if values:
        return values
    if question.type == "free":
        return _free(question, message)
    act = _act(question, message)
    if act in (NOT_SURE, "skip"):
        return UNSURE
    if act == "deny":
        return [NONE]
    if act == "affirm" and question.flag:
        return [question.id]  # a plain yes to a list of dangers is taken seriously
    return None


def _act(question: Question, message: Message) -> str:
    """The act of the message; what tells an age is no "none of these" to a question about something else."""
    tells_other = question.about != "profile" and message.of("profile") and message.intent != "affirm"
    return "inform" if tells_other else message.intent


def read_claim(kind: str, id_: str, message: Message, options: Sequence[Option]) -> Optional[str]:
    """``present`` or ``absent`` if the message says which: a button, its number, yes or no, or the thing itself."""
    chosen = _option(message.text.strip(_AROUND), options)
    told = [str(entity.get("status", "present")) for entity in message.of(kind) if entity["value"] == id_]
    reply = _ACTS[chosen.value] if chosen else _STATUS.get(told[-1]) if told else _ACTS.get(message.intent)
    return {YES: "present", NO: "absent"}.get(str(reply))


def options_chosen(question: Question, text: str, knowledge: Knowledge) -> List[str]:
    """Options named outright, by number ("2", "1 and 3") or by title, in the order of the options."""
    options = options_of(question, knowledge)
    whole = text.strip(_AROUND)
    titled = _titles_in(whole, options)
    if titled:
        picked: List[Optional[Option]] = list(titled)
    elif question.type == "multi_choice" and _option(whole, options) is None:
        picked = [_option(part.strip(_AROUND), options) for part in _SEPARATORS.split(whole) if part.strip(_AROUND)]
    else:
        picked = [_option(whole, options)]
    if not picked or any(option is None for option in picked):
        return []
    values = {option.value for option in picked if option is not None}
    return [option.value for option in options if option.value in values]


def flags_told(message: Message, question: Optional[Question], knowledge: Knowledge) -> List[Entity]:
    """The red flags in the words of the message.

    Where these are nothing but titles of the question's options, which are our own words, what they mean is known
    and written beside them: nothing is then guessed from how alike they sound to a danger.
    """
    flags = [entity for entity in message.of("red_flag") if str(entity.get("value")) in knowledge.red_flags]
    if question is None or not options_chosen(question, message.text, knowledge):
        return flags
    return [entity for entity in flags if entity.get("evidence") != GUESSED]


def flags_of(question: Question, value: object) -> List[str]:
    """The red flags that this answer raises: that of the question, and those of the options chosen."""
    asked = [question.flag] if question.flag and says_yes(value) else []
    chosen = value if isinstance(value, list) else []
    raised = asked + [option.flag for option in question.options if option.flag and option.value in chosen]
    return list(dict.fromkeys(raised))


def says_yes(value: object) -> bool:
    """A yes to a yes/no question, or any option of a list but none."""
    return value == YES or (isinstance(value, list) and any(chosen != NONE for chosen in value))


def _titles_in(text: str, options: Sequence[Option]) -> List[Option]:
    """The options of which the text is a list: "Calf, Foot or toes". Empty if anything else is said too."""
    found, rest = [], text.lower()
    for option in sorted(options, key=lambda option: -len(option.title)):
        if option.title.lower() in rest:
            rest = rest.replace(option.title.lower(), ",", 1)
            found.append(option)
    return found if not _SEPARATORS.sub("", rest).strip(_AROUND) else []


def _option(part: str, options: Sequence[Option]) -> Optional[Option]:
    if part.isdigit():
        number = int(part)
        return options[number - 1] if 1 <= number <= len(options) else None
    best = max(options, key=lambda option: fuzz.ratio(part.lower(), option.title.lower()), default=None)
    if best is not None and fuzz.ratio(part.lower(), best.title.lower()) >= TITLE_MATCH:
        return best
    return None


def _told(question: Question, message: Message) -> Optional[str]:
    """A yes/no question answered by naming the thing itself: "my feet do tingle", "no numbness"."""
    if question.about == "attribute":
        for entity in message.of("finding", "attribute"):
            if question.value in _attribute_values(entity, question.id):
                return _STATUS.get(str(entity.get("status", "present")))
        return None
    kind = "finding" if question.about == "finding" else "risk_factor"
    for entity in message.of(kind):
        if entity["value"] == question.id:
            return _STATUS.get(str(entity.get("status", "present")))
    return None


def _attribute_values(entity: Entity, name: str) -> List[object]:
    if entity["entity"] == "attribute":
        return [entity["value"]] if entity.get("name") == name else []
    value = entity.get(name)
    return list(value) if isinstance(value, (list, tuple)) else [value] if value is not None else []


def _values_told(question: Question, message: Message) -> List[str]:
    """Option values contained in what was understood, such as the side in "left one mostly".

    Which side it is, is more than the "one side" that was asked for.
    """
    if question.about == "profile":
        return []
    offered = {option.value for option in question.options}
    told: List[object] = []
    for entity in message.entities:
        if question.about == "attribute" and entity["entity"] in ("finding", "attribute"):
            told += _attribute_values(entity, question.id)
        elif entity["entity"] == question.about and entity.get("status") == "present":
            told.append(entity["value"])
    if question.id == "side":
        offered |= set(_ONE_SIDE)
    return [value for value in dict.fromkeys(map(str, told)) if value in offered]


def _number(message: Message) -> Optional[object]:
    """A whole number; an age has to be one that people reach. A plain no is no wish to say."""
    if message.intent in (NOT_SURE, "skip"):
        return UNSURE
    if message.of("lab_result"):
        return None
    match = _NUMBER.search(message.text)
    if match is None:
        return UNSURE if message.intent == "deny" else None
    number = int(match.group())
    return number if 0 < number <= OLDEST_AGE else None


def _free(question: Question, message: Message) -> Optional[object]:
    if message.intent in (NOT_SURE, "skip", "deny"):
        return UNSURE
    for entity in message.of("finding", "attribute"):
        for value in _attribute_values(entity, question.id):
            return value
    return None


def titles(values: Sequence[str], options: Sequence[Option]) -> List[str]:
    """The titles of these option values."""
    by_value: Mapping[str, str] = {option.value: option.title for option in options}
    return [by_value.get(value, value) for value in values]


def as_contract(options: Sequence[Option]) -> List[Dict[str, str]]:
    """Options as the contract spells them."""
    return [{"value": option.value, "title": option.title} for option in options]
