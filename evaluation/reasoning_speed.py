"""Measures how long choosing the next question and the whole result take: ``python -m evaluation.reasoning_speed``.

Simulated people answer at random, with a fixed seed. Times are CPU time of the second half of the talks, when
nothing is prepared any more. Measure on an idle machine.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from statistics import median, quantiles
from typing import List, Tuple

from bot.dialogue.journal import build_case
from bot.dialogue.talk import Talk
from bot.knowledge import Knowledge, load
from bot.knowledge.schema import Question
from bot.reasoning.assessment import assess
from bot.reasoning.interview import next_question
from bot.reasoning.suppose import NONE, TYPICAL

TALKS = 60
OPENINGS = (
    ("tingling", "foot", "both"),
    ("pain", "calf", "left"),
    ("burning", "outer_thigh", "right"),
    ("pain", "leg", ""),
)


def talk_times(knowledge: Knowledge, choice: random.Random) -> Tuple[List[float], float]:
    """Seconds for each next question of one talk, and for its result."""
    finding, site, side = choice.choice(OPENINGS)
    attributes = {"site": [site], **({"side": side} if side else {})}
    fact = {"kind": "finding", "id": finding, "status": "present", "attributes": attributes}
    talk = Talk(turn=1).record("told", facts=[fact])
    times: List[float] = []
    while True:
        case = build_case(talk, knowledge)
        start = time.process_time()
        question = next_question(case, talk.asked, knowledge)
        times.append(time.process_time() - start)
        if question is None:
            break
        talk = replace(talk.ask(question.key), turn=talk.turn + 1)
        talk = talk.record("answer", question=question.key, value=_reply(question, choice))
    start = time.process_time()
    assess(case, knowledge, complete=True)
    return times, time.process_time() - start


def _reply(question: Question, choice: random.Random) -> object:
    if question.type == "yes_no":
        return choice.choice(["yes", "no", "no"])
    if question.type in ("number", "free"):
        return choice.choice(TYPICAL[question.id])
    values = [option.value for option in question.options if option.value != NONE]
    most = 2 if question.type == "multi_choice" else 1
    return choice.sample(values, choice.randint(1, most)) if choice.random() < 0.6 else [NONE]


def main() -> None:
    """Prints the measured times."""
    choice = random.Random(7)
    knowledge = load()
    talks = [talk_times(knowledge, choice) for _ in range(TALKS)]
    late = talks[TALKS // 2 :]
    questions = [1000 * seconds for times, _ in late for seconds in times]
    results = [1000 * seconds for _, seconds in late]
    for what, times in (("next question", questions), ("result", results)):
        print(f"{what}: median {median(times):.2f} ms, 95th percentile {quantiles(times, n=20)[-1]:.2f} ms")


if __name__ == "__main__":
    main()
