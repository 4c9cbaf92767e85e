"""The database file of a single machine: connections that stay open, and readers that never wait for a writer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

# Readers and the writer do not block each other, and a commit does not wait for the disk: no crash of the server loses
# a turn, only a loss of power may lose the last ones (https://sqlite.org/wal.html, 3.2 and 11).
# What is deleted is overwritten at once.
SETTINGS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "PRAGMA secure_delete=ON")


def pooled(engine: sa.engine.Engine) -> sa.engine.Engine:
    """An engine for the same file that keeps its connections: to open and close one takes longer than a turn reads."""
    kept = sa.create_engine(engine.url, poolclass=QueuePool, connect_args={"check_same_thread": False})
    engine.dispose()
    sa.event.listen(kept, "connect", _configure)
    return kept


def _configure(connection: Any, _: object) -> None:
    for setting in SETTINGS:
        connection.execute(setting)


def forget(engine: sa.engine.Engine) -> None:
    """Empties the log beside the file, in which what was deleted could still be read."""
    with engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
