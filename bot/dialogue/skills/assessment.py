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
TOLD = "result"  # said once in a talk: from then on only what changes is told


def report(turn: Turn, complete: bool) -> None:
    """Says the result: what to do, why, the possibilities, tests, and the safety net."""
    result = assess(turn.case, turn.knowledge, complete=complete)
    custom = contract(turn, result, complete)
    turn.say("utter_result" if complete else "utter_result_so_far", custom=custom, advice=advice(turn, result))
    if complete:
        turn.change(explained=tuple(dict.fromkeys([*turn.talk.explained, TOLD])))
    turn.tell(list(result.reasons)[:MOST_WHYS])
    for ranked in shown(result):
        _say_possibility(turn, ranked)
    turn.show(for_and_against(turn.case, result, turn.knowledge))
    tests = [turn.knowledge.tests[test] for test in tests_left(turn, result)]
    if tests:
        turn.say("utter_tests_worth_discussing", tests=listed([test.title for test in tests[:MOST_TESTS_NAMED]]))
        for test in tests[:MOST_TESTS_EXPLAINED]:
            turn.say("utter_test_reason", test=sentence(test.title), reason=test.ask_why)
    turn.say("utter_not_a_diagnosis")
    turn.say("utter_safety_net")


def for_programs(turn: Turn) -> Mapping[str, object]:
    """The machine-readable result alone, for when the words must speak of something more urgent."""
    return contract(turn, assess(turn.case, turn.knowledge, complete=True), complete=True)


def advice(turn: Turn, result: Assessment) -> str:
    """What to do and how soon."""
    return fill(turn.word(f"urgency_{result.urgency}"), contact_words(turn.services))


def shown(result: Assessment) -> Sequence[Ranked]:
    """The possibilities that are told in words."""
    return [ranked for place, ranked in enumerate(result.ranking[:MOST_SHOWN]) if ranked.supports_phrases or place == 0]


def tests_left(turn: Turn, result: Assessment) -> List[str]:
    """The tests worth discussing of which no result is known yet."""
    known = {lab.analyte for lab in turn.case.labs}
    return [test for test in result.tests if test not in known]


def _say_possibility(turn: Turn, ranked: Ranked) -> None:
    condition = turn.knowledge.conditions[ranked.condition]
    supports, against = ranked.supports_phrases[:MOST_REASONS], ranked.against_phrases[:MOST_REASONS]
    turn.say(
        _possibility(supports, against),
        name=sentence(condition.plain_name),
        likelihood=turn.word(f"likelihood_{ranked.likelihood}"),
        supports=_points(supports),
        against=_points(against),
        custom={
            "kind": "possibility",
            "condition": ranked.condition,
            "name": sentence(condition.plain_name),
            "likelihood": ranked.likelihood,
            "supports": list(supports),
            "against": list(against),
        },
    )


def _possibility(supports: Sequence[str], against: Sequence[str]) -> str:
    """The response that says it: nothing is said of reasons that there are not."""
    if not supports:
        return "utter_possibility_without_supports"
    return "utter_possibility" if against else "utter_possibility_without_against"


def _points(phrases: Sequence[str]) -> str:
    return "\n".join(f"• {phrase}" for phrase in phrases)


def contract(turn: Turn, result: Assessment, complete: bool) -> Dict[str, object]:
    """The machine-readable result."""
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
