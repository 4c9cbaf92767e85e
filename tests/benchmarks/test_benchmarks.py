"""The benchmark counts rightly, and leaves nothing running."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import bots, report, talks
from benchmarks.measure import Measures, web_server
from benchmarks.processes import serving
from benchmarks.talks import Load, Turns


def measures(name, turn, training, start, memory, marks, per_core):
    phases = {phase: Turns((turn, turn), silent=0) for phase in talks.PHASES}
    loads = [Load(talks=number, rate=100.0, per_core=per_core, slow=turn) for number in (1, 64)]
    return Measures(name, training, start, 1.0, memory, memory, phases, marks, [turn] * 5, loads)


OWN = measures("Myelin", 10.0, 30.0, 7.0, 500.0, {5: 10.0, 300: 14.0}, 250.0)
STOCK = measures("stock", 20.0, 100.0, 20.0, 1000.0, {5: 30.0, 300: 300.0}, 100.0)


def test_goals_are_ratios_to_the_stock_bot_in_the_same_run():
    reached = {goal.title.split(",")[0]: (round(goal.value, 2), goal.reached) for goal in report.goals(OWN, STOCK)}
    assert reached["median turn"] == (0.5, True)
    assert reached["start to first answer"] == (0.35, True)
    assert reached["memory of all processes"] == (0.5, True)
    assert reached["training"] == (0.3, True)
    assert reached["turn 300 of a talk"] == (1.4, True)
    assert reached["turns per second of processor time with 64 talks at once"] == (2.5, True)
    assert not any(goal.reached for goal in report.goals(STOCK, OWN))


def test_the_report_says_what_was_missed(tmp_path):
    text = report.document([STOCK, OWN], ["a note"])
    assert "not reached" in text and "- a note" in text and "turn 300 of one talk" in text
    report.draw([OWN, STOCK], tmp_path / "turns.png")
    assert (tmp_path / "turns.png").stat().st_size > 1000


def test_a_mark_counts_the_round_of_turns_up_to_it():
    assert talks.at_marks([1, 2, 3, 4, 5, 6]) == {5: 3}
    assert set(talks.at_marks(range(300))) == {5, 50, 200, 300}


def test_a_percentile_is_a_value_that_was_measured():
    assert talks.percentile([3, 1, 2], 0.95) == 3
    assert talks.percentile(list(range(100)), 0.95) == 95


def test_the_stock_bot_answers_whatever_myelin_answers():
    project = bots.stock(1)
    actions = {
        step["action"]
        for part in ("stories", "rules")
        for rule in project.data[part]
        for step in rule["steps"]
        if "action" in step
    }
    assert actions | {"utter_default"} == set(project.domain["responses"])
    assert {policy["name"] for policy in project.config["policies"]} >= {"TEDPolicy", "UnexpecTEDIntentPolicy"}
    assert any(part["name"] == "DIETClassifier" for part in project.config["pipeline"])


@pytest.mark.slow
def test_a_server_is_measured_and_ended(tmp_path):
    bot = web_server()
    with serving(bot.command, tmp_path, bot.environment) as server:
        pid = server._process.pid
        assert 0 < server.started < 60
        assert 5 < server.memory() < 500
        assert server.processor_time() > 0
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_a_server_that_does_not_start_is_said(tmp_path):
    command = (sys.executable, "-c", "raise SystemExit(3)")
    with pytest.raises(RuntimeError, match="ended"), serving(command, tmp_path, {}):
        pass
