"""Answers questions of knowledge from the reviewed topics, tests, treatments and conditions."""

from __future__ import annotations

from typing import Any, Mapping

from bot.dialogue.asked import Asked
from bot.dialogue.follow_up import TOLD_TREATMENTS, TREATMENTS, is_question
from bot.dialogue.skills import citing, explain, food, interview, results, understood
from bot.dialogue.turn import Turn
from bot.knowledge.loader import version
from bot.reasoning.diet import bubbles
from bot.rendering.grid import comparison_table, recovery_timeline
from bot.understanding.implied import TOPIC

RESULT_TOPICS = ("result_meaning", "normal_result_but_symptoms")  # asked with a number, the number is the answer
FIXED_OBJECTS = {
    "b12_vs_sciatica": ("sciatica",),
    "b12_vs_meralgia": ("meralgia_paresthetica",),
    "restless_legs_link": ("restless_legs_syndrome",),
    "injections_vs_oral": (),  # both are meant
    "injection_schedule": ("b12_injection",),
    "oral_dose": ("oral_b12",),
    "folate_caution": ("folic_acid",),
    "fortified_foods": ("fortified_food",),
}
HOW_OFTEN = ("injection_schedule", "oral_dose")  # asked of other treatments too, such as pain relief
TABLES_LATER = ("injections_vs_oral", "recovery_time")  # long; told with "more", shown at once where there is a screen
SOURCES = "sources"
# The part of a test's explanation that speaks of a result in this band.
MEANING = {
    **dict.fromkeys(("normal", "unlikely"), ("normal_means",)),
    **dict.fromkeys(("deficient", "low", "raised", "high"), ("abnormal_means",)),
}


def run(turn: Turn) -> None:
    """Answers, then goes on where the talk was."""
    if not is_asked(turn) or (turn.new_labs and _is_about_the_result(turn)):
        interview.run(turn)
        return
    results.read(turn, ask=False)
    if turn.new_facts:
        understood.show(turn)
    give(turn)
    interview.resume(turn)


def is_asked(turn: Turn) -> bool:
    """Whether the message asks for knowledge."""
    return turn.message.intent in turn.knowledge.topics and not turn.message.tells_more_than_it_asks


def _is_about_the_result(turn: Turn) -> bool:
    """Whether a message with a number wants that read; what only goes along with it, as a pregnancy, is no question."""
    return turn.message.intent in RESULT_TOPICS or not is_question(turn.message.text)


def give(turn: Turn, more: bool = False) -> None:
    """Says the answer to the topic asked; with ``more`` the continuation of the last answer."""
    asked = _last(turn) if more else turn.asked or _asked(turn)
    if asked.topic == SOURCES and asked.parts:
        _list_sources(turn, asked, more)
        return
    if not more and _estimate_diet(turn, asked.topic):
        return
    content = explain.content(turn, asked)
    if more and not content.more:
        turn.say("utter_no_more")
        return
    content = content if more else food.with_servings(turn, asked.topic, content)
    sources = citing.citable(turn.knowledge, content.facts)
    turn.tell(
        content.more if more else content.short,
        custom={
            "kind": "answer",
            "topic": asked.topic,
            "object": asked.objects[0] if len(asked.objects) == 1 else None,
            "sources": sources,
            "references": citing.references(turn.knowledge, sources[: citing.MOST_NAMED]),
            "facts": list(content.facts),
            "knowledge": version(),
            **({"table": content.table} if content.table else {}),
        },
    )
    if content.table and more == (asked.topic in TABLES_LATER):
        _say_table(turn, content.table)
        turn.show(
            recovery_timeline(turn.knowledge) if asked.topic == "recovery_time" else comparison_table(**content.table)
        )
    if not more:
        citing.name(turn, sources)
    offers = [turn.word("answer_more")] if content.more and not more else []
    offers += [turn.knowledge.topics[key].title for key in turn.knowledge.topics[asked.topic].follow_ups[:3]]
    if offers:
        turn.say("utter_offer_follow_ups", buttons=offers)
    _remember(turn, asked, sources=sources)


def _asked(turn: Turn) -> Asked:
    """The topic of the message, with the objects that it names."""
    topic = turn.message.intent
    treats_otherwise = any(entity["value"] in TOLD_TREATMENTS for entity in turn.message.of("treatment"))
    if topic in FIXED_OBJECTS and not (topic in (*HOW_OFTEN, TREATMENTS) and treats_otherwise):
        return Asked(topic, FIXED_OBJECTS[topic])
    kind = {explain.COMPARE: "condition", **{key: "test" for key in explain.TEST_TOPICS}}.get(topic)
    kinds = (kind,) if kind else ("treatment", "test")
    if topic == RESULT_TOPICS[0] and not _named(turn, "test"):
        latest = [lab for lab in turn.case.labs if lab.analyte in turn.knowledge.tests][-1:]
        if latest:
            return Asked(topic, (latest[0].analyte,), MEANING.get(latest[0].band, ()))
    return Asked(topic, tuple(dict.fromkeys(str(entity["value"]) for entity in turn.message.of(*kinds))))


def _named(turn: Turn, kind: str) -> bool:
    """Whether one is said in the message itself, not only implied by the topic that was understood."""
    return any(entity.get("evidence") != TOPIC for entity in turn.message.of(kind))


def _last(turn: Turn) -> Asked:
    answered: Mapping[str, Any] = turn.talk.answered
    return Asked(str(answered["topic"]), tuple(answered.get("objects", ())), tuple(answered.get("parts", ())))


def _remember(turn: Turn, asked: Asked, **details: object) -> None:
    """Keeps what was answered, for "tell me more", follow-up questions and a report of a problem."""
    turn.change(answered={"topic": asked.topic, "objects": list(asked.objects), "parts": list(asked.parts), **details})


def _list_sources(turn: Turn, asked: Asked, more: bool) -> None:
    """All sources page by page, or those of the last answer."""
    if asked.parts == ("all",):
        keys = citing.citable(turn.knowledge, list(turn.knowledge.facts))
    else:
        keys = list(turn.talk.answered.get("sources", ()))  # type: ignore[call-overload]
    start = int(turn.talk.answered.get("next", 0)) if more else 0  # type: ignore[call-overload]
    if not keys or (more and not start):
        turn.say("utter_no_more" if more else "utter_no_source")
        return
    page = keys[start : start + citing.A_PAGE]
    turn.say("utter_sources_follow", custom={"kind": "answer", "topic": SOURCES, "object": None, "sources": page})
    following = citing.tell_all(turn, keys, start)
    if following:
        turn.say("utter_offer_follow_ups", buttons=[turn.word("answer_more")])
    _remember(turn, asked, next=following, sources=keys)


def _estimate_diet(turn: Turn, topic: str) -> bool:
    """Answers a question about food with an estimate when it is told what is eaten, or asks for that."""
    result = food.estimated(turn, topic)
    if result is None:
        return False
    sources = list(result.sources)
    custom = {"kind": "answer", "topic": topic, "object": None, "sources": sources, "facts": list(result.facts)}
    turn.tell(bubbles(result), custom=custom)
    citing.name(turn, sources)
    _remember(turn, Asked(topic), sources=sources)
    return True


def _say_table(turn: Turn, table: Mapping[str, Any]) -> None:
    """The table as text, a bubble for each row, for every channel."""
    for label, *cells in table["rows"]:
        lines = [f"• {column}: {cell}" for column, cell in zip(table["columns"][1:], cells)]
        turn.say("utter_table_row", label=label, lines="\n".join(lines))
