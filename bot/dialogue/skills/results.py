"""Reads results the person typed in and places them against published ranges."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cache
from typing import List, Mapping, Optional

from bot.dialogue.fold import is_own, lab_entry
from bot.dialogue.turn import Turn, in_a_sentence, one_of
from bot.knowledge import Knowledge, lab_bands
from bot.reasoning.case import LabResult
from bot.reasoning.labs import interpret, meaning, open_modifiers, place
from bot.rendering.result_scale import result_scale
from bot.understanding.lab_units import UnitReader

MODIFIERS, MOST_MODIFIERS = "modifiers", 6  # said once in a talk
LAST_SAID = "lab_result"  # what was said last, if results were read
READ = "results"  # said once in a talk: what can be read from a result and what cannot
ONLY_WOMEN = ("pregnancy", "contraceptive_pill")
UNIT_WORDS = 4  # at most, in a reply that names a unit and nothing else
UNIT = "unit:"  # pending key: "unit:serum_b12" waits for the unit of that result


def read(turn: Turn, ask: bool = True) -> None:
    """Says what the new results of this turn mean; a missing unit is asked for at once, or only kept in mind."""
    _of_others(turn)
    if not turn.new_labs:
        return
    results = {lab.analyte: lab for lab in turn.case.labs if lab.analyte in turn.new_labs}
    missing = _without_unit(turn)
    turn.say(
        _opening(turn, len(results)),
        custom={
            "kind": LAST_SAID,
            "results": [_contract(lab) for lab in results.values()],
            "needs": ["unit"] if set(missing) & set(results) else [],
            "modifiers": [
                fact.id for fact in turn.case.facts if fact.kind == "risk_factor" and fact.status == "present"
            ],
        },
    )
    for lab in results.values():
        _say_place(turn, lab)
    for rule in interpret(turn.case, turn.knowledge):
        if rule.id not in turn.talk.explained:
            turn.change(explained=turn.talk.explained + (rule.id,))
            turn.tell([rule.say, rule.next_step])
            turn.rules.append(f"lab_rule/{rule.id}")
    if missing and ask:
        ask_unit(turn, missing[0])
    elif missing:
        turn.change(pending=UNIT + missing[0])


def _without_unit(turn: Turn) -> List[str]:
    """The results that wait for their unit, without those whose unit nobody knows."""
    return [
        lab.analyte
        for lab in turn.case.labs
        if lab.band == lab_bands.NEEDS_UNIT and UNIT + lab.analyte not in turn.talk.explained
    ]


def _opening(turn: Turn, number: int) -> str:
    """The response that begins: what a result can tell is said only the first time."""
    if READ in turn.talk.explained:
        return "utter_result_noted"
    turn.change(explained=turn.talk.explained + (READ,))
    return "utter_result_read" if number == 1 else "utter_results_read"


def _of_others(turn: Turn) -> None:
    """A result of somebody else is placed, but is no part of this person's picture."""
    for entity in turn.message.of("lab_result"):
        if not is_own(entity, turn.talk.about_other):
            lab = LabResult(turn=turn.talk.turn, **lab_entry({**entity, "analyte": entity["value"]}))  # type: ignore[arg-type]
            _say_place(turn, lab)
            turn.say("utter_result_of_other")


def ask_what_would_change_it(turn: Turn) -> None:
    """Names once what nobody mentioned and what would change the meaning of the results."""
    if MODIFIERS in turn.talk.explained:
        return
    impossible = ONLY_WOMEN if turn.case.profile.get("sex_at_birth") == "male" else ()
    names = [name for name in open_modifiers(turn.case, turn.knowledge) if name not in impossible]
    if names:
        turn.change(explained=turn.talk.explained + (MODIFIERS,))
        titles = [turn.knowledge.risk_factors[name].title for name in names[:MOST_MODIFIERS]]
        turn.say("utter_result_modifiers", things=one_of([in_a_sentence(title) for title in titles]))


