"""A server as a child process: how long it takes to answer, and what memory and processor time all of it uses."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List, Mapping, Sequence

import requests

from bot.serve import LOOPBACK, ROOT, free_port

START_WITHIN = 600.0  # seconds
STOP_WITHIN = 20.0  # seconds
POLL = 0.05  # seconds
KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024


class Server:
    """A running server. ``started`` is the time in seconds from its start to its first answer."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}/webhooks/rest/webhook"
        self.started = 0.0
        self._process = process

    def wait(self, since: float) -> None:
        """Returns with the first answer. Raises ``RuntimeError`` if there is none in time."""
        while time.perf_counter() - since < START_WITHIN:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with code {self._process.returncode}")
            try:
                answer = requests.post(self.url, json={"sender": "first", "message": "hello"}, timeout=START_WITHIN)
            except requests.ConnectionError:
                time.sleep(POLL)
                continue
            if answer.ok and answer.json():
                self.started = time.perf_counter() - since
                return
            time.sleep(POLL)
        raise RuntimeError("the server did not answer in time")

    def memory(self) -> float:
        """Proportional set size of all its processes in MiB: memory shared with others counts by its share."""
        return sum(_pss(pid) for pid in _family(self._process.pid)) / MEBIBYTE

    def processor_time(self) -> float:
        """Seconds of processor time that all its processes have used."""
        ticks = 0
        for pid in _family(self._process.pid):
            fields = _stat(pid)
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Runs ``command`` (``{port}`` is filled in) until the block is left; nothing of it stays behind."""
    port = free_port()
    since = time.perf_counter()
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command],
        cwd=folder,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        server = Server(process, port)
        server.wait(since)
        yield server
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    family = _family(process.pid)
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_WITHIN)
    for pid in family[1:]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _family(pid: int) -> List[int]:
    """The process and all its descendants."""
    children: dict[int, List[int]] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                children.setdefault(int(_stat(int(path.name))[1]), []).append(int(path.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    family = [pid]
    for member in family:
        family.extend(children.get(member, ()))
    return family


def _stat(pid: int) -> List[str]:
    """Fields of ``/proc/<pid>/stat`` from the third on; the second may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()


def _pss(pid: int) -> int:
    """Bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * KIBIBYTE
    return 0
