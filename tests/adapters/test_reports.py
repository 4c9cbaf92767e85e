"""The file of reported problems holds ids, a day and a version, and nothing else."""

from __future__ import annotations

import csv

from actions import reports


def test_a_report_is_one_line(tmp_path, monkeypatch):
    file = tmp_path / "var" / "problems.csv"
    monkeypatch.setenv("MYELIN_PROBLEMS", str(file))
    reports.keep(["answer/test_explained/mma", "lab_rule/b12_grey"], "abc")
    reports.keep(["answer/privacy"], "abc")
    rows = list(csv.reader(file.open(encoding="utf-8")))
    assert rows[0] == list(reports.HEAD)
    assert [row[1:] for row in rows[1:]] == [
        ["answer/test_explained/mma lab_rule/b12_grey", "abc"],
        ["answer/privacy", "abc"],
    ]
