"""Plays the simulated patients through the running assistant and scores them.

python -m evaluation.patients --url http://127.0.0.1:5005 [--only id] [--set 'second_*'] [--show]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Callable, Iterator, List, Optional, Sequence, Tuple

import requests

from evaluation.patient_records import Patient, load_patients
from evaluation.patient_scores import Outcome, markdown, outcome
from evaluation.patient_talk import Messages, Send, Talk, play

TIMEOUT = 60  # seconds for one reply
NewTalk = Callable[[Patient], Send]


def over_rest(url: str) -> NewTalk:
    """Talks to a running server; each patient is a new person to it."""
    run = uuid.uuid4().hex[:8]

    def new_talk(patient: Patient) -> Send:
        def send(text: str) -> Messages:
            body = {"sender": f"simulated-{run}-{patient.id}", "message": text}
            answer = requests.post(f"{url.rstrip('/')}/webhooks/rest/webhook", json=body, timeout=TIMEOUT)
            answer.raise_for_status()
            messages: Messages = answer.json()
            return messages

        return send

    return new_talk


def in_process(database: Path) -> NewTalk:
    """Talks to the newest model without a server; ``database`` is the file it may write to."""
    from evaluation.harness import Assistant

    assistant = Assistant(database)
    return lambda patient: lambda text: assistant.send(text, f"simulated-{patient.id}")


def play_all(patients: Sequence[Patient], new_talk: NewTalk, seed: int = 0) -> Iterator[Tuple[Patient, Talk]]:
    """Plays one patient after the other."""
    for patient in patients:
        yield patient, play(patient, new_talk(patient), seed)


def transcript(talk: Talk) -> str:
    """A talk to read, with the machine-readable messages named."""
    lines: List[str] = [f"### {talk.patient} ({talk.ended})"]
    for said, replies in talk.turns:
        lines.append(f"> {said}")
        for message in replies:
            custom = message.get("custom") or {}
            mark = f"[{custom['kind']}] " if custom.get("kind") else ""
            words = (
                message.get("text") or " ".join(str(custom.get(key, "")) for key in ("id", "flag", "urgency")).strip()
            )
            lines.append(f"  {mark}{words}")
    return "\n".join(lines)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command; returns 1 if an emergency or same-day case was under-triaged."""
    options = _options(arguments)
    patients = load_patients(files=options.set)
    patients = [patient for patient in patients if not options.only or patient.id in options.only]
    outcomes: List[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        new_talk = over_rest(options.url) if options.url else in_process(Path(folder) / "talks.db")
        for patient, talk in play_all(patients, new_talk, options.seed):
            outcomes.append(outcome(patient, talk))
            if options.show:
                print(transcript(talk), end="\n\n", flush=True)
    report = markdown(outcomes)
    print(report)
    if options.report:
        options.report.write_text(report, encoding="utf-8")
    if options.picture:
        from evaluation.patient_picture import draw

        draw(outcomes, options.picture)
    return int(any(each.under and each.gold_urgency not in ("routine", "within_days") for each in outcomes))


def _options(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation.patients", description=__doc__)
    parser.add_argument("--url", help="a running assistant; without it the newest model is loaded in this process")
    parser.add_argument("--only", action="append", metavar="ID", help="play only this patient; may be repeated")
    parser.add_argument("--set", default="*", metavar="FILES", help="play only the patients of files with these names")
    parser.add_argument("--show", action="store_true", help="print every talk")
    parser.add_argument("--seed", type=int, default=0, help="choice of words of the patients")
    parser.add_argument("--report", type=Path, help="also write the Markdown report to this file")
    parser.add_argument("--picture", type=Path, help="write a picture of the results to this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
