"""What is said to the bots, and how long they take to answer."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from statistics import median
from typing import Dict, List, Sequence, Tuple

import aiohttp

PHASES: Dict[str, Tuple[str, ...]] = {
    "start": (
        "hello",
        "for half a year burning and tingling in both feet creeping up to my thighs, worse at night, no back pain",
        "yes",
    ),
    "continue": (
        "no",
        "I've been vegan for six years",
        "not sure",
        "yes, coughing makes it worse",
        "why do you ask?",
        "what does MMA measure?",
        "no",
        "I am 44",
    ),
    "end": ("what's the result so far?", "summary for my doctor please", "thanks, goodbye"),
}
SCRIPT = tuple(text for phase in PHASES.values() for text in phase)
# A long talk goes round in these after its beginning, so that every round costs the same but for what has grown.
ROUND = ("no", "injections or tablets?", "my feet burn at night", "yes", "what's the result so far?")
MARKS = (5, 50, 200, 300)  # turns of a long talk
LONGEST_WAIT = 120.0  # seconds for one answer
BEFORE = len(ROUND)  # turns up to a mark whose median counts as the cost of the mark


@dataclass(frozen=True)
class Turns:
    """How long turns took, in milliseconds, and how many were answered with nothing."""

    times: Tuple[float, ...]
    silent: int = 0


@dataclass(frozen=True)
class Load:
    """Talks at once: ``rate`` in turns per second, ``per_core`` in turns per second of processor time."""

    talks: int
    rate: float
    per_core: float
    slow: float  # 95th percentile of a turn in milliseconds


async def say(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Tuple[float, bool]:
    """Sends one message; milliseconds until the answer is there, and whether it says anything."""
    since = time.perf_counter()
    async with session.post(url, json={"sender": sender, "message": text}) as answer:
        answer.raise_for_status()
        said = await answer.json()
    return (time.perf_counter() - since) * 1000, bool(said)


async def phases(url: str, talks: int) -> Dict[str, Turns]:
    """Whole interviews one after the other, told apart by phase."""
    times: Dict[str, List[float]] = {name: [] for name in PHASES}
    silent = dict.fromkeys(PHASES, 0)
    async with _session() as session:
        for _ in range(talks):
            sender = uuid.uuid4().hex
            for name, texts in PHASES.items():
                for text in texts:
                    took, answered = await say(session, url, sender, text)
                    times[name].append(took)
                    silent[name] += not answered
    return {name: Turns(tuple(times[name]), silent[name]) for name in PHASES}


async def long_talk(url: str, turns: int) -> List[float]:
    """Milliseconds of each turn of one talk."""
    sender = uuid.uuid4().hex
    async with _session() as session:
        return [(await say(session, url, sender, ROUND[number % len(ROUND)]))[0] for number in range(turns)]


def at_marks(times: Sequence[float]) -> Dict[int, float]:
    """The median of the round of turns that ends at each mark that was reached."""
    return {mark: median(times[mark - BEFORE : mark]) for mark in MARKS if mark <= len(times)}


async def together(url: str, talks: int, turns: int) -> Tuple[float, List[float]]:
    """``talks`` at once until ``turns`` are done in all: seconds, and milliseconds of each turn."""
    times: List[float] = []
    left = iter(range(turns))

    async def one(session: aiohttp.ClientSession) -> None:
        while True:
            sender = uuid.uuid4().hex
            for text in SCRIPT:
                if next(left, None) is None:
                    return
                times.append((await say(session, url, sender, text))[0])

    since = time.perf_counter()
    async with _session() as session:
        await asyncio.gather(*(one(session) for _ in range(talks)))
    return time.perf_counter() - since, times


def percentile(times: Sequence[float], share: float) -> float:
    """The value that ``share`` of the times do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=LONGEST_WAIT)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout)
