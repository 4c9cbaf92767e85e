"""Reads results the person typed in and places them against published ranges."""

from __future__ import annotations

from typing import Mapping, Optional

from bot.dialogue.fold import lab_entry
from bot.dialogue.skills import interview
from bot.dialogue.turn import Turn, fill
from bot.reasoning.case import LabResult
from bot.reasoning.labs import interpret, place, usual_units
from bot.understanding.labs import read_unit_answer

UNIT = "unit:"  # pending key: "unit:serum_b12" waits for the unit of that result
NEEDS_UNIT, IMPLAUSIBLE = "needs_unit", "implausible"


def run(turn: Turn) -> None:
    """Says where each new result lies, asks for one missing unit, then goes on."""
    read(turn)
    interview.resume(turn)


def read(turn: Turn) -> None:
    """Says what the new results of this turn mean."""
    if not turn.new_labs:
        return
    results = {lab.analyte: lab for lab in turn.case.labs if lab.analyte in turn.new_labs}
    missing = [analyte for analyte, lab in results.items() if lab.band == NEEDS_UNIT]
    turn.say(
        "utter_results_read",
        custom={
            "kind": "lab_result",
            "results": [_contract(lab) for lab in results.values()],
            "needs": ["unit"] if missing else [],
            "modifiers": [fact.id for fact in turn.case.facts if fact.kind == "risk_factor" and fact.status == "present"],
        },
    )
    for lab in results.values():
        _say_place(turn, lab)
    for rule in interpret(turn.case, turn.knowledge):
        if rule.id not in turn.talk.explained:
            turn.change(explained=turn.talk.explained + (rule.id,))
            turn.tell([rule.say, rule.next_step])
    if missing:
        ask_unit(turn, missing[0])


def ask_unit(turn: Turn, analyte: str) -> None:
    """Asks for the unit of a bare number, offering the usual ones."""
    turn.change(pending=UNIT + analyte)
    turn.say(
        "utter_ask_unit",
        buttons=[*usual_units(analyte, turn.knowledge), turn.word("answer_not_sure")],
        test=turn.knowledge.labs[analyte].title,
    )


def settle_unit(turn: Turn) -> bool:
    """Takes the reply to the unit question; whether it was one."""
    pending = turn.talk.pending or ""
    if not pending.startswith(UNIT):
        return False
    analyte = pending[len(UNIT) :]
    unit = read_unit_answer(turn.message.text)
    if unit is None:
        if turn.message.intent in ("not_sure", "skip", "deny"):
            turn.change(pending=None)
            turn.say("utter_unit_unknown")
            return True
        return False
    old = next(lab for lab in turn.case.labs if lab.analyte == analyte)
    placed = place(analyte, old.number, unit, old.comparator, old.lab_range, turn.knowledge)
    turn.change(pending=None)
    turn.talk = turn.talk.record("lab", **lab_entry({"value": analyte, **placed}))
    turn.new_labs.append(analyte)
    return True


def _contract(lab: LabResult) -> Mapping[str, object]:
    keys = ("number", "unit", "comparator", "lab_range", "canonical", "band")
    result = {key: getattr(lab, key) for key in keys if getattr(lab, key) is not None}
    return {"value": lab.analyte, **result}


def _say_place(turn: Turn, lab: LabResult) -> None:
    analyte = turn.knowledge.labs[lab.analyte]
    if lab.band == NEEDS_UNIT:
        return
    if lab.band == IMPLAUSIBLE:
        turn.say("utter_result_implausible", test=analyte.title, value=_value(lab))
        return
    meaning = next((band.meaning for band in analyte.bands if band.band == lab.band), None)
    turn.say("utter_result_place", test=analyte.title, value=_value(lab), band=turn.word(f"band_{lab.band}"))
    if meaning is not None:
        turn.tell([fill(meaning, {})])


def _value(lab: LabResult) -> str:
    if lab.number is None:
        return turn_word(lab.band)
    return " ".join(part for part in (f"{lab.comparator or ''}{lab.number:g}", lab.unit) if part)


def turn_word(band: Optional[str]) -> str:
    return str(band)
