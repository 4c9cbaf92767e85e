"""What starts and ends with every Rasa server of the assistant."""

from __future__ import annotations

import logging
from typing import Any, Callable, List, Tuple

from bot.adapters.metrics import CountErrors, measure_turns
from bot.adapters.retention import keep_deleting, stop_deleting
from bot.adapters.upkeep import keep_writing, stop_writing


def count_errors(*_: Any) -> None:
    """Listens to the log."""
    logging.getLogger().addHandler(CountErrors())


LISTENERS: List[Tuple[Callable[..., Any], str]] = [
    (count_errors, "before_server_start"),
    (measure_turns, "after_server_start"),
    (keep_deleting, "after_server_start"),
    (keep_writing, "after_server_start"),
    (stop_writing, "before_server_stop"),
    (stop_deleting, "before_server_stop"),
]
