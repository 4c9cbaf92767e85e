"""Numbers about food: what a food that is named holds, and whether all that is eaten is enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from bot.dialogue.follow_up import FOOD_TOPICS, asks_for_foods, food_reader
from bot.dialogue.skills.explain import Content
from bot.dialogue.turn import Turn
from bot.reasoning.diet import DietEstimate, estimate, servings


def estimated(turn: Turn, topic: str) -> Optional[DietEstimate]:
    """The estimate, where a question about food tells what is eaten or asks whether it is enough."""
    if topic not in FOOD_TOPICS:
        return None
    reader = food_reader()
    diet = reader.read(turn.message.text)
    told = bool(diet.eaten) and reader.is_told(turn.message.text)
    if not told and not reader.asks_whether_enough(turn.message.text):
        return None
    return estimate(diet.eaten if told else (), turn.knowledge, turn.case, diet.supplement)


def with_servings(turn: Turn, topic: str, content: Content) -> Content:
    """The answer with what the foods named hold in place of its first words, which are for those who name none."""
    if topic not in FOOD_TOPICS or asks_for_foods(turn.message.text):
        return content
    eaten = food_reader().read(turn.message.text).eaten
    told = servings(eaten, turn.knowledge, turn.case)
    if not told:
        return content
    needs = estimate(eaten, turn.knowledge, turn.case).facts
    return replace(content, short=[*told, *content.short[-1:]], facts=[*content.facts, *needs])
