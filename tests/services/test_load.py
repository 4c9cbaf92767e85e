"""Many talks at once, and many turns: no error, and memory stays flat.

``MYELIN_LOAD_SECONDS`` and ``MYELIN_SOAK_TURNS`` set the length; ``make services-full`` runs two minutes and 5,000 turns.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import time

import pytest

from tests.services.person import SAFE, Person, customs, question, words
from tests.services.running import get

pytestmark = [pytest.mark.services, pytest.mark.asyncio, pytest.mark.timeout(1800)]

AT_ONCE = 200
THINKING = (3.0, 9.0)  # seconds; faster than anybody reads
SECONDS = float(os.environ.get("MYELIN_LOAD_SECONDS", 30))
TURNS = int(os.environ.get("MYELIN_SOAK_TURNS", 1200))
SOAK_AT_ONCE = 48
WARM_UP = 0.4  # of the turns; caches fill and the allocator takes its arenas
MOST_GROWTH = 0.05
OPENINGS = (
    "burning feet, I'm vegan",
    "pins and needles in my toes",
    "my thigh hurts",
    "numb feet since I take metformin",
)
ASIDES = ("what is vitamin B12?", "why do you ask?", "my B12 is 180 pg/mL", "can I eat eggs?", "result so far", "hmm")


class Talks:
    """Persons who each hold one talk after the other until told to stop."""

    def __init__(self, url, seed=0, thinking=(0.0, 0.0)):
        self.url = url
        self.thinking = thinking  # seconds between a reply and the next message, at least and at most
        self.random = random.Random(seed)
        self.seconds = []
        self.safe = self.refused = self.results = 0
        self.stopped = False

    async def one(self, person, text):
        await asyncio.sleep(self.random.uniform(*self.thinking))
        started = time.perf_counter()
        reply = await person.says(text)
        self.seconds.append(time.perf_counter() - started)
        assert words(reply), "an empty reply"
        self.safe += SAFE in words(reply)
        self.results += bool(customs(reply, "assessment"))
        return reply

    async def hold(self):
        while not self.stopped:
            async with Person(self.url) as person:
                await self.one(person, self.random.choice(OPENINGS))
                reply = await self.one(person, "yes")
                for _ in range(20):
                    if self.stopped:
                        break
                    asked = question(reply)
                    text = (
                        "skip" if asked and asked["type"] == "number" else self.random.choice(("no", "yes", "not sure"))
                    )
                    reply = await self.one(person, text if self.random.random() < 0.85 else self.random.choice(ASIDES))
                self.refused += person.refused

    async def run(self, at_once, until):
        tasks = [asyncio.ensure_future(self.hold()) for _ in range(at_once)]
        while not until():
            await asyncio.sleep(0.2)
            for task in tasks:
                if task.done():
                    task.result()  # an error ends the test at once
        self.stopped = True
        await asyncio.gather(*tasks)


def memory(services):
    return {f"server {number}": server.memory() for number, server in enumerate(services.servers, start=1)}


def errors(services):
    """Errors that any person could notice; a Redis that answered late, on a machine with too much to do, is none."""
    lines = [line for server in services.servers for line in get(server.url, "/metrics")[1].decode().splitlines()]
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in lines
        if line.startswith("myelin_errors_total") and "redis_unavailable" not in line
    )


def report(services, name, talks, seconds, **more):
    ordered = sorted(talks.seconds)
    numbers = {
        "turns": len(ordered),
        "turns per second": round(len(ordered) / seconds, 1),
        "median seconds": round(statistics.median(ordered), 2),
        "p95 seconds": round(ordered[int(len(ordered) * 0.95)], 2),
        "told to wait": talks.refused,
        **more,
    }
    print(f"\n{name}: {json.dumps(numbers)}")
    folder = os.environ.get("MYELIN_RESULTS")
    if folder:
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(numbers, file, indent=1)


async def test_two_hundred_talks_at_once(services):
    talks = Talks(services.url, thinking=THINKING)
    before, failed = memory(services), errors(services)
    warm = {}
    started = time.monotonic()

    def until():
        passed = time.monotonic() - started
        if passed > SECONDS * WARM_UP and not warm:
            warm.update(memory(services))
        return passed > SECONDS

    await talks.run(AT_ONCE, until)
    after = memory(services)
    report(services, "load", talks, time.monotonic() - started, before=before, warm=warm, after=after)
    assert talks.safe == 0 and errors(services) == failed
    assert sum(after.values()) < sum(warm.values()) * (1 + MOST_GROWTH)


async def test_memory_stays_flat_over_many_turns(services):
    talks, failed = Talks(services.url, seed=1), errors(services)
    warm = {}

    def until():
        if len(talks.seconds) > TURNS * WARM_UP and not warm:
            warm.update(memory(services))
        return len(talks.seconds) >= TURNS

    started = time.monotonic()
    await talks.run(SOAK_AT_ONCE, until)
    after = memory(services)
    growth = sum(after.values()) / sum(warm.values()) - 1
    report(services, "soak", talks, time.monotonic() - started, warm=warm, after=after, growth=f"{growth:.1%}")
    assert talks.safe == 0 and errors(services) == failed and talks.results
    assert growth < MOST_GROWTH