def ask_unit(turn: Turn, analyte: str) -> None:
    """Asks for the unit of a bare number, offering the usual ones."""
    turn.change(pending=UNIT + analyte)
    turn.say(
        "utter_ask_unit",
        buttons=[*_unit_reader(turn.knowledge).usual(analyte), turn.word("answer_not_sure")],
        test=turn.knowledge.labs[analyte].title,
    )


def ask_unit_again(turn: Turn) -> None:
    """After a digression: the unit that is still to be told."""
    turn.say("utter_back_to_question")
    ask_unit(turn, str(turn.talk.pending)[len(UNIT) :])


def settle_unit(turn: Turn) -> None:
    """Takes the reply to the unit question, if it is one."""
    if not waits_for_unit(turn):
        return
    analyte, unit = str(turn.talk.pending)[len(UNIT) :], _unit_told(turn)
    if unit is None:
        if turn.message.intent in ("not_sure", "skip", "deny"):
            turn.say("utter_unit_unknown")
            turn.change(explained=turn.talk.explained + (UNIT + analyte,))
            turn.change(pending=next((UNIT + following for following in _without_unit(turn)), None))
        return
    old = next(lab for lab in turn.case.labs if lab.analyte == analyte)
    turn.change(pending=None)
    placed = place(replace(old, unit=unit), turn.knowledge.labs)
    turn.talk = turn.talk.record("lab", **lab_entry(asdict(placed)))
    turn.new_labs.append(analyte)


@cache
def _unit_reader(knowledge: Knowledge) -> UnitReader:
    return UnitReader(knowledge.labs)


def tells_unit(turn: Turn) -> bool:
    """Whether the message is the unit that was asked for, whatever else it may look like."""
    return waits_for_unit(turn) and len(turn.message.text.split()) <= UNIT_WORDS and _unit_told(turn) is not None


def _unit_told(turn: Turn) -> Optional[str]:
    analyte = str(turn.talk.pending)[len(UNIT) :]
    return _unit_reader(turn.knowledge).answer(turn.message.text, analyte)


def waits_for_unit(turn: Turn) -> bool:
    """Whether the unit of a result was asked for and not yet told."""
    return (turn.talk.pending or "").startswith(UNIT)


def _contract(lab: LabResult) -> Mapping[str, object]:
    keys = ("number", "unit", "comparator", "lab_range", "canonical", "band", "when")
    result = {key: getattr(lab, key) for key in keys if getattr(lab, key) is not None}
    return {"value": lab.analyte, **result}


def _say_place(turn: Turn, lab: LabResult) -> None:
    analyte = turn.knowledge.labs[lab.analyte]
    if lab.band == lab_bands.NEEDS_UNIT:
        return
    if lab.band == lab_bands.IMPLAUSIBLE:
        turn.say("utter_result_implausible", test=analyte.title, value=_value(lab))
        return
    means = _means(turn, lab)
    if lab.number is None:
        turn.say("utter_result_in_words", test=analyte.title, means=means)
    else:
        band = turn.word(f"band_{lab.band}")
        turn.say("utter_result_place", test=analyte.title, value=_value(lab), band=band, means=means)
    turn.show(result_scale(lab, turn.knowledge))


def _means(turn: Turn, lab: LabResult) -> str:
    """What the band means; a band that only the laboratory's own range gives is no band of the published limits."""
    means = meaning(lab, turn.knowledge.labs) or ""
    if not lab.lab_range or lab.number is None:
        return means
    if place(replace(lab, lab_range=None), turn.knowledge.labs).band != lab.band:
        return turn.word("result_by_own_range")
    inside = lab.band in (lab_bands.INDETERMINATE, "unlikely") and lab.comparator is None
    return f"{means} {turn.word('result_inside_own_range')}" if inside else means


def _value(lab: LabResult) -> str:
    if lab.number is None:
        return ""
    value = " ".join(part for part in (f"{lab.comparator or ''}{lab.number:g}", lab.unit) if part)
    return f"{value} ({lab.when})" if lab.when else value
