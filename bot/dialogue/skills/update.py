"""After the result was told: what a new laboratory result or an age changes in it, and nothing else again."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Mapping

from bot.dialogue.journal import build_case
from bot.dialogue.skills import assessment
from bot.dialogue.turn import Turn, in_a_sentence, listed, sentence
from bot.reasoning.assessment import Assessment, Ranked, assess


def is_enough(turn: Turn) -> bool:
    """Whether the result was told and the message adds no symptom and no answer to a question."""
    told = turn.talk.concluded and assessment.TOLD in turn.talk.explained
    return told and not (turn.new_facts or turn.new_general or turn.answered)


def report(turn: Turn) -> None:
    """Says what is different from before this message: the urgency, how well causes fit, tests to talk about."""
    if not any(entry["turn"] == turn.talk.turn for entry in turn.talk.journal):
        return
    before, now = _before(turn), assess(turn.case, turn.knowledge, complete=True)
    custom = assessment.contract(turn, now, complete=True)
    changes = _fits(turn, before, now)
    if now.urgency != before.urgency:
        turn.say("utter_advice_changed", custom=custom, advice=assessment.advice(turn, now))
        turn.tell([reason for reason in now.reasons if reason not in before.reasons][: assessment.MOST_WHYS])
    else:
        turn.say("utter_picture_changed" if changes else "utter_picture_unchanged", custom=custom)
    for name, fits in changes.items():
        turn.say("utter_fit_changed", name=name, likelihood=fits)
    tests = _new_tests(turn, before, now)
    if tests:
        turn.say("utter_tests_worth_discussing", tests=listed(tests))
    turn.say("utter_not_a_diagnosis")


def _before(turn: Turn) -> Assessment:
    earlier = tuple(entry for entry in turn.talk.journal if entry["turn"] != turn.talk.turn)
    return assess(build_case(replace(turn.talk, journal=earlier), turn.knowledge), turn.knowledge, complete=True)


def _fits(turn: Turn, before: Assessment, now: Assessment) -> Mapping[str, str]:
    """How well each of the possibilities told now fits, where that is new."""
    known = {ranked.condition: ranked.likelihood for ranked in assessment.shown(before)}
    new = [ranked for ranked in assessment.shown(now) if known.get(ranked.condition) != ranked.likelihood]
    return {_name(turn, ranked): turn.word(f"likelihood_{ranked.likelihood}") for ranked in new}


def _name(turn: Turn, ranked: Ranked) -> str:
    return sentence(turn.knowledge.conditions[ranked.condition].plain_name)


def _new_tests(turn: Turn, before: Assessment, now: Assessment) -> List[str]:
    named = [test for test in assessment.tests_left(turn, now) if test not in before.tests]
    titles = [in_a_sentence(turn.knowledge.tests[test].title) for test in named]
    return titles[: assessment.MOST_TESTS_NAMED]
