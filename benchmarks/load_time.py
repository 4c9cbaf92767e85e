"""How long it takes to load a model: ``python -m benchmarks.load_time MODEL [postponed]`` prints seconds."""

from __future__ import annotations

import logging
import sys
import time

from bot.lazy_imports import postpone
from bot.serve import set_environment


def main(model: str, postponed: bool) -> float:
    """Seconds from the end of the imports to a model that can answer."""
    set_environment()
    if postponed:
        postpone()
    import rasa.core.run  # noqa: F401 - the imports of a server, which are not part of the load
    import rasa.utils.log_utils
    from rasa.core.agent import Agent

    rasa.utils.log_utils.configure_structlog(logging.WARNING)
    since = time.perf_counter()
    Agent.load(model)
    return time.perf_counter() - since


if __name__ == "__main__":
    print(main(sys.argv[1], "postponed" in sys.argv[2:]))
