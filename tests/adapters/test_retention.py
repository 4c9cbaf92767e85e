"""Old talks go, new ones stay, and a busy store does not stop the server."""

from __future__ import annotations

import pytest

from bot.adapters import retention


class Store:
    def __init__(self, error=None):
        self.error = error
        self.asked = []

    def erase_older_than(self, timestamp):
        self.asked.append(timestamp)
        if self.error:
            raise self.error
        return 3


@pytest.mark.parametrize(("setting", "days"), [(None, 30), ("7", 7)])
def test_the_limit_is_the_promised_or_the_configured_one(monkeypatch, time_machine, setting, days):
    time_machine.move_to(1_000_000_000, tick=False)
    monkeypatch.delenv("MYELIN_RETENTION_DAYS", raising=False)
    if setting:
        monkeypatch.setenv("MYELIN_RETENTION_DAYS", setting)
    store = Store()
    assert retention.delete_old(store) == 3
    assert store.asked == [1_000_000_000 - days * 86_400]


def test_a_busy_store_is_no_reason_to_stop():
    assert retention.delete_old(Store(RuntimeError("locked"))) == 0


def test_a_store_without_deletion_is_left_alone():
    assert retention.delete_old(object()) == 0
