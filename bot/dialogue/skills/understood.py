"""Plays back what was understood, in plain words, so that it can be corrected."""

from __future__ import annotations

from typing import Dict, List, Mapping

from bot.dialogue.turn import Turn, listed

ATTRIBUTES_TOLD = ("site", "side", "timing", "course")


def show(turn: Turn) -> None:
    """Says the new facts of this turn."""
    by_status: Dict[str, List[str]] = {}
    for fact in turn.new_facts:
        by_status.setdefault(str(fact["status"]), []).append(phrase(turn, fact))
    sentences = [
        turn.word(f"status_{status}").replace("{things}", listed(phrases))
        for status, phrases in by_status.items()
        if f"status_{status}" in turn.knowledge.words
    ]
    if sentences:
        custom = {"kind": "understood", "facts": turn.new_facts}
        turn.say("utter_understood", understood=" ".join(sentences), custom=custom)


def phrase(turn: Turn, fact: Mapping[str, object]) -> str:
    """A fact in plain words, such as "tingling in the feet on both sides at night"."""
    knowledge = turn.knowledge
    if fact["kind"] == "risk_factor":
        return knowledge.risk_factors[str(fact["id"])].phrase
    words = [knowledge.findings[str(fact["id"])].phrase]
    attributes: Mapping[str, object] = fact.get("attributes") or {}  # type: ignore[assignment]
    for name in ATTRIBUTES_TOLD:
        value = attributes.get(name)
        values = list(value) if isinstance(value, (list, tuple)) else [value] if value else []
        known = {entry.id: entry.phrase for entry in knowledge.attributes[name].values}
        if values:
            words.append(listed([known.get(str(item), str(item)) for item in values]))
    return " ".join(words)
