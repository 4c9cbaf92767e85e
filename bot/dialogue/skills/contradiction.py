"""Notices that a new word contradicts an earlier one and asks once which is right.

Until the person settles it, and if the reply is unclear, the latest word counts; but "none of these" may have
meant nothing beside what was told, so there the earlier word does.
"""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence, Tuple

from bot.dialogue.answers import as_contract, read_claim
from bot.dialogue.journal import NONE, last_answer
from bot.dialogue.skills.understood import claim
from bot.dialogue.standing import OPPOSITE, same_place
from bot.dialogue.turn import Turn
from bot.knowledge.schema import Option
from bot.reasoning.case import Fact
from bot.reasoning.interview import expected_questions
from bot.understanding.mentions import ABSENT, PRESENT

PENDING = "contradiction"  # pending key: "contradiction:finding:numbness"
REPLIES = {"affirm": PRESENT, "deny": ABSENT}


def waits(turn: Turn) -> bool:
    """Whether the talk waits to hear which of two words is right."""
    return (turn.talk.pending or "").split(":")[0] == PENDING


def is_answered(turn: Turn) -> bool:
    """Whether the message is one of the two claims offered, whatever else it may sound like."""
    if not waits(turn):
        return False
    _, kind, id_ = str(turn.talk.pending).split(":")
    claims = {claim(turn, kind, id_, status, mine=True).lower() for status in OPPOSITE}
    return turn.message.text.strip(" .!").lower() in claims


def ask(turn: Turn) -> bool:
    """Asks about the first contradiction of this turn, if there is one; each thing is asked about only once."""
    if turn.message.intent == "change_answer":
        return False
    found = next(iter(_contradictions(turn)), None)
    if found is None:
        return False
    earlier, now = found
    key = f"{PENDING}:{now.kind}:{now.id}"
    if turn.talk.pending in turn.knowledge.questions:
        turn.talk = turn.talk.unask()
    turn.change(pending=key, doubted=turn.talk.doubted + (key,))
    options = _options(turn, now)
    turn.say(
        "utter_contradiction",
        custom={"kind": "clarify", "reason": "contradiction", "about": now.kind, "id": now.id},
        before=claim(turn, earlier.kind, earlier.id, earlier.status),
        now=claim(turn, now.kind, now.id, now.status),
    )
    asked = len(turn.talk.asked)
    turn.say(
        "utter_contradiction_which",
        buttons=[option.title for option in options],
        custom={
            "kind": "question",
            "about": now.kind,
            "id": now.id,
            "type": "yes_no",
            "options": as_contract(options),
            "progress": {"asked": asked, "expected": expected_questions(turn.case, turn.talk.asked, turn.knowledge)},
        },
    )
    return True


def settle(turn: Turn) -> None:
    """Takes the reply into the journal as the last word on the matter."""
    if not waits(turn):
        return
    _, kind, id_ = str(turn.talk.pending).split(":")
    earlier = [fact for fact in turn.case.of(kind, id_) if fact.status in OPPOSITE and fact.turn < turn.talk.turn]
    turn.change(pending=None)
    turn.answered = True
    status = read_claim(kind, id_, turn.message, _options(turn, earlier[-1])) if earlier else None
    if status is None:
        turn.say("utter_contradiction_open")
        return
    facts = turn.case.of(kind, id_)
    attributes = _attributes(facts, status)
    told = {"kind": kind, "id": id_, "status": status, "attributes": attributes}
    turn.talk = turn.talk.record("told", facts=[told], words=turn.message.text)


def _contradictions(turn: Turn) -> List[Tuple[Fact, Fact]]:
    """Earlier and new facts that exclude each other, apart from those asked about before."""
    told = [fact for fact in turn.case.facts if fact.status in OPPOSITE and not fact.guessed]
    found = []
    for now in told + _all_denied(turn):
        if now.turn != turn.talk.turn or f"{PENDING}:{now.kind}:{now.id}" in turn.talk.doubted:
            continue
        before = [fact for fact in told if (fact.kind, fact.id) == (now.kind, now.id) and fact.turn < now.turn]
        last = next((fact for fact in reversed(before) if same_place(fact, now)), None)
        if last is not None and last.status == OPPOSITE[now.status]:
            found.append((last, now))
    return found


def _all_denied(turn: Turn) -> List[Fact]:
    """Symptoms that "none of these" denies although they were told before, or read wrongly from what was told.

    A history is no matter of doubt: whoever told of a cancer means "nothing else". Until it is settled the earlier
    word counts.
    """
    last = last_answer(turn.talk)
    if last is None or last["turn"] != turn.talk.turn or last["value"] != [NONE]:
        return []
    question = turn.knowledge.questions[str(last["question"])]
    if question.about != "finding":
        return []
    offered = [option.value for option in question.options if option.value != NONE]
    told = {fact.id for fact in turn.case.of(question.about, *offered) if fact.status == PRESENT and not fact.guessed}
    return [Fact(question.about, name, ABSENT, turn=turn.talk.turn) for name in offered if name in told]


def _attributes(facts: Sequence[Fact], status: str) -> Dict[str, object]:
    """What was told of it holds again if it is there; a denial holds for the whole."""
    last: Optional[Fact] = next((fact for fact in reversed(facts) if fact.status == PRESENT), None)
    return dict(last.attributes) if last is not None and status == PRESENT else {}


def _options(turn: Turn, fact: Fact) -> List[Option]:
    """Yes and no in whole words, so that a press is understood as what it says."""
    words = {value: claim(turn, fact.kind, fact.id, status, mine=True) for value, status in REPLIES.items()}
    return [Option(value=value, title=title) for value, title in words.items()]
