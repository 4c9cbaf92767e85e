"""Myelin beside the stock Rasa pipeline and medspaCy, in one run and on the same messages."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Optional, Sequence

from evaluation import baselines, report, understanding
from evaluation.measures import milliseconds
from evaluation.readings import Parse, Reading, paired_seconds
from evaluation.report import Comparison
from evaluation.understanding import Understanding, headlines

STOCK_SETS = ("findings", "topics", "acts", "scope")  # it has no notion of numbers with units or of red flags
TIMED = 200  # messages; enough for a stable median
ALL, NEGATED, FOUND, FOUND_NEGATED = (
    "status of all labelled findings",
    "the same, under negation",
    "status of the labelled findings that Myelin finds",
    "the same findings, under negation",
)
Statuses = Sequence[Sequence[str]]


def compare(result: Understanding, parse: Parse, model: Path, quick: bool) -> str:
    """The table; trains what is not in the cache."""
    epochs = baselines.QUICK_EPOCHS if quick else baselines.EPOCHS
    stock, own = baselines.train_stock(epochs), baselines.train_own(model.name.split(".")[0])
    stock_parse = baselines.stock_parse(stock.model)
    annotated = baselines.has_annotations()
    other = understanding.score(understanding.read(stock_parse, STOCK_SETS if annotated else STOCK_SETS[1:]))
    note = f"the pipeline of `rasa init`, {epochs} epochs, on the same training data. It knows no status but present."
    unfit = (
        "" if annotated else " No training example marks a finding, so it cannot learn them and is not judged on them."
    )
    own_speed, stock_speed = _speeds(result, [parse, stock_parse])
    findings = result.readings["findings"]
    columns = [
        Comparison(
            "Myelin",
            {**_headlines(result), **_statuses(findings, baselines.own_statuses(findings))},
            own.seconds,
            own_speed,
            "a finding that is not found counts as a wrong status among all labelled findings.",
        ),
        Comparison(
            "stock Rasa (DIET)",
            _headlines(other),
            stock.seconds,
            stock_speed,
            note + unfit,
        ),
        _context(findings),
    ]
    timed = f"- Times to read are of {TIMED} messages, each read by both in turn."
    return f"{report.comparison(result, columns[0], columns[1:])}\n{timed}"


def _headlines(result: Understanding) -> Dict[str, Optional[float]]:
    return {measure.title: measure.value for measure in headlines(result)}


def _speeds(result: Understanding, parses: Sequence[Parse]) -> List[Optional[float]]:
    texts = [reading.text for own in result.readings.values() for reading in own]
    sample = texts[:: max(1, len(texts) // TIMED)][:TIMED]
    return [milliseconds(seconds)[0] for seconds in paired_seconds(sample, parses)]


def _statuses(findings: Sequence[Reading], statuses: Statuses) -> Dict[str, Optional[float]]:
    found = baselines.own_statuses(findings)
    return {
        ALL: baselines.status_hits(findings, statuses).share,
        NEGATED: baselines.status_hits(findings, statuses, "negation").share,
        FOUND: baselines.status_hits(findings, statuses, among=found).share,
        FOUND_NEGATED: baselines.status_hits(findings, statuses, "negation", found).share,
    }


def _context(findings: Sequence[Reading]) -> Comparison:
    statuses = baselines.context_statuses(findings)
    name = "medspaCy ConText"
    if statuses is None:
        return Comparison(name, note="not measured: its environment `.venv-evaluation` is not there.")
    note = "its own English rules. It is given the labelled words and need not find them."
    return Comparison(name, _statuses(findings, statuses), note=note)
