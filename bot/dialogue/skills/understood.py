"""Plays back what was understood, in plain words, so that it can be corrected."""

from __future__ import annotations

from itertools import chain
from typing import Dict, List, Mapping, Set

from bot.dialogue.journal import last_answer
from bot.dialogue.turn import LANGUAGE, Turn, in_a_sentence, listed
from bot.rendering.history import measure

AGE, OLDER = "age", "older_age"
COURSE = "course"
OF_THE_WHOLE = ("quality", "onset", COURSE, "duration", "aggravating", "relieving")  # so said once


def show(turn: Turn) -> None:
    """Says what is new in this turn, apart from what merely repeats the answer just given."""
    by_kind: Dict[str, List[str]] = {}
    answered = _answered(turn)
    for fact in turn.new_facts:
        if str(fact["id"]) in answered and not fact.get("attributes"):
            continue
        by_kind.setdefault(_sentence(turn, fact), []).append(phrase(turn, fact, without=COURSE))
    sentences = [
        turn.word(key).replace("{things}", listed(phrases))
        for key, phrases in by_kind.items()
        if key in turn.knowledge.words
    ]
    sentences += _noted(turn)
    if sentences:
        custom = {"kind": "understood", "facts": turn.new_facts}
        turn.say("utter_understood", understood=" ".join(sentences), custom=custom)


def _sentence(turn: Turn, fact: Mapping[str, object]) -> str:
    """Key of the words that say it: nobody "has" a medicine or a way of eating as they have a pain."""
    of_risks = f"status_risk_{fact['status']}"
    return (
        of_risks if fact["kind"] == "risk_factor" and of_risks in turn.knowledge.words else f"status_{fact['status']}"
    )


def _noted(turn: Turn) -> List[str]:
    """What was said of the complaint as a whole, how it goes and what changes it, and an age, a short sentence each."""
    told: Dict[str, List[str]] = {name: _values(turn.new_general, name) for name in turn.new_general}
    for name in OF_THE_WHOLE:
        of_facts = [_values(_attributes(fact), name) for fact in turn.new_facts]
        told[name] = list(dict.fromkeys([*told.get(name, []), *chain.from_iterable(of_facts)]))
    rows = []
    for name, values in told.items():
        attribute = turn.knowledge.attributes[name]
        titles = {entry.id: entry.title for entry in attribute.values}
        things = [in_a_sentence(titles.get(value) or measure(name, value, LANGUAGE)) for value in values]
        if things:
            rows.append(turn.word("noted").replace("{name}", attribute.title).replace("{things}", listed(things)))
    return rows + _age(turn)


def _age(turn: Turn) -> List[str]:
    """An age that was told without being asked for."""
    if AGE in _answered(turn):
        return []
    return [
        turn.word("noted_age").replace("{age}", str(entry["value"]))
        for entry in turn.talk.journal
        if entry["kind"] == "profile" and entry["id"] == AGE and entry["turn"] == turn.talk.turn
    ]


def _attributes(fact: Mapping[str, object]) -> Mapping[str, object]:
    return fact.get("attributes") or {}  # type: ignore[return-value]


def _answered(turn: Turn) -> Set[str]:
    """What the question answered in this turn was about; an age given needs no "65 or over" either."""
    last = last_answer(turn.talk)
    question = turn.knowledge.questions.get(str(last["question"])) if last is not None else None
    if last is None or question is None or last["turn"] != turn.talk.turn:
        return set()
    return {question.id, *(option.value for option in question.options)} | ({OLDER} if question.id == AGE else set())


def phrase(turn: Turn, fact: Mapping[str, object], without: str = "") -> str:
    """A fact in plain words, such as "tingling in the feet on both sides at night", ``without`` one attribute."""
    knowledge = turn.knowledge
    if fact["kind"] == "risk_factor":
        return knowledge.risk_factors[str(fact["id"])].phrase
    attributes = _attributes(fact)
    words = [knowledge.findings[str(fact["id"])].phrase, *_places(turn, attributes)]
    for name in [name for name in ("timing", COURSE) if name != without]:
        known = {entry.id: entry.phrase for entry in knowledge.attributes[name].values}
        told = [known[value] for value in _values(attributes, name) if value in known]
        if told:
            words.append(listed(told))
    return " ".join(words)


def claim(turn: Turn, kind: str, id_: str, status: str, mine: bool = False) -> str:
    """That somebody has it or not: "You have numbness.", or as the person says it: "I have numbness"."""
    words = turn.word(f"{'claim' if mine else 'status'}_{status}")
    return words.replace("{things}", phrase(turn, {"kind": kind, "id": id_}))


def _places(turn: Turn, attributes: Mapping[str, object]) -> List[str]:
    """Where it is: "in both feet", "on the outside of the left thigh", or the side alone."""
    sites = {entry.id: entry for entry in turn.knowledge.attributes["site"].values}
    sides = {entry.id: entry.phrase for entry in turn.knowledge.attributes["side"].values}
    side = next(iter(_values(attributes, "side")), "")
    places = []
    for value in _values(attributes, "site"):
        entry = sites[value]
        if side == "both" and entry.phrase_both:
            places.append(entry.phrase_both)
        elif side in ("left", "right") and entry.phrase_one:
            places.append(entry.phrase_one.replace("{side}", side))
        else:
            places.append(entry.phrase)
    if places:
        return [listed(places)]
    return [sides[side]] if side in sides else []


def _values(attributes: Mapping[str, object], name: str) -> List[str]:
    value = attributes.get(name)
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)] if value else []
