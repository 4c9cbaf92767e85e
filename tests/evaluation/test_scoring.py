"""The scores themselves: what counts as right, wrong and missed."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from evaluation import baselines, finding_scores, message_scores, red_flag_scores, understanding
from evaluation.measures import Counts, Hits, milliseconds
from evaluation.near_duplicates import Text, find, normalise, wordings
from evaluation.readings import Reading, length
from evaluation.report import mistakes, percent


def finding(id_: str, status: str = "present", **said: Any) -> Dict[str, Any]:
    return {"id": id_, "status": status, "span": "x", **said}


def entity(value: str, status: Optional[str] = "present", kind: str = "finding", **said: Any) -> Dict[str, Any]:
    return {"entity": kind, "value": value, "start": 0, "end": 1, "status": status, **said}


def reading(gold: Dict[str, Any], *entities: Dict[str, Any], intent: str = "inform") -> Reading:
    return Reading({"text": "x", **gold}, {"intent": {"name": intent}, "entities": list(entities)})


@pytest.mark.parametrize(
    ("gold", "found", "with_status", "by_id"),
    [
        ([finding("pain")], [entity("pain")], Counts(1, 0, 0), Counts(1, 0, 0)),
        ([finding("pain")], [entity("pain", "absent")], Counts(0, 1, 1), Counts(1, 0, 0)),
        ([finding("pain")], [], Counts(0, 0, 1), Counts(0, 0, 1)),
        ([], [entity("pain")], Counts(0, 1, 0), Counts(0, 1, 0)),
        ([], [], Counts(), Counts()),
        ([finding("pain"), finding("pain", site=["leg"])], [entity("pain")], Counts(1, 0, 0), Counts(1, 0, 0)),
        ([finding("pain"), finding("pain", "past")], [entity("pain")], Counts(1, 0, 1), Counts(1, 0, 0)),
        ([finding("burning"), finding("pain")], [entity("pain"), entity("rash")], Counts(1, 1, 1), Counts(1, 1, 1)),
    ],
)
def test_findings(gold: List[Dict[str, Any]], found: List[Dict[str, Any]], with_status: Counts, by_id: Counts) -> None:
    one = reading({"findings": gold}, *found)
    assert finding_scores.with_status(one) == with_status
    assert finding_scores.by_id(one) == by_id


@pytest.mark.parametrize(
    ("gold", "found", "hits"),
    [
        ([finding("pain", "absent")], [entity("pain", "absent")], Hits(1, 1)),
        ([finding("pain", "absent")], [entity("pain")], Hits(0, 1)),
        ([finding("pain", "absent")], [entity("pain", "absent"), entity("pain")], Hits(0, 1)),
        ([finding("pain", "absent")], [entity("rash")], Hits(0, 0)),
        ([finding("pain", "absent"), finding("pain")], [entity("pain", "absent"), entity("pain")], Hits(1, 1)),
    ],
)
def test_status_is_judged_only_where_the_finding_was_found(
    gold: List[Dict[str, Any]], found: List[Dict[str, Any]], hits: Hits
) -> None:
    assert finding_scores.status_hits(reading({"findings": gold}, *found)) == hits


@pytest.mark.parametrize(
    ("gold", "found", "hits"),
    [
        ([finding("pain", site=["leg", "foot"])], [entity("pain", site=["foot", "leg"])], Hits(1, 1)),
        ([finding("pain", site=["leg"])], [entity("pain", site=["leg", "foot"])], Hits(0, 1)),
        ([finding("pain", site=["leg"])], [entity("pain")], Hits(0, 1)),
        ([finding("pain")], [entity("pain", site=["leg"])], Hits(0, 1)),
        ([finding("pain")], [entity("pain")], Hits(0, 0)),
        ([finding("pain", "absent", site=["leg"])], [entity("pain", "absent")], Hits(0, 0)),
        ([finding("pain", site=["leg"])], [entity("rash", site=["leg"])], Hits(0, 0)),
        (
            [finding("pain", site=["leg"]), finding("pain", site=["foot"])],
            [entity("pain", site=["leg", "foot"])],
            Hits(1, 1),
        ),
    ],
)
def test_site(gold: List[Dict[str, Any]], found: List[Dict[str, Any]], hits: Hits) -> None:
    assert finding_scores.site_hits(reading({"findings": gold}, *found)) == hits


def test_side_is_that_of_the_message_wherever_it_is_attached() -> None:
    gold = {"findings": [finding("pain", side="left"), finding("rash")]}
    alone = {"entity": "attribute", "name": "side", "value": "left"}
    assert finding_scores.side_hits(reading(gold, entity("pain"), alone)) == Hits(1, 1)
    assert finding_scores.side_hits(reading(gold, entity("pain", side="right"))) == Hits(0, 1)
    assert finding_scores.side_hits(reading({"findings": []})) == Hits(0, 0)


@pytest.mark.parametrize(
    ("name", "gold", "found", "counts"),
    [
        ("duration", "P1Y", "P12M", Counts(1, 0, 0)),
        ("duration", "P2W", "P14D", Counts(1, 0, 0)),
        ("duration", "P2W", "P2M", Counts(0, 1, 1)),
        ("severity", 6, 6.0, Counts(1, 0, 0)),
        ("quality", ["dull", "aching"], ["aching"], Counts(1, 0, 1)),
        ("onset", None, "sudden", Counts(0, 1, 0)),
    ],
)
def test_attributes(name: str, gold: object, found: object, counts: Counts) -> None:
    one = reading({"findings": [finding("pain", **{name: gold})]}, entity("pain", **{name: found}))
    assert finding_scores.attribute(name)(one) == counts


def test_durations_are_compared_by_length() -> None:
    assert length("P1Y") == length("P12M") == (12.0, 0.0)
    assert length("P1Y6M") == (18.0, 0.0)
    assert length("P3W") == (0.0, 21.0)


def test_risk_factors_count_with_status() -> None:
    gold = {"findings": [], "risk_factors": [finding("metformin"), finding("smoking", "past")]}
    found = [entity("metformin", kind="risk_factor"), entity("smoking", kind="risk_factor")]
    assert finding_scores.risk_factors(reading(gold, *found)) == Counts(1, 1, 1)


def test_scores_of_a_set() -> None:
    right = reading({"free": True, "findings": [finding("pain")]}, entity("pain"))
    wrong = reading({"negation": True, "findings": [finding("rash", "absent")]}, entity("rash"))
    missed = reading({"findings": [finding("cramps")]})
    scores = finding_scores.score([right, wrong, missed])
    assert scores.status == Counts(1, 1, 2)
    assert scores.free == Counts(1, 0, 0)
    assert scores.negation == Hits(0, 1)
    assert scores.confusion == {("present", "present"): 1, ("absent", "present"): 1, ("present", "missed"): 1}
    assert list(scores.findings)[-1] == "pain"
    assert [mistake.weight for mistake in scores.mistakes] == [2, 1]
    assert {name: row[0] for name, row in scores.phenomena.items()} == {"free": 1, "negation": 1, "plain": 1}


def test_intents() -> None:
    scores = message_scores.intents(
        [
            reading({"act": "affirm"}, intent="affirm"),
            reading({"act": "affirm"}, intent="deny"),
            reading({"act": "deny"}, intent="deny"),
        ],
        "act",
    )
    assert scores.hits == Hits(2, 3)
    assert scores.by_intent == {"affirm": Counts(1, 0, 1), "deny": Counts(1, 1, 0)}
    assert scores.confusion[("affirm", "deny")] == 1
    assert len(scores.mistakes) == 1


def test_a_message_without_intent_is_a_fallback() -> None:
    assert Reading({"text": "x"}, {"intent": {"name": None}}).intent == "nlu_fallback"


def test_objects_are_measured_where_one_is_asked_about() -> None:
    named = reading({"topic": "test_explained", "object": "mma"}, entity("mma", None, "test"))
    other = reading({"topic": "test_explained", "object": "mma"}, entity("folate", None, "test"))
    without = reading({"topic": "sources", "object": None}, entity("mma", None, "test"))
    assert message_scores.named_objects([named, other, without]) == Hits(1, 2)


def test_answers_need_the_right_topic_before_the_object_counts() -> None:
    asked = [reading({"topic": topic, "object": None}) for topic in ("sources", "privacy", "children")]
    given = iter([{"topic": "sources", "object": None}, {"topic": "privacy", "object": "mma"}, None])
    topics, objects, wrong = message_scores.answers(asked, lambda _: next(given))
    assert (topics, objects, len(wrong)) == (Hits(2, 3), Hits(1, 2), 1)


@pytest.mark.parametrize(
    ("intent", "entities", "refused"),
    [
        ("out_of_scope", [], True),
        ("out_of_scope", [entity("pain")], True),
        ("nlu_fallback", [], True),
        ("nlu_fallback", [entity("pain")], False),
        ("inform", [], False),
        ("sources", [], False),
    ],
)
def test_scope(intent: str, entities: List[Dict[str, Any]], refused: bool) -> None:
    scores = message_scores.scope([reading({"in_scope": inside}, *entities, intent=intent) for inside in (True, False)])
    assert scores.rejected == Hits(refused, 1)
    assert scores.turned_away == Hits(refused, 1)
    assert len(scores.mistakes) == 1


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ({"value": "mma", "number": 0.4, "unit": "µmol/L", "band": "raised"}, True),
        ({"value": "mma", "number": 0.4, "unit": "umol/l", "band": "raised", "comparator": None}, True),
        ({"value": "mma", "number": 0.4, "unit": "nmol/L", "band": "raised"}, False),
        ({"value": "mma", "number": 4, "unit": "µmol/L", "band": "raised"}, False),
        ({"value": "mma", "number": 0.4, "unit": "µmol/L", "band": "normal"}, False),
        ({"value": "mma", "number": 0.4, "unit": "µmol/L", "band": "raised", "comparator": ">"}, False),
        ({"value": "homocysteine", "number": 0.4, "unit": "µmol/L", "band": "raised"}, False),
    ],
)
def test_labs(found: Dict[str, Any], right: bool) -> None:
    gold = {"results": [{"analyte": "mma", "number": 0.4, "unit": "µmol/L", "band": "raised"}]}
    scores = message_scores.labs([reading(gold, {"entity": "lab_result", **found}), reading({"results": []})])
    assert scores.messages == Hits(1 + right, 2)
    assert scores.results == (Counts(1, 0, 0) if right else Counts(0, 1, 1))
    assert scores.silent == Hits(1, 1)


def test_a_unit_may_be_written_with_raised_figures_or_without() -> None:
    gold = {"results": [{"analyte": "egfr", "number": 60, "unit": "mL/min/1.73m2", "band": "normal"}]}
    found = {"entity": "lab_result", "value": "egfr", "number": 60, "unit": "mL/min/1.73m²", "band": "normal"}
    assert message_scores.labs([reading(gold, found)]).messages == Hits(1, 1)


@pytest.mark.parametrize(("own", "right"), [([20, 41], 1), (None, 0)])
def test_above_the_laboratorys_own_range_high_and_raised_are_one(own: Optional[List[int]], right: int) -> None:
    row = {"number": 61, "unit": "mmol/mol", **({"lab_range": own} if own else {})}
    gold = {"results": [{"analyte": "hba1c", "band": "high", **row}]}
    found = {"entity": "lab_result", "value": "hba1c", "band": "raised", **row}
    assert message_scores.labs([reading(gold, found)]).messages == Hits(right, 1)


def flagged(flag: Optional[str], *entities: Dict[str, Any]) -> Reading:
    label = {"urgency": "same_day", "subject": "self"} if flag else {"near": "F1"}
    return reading({"flag": flag, **label}, *entities)


def red_flag(id_: str, urgency: str = "same_day", subject: str = "self", status: str = "present") -> Dict[str, Any]:
    return entity(id_, status, "red_flag", urgency=urgency, subject=subject)


def test_red_flags() -> None:
    scores = red_flag_scores.score(
        [
            flagged("F4", red_flag("F4")),
            flagged("F4", red_flag("F4", "routine", "other")),
            flagged("F4", red_flag("F5", "emergency_now")),
            flagged("F4"),
            flagged("F4", red_flag("F4", status="uncertain")),
            flagged(None, red_flag("F1")),
            flagged(None, red_flag("F1", status="absent")),
            flagged(None),
        ]
    )
    assert scores.fired == Hits(4, 5)
    assert scores.right_flag == Hits(3, 5)
    assert scores.urgency == Hits(2, 3)
    assert scores.less_urgent == Hits(2, 5)
    assert scores.subject == Hits(2, 3)
    assert scores.false_alarms == Hits(1, 3)
    assert scores.flags == {"F4": (Hits(3, 5), Hits(0, 0))}
    assert scores.mistakes[0].got == "nothing"


def test_goals_are_reached_from_the_side_that_is_meant() -> None:
    assert understanding.Measure("a", 0.95, 0.95).reached is True
    assert understanding.Measure("a", 0.94, 0.95).reached is False
    assert understanding.Measure("a", 0.04, 0.03, at_most=True).reached is False
    assert understanding.Measure("a", None, 0.95).reached is None


def test_only_the_sets_that_were_read_are_scored() -> None:
    result = understanding.score({"acts": [reading({"act": "affirm"}, intent="affirm")]})
    assert [measure.title for measure in understanding.headlines(result)] == ["acts"]
    assert result.messages == 1


def test_the_stock_pipeline_is_read_as_the_contract_says() -> None:
    parsed = {
        "entities": [{"entity": "burning", "value": "on fire"}, {"entity": "rash", "value": "spots", "role": "absent"}]
    }
    read = baselines.as_contract(parsed, {"burning": "finding", "rash": "finding"}, ("present", "absent"))
    assert [(each["entity"], each["value"], each["status"]) for each in read["entities"]] == [
        ("finding", "burning", "present"),
        ("finding", "rash", "absent"),
    ]


def test_status_of_labelled_findings_is_compared_on_the_same_findings() -> None:
    rows = [
        reading({"findings": [finding("pain"), finding("rash", "absent")], "negation": True}, entity("pain")),
        reading({"findings": [finding("pain"), finding("pain", "past")]}, entity("pain")),
    ]
    own, other = baselines.own_statuses(rows), [["present", "absent"], ["absent", "past"]]
    assert own == [["present", "missed"], ["present", "present"]]
    assert baselines.status_hits(rows, own) == Hits(2, 4)
    assert baselines.status_hits(rows, other) == Hits(3, 4)
    assert baselines.status_hits(rows, other, "negation") == Hits(2, 2)
    assert baselines.status_hits(rows, other, among=own) == Hits(2, 3)
    assert baselines.status_hits(rows, other, "negation", own) == Hits(1, 1)


@pytest.mark.parametrize(
    ("test", "known", "found", "exempt"),
    [
        ("Yes!", "yes", True, True),
        ("My feet, they burn at night", "my feet they burn at night", True, False),
        ("my feet burn at night", "at night my feet burn", True, False),
        ("my feet burn at night", "my [feet](site) burn at night", True, False),
        ("my feet burn at night", "my hands hurt in the day", False, False),
        ("my feet burn at night and nobody will tell me why it is so", "my feet burn at night", False, False),
        ("both legs", "both feet", False, False),
    ],
)
def test_near_duplicates(test: str, known: str, found: bool, exempt: bool) -> None:
    duplicates = find([Text(test, "a")], [Text(known, "b")])
    assert bool(duplicates) == found
    assert [each.exempt for each in duplicates] == [exempt] * len(duplicates)


def test_texts_are_compared_without_their_annotations() -> None:
    assert normalise('My [Feet]{"entity": "site"} don’t  hurt!') == "my feet dont hurt"


def test_phrases_of_the_lexicon_are_written_out() -> None:
    written = wordings("(pain|ache) (in (the)? leg)? ~2 =free -> status=absent")
    assert "pain in the leg free" in written
    assert "ache free" in written


def test_counts() -> None:
    assert Counts(3, 1, 1).f1 == pytest.approx(0.75)
    assert Counts(0, 0, 0).f1 is None
    assert Counts(1, 0, 1).precision == 1.0
    assert Hits(0, 0).share is None
    assert milliseconds([0.001, 0.002, 0.1]) == (2.0, 100.0)
    assert milliseconds([]) == (None, None)


def test_the_report_survives_bars_and_line_breaks_in_messages() -> None:
    wrong = finding_scores.mistakes([Reading({"text": "a | b\nc", "findings": [finding("pain")]}, {"entities": []})])
    assert "a \\| b c" in mistakes({"findings": wrong})
    assert percent(0.5) == "50.0 %"
