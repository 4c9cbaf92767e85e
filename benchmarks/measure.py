"""Everything that is measured of one bot, in one fixed order."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from benchmarks import talks
from benchmarks.processes import Server, serving
from benchmarks.talks import Load, Turns
from bot.serve import LOOPBACK, ROOT

CREDENTIALS = "rest:\n"
AT_ONCE = (1, 4, 16, 64)  # talks
TICK = 0.01  # seconds; processor time is not told more finely


@dataclass(frozen=True)
class Effort:
    """How much is measured: starts, interviews, long talks and their turns, turns for each number of talks at once."""

    starts: int = 3
    interviews: int = 10
    long_talks: int = 2
    long_turns: int = max(talks.MARKS)
    load_turns: int = 320


QUICK = Effort(starts=1, interviews=3, long_talks=1, long_turns=50, load_turns=128)


@dataclass(frozen=True)
class Bot:
    """How to start a bot. ``model`` and ``training`` (seconds) are missing where nothing is trained."""

    name: str
    command: Tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    model: Optional[Path] = None
    training: Optional[float] = None
    postponed: bool = False


@dataclass
class Measures:
    """Times in milliseconds for turns and seconds for the rest; memory in MiB, idle and after all talks."""

    name: str
    training: Optional[float]
    start: float
    load: Optional[float]
    memory_idle: float
    memory: float
    phases: Dict[str, Turns]
    marks: Dict[int, float]
    long: List[float]
    loads: List[Load]

    @property
    def turns(self) -> Tuple[float, ...]:
        """Every turn of the interviews."""
        return tuple(took for turns in self.phases.values() for took in turns.times)

    @property
    def silent(self) -> int:
        """Turns of the interviews that were answered with nothing."""
        return sum(turns.silent for turns in self.phases.values())


def myelin(model: Path, training: float) -> Bot:
    """Myelin as ``make run`` starts it. It takes the newest model, which must be this one."""
    return Bot("Myelin", (sys.executable, "-m", "bot.serve", "--port", "{port}"), {}, model, training, postponed=True)


def rasa_bot(name: str, model: Path, training: float) -> Bot:
    """A plain ``rasa run``."""
    words = f"-m rasa run --model {model} --port {{port}} --interface {LOOPBACK} --credentials credentials.yml"
    environment = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return Bot(name, (sys.executable, *words.split()), environment, model, training)


def web_server() -> Bot:
    """The web server alone."""
    return Bot("Sanic alone", (sys.executable, "-m", "benchmarks.web_floor", "{port}"))


def measure(bot: Bot, folder: Path, effort: Effort) -> Measures:
    """Starts the bot several times in ``folder`` and measures all of it in the last start."""
    (folder / "credentials.yml").write_text(CREDENTIALS, encoding="utf-8")
    environment = {**bot.environment, "MYELIN_DATABASE": str(folder / f"{os.getpid()}.db")}
    starts: List[float] = []
    for _ in range(effort.starts - 1):
        with serving(bot.command, folder, environment) as server:
            starts.append(server.started)
    with serving(bot.command, folder, environment) as server:
        starts.append(server.started)
        idle = server.memory()
        interviews = asyncio.run(talks.phases(server.url, effort.interviews))
        long = [asyncio.run(talks.long_talk(server.url, effort.long_turns)) for _ in range(effort.long_talks)]
        loads = [_load(server, number, effort.load_turns) for number in AT_ONCE]
        marks = [talks.at_marks(times) for times in long]
        return Measures(
            name=bot.name,
            training=bot.training,
            start=median(starts),
            load=_load_time(bot, folder),
            memory_idle=idle,
            memory=server.memory(),
            phases=interviews,
            marks={mark: median(each[mark] for each in marks) for mark in marks[0]},
            long=[median(turn) for turn in zip(*long)],
            loads=loads,
        )


def _load(server: Server, talks_at_once: int, turns: int) -> Load:
    before = server.processor_time()
    seconds, times = asyncio.run(talks.together(server.url, talks_at_once, turns))
    used = max(server.processor_time() - before, TICK)
    return Load(talks_at_once, len(times) / seconds, len(times) / used, talks.percentile(times, 0.95))


def _load_time(bot: Bot, folder: Path) -> Optional[float]:
    if bot.model is None:
        return None
    command: Sequence[str] = [sys.executable, "-W", "ignore", "-m", "benchmarks.load_time", str(bot.model)]
    result = subprocess.run(
        [*command, "postponed"] if bot.postponed else command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(result.stdout.split()[-1])
