"""Starts everything the assistant needs on one machine: ``python -m bot.serve``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any, Callable, Optional

from bot import collector
from bot.lazy_imports import postpone
from bot.processor import choose_kernels

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"  # a production set-up exposes only the channels, through a proxy
DEFAULT_PORT = 5005
REVIVE_AFTER = 1.0  # seconds between a crash of the action server and its next start
ACTIONS_START_WITHIN = 30.0  # seconds


class ActionServer:
    """The action server as a child process that is started again whenever it ends unasked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{LOOPBACK}:{port}/webhook"
        self._port = port
        self._stopping = threading.Event()
        self._process: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        """Starts the process and a thread that watches it."""
        self._spawn()
        threading.Thread(target=self._watch, daemon=True).start()

    def wait_until_ready(self) -> None:
        """Returns once the server accepts connections; raises ``TimeoutError`` if it does not."""
        deadline = time.monotonic() + ACTIONS_START_WITHIN
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, self._port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("the action server did not start")

    def stop(self) -> None:
        """Ends the process and waits for it."""
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=10)

    def _spawn(self) -> None:
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(self._port), "--quiet"]
        # A session of its own: Ctrl-C reaches only the parent, which then stops the child in order.
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "SANIC_HOST": LOOPBACK}, start_new_session=True
        )

    def _watch(self) -> None:
        while not self._stopping.is_set():
            if self._process:
                self._process.wait()
            if not self._stopping.wait(REVIVE_AFTER):
                self._spawn()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def newest_model() -> str:
    """The trained model. Raises ``SystemExit`` with what to do if there is none."""
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise SystemExit("There is no trained model yet. Run: make train")
    return str(models[-1])


def read_endpoints(database: Optional[str] = None) -> Any:
    """Rasa's ``AvailableEndpoints`` of ``endpoints.yml``, with another SQLite file if one is given."""
    from rasa.core.utils import AvailableEndpoints

    endpoints: Any = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    store = endpoints.tracker_store.kwargs
    store["db"] = database or str(ROOT / store["db"])
    return endpoints


def set_environment() -> None:
    """What the libraries read. Values that are already set win."""
    choose_kernels()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("PYTHONWARNINGS", "ignore")  # the libraries that Rasa pins warn about each other


def serve(port: int, shell: bool, apart: bool) -> None:
    """Runs until stopped; with ``apart`` the actions have a process of their own."""
    actions = ActionServer(free_port()) if apart else None
    set_environment()
    if actions:
        actions.start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("Starting Myelin ...", flush=True)
    try:
        _serve_rasa(port, shell, actions)
    finally:
        if actions:
            actions.stop()


def quiet_logs() -> None:
    """Warnings and errors only, and never the text of a message."""
    import rasa.utils.common
    import rasa.utils.log_utils

    rasa.utils.common.configure_logging_and_warnings(log_level=logging.WARNING)
    rasa.utils.log_utils.configure_structlog(logging.WARNING)  # its default prints every message at DEBUG
    warnings.simplefilter("ignore")  # the line above but one lets them through again


def _serve_rasa(port: int, shell: bool, actions: Optional[ActionServer]) -> None:
    postpone()
    collector.rest()
    from bot import quiet  # noqa: F401, I001 - before what warns
    import rasa.core.run

    from bot.adapters.listeners import LISTENERS
    from bot.adapters.local_actions import LocalActions

    endpoints = read_endpoints(os.environ.get("MYELIN_DATABASE"))
    if actions is None:
        endpoints.action = LocalActions()
    else:
        endpoints.action.url = actions.url
        actions.wait_until_ready()
    quiet_logs()
    rasa.core.run.serve_application(
        model_path=newest_model(),
        channel="cmdline" if shell else None,
        credentials=None if shell else str(ROOT / "credentials.yml"),
        interface=LOOPBACK,
        port=port,
        endpoints=endpoints,
        server_listeners=[
            (collector.resume, "after_server_start"),
            *LISTENERS,
            *([] if shell else [(_announce(port), "after_server_start")]),
        ],
    )


def _announce(port: int) -> Callable[..., None]:
    def announce(*_: object) -> None:
        print(f"Myelin is ready. Chat in a browser: http://localhost:{port}/", flush=True)
        print(f"For programs: POST http://localhost:{port}/webhooks/rest/webhook. Stop with Ctrl-C.", flush=True)

    return announce


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", DEFAULT_PORT)))
    parser.add_argument("--shell", action="store_true", help="chat in this terminal")
    parser.add_argument("--actions-apart", action="store_true", help="run the actions in a process of their own")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    serve(free_port() if arguments.shell else arguments.port, arguments.shell, arguments.actions_apart)


if __name__ == "__main__":
    main()
