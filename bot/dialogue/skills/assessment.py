"""The result: possibilities in order with what fits and what does not, urgency, tests, safety net."""

from __future__ import annotations

from typing import Dict, List, Mapping, Sequence

from bot.dialogue.turn import Turn, contact_words, fill, listed, sentence
from bot.reasoning.assessment import Assessment, Ranked, assess
from bot.rendering.balance import for_and_against

MOST_SHOWN = 3  # possibilities told in words; the machine-readable part holds all that are ranked
MOST_REASONS = 4  # reasons told for and against each
MOST_WHYS = 2  # reasons told for the urgency
MOST_TESTS_NAMED, MOST_TESTS_EXPLAINED = 3, 2


def report(turn: Turn, complete: bool) -> None:
    """Says the result: what to do, why, the possibilities, tests, and the safety net."""
    result = assess(turn.case, turn.knowledge, complete=complete)
    advice = fill(turn.word(f"urgency_{result.urgency}"), contact_words(turn.services))
    custom = _contract(turn, result, complete)
    turn.say("utter_result" if complete else "utter_result_so_far", custom=custom, advice=advice)
    turn.tell(list(result.reasons)[:MOST_WHYS])
    for place, ranked in enumerate(result.ranking[:MOST_SHOWN]):
        if ranked.supports_phrases or place == 0:
            _say_possibility(turn, ranked)
    turn.show(for_and_against(turn.case, result, turn.knowledge))
    tests = [turn.knowledge.tests[test] for test in result.tests]
    if tests:
        turn.say("utter_tests_worth_discussing", tests=listed([test.title for test in tests[:MOST_TESTS_NAMED]]))
        for test in tests[:MOST_TESTS_EXPLAINED]:
            turn.say("utter_test_reason", test=sentence(test.title), reason=test.ask_why)
    turn.say("utter_not_a_diagnosis")
    turn.say("utter_safety_net")


def for_programs(turn: Turn) -> Mapping[str, object]:
    """The machine-readable result alone, for when the words must speak of something more urgent."""
    return _contract(turn, assess(turn.case, turn.knowledge, complete=True), complete=True)


def _say_possibility(turn: Turn, ranked: Ranked) -> None:
    condition = turn.knowledge.conditions[ranked.condition]
    turn.say(
        "utter_possibility" if ranked.against_phrases else "utter_possibility_without_against",
        name=sentence(condition.plain_name),
        likelihood=turn.word(f"likelihood_{ranked.likelihood}"),
        supports=_reasons(turn, ranked.supports_phrases),
        against=_reasons(turn, ranked.against_phrases),
        custom={
            "kind": "possibility",
            "condition": ranked.condition,
            "name": sentence(condition.plain_name),
            "likelihood": ranked.likelihood,
            "supports": list(ranked.supports_phrases),
            "against": list(ranked.against_phrases),
        },
    )


def _reasons(turn: Turn, phrases: Sequence[str]) -> str:
    return listed(list(phrases)[:MOST_REASONS]) if phrases else turn.word("nothing_yet")


def _contract(turn: Turn, result: Assessment, complete: bool) -> Dict[str, object]:
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
        "questions_asked": len(turn.talk.asked),
        "complete": complete,
    }
