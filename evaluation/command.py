"""The command that measures everything: what to measure, in which order, into which sections of the report."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from bot.serve import ROOT, newest_model
from evaluation import compare, near_duplicates, pictures, red_flag_readers, report, understanding
from evaluation.finding_scores import MISSED
from evaluation.harness import Assistant, customs
from evaluation.message_scores import Answer, answers
from evaluation.patient_picture import draw
from evaluation.patient_records import load_patients
from evaluation.patient_scores import Outcome, markdown, outcome
from evaluation.patients import play_all
from evaluation.readings import SETS, vocabulary
from evaluation.understanding import Understanding

DOCS = ROOT / "docs"
PICTURES = DOCS / "evaluation"
Sections = List[Tuple[str, str]]


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Measures, writes the report, and returns 1 if an emergency was missed or a case under-triaged."""
    options = _options(arguments)
    options.model = options.model or newest_model()
    PICTURES.mkdir(parents=True, exist_ok=True)
    sections: Sections = []
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        assistant = Assistant(Path(folder) / "talks.db", options.model)
        if options.only != "patients":
            result = understanding.score(understanding.read(assistant.parse, _sets(options.only)))
            sections += understood(result, assistant, options)
            bad |= bool(result.red_flags and result.red_flags.fired.share != 1.0)
        if options.only in (None, "patients"):
            outcomes = _play(assistant)
            sections += patients(outcomes)
            bad |= any(each.under and each.gold_urgency not in ("routine", "within_days") for each in outcomes)
        assistant.close()
    text = report.document(sections)
    if options.only:
        print(text)
    else:
        (DOCS / "evaluation.md").write_text(text, encoding="utf-8")
        print(f"Written to {(DOCS / 'evaluation.md').relative_to(ROOT)}")
    return int(bad)


def _options(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation", description="Measures everything and writes docs/evaluation.md."
    )
    parser.add_argument("--only", choices=("understanding", "patients", "red_flags"), help="measure this and print it")
    parser.add_argument("--quick", action="store_true", help="train the stock pipeline for fewer epochs")
    parser.add_argument("--model", help="the trained model to measure; else the newest")
    parser.add_argument("--no-baselines", action="store_true", help="compare with no other system")
    return parser.parse_args(arguments)


def _sets(only: Optional[str]) -> Sequence[str]:
    return ("red_flags",) if only == "red_flags" else SETS


# --- understanding -------------------------------------------------------------------------------


def understood(result: Understanding, assistant: Assistant, options: argparse.Namespace) -> Sections:
    """The sections on understanding, with pictures and what Myelin is compared with."""
    median, slow = result.speed
    cost = f"{result.messages} messages were read: median {median or 0:.1f} ms, 95th percentile {slow or 0:.1f} ms."
    sections: Sections = [("Understanding", f"{report.goals(result)}\n\n{cost}")]
    if options.only != "red_flags":
        if not options.no_baselines:
            sections.append(
                (
                    "Compared with other systems",
                    compare.compare(result, assistant.parse, Path(options.model), options.quick),
                )
            )
        sections += _findings(result) + _intents(result, assistant)
        tests, known = near_duplicates.gold_texts(), near_duplicates.known_texts()
        found = near_duplicates.find(tests, known)
        sections.append(("Near duplicates", report.duplicates(found, len(tests), len(known))))
    if result.red_flags:
        readers = report.red_flag_readers(red_flag_readers.compare(Path(options.model)))
        sections.append(("Red flags", f"{readers}\n\n{report.red_flags(result.red_flags.flags)}"))
    sections.append(("Worst errors", report.mistakes(result.mistakes())))
    return sections


def _findings(result: Understanding) -> Sections:
    scores = result.findings
    if scores is None:
        return []
    statuses = sorted(vocabulary()["status"])
    title = "Status of findings"
    pictures.confusion(scores.confusion, statuses, title, PICTURES / "status.png")
    pictures.hardest(scores.findings, PICTURES / "findings.png")
    shown = [report.picture(title, "evaluation/status.png"), report.picture("Findings", "evaluation/findings.png")]
    note = f"`{MISSED}`: the finding was not found at all."
    return [
        ("Findings by phenomenon", "\n\n".join([report.phenomena(result), *shown, note])),
        ("What is said of findings", report.counts(scores.attributes, "attribute")),
        ("Each finding, the worst first", report.counts(scores.findings, "finding")),
    ]


def _intents(result: Understanding, assistant: Assistant) -> Sections:
    sections: Sections = []
    for name, scores in (("topics", result.topics), ("acts", result.acts)):
        if scores:
            path = PICTURES / f"{name}.png"
            pictures.confusion(scores.confusion, sorted(scores.by_intent), name.capitalize(), path)
            shown = report.picture(name.capitalize(), f"evaluation/{path.name}")
            sections.append((name.capitalize(), f"{report.counts(scores.by_intent, name[:-1])}\n\n{shown}"))
    if "topics" in result.readings:
        topics, objects, wrong = answers(result.readings["topics"], lambda text: _ask(assistant, text))
        said = (
            f"In a talk, {report.percent(topics.share)} of the questions get the answer of their topic, and "
            f"{report.percent(objects.share)} of these name exactly the object asked about, or none where none is."
        )
        sections.append(("Answers in a talk", f"{said}\n\n{report.mistakes({'objects': wrong})}"))
    return sections


def _ask(assistant: Assistant, text: str) -> Optional[Answer]:
    """The answer that a new person gets to a first question."""
    given = customs(assistant.send(text, sender=f"asks {text}"), "answer")
    return given[0] if given else None


# --- patients ------------------------------------------------------------------------------------


def _play(assistant: Assistant) -> List[Outcome]:
    talks = play_all(load_patients(), lambda patient: lambda text: assistant.send(text, f"simulated-{patient.id}"))
    return [outcome(patient, talk) for patient, talk in talks]


def patients(outcomes: Sequence[Outcome]) -> Sections:
    """The section on simulated patients."""
    if not outcomes:
        return []
    draw(outcomes, PICTURES / "patients.png")
    body = markdown(outcomes).split("\n", 1)[1].strip().replace("\n## ", "\n### ")
    return [("Simulated patients", f"{body}\n\n{report.picture('Simulated patients', 'evaluation/patients.png')}")]
