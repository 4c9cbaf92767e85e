"""Takes a message into the talk: the answer to the pending question, new facts, results and red flags."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping

from bot.dialogue import changes
from bot.dialogue.answers import (
    flags_of,
    flags_told,
    is_plain_number,
    names_an_option,
    options_chosen,
    read_answer,
    still_open,
)
from bot.dialogue.journal import UNSURE, YES, last_answer
from bot.dialogue.message import Entity, Message
from bot.dialogue.turn import Turn
from bot.knowledge.schema import Question
from bot.reasoning.case import LIST_ATTRIBUTES, SCALAR_ATTRIBUTES
from bot.understanding.mentions import GUESSED

# What the person says here steers the talk or asks something; a bare word in it is no answer.
NO_ANSWER = frozenset(
    "why_ask go_back change_answer restart stop help greet thanks goodbye bot_challenge summary delete_data human"
    " progress repeat rephrase more report_problem".split()
)
NOT_ABOUT_THE_PERSON = ("hypothetical", "other_person")
MOST_WORDS = 3  # of an answer that was taken for something else; a longer message has something else to say
EMERGENCIES = ("emergency_now", "emergency_department")


def take_in(turn: Turn, message: Message) -> None:
    """Folds the message into the turn's talk."""
    turn.message = message
    turn.change(turn=turn.talk.turn + 1)
    _late_age(turn)
    _red_flags(turn)
    if _change_chosen(turn):
        return
    _whose(turn)
    _pending(turn)
    _facts(turn)
    _profile(turn)
    _results(turn)


def _red_flags(turn: Turn) -> None:
    question = turn.knowledge.questions.get(turn.talk.pending or "")
    for entity in flags_told(turn.message, question, turn.knowledge):
        subject = str(entity.get("subject") or "self")
        raise_flag(turn, str(entity["value"]), str(entity.get("urgency") or ""), subject)


def raise_flag(turn: Turn, flag: str, urgency: str = "", subject: str = "", by_rule: bool = False) -> str:
    """Adds a red flag to the talk, in place of an earlier entry of it, and returns whom it is about.

    Without ``urgency`` that of the knowledge counts, without ``subject`` the person the talk is about. A flag that
    came of answers together (``by_rule``) can be taken back when they are changed; one that was said cannot.
    """
    subject = subject or ("other" if turn.talk.about_other else "self")
    urgency = urgency or turn.knowledge.red_flags[flag].urgency
    kept = tuple(known for known in turn.talk.flags if known["flag"] != flag)
    entry = {"flag": flag, "urgency": urgency, "subject": subject, "open": True}
    turn.change(flags=kept + ({**entry, "by_rule": True} if by_rule else entry,))
    return subject


def _whose(turn: Turn) -> None:
    """The talk is about someone else once the first findings told are all someone else's."""
    findings = turn.message.of("finding")
    own = [entity for entity in findings if entity.get("status") not in NOT_ABOUT_THE_PERSON]
    others = [entity for entity in findings if entity.get("status") == "other_person"]
    if others and not own and not any(entry["kind"] == "told" for entry in turn.talk.journal):
        turn.change(about_other=True)


def _change_chosen(turn: Turn) -> bool:
    """Whether the message only says which answer is to be changed; its words then tell nothing of the person."""
    if turn.talk.pending != changes.CHOOSING:
        return False
    turn.change(pending=None)
    question = changes.chosen(turn.message.text, changes.answered_questions(turn.talk, turn.knowledge), turn.knowledge)
    if question is None:
        return False
    turn.talk = changes.reopened(turn.talk, question)
    turn.ask_again, turn.chosen = question.key, True
    return True


def _pending(turn: Turn) -> None:
    question = turn.knowledge.questions.get(turn.talk.pending or "")
    if question is None:
        return
    question = still_open(question, turn.case)
    turn.chosen = _is_chosen(turn, question)
    steers = turn.message.intent in NO_ANSWER or turn.message.intent in turn.knowledge.topics
    if steers and not turn.chosen:
        return
    value = read_answer(question, turn.message, turn.knowledge)
    if value is None:
        return
    turn.talk = replace(turn.talk.record("answer", question=question.key, value=value), pending=None, misses=0)
    turn.answered = True
    for flag in flags_of(question, value):
        if flag not in {known["flag"] for known in turn.talk.flags}:
            raise_flag(turn, flag)
    details = _general(turn.message)
    if question.about == "finding" and value == YES and details:
        fact = {"kind": "finding", "id": question.id, "status": "present", "attributes": details}
        turn.talk = turn.talk.record("told", facts=[fact])


