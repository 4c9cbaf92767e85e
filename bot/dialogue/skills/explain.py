"""What an answer consists of: the topic, test, conditions side by side, or treatment that was asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

from bot.dialogue.asked import Asked
from bot.dialogue.follow_up import TOLD_TREATMENTS
from bot.dialogue.turn import Turn, sentence
from bot.knowledge.schema import Condition, Test, Treatment
from bot.reasoning.evaluate import holds

EXPLAIN, RESULT = TEST_TOPICS = ("test_explained", "result_meaning")
COMPARE, B12 = "compare_conditions", "b12_neuropathy"
MOST_COMPARED = 3  # side by side, readable on a telephone
COMPARED = ("typical_pain", "associated", "onset", "cause")  # the rows of the article's comparison
TEST_PARTS = ("looks_at", "cannot_tell", "normal_means", "abnormal_means", "what_it_is_like", "prepare", "ask_why")
TABLES = {
    "b12_vs_sciatica": "b12_sciatica_meralgia",
    "b12_vs_meralgia": "b12_sciatica_meralgia",
    "injections_vs_oral": "injections_vs_oral",
    "recovery_time": "recovery_timeline",
}


@dataclass(frozen=True)
class Content:
    """Bubbles said at once and on request, the facts behind them, and a table where there is one."""

    short: Sequence[str]
    more: Sequence[str] = ()
    facts: Sequence[str] = ()
    table: Optional[Mapping[str, Any]] = field(default=None)


def content(turn: Turn, asked: Asked) -> Content:
    """The answer, as it fits what is known of the person."""
    knowledge, objects = turn.knowledge, asked.objects
    if asked.topic in TEST_TOPICS and objects and objects[0] in knowledge.tests:
        return _test(turn, knowledge.tests[objects[0]], asked)
    if asked.topic == COMPARE and objects:
        return _comparison(turn, objects)
    if objects and objects[0] in TOLD_TREATMENTS:
        return _treatment(turn, knowledge.treatments[objects[0]])
    topic = knowledge.topics[asked.topic]
    fitting = (variant for variant in topic.variants if holds(variant.when, turn.case))
    bubbles = next(fitting, topic)
    return Content(bubbles.short, bubbles.more, topic.facts, _stored_table(turn, asked.topic))


def _test(turn: Turn, test: Test, asked: Asked) -> Content:
    parts = asked.parts or (TEST_PARTS[:2] if asked.topic == EXPLAIN else TEST_PARTS[2:4])
    fitting = [note.say for note in test.in_your_case if note.when is None or holds(note.when, turn.case)]
    told = len(parts) > 1 or asked.topic != RESULT  # a single part about a result speaks of that result
    first, *others = [_part(turn, test, part) if told else getattr(test, part) for part in parts]
    rest = [_part(turn, test, part) for part in TEST_PARTS if part not in parts]
    return Content([f"{sentence(test.title)}. {first}", *others, *fitting[:1]], rest + fitting[1:], test.facts)


def _part(turn: Turn, test: Test, part: str) -> str:
    """One part of the explanation, after the question it answers: what a normal result means is no result."""
    question = turn.knowledge.words.get(f"part_{part}")
    text = str(getattr(test, part))
    return f"{question} {text}" if question else text


def _comparison(turn: Turn, objects: Sequence[str]) -> Content:
    compared = _compared(turn, objects)
    rows = [[turn.word(f"row_{row}")] + [getattr(entry, row) for entry in compared] for row in COMPARED]
    table = {"title": "", "columns": [""] + [entry.title for entry in compared], "rows": rows}
    short = [f"{entry.title}. {entry.summary}" for entry in compared]
    return Content(short, facts=[fact for entry in compared for fact in entry.facts], table=table)


def _compared(turn: Turn, objects: Sequence[str]) -> List[Condition]:
    """The conditions named; one alone is put beside nerve trouble from low B12."""
    ids = list(dict.fromkeys(object_ for object_ in objects if object_ in turn.knowledge.conditions))[:MOST_COMPARED]
    if len(ids) < 2 and B12 not in ids:
        ids.insert(0, B12)
    return [turn.knowledge.conditions[id_] for id_ in ids]


def _treatment(turn: Turn, treatment: Treatment) -> Content:
    country = {"GB": treatment.how_uk, "US": treatment.how_us}.get(str(turn.case.profile.get("country")))
    schemes = [country] if country else [text for text in (treatment.how_uk, treatment.how_us) if text]
    short = [f"{sentence(treatment.title)}. {treatment.what} {treatment.when_used}", treatment.caution]
    return Content(short, [treatment.how, *schemes, treatment.good, treatment.less_good], treatment.facts)


def _stored_table(turn: Turn, topic: str) -> Optional[Dict[str, Any]]:
    if topic not in TABLES:
        return None
    table = turn.knowledge.tables[TABLES[topic]]
    return {"title": table.title, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}
