"""Python's garbage collector and what a server loads once: model, knowledge, libraries.

While these are read nothing is thrown away, and afterwards they live as long as the server: a full collection that goes
through their millions of objects takes half a second and finds nothing. ``gc.freeze`` leaves them out from then on.
"""

from __future__ import annotations

import gc
from typing import Any


def rest() -> None:
    """Collects nothing while a server is starting."""
    gc.disable()


def resume(*_: Any) -> None:
    """Collects again, but never more what is there now. A listener of a server that has started."""
    gc.collect()
    gc.freeze()
    gc.enable()