def _is_chosen(turn: Turn, question: Question) -> bool:
    """Whether the message names an option of the question, or is the number asked for."""
    if question.type == "number":
        return is_plain_number(turn.message.text)
    named = _is_brief(turn.message) and names_an_option(question, turn.message)
    return named or bool(options_chosen(question, turn.message.text, turn.knowledge))


def _is_brief(message: Message) -> bool:
    return len(message.text.split()) <= MOST_WORDS


def _late_age(turn: Turn) -> None:
    """Reads a number sent just after "no idea" as the age that was asked for, unless it answers the question since."""
    last, pending = last_answer(turn.talk), turn.knowledge.questions.get(turn.talk.pending or "")
    question = turn.knowledge.questions.get(str(last["question"])) if last is not None else None
    if last is None or question is None or (question.about, question.type) != ("profile", "number"):
        return
    if last["value"] != UNSURE or last["turn"] != turn.talk.turn - 1 or not _is_brief(turn.message):
        return
    age = None if turn.message.informs else read_answer(question, turn.message, turn.knowledge)
    if not isinstance(age, int) or (pending is not None and _is_chosen(turn, still_open(pending, turn.case))):
        return
    told = {"entity": "profile", "name": question.id, "value": age}
    turn.message = replace(turn.message, intent="inform", entities=(*turn.message.entities, told))
    turn.late = True


def _facts(turn: Turn) -> None:
    if turn.answered and turn.chosen:
        return  # the words are those of the options: "a weak leg, not just sore" tells of no sore leg
    facts = [
        _fact(entity, turn.message.text, turn.talk.about_other)
        for entity in turn.message.of("finding", "risk_factor")
        if _counts(entity, turn.talk.about_other) and not _elsewhere(entity, turn.message.intent)
    ]
    general = {} if turn.answered else _general(turn.message)
    if facts or general:
        turn.corrected = bool(general) and turn.message.intent == "change_answer"
        more = {"corrects": True} if turn.corrected else {}
        turn.talk = turn.talk.record("told", facts=facts, general=general, words=turn.message.text, **more)
        turn.new_facts += facts
        turn.new_general = general


def _counts(entity: Entity, about_other: bool) -> bool:
    status = entity.get("status", "present")
    return (
        status == "other_person"
        if about_other and status in NOT_ABOUT_THE_PERSON
        else status not in NOT_ABOUT_THE_PERSON
    )


def _elsewhere(entity: Entity, intent: str) -> bool:
    """A bare "hurts" in a message about something else, such as an ear, is no complaint of a leg."""
    return intent == "out_of_scope" and not entity.get("site")


def _fact(entity: Entity, text: str, about_other: bool) -> Dict[str, object]:
    status = str(entity.get("status", "present"))
    start, end = int(entity.get("start", 0)), int(entity.get("end", 0))  # type: ignore[call-overload]
    return {
        "kind": str(entity["entity"]),
        "id": str(entity["value"]),
        "status": "present" if status == "other_person" and about_other else status,
        "attributes": {
            name: entity[name] for name in LIST_ATTRIBUTES + SCALAR_ATTRIBUTES if entity.get(name) not in (None, [], "")
        },
        "words": text[start:end],
        **({"guessed": True} if entity.get("evidence") == GUESSED else {}),
    }


def _general(message: Message) -> Dict[str, object]:
    """Attributes said of no particular finding."""
    general: Dict[str, object] = {}
    for entity in message.of("attribute"):
        name, value = str(entity.get("name")), entity["value"]
        if name in LIST_ATTRIBUTES:
            values: List[object] = general.setdefault(name, [])  # type: ignore[assignment]
            values.append(value)
        else:
            general[name] = value
    return general


def _profile(turn: Turn) -> None:
    for entity in turn.message.of("profile"):
        if entity.get("subject") == "other" and not turn.talk.about_other:
            continue
        turn.talk = turn.talk.record("profile", id=str(entity["name"]), value=entity["value"])


def _results(turn: Turn) -> None:
    """Results of the person the talk is about; an earlier one first, so that the present one counts."""
    told = [entity for entity in turn.message.of("lab_result") if is_own(entity, turn.talk.about_other)]
    for entity in sorted(told, key=lambda entity: entity.get("status") != "past"):
        turn.talk = turn.talk.record("lab", **lab_entry({**entity, "analyte": entity["value"]}))
        turn.new_labs.append(str(entity["value"]))


def is_own(lab: Entity, about_other: bool) -> bool:
    """Whether a result is of the person the talk is about."""
    return about_other or lab.get("status") != "other_person"


def lab_entry(entity: Mapping[str, object]) -> Dict[str, object]:
    """A result as a journal entry."""
    keys = ("analyte", "number", "unit", "comparator", "lab_range", "canonical", "band", "when")
    return {key: entity.get(key) for key in keys}
