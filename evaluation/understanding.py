"""Measures understanding: reads every test set with one parser and scores it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from evaluation import finding_scores, message_scores, red_flag_scores
from evaluation.measures import Hits, milliseconds
from evaluation.readings import FOLDER, SETS, Mistake, Parse, Reading, load_set, read_all

Readings = Mapping[str, Sequence[Reading]]
Ask = Callable[[str], Optional[message_scores.Answer]]


@dataclass(frozen=True)
class Understanding:
    """The scores of each test set; ``None`` where the set was not measured."""

    readings: Readings
    findings: Optional[finding_scores.FindingScores] = None
    acts: Optional[message_scores.IntentScores] = None
    topics: Optional[message_scores.IntentScores] = None
    objects: Hits = Hits()
    scope: Optional[message_scores.ScopeScores] = None
    labs: Optional[message_scores.LabScores] = None
    red_flags: Optional[red_flag_scores.RedFlagScores] = None

    @property
    def speed(self) -> Tuple[Optional[float], Optional[float]]:
        """Median and 95th percentile of the time to read one message, in milliseconds."""
        return milliseconds([reading.seconds for own in self.readings.values() for reading in own])

    @property
    def messages(self) -> int:
        """How many messages were read."""
        return sum(len(own) for own in self.readings.values())

    def mistakes(self) -> Dict[str, Sequence[Mistake]]:
        """The misread messages of each set, the worst first."""
        scored = {name: getattr(self, name) for name in SETS}
        return {name: scores.mistakes for name, scores in scored.items() if scores is not None}


def read(parse: Parse, names: Sequence[str] = SETS, folder: Path = FOLDER) -> Dict[str, List[Reading]]:
    """Reads the named sets."""
    return {name: read_all(rows, parse) for name in names if (rows := load_set(name, folder))}


def score(readings: Readings) -> Understanding:
    """Scores what was read."""
    own = dict(readings)
    return Understanding(
        readings=own,
        findings=finding_scores.score(own["findings"]) if "findings" in own else None,
        acts=message_scores.intents(own["acts"], "act") if "acts" in own else None,
        topics=message_scores.intents(own["topics"], "topic") if "topics" in own else None,
        objects=message_scores.named_objects(own["topics"]) if "topics" in own else Hits(),
        scope=message_scores.scope(own["scope"]) if "scope" in own else None,
        labs=message_scores.labs(own["labs"]) if "labs" in own else None,
        red_flags=red_flag_scores.score(own["red_flags"]) if "red_flags" in own else None,
    )


@dataclass(frozen=True)
class Measure:
    """A headline: ``goal`` is the least (or with ``at_most`` the most) that is wanted on independent sets."""

    title: str
    value: Optional[float]
    goal: Optional[float] = None
    at_most: bool = False

    @property
    def reached(self) -> Optional[bool]:
        """Whether the goal is reached, ``None`` if there is none or nothing was measured."""
        if self.value is None or self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def headlines(result: Understanding) -> List[Measure]:
    """The measures that have a goal, and those next to them."""
    measures: List[Measure] = []
    if result.findings:
        scores = result.findings
        measures += [
            Measure("findings, F1 of (id, status)", scores.status.f1, 0.93),
            Measure("findings, F1 of id alone", scores.ids.f1),
            Measure("findings worded without keywords, recall of (id, status)", scores.free.recall, 0.80),
            Measure("findings worded without keywords, recall of id alone", scores.free_ids.recall),
            Measure("status under negation, of findings found", scores.negation.share, 0.95),
            Measure("site, exact where named", scores.site.share, 0.92),
            Measure("side, exact where named", scores.side.share, 0.92),
            Measure("risk factors, F1 of (id, status)", scores.risks.f1),
        ]
    if result.topics:
        measures += [
            Measure("topics", result.topics.hits.share, 0.95),
            Measure("object of the question among the entities", result.objects.share),
        ]
    if result.acts:
        measures.append(Measure("acts", result.acts.hits.share, 0.95))
    if result.scope:
        measures += [
            Measure("out of scope, rejected", result.scope.rejected.share, 0.90),
            Measure("in scope, turned away", result.scope.turned_away.share, 0.03, at_most=True),
        ]
    if result.labs:
        measures += [
            Measure("laboratory results, messages read exactly", result.labs.messages.share, 0.98),
            Measure("laboratory results, F1", result.labs.results.f1),
            Measure("laboratory's own range read exactly", result.labs.ranges.share),
            Measure("numbers that are no result, left alone", result.labs.silent.share),
        ]
    if result.red_flags:
        flags = result.red_flags
        measures += [
            Measure("red flags, some flag fires", flags.fired.share, 1.0),
            Measure("red flags, the right one fires", flags.right_flag.share),
            Measure("red flags, another one beside it", flags.beside.share),
            Measure("red flags, false alarms on near misses", flags.false_alarms.share, 0.02, at_most=True),
            Measure("red flags, urgency right", flags.urgency.share),
            Measure("red flags, less urgent than they are", flags.less_urgent.share, 0.0, at_most=True),
            Measure("red flags, subject right", flags.subject.share),
        ]
    return measures
