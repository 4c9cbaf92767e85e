from __future__ import annotations

import gc

from bot import collector


def test_nothing_is_collected_while_starting_and_what_is_loaded_is_left_alone_after():
    try:
        collector.rest()
        assert not gc.isenabled()
        collector.resume()
        assert gc.isenabled() and gc.get_freeze_count() > 1000
    finally:
        gc.enable()
        gc.unfreeze()
