"""The result: possibilities in order with what fits and what does not, urgency, tests, safety net."""

from __future__ import annotations

from typing import Dict, List, Sequence

from bot.dialogue.turn import Turn, contact_words, fill, listed, sentence
from bot.reasoning.assessment import Assessment, Ranked, assess

MOST_SHOWN = 3  # possibilities told in words; the machine-readable part holds all that are ranked
MOST_REASONS = 4  # reasons told for and against each


def report(turn: Turn, complete: bool, brief: bool) -> None:
    """Says the assessment; ``brief`` leaves the possibilities to the machine-readable part."""
    result = assess(turn.case, turn.knowledge, turn.talk.asked)
    advice = fill(turn.word(f"urgency_{result.urgency}"), contact_words(turn.services))
    custom = _contract(result, len(turn.talk.asked), complete)
    turn.say("utter_result" if complete else "utter_result_so_far", custom=custom, advice=advice)
    if brief:
        return
    if result.reasons:
        turn.tell(list(result.reasons)[:2])
    for ranked in result.ranking[:MOST_SHOWN]:
        _say_possibility(turn, ranked)
    if result.tests:
        tests = [turn.knowledge.tests[test] for test in result.tests[:3]]
        turn.say("utter_tests_worth_discussing", tests=listed([test.title for test in tests]))
        turn.tell([test.ask_why for test in tests[:2]])
    turn.say("utter_not_a_diagnosis")
    turn.say("utter_safety_net")


def _say_possibility(turn: Turn, ranked: Ranked) -> None:
    condition = turn.knowledge.conditions[ranked.condition]
    turn.say(
        "utter_possibility" if ranked.against_phrases else "utter_possibility_without_against",
        name=sentence(condition.plain_name),
        likelihood=turn.word(f"likelihood_{ranked.likelihood}"),
        supports=_reasons(turn, ranked.supports_phrases),
        against=_reasons(turn, ranked.against_phrases),
    )


def _reasons(turn: Turn, phrases: Sequence[str]) -> str:
    return listed(list(phrases)[:MOST_REASONS]) if phrases else turn.word("nothing_yet")


def _contract(result: Assessment, asked: int, complete: bool) -> Dict[str, object]:
    ranking: List[Dict[str, object]] = [
        {
            "condition": ranked.condition,
            "likelihood": ranked.likelihood,
            "supports": list(ranked.supports),
            "against": list(ranked.against),
        }
        for ranked in result.ranking
    ]
    return {
        "kind": "assessment",
        "urgency": result.urgency,
        "ranking": ranking,
        "tests": list(result.tests),
        "questions_asked": asked,
        "complete": complete,
    }
