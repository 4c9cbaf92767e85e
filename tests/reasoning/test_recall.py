"""What is remembered changes no result."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bot.knowledge.loader import Knowledge
from bot.reasoning.case import Case, Fact, once
from bot.reasoning.recall import Memory, said_in
from bot.reasoning.worth import appraiser_of

FEET = Fact("finding", "tingling", "present", {"site": ["foot"], "side": "both"})


def test_a_result_is_worked_out_once_for_each_case_and_goes_with_it() -> None:
    worked_out = []

    @once
    def number_of_facts(case: Case, more: int) -> int:
        worked_out.append(case)
        return len(case.facts) + more

    case = Case(facts=(FEET,))
    assert [number_of_facts(case, 1), number_of_facts(case, 1), number_of_facts(case, 2)] == [2, 2, 3]
    assert number_of_facts(case.with_fact(FEET), 1) == 3
    assert len(worked_out) == 3


def test_cases_that_agree_on_a_thing_have_the_same_number_for_it() -> None:
    one, other = said_in(Case(facts=(FEET,))), said_in(Case(facts=(FEET, Fact("finding", "fatigue", "present"))))
    assert one["finding", "tingling"] == other["finding", "tingling"]
    assert one["finding", "fatigue"] != other["finding", "fatigue"]
    assert one["attribute", "site"] != said_in(Case())["attribute", "site"]


def test_a_memory_is_emptied_when_it_is_full() -> None:
    memory: Memory[str] = Memory(2)
    for name in (1, 2, 3):
        assert memory.keep(name, f"result {name}") == f"result {name}"
    assert dict(memory) == {3: "result 3"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_questions_are_worth_the_same_with_and_without_a_memory(real: Knowledge, seed: int) -> None:
    choice = random.Random(seed)
    names = choice.sample(sorted(real.findings), 8)
    facts = [Fact("finding", name, choice.choice(["present", "absent"]), turn=turn) for turn, name in enumerate(names)]
    case = Case(facts=(FEET,))
    for fact in facts:
        appraiser_of(real).value(case, [])
        case = case.with_fact(fact)
    without_memory = appraiser_of(replace(real)).value(Case(facts=case.facts), [])
    assert appraiser_of(real).value(case, []) == without_memory
