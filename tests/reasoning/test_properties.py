"""What has to hold for any person: no crash, an end, no urgency lost, no meaning in order or in left and right."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, Dict, List, Set, Tuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.journal import build_case
from bot.dialogue.talk import Talk
from bot.knowledge.checks import RED_FLAGS
from bot.knowledge.loader import FOLDER, Knowledge, read_yaml
from bot.reasoning.assessment import assess
from bot.reasoning.case import LIST_ATTRIBUTES, Case, Fact
from bot.reasoning.evidence import UNKNOWN, model_of
from bot.reasoning.interview import HARD_CAP, next_question
from bot.reasoning.suppose import NO, NONE, YES, answers, looked_at
from bot.reasoning.triage import triage
from bot.reasoning.why import why
from bot.understanding.reader import Reader

VOCABULARY: Dict[str, Any] = read_yaml(FOLDER / "vocabulary.yml")  # type: ignore[assignment]
FINDINGS = [name for names in VOCABULARY["finding"].values() for name in names]
RISKS: List[str] = VOCABULARY["risk_factor"]
ATTRIBUTES: Dict[str, List[str]] = {
    name: values for name, values in VOCABULARY["attribute"].items() if isinstance(values, list)
}
STATUSES = st.sampled_from(list(VOCABULARY["status"]))
URGENCIES: List[str] = VOCABULARY["urgency"]
OTHER_SIDE = {"left": "right", "right": "left"}

attributes = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.lists(st.sampled_from(values), max_size=3, unique=True)
            if name in LIST_ATTRIBUTES
            else st.sampled_from(values)
            for name, values in ATTRIBUTES.items()
        },
        "severity": st.integers(0, 10),
        "duration": st.sampled_from(["P2D", "P3W", "P6M", "P2Y", "PT5H", "a while"]),
    },
)
findings = st.builds(Fact, st.just("finding"), st.sampled_from(FINDINGS), STATUSES, attributes)
risks = st.builds(Fact, st.just("risk_factor"), st.sampled_from(RISKS), STATUSES)
profiles = st.fixed_dictionaries(
    {}, optional={"age": st.integers(16, 99), "sex_at_birth": st.sampled_from(["female", "male"])}
)
facts = st.lists(st.one_of(findings, risks), max_size=10, unique_by=lambda fact: (fact.kind, fact.id)).map(tuple)
flags = st.lists(st.sampled_from(RED_FLAGS), max_size=3, unique=True).map(tuple)
cases = st.builds(Case, facts=facts, general=attributes, profile=profiles, red_flags=flags)

quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def level(case: Case, knowledge: Knowledge) -> int:
    return URGENCIES.index(triage(case, knowledge).urgency)


def posterior(case: Case, knowledge: Knowledge) -> np.ndarray:
    model = model_of(knowledge)
    return model.posterior(model.states(case))


def answered(case: Case, knowledge: Knowledge, key: str, answer: object) -> Case:
    """The case with the answer folded in, as the dialogue does it."""
    question = knowledge.questions[key]
    offered = [option.value for option in question.options if option.value != NONE]
    if answer is None:
        return replace(case, unsure=case.unsure + (key,))
    if question.about == "profile":
        return replace(case, profile={**case.profile, question.id: answer})
    if question.about == "attribute":
        return replace(case, general=_general(case, question.id, question.type, question.value, answer, offered))
    for name in offered or [question.id]:
        status = "present" if answer == (name if offered else YES) else "absent"
        case = case.with_fact(Fact(question.about, name, status))
    return case


def _general(case: Case, name: str, kind: str, value: object, answer: object, offered: List[str]) -> Dict[str, object]:
    general = dict(case.general)
    denied = dict(general.get("denied", {}))  # type: ignore[call-overload]
    said = [] if answer in (NO, NONE) else [value if kind == "yes_no" else answer]
    not_said = ([value] if answer == NO else []) if kind == "yes_no" else [item for item in offered if item not in said]
    if said:
        general[name] = list(general.get(name, [])) + said if name in LIST_ATTRIBUTES else said[0]  # type: ignore[call-overload]
    if kind in ("yes_no", "multi_choice"):
        denied[name] = list(denied.get(name, [])) + not_said
    return {**general, "denied": denied} if denied else general


@quick
@given(case=cases, seed=st.integers(0, 10_000))
def test_every_talk_ends_without_a_crash(real: Knowledge, case: Case, seed: int) -> None:
    choice = random.Random(seed)
    asked: List[str] = []
    while (question := next_question(case, asked, real)) is not None:
        assert question.key not in asked
        asked.append(question.key)
        case = answered(case, real, question.key, choice.choice((None,) + answers(question)))
        assert len(asked) <= HARD_CAP
    result = assess(case, real, asked)
    assert result.complete and result.urgency in URGENCIES
    assert "b12_neuropathy" in [row.condition for row in result.ranking]


@quick
@given(case=cases, flag=st.sampled_from(RED_FLAGS))
def test_a_red_flag_never_lowers_the_urgency(real: Knowledge, case: Case, flag: str) -> None:
    assert level(replace(case, red_flags=case.red_flags + (flag,)), real) <= level(case, real)


@quick
@given(case=cases, seed=st.integers(0, 10_000))
def test_the_order_of_facts_does_not_matter(real: Knowledge, case: Case, seed: int) -> None:
    shuffled = list(case.facts)
    random.Random(seed).shuffle(shuffled)
    other = replace(case, facts=tuple(shuffled))
    assert np.allclose(posterior(case, real), posterior(other, real))
    assert level(case, real) == level(other, real)


def _swapped(values: Dict[str, object]) -> Dict[str, object]:
    side = values.get("side")
    return {**values, "side": OTHER_SIDE.get(str(side), side)} if side is not None else dict(values)


@quick
@given(case=cases)
def test_left_and_right_mean_the_same(real: Knowledge, case: Case) -> None:
    facts = tuple(replace(fact, attributes=_swapped(dict(fact.attributes))) for fact in case.facts)
    mirrored = replace(case, facts=facts, general=_swapped(dict(case.general)))
    assert np.allclose(posterior(case, real), posterior(mirrored, real))
    assert triage(case, real) == triage(mirrored, real)


@quick
@given(case=cases)
def test_what_is_said_of_others_or_only_supposed_changes_nothing(real: Knowledge, case: Case) -> None:
    kept = tuple(fact for fact in case.facts if fact.status not in ("other_person", "hypothetical"))
    assert np.allclose(posterior(case, real), posterior(replace(case, facts=kept), real))


@quick
@given(case=cases, key=st.integers(0, 1_000))
def test_any_question_can_be_explained_at_any_time(real: Knowledge, case: Case, key: int) -> None:
    questions = list(real.questions.values())
    assert why(questions[key % len(questions)], case, real)


@pytest.mark.parametrize("sexes", [("female", "male")])
@quick
@given(case=cases)
def test_sex_does_not_change_the_rules_of_urgency(real: Knowledge, case: Case, sexes: Tuple[str, str]) -> None:
    rules = []
    for sex in sexes:
        outcome = triage(replace(case, profile={**case.profile, "sex_at_birth": sex}), real)
        rules.append([reason for reason in outcome.reasons if reason.kind != "condition"])
    assert rules[0] == rules[1]


RED_FLAG_FINDINGS: List[str] = VOCABULARY["finding"]["red_flag"]


@quick
@given(case=cases, name=st.sampled_from(RED_FLAG_FINDINGS))
def test_a_sign_of_danger_never_lowers_what_the_rules_ask_for(real: Knowledge, case: Case, name: str) -> None:
    """Of rules alone: a sign may make another condition likelier, which is no reason to lower what a rule asks."""
    before = {reason.id for reason in triage(case, real).reasons if reason.kind != "condition"}
    after = triage(case.with_fact(Fact("finding", name, "present")), real)
    assert before <= {reason.id for reason in after.reasons} or URGENCIES.index(after.urgency) <= level(case, real)


@quick
@given(case=cases, name=st.sampled_from(FINDINGS + RISKS))
def test_not_being_sure_is_never_more_reassuring_than_not_having_been_asked(
    real: Knowledge, case: Case, name: str
) -> None:
    kind = "finding" if name in FINDINGS else "risk_factor"
    if case.of(kind, name):
        return
    unsure = case.with_fact(Fact(kind, name, "uncertain"))
    assert np.allclose(posterior(case, real), posterior(unsure, real))
    assert level(unsure, real) == level(case, real)


def _talk(real: Knowledge, seed: int, order: int) -> Case:
    """The case after the same answers to the same questions, given in an order of their own."""
    choice = random.Random(seed)
    questions = [item for item in choice.sample(list(real.questions.values()), 8) if answers(item)]
    # Two questions about the same thing are a change of mind, in which the order does matter.
    touched: Set[object] = set()
    entries: List[Dict[str, object]] = []
    for item in questions:
        if looked_at(item) & touched:
            continue
        touched |= looked_at(item)
        value = choice.choice(answers(item))
        entries.append({"question": item.key, "value": [value] if item.options else value})
    random.Random(order).shuffle(entries)
    fact = {"kind": "finding", "id": "touch_sensitivity", "status": "present", "attributes": {}}
    talk = Talk(turn=1).record("told", facts=[fact])
    for entry in entries:
        talk = replace(talk, turn=talk.turn + 1).record("answer", **entry)
    return build_case(talk, real)


@quick
@given(seed=st.integers(0, 10_000), order=st.integers(0, 10_000))
def test_the_order_of_answers_does_not_matter(real: Knowledge, seed: int, order: int) -> None:
    one, other = _talk(real, seed, 0), _talk(real, seed, order)
    assert np.allclose(posterior(one, real), posterior(other, real))
    assert level(one, real) == level(other, real)


# Ways to say the same; of each pair of tuples every combination has to end in the same case.
SYNONYMS = [
    ("pins and needles", "tingling", "prickling"),
    ("numbness", "a numb feeling"),
    ("burning", "a burning feeling"),
    ("pain", "an ache"),
    ("cramps", "cramp"),
]
PLACES = [("calf", "back of my lower leg"), ("foot", "feet"), ("thigh", "upper leg"), ("buttock", "bum cheek")]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _read(reader: Reader, text: str) -> Case:
    told = [mention.as_entity("reader") for mention in reader.read(text)]
    return Case(
        facts=tuple(
            Fact("finding", row["value"], row["status"], {name: row[name] for name in ("site",) if row.get(name)})
            for row in told
            if row["entity"] == "finding"
        )
    )


@quick
@given(words=st.sampled_from(SYNONYMS), places=st.sampled_from(PLACES), seed=st.integers(0, 100))
def test_a_synonym_does_not_change_the_result(
    real: Knowledge, reader: Reader, words: Tuple[str, ...], places: Tuple[str, ...], seed: int
) -> None:
    choice = random.Random(seed)
    first = _read(reader, f"I have {words[0]} in my {places[0]}")
    other = _read(reader, f"I have {choice.choice(words)} in my {choice.choice(places)}")
    assert first.facts
    assert np.allclose(posterior(first, real), posterior(other, real))
    assert level(first, real) == level(other, real)


@quick
@given(case=cases)
def test_sex_changes_only_what_sex_is_evidence_for(real: Knowledge, case: Case) -> None:
    """With the clue of sex left out, both sexes get the same ranking."""
    model = model_of(real)
    states = []
    for sex in ("female", "male"):
        found = model.states(replace(case, profile={**case.profile, "sex_at_birth": sex}))
        found[model.clue_index["sex"]] = UNKNOWN
        states.append(found)
    assert np.array_equal(states[0], states[1])
