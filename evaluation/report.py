"""Writes the report: Markdown from scores. Numbers only; what was measured is decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Mapping, Optional, Sequence, Tuple

from evaluation.measures import Counts, Hits
from evaluation.near_duplicates import LENGTH_RATIO, MOST_ALIKE, SHORT, Duplicate
from evaluation.patient_scores import table
from evaluation.readings import Mistake
from evaluation.red_flag_scores import RedFlagScores
from evaluation.understanding import Measure, Understanding, headlines

WORST = 30  # errors listed for each set


@dataclass(frozen=True)
class Comparison:
    """Another system in the same run; ``None`` where it does not do the task."""

    name: str
    measures: Mapping[str, Optional[float]] = field(default_factory=dict)
    training: Optional[float] = None
    speed: Optional[float] = None
    note: str = ""


def percent(share: Optional[float]) -> str:
    """A share in percent with one decimal."""
    return "" if share is None else f"{100 * share:.1f} %"


def _hits(hits: Hits) -> str:
    return f"{percent(hits.share)} ({hits.right} of {hits.total})" if hits.total else ""


def _seconds(seconds: Optional[float]) -> str:
    return "" if seconds is None else f"{seconds:.0f} s"


def _ms(milliseconds: Optional[float]) -> str:
    return "" if milliseconds is None else f"{milliseconds:.1f} ms"


def _f(value: Optional[float]) -> str:
    return "" if value is None else f"{value:.3f}"


def goals(result: Understanding) -> str:
    """Each headline with its goal."""
    rows = [[measure.title, percent(measure.value), _goal(measure)] for measure in headlines(result)]
    return table(["measure", "result", "goal on independent sets"], rows)


def _goal(measure: Measure) -> str:
    if measure.goal is None:
        return ""
    bound = f"{'at most' if measure.at_most else 'at least'} {percent(measure.goal)}"
    return f"{bound}: {'reached' if measure.reached else 'not reached'}"


def comparison(result: Understanding, own: Comparison, others: Sequence[Comparison]) -> str:
    """Side by side, with the cost of each."""
    columns = [own, *others]
    rows = [[m.title, *(percent(each.measures.get(m.title)) for each in columns)] for m in headlines(result)]
    extra = [name for each in columns for name in each.measures if name not in {m.title for m in headlines(result)}]
    rows += [[name, *(percent(each.measures.get(name)) for each in columns)] for name in dict.fromkeys(extra)]
    rows.append(["training", *(_seconds(each.training) for each in columns)])
    rows.append(["time to read one message, median", *(_ms(each.speed) for each in columns)])
    notes = "\n".join(f"- {each.name}: {each.note}" for each in columns if each.note)
    return f"{table(['measure', *(each.name for each in columns)], rows)}\n\n{notes}".rstrip()


def phenomena(result: Understanding) -> str:
    """Findings by what the messages were written to test."""
    assert result.findings
    rows = [
        [name, str(number), _f(status.f1), _f(status.precision), _f(status.recall), _f(ids.f1), _hits(statuses)]
        for name, (number, status, ids, statuses) in result.findings.phenomena.items()
    ]
    titles = ["phenomenon", "messages", "F1", "precision", "recall", "F1 of id alone", "status of findings found"]
    return table(titles, rows)


def counts(rows: Mapping[str, Counts], title: str) -> str:
    """Found, missed and wrong of each name."""
    titles = [title, "F1", "precision", "recall", "found", "missed", "wrong"]
    lines = [
        [name, _f(c.f1), _f(c.precision), _f(c.recall), str(c.found), str(c.missed), str(c.extra)]
        for name, c in rows.items()
    ]
    return table(titles, lines)


def red_flags(flags: Mapping[str, Tuple[Hits, Hits]]) -> str:
    """Each flag: found, and false alarms on messages that look like it."""
    rows = [[flag, _hits(found), _hits(false)] for flag, (found, false) in flags.items()]
    return table(["flag", "found", "false alarms on near misses"], rows)


def red_flag_readers(scores: Mapping[str, RedFlagScores]) -> str:
    """What each reader finds."""
    rows = [[name, _hits(s.fired), _hits(s.right_flag), _hits(s.false_alarms)] for name, s in scores.items()]
    return table(["reader", "emergencies found", "with the right flag", "false alarms on near misses"], rows)


def mistakes(result: Mapping[str, Sequence[Mistake]]) -> str:
    """The worst errors of each set."""
    parts = []
    for name, wrong in result.items():
        rows = [[_cell(each.text), _cell(each.expected), _cell(each.got)] for each in wrong[:WORST]]
        shown = f", {WORST} shown" if len(wrong) > WORST else ""
        parts.append(f"### {name}: {len(wrong)}{shown}")
        if rows:
            parts.append(table(["message", "labelled, not understood", "understood, not labelled"], rows))
    return "\n\n".join(parts)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or "nothing"


def duplicates(found: Sequence[Duplicate], tests: int, known: int) -> str:
    """The proof that the test sets are apart from what the assistant was built from."""
    real = [each for each in found if not each.exempt]
    lines = [
        f"{tests} test messages were compared with {known} training examples, written-out phrases of the lexicons "
        f"and sentences that rules were tuned on. A near duplicate is equal but for case and punctuation, or has a "
        f"token set ratio of at least {MOST_ALIKE:g} and at least {LENGTH_RATIO:g} of the length.",
        f"- near duplicates: **{len(real)}**",
        f'- equal texts of fewer than {SHORT} words, such as "yes", which may coincide: {len(found) - len(real)}',
    ]
    rows = [[_cell(each.test.text), each.test.source, _cell(each.known.text), each.known.source] for each in real]
    shown = [table(["test message", "set", "like", "in"], rows)] if rows else []
    return "\n\n".join([lines[0], "\n".join(lines[1:]), *shown])


def picture(title: str, path: str) -> str:
    """A picture in the report."""
    return f"![{title}]({path})"


def document(sections: Sequence[Tuple[str, str]]) -> str:
    """The report of titled sections; empty ones are left out."""
    parts: List[str] = ["# Evaluation", "Written by `make evaluate`. Do not edit: the next run overwrites it."]
    for title, text in sections:
        if text:
            parts += [f"## {title}", text]
    return "\n\n".join(parts) + "\n"
