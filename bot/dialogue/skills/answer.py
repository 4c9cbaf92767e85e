"""Answers questions of knowledge from the reviewed topics, tests and conditions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, List, Mapping, Optional, Sequence

from bot.dialogue.skills import interview
from bot.dialogue.turn import Turn, listed
from bot.knowledge.schema import Bubbles, Condition, Test
from bot.reasoning.diet import bubbles, estimate
from bot.reasoning.evaluate import holds
from bot.rendering.grid import comparison_table, recovery_timeline
from bot.understanding.foods import FoodReader

TEST_TOPICS = ("test_explained", "result_meaning")
RESULT_TOPICS = ("result_meaning", "normal_result_but_symptoms")  # asked with a number, the number is the answer
FOOD_TOPICS = ("daily_requirement", "food_sources", "vegan_sources", "fortified_foods", "prevention")
COMPARED = ("typical_pain", "associated", "onset", "cause")  # the rows of the article's comparison
B12 = "b12_neuropathy"
FIXED_OBJECTS = {
    "b12_vs_sciatica": ("sciatica",),
    "b12_vs_meralgia": ("meralgia_paresthetica",),
    "restless_legs_link": ("restless_legs_syndrome",),
    "injections_vs_oral": (),  # both are meant
}
TABLES_LATER = ("injections_vs_oral", "recovery_time")  # long; told with "more", shown at once where there is a screen
TABLES = {
    "b12_vs_sciatica": "b12_sciatica_meralgia",
    "b12_vs_meralgia": "b12_sciatica_meralgia",
    "injections_vs_oral": "injections_vs_oral",
    "recovery_time": "recovery_timeline",
}


def run(turn: Turn) -> None:
    """Answers, then goes on where the talk was."""
    if (turn.new_labs and turn.message.intent in RESULT_TOPICS) or not is_asked(turn):
        interview.run(turn)
        return
    give(turn)
    interview.resume(turn)


def is_asked(turn: Turn) -> bool:
    """Whether the message asks for knowledge."""
    return turn.message.intent in turn.knowledge.topics and not turn.message.tells_more_than_it_asks


def give(turn: Turn, more: bool = False) -> None:
    """Says the answer to the topic asked; with ``more`` the continuation of the last answer."""
    topic, objects = _asked(turn, more)
    if not more and _estimate_diet(turn, topic):
        return
    answer = _answer(turn, topic, objects)
    told = answer.more if more else answer.short
    if more and not answer.more:
        turn.say("utter_no_more")
        return
    facts = _facts_behind(turn, topic, objects)
    sources = citable_sources(turn, facts)
    table = _table(turn, topic, objects)
    turn.tell(
        told,
        custom={
            "kind": "answer",
            "topic": topic,
            "object": objects[0] if len(objects) == 1 else None,
            "sources": sources,
            "facts": facts,
            **({"table": table} if table else {}),
        },
    )
    if table and more == (topic in TABLES_LATER):
        _say_table(turn, table)
        turn.show(recovery_timeline(turn.knowledge) if topic == "recovery_time" else comparison_table(**table))
    if sources:
        turn.say("utter_sources", sources=listed([turn.knowledge.sources[key].title for key in sources[:3]]))
    offers = [turn.word("answer_more")] if answer.more and not more else []
    offers += [turn.knowledge.topics[key].title for key in turn.knowledge.topics[topic].follow_ups[:3]]
    if offers:
        turn.say("utter_offer_follow_ups", buttons=offers)
    turn.change(answered={"topic": topic, "objects": objects})


def _estimate_diet(turn: Turn, topic: str) -> bool:
    """Answers a question about food with an estimate when the message says what is eaten."""
    if topic not in FOOD_TOPICS:
        return False
    diet = food_reader().read(turn.message.text)
    if not diet.eaten:
        return False
    result = estimate(diet.eaten, turn.knowledge, turn.case, diet.supplement)
    sources = {"sources": list(result.sources), "facts": list(result.facts)}
    turn.tell(bubbles(result), custom={"kind": "answer", "topic": topic, "object": None, **sources})
    turn.change(answered={"topic": topic, "objects": []})
    return True


@lru_cache(maxsize=1)
def food_reader() -> FoodReader:
    """The reader of foods, prepared once."""
    return FoodReader()


def _asked(turn: Turn, more: bool) -> tuple[str, List[str]]:
    if more:
        return str(turn.talk.answered["topic"]), list(turn.talk.answered.get("objects", ()))  # type: ignore[call-overload]
    topic = turn.message.intent
    if topic in FIXED_OBJECTS:
        return topic, list(FIXED_OBJECTS[topic])
    kinds = (
        ("test",)
        if topic in TEST_TOPICS
        else ("condition",)
        if topic == "compare_conditions"
        else ("treatment", "test")
    )
    return topic, [str(entity["value"]) for entity in turn.message.of(*kinds)]


def _answer(turn: Turn, topic: str, objects: Sequence[str]) -> Bubbles:
    knowledge = turn.knowledge
    if topic in TEST_TOPICS and objects and objects[0] in knowledge.tests:
        return _test(knowledge.tests[objects[0]], topic)
    if topic == "compare_conditions" and objects:
        return Bubbles(short=[entry.summary for entry in _compared(turn, objects)])
    entry = knowledge.topics[topic]
    for variant in entry.variants:
        if holds(variant.when, turn.case):
            return variant
    return entry


def _test(test: Test, topic: str) -> Bubbles:
    explained = [f"{test.title}: {test.looks_at}", test.cannot_tell]
    means = [test.normal_means, test.abnormal_means]
    visit = [test.what_it_is_like, test.prepare]
    if topic == "result_meaning":
        return Bubbles(short=means, more=explained + visit)
    return Bubbles(short=explained, more=means + visit + [test.ask_why])


def _compared(turn: Turn, objects: Sequence[str]) -> List[Condition]:
    ids = list(dict.fromkeys(object_ for object_ in objects if object_ in turn.knowledge.conditions))
    if len(ids) < 2 and B12 not in ids:
        ids.insert(0, B12)
    return [turn.knowledge.conditions[id_] for id_ in ids]


def _facts_behind(turn: Turn, topic: str, objects: Sequence[str]) -> List[str]:
    knowledge = turn.knowledge
    if topic in TEST_TOPICS and objects and objects[0] in knowledge.tests:
        return list(knowledge.tests[objects[0]].facts)
    if topic == "compare_conditions" and objects:
        return [fact for condition in _compared(turn, objects) for fact in condition.facts]
    return list(knowledge.topics[topic].facts)


def citable_sources(turn: Turn, facts: Sequence[str]) -> List[str]:
    """Source keys of those facts that may be cited: never of what is only recalled."""
    known = [turn.knowledge.facts[fact] for fact in facts if fact in turn.knowledge.facts]
    return list(dict.fromkeys(source for fact in known if fact.citable for source in fact.sources))


def _table(turn: Turn, topic: str, objects: Sequence[str]) -> Optional[Dict[str, Any]]:
    if topic in TABLES:
        table = turn.knowledge.tables[TABLES[topic]]
        return {"title": table.title, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}
    if topic == "compare_conditions" and objects:
        compared = _compared(turn, objects)
        rows = [[turn.word(f"row_{row}")] + [getattr(entry, row) for entry in compared] for row in COMPARED]
        return {"title": "", "columns": [""] + [entry.title for entry in compared], "rows": rows}
    return None


def _say_table(turn: Turn, table: Mapping[str, Any]) -> None:
    """The table as text, a bubble for each row, for every channel."""
    for label, *cells in table["rows"]:
        lines = [f"• {column}: {cell}" for column, cell in zip(table["columns"][1:], cells)]
        turn.say("utter_table_row", label=label, lines="\n".join(lines))
