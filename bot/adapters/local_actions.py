"""The actions inside the Rasa server, for one machine: no second process, no HTTP between two halves of a turn."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Optional, Text

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

PATIENCE = 30.0  # seconds until a turn goes on without an action that hangs, and the person hears the safe sentence
AT_ONCE = 4  # threads; an action that hangs keeps one of them, and other talks go on


class LocalActions(EndpointConfig):
    """An action endpoint that runs the actions of a package by the executor of the Rasa SDK, as the action server does.

    Calls and results go through JSON, so that nothing passes that would not pass over HTTP, and nobody can change
    what the other side holds. What an action raises is for Rasa what a failing action server is.
    """

    def __init__(self, package: Text = "actions") -> None:
        super().__init__(url=f"local:{package}", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="actions")
        self._of_thread = threading.local()

    async def request(self, *args: Any, **kwargs: Any) -> Optional[Dict[Text, Any]]:
        """Runs one call. Raises ``asyncio.TimeoutError`` after ``PATIENCE``, else whatever the action raises."""
        call = json.dumps(kwargs["json"])
        answer = asyncio.get_running_loop().run_in_executor(self._threads, self._run, call)
        return json.loads(await asyncio.wait_for(answer, PATIENCE))

    async def is_reachable(self, patience: float) -> bool:
        """Whether an action could begin within so many seconds; not while each thread is kept by one that hangs."""
        begun = asyncio.get_running_loop().run_in_executor(self._threads, bool)
        try:
            await asyncio.wait_for(begun, patience)
        except asyncio.TimeoutError:
            return False
        return True

    def _run(self, call: str) -> str:
        if not hasattr(self._of_thread, "loop"):
            self._of_thread.loop = asyncio.new_event_loop()
        return json.dumps(self._of_thread.loop.run_until_complete(self._executor.run(json.loads(call))))
