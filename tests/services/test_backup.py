"""What was dumped can be brought back, and nothing that is past its time comes back with it."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from tests.services.person import words
from tests.services.running import LOOPBACK, ROOT

pytestmark = [pytest.mark.services, pytest.mark.asyncio, pytest.mark.timeout(600)]


def run(services, script, argument, **settings):
    environment = {
        **os.environ, "PGHOST": LOOPBACK, "PGPORT": str(services.postgres.port), "PGUSER": services.postgres.user,
        "PGDATABASE": services.postgres.name, **settings,
    }  # fmt: skip
    command = ["sh", str(ROOT / "deploy" / script), str(argument)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


async def test_a_talk_is_dumped_lost_brought_back_and_goes_on(services, person, tmp_path):
    await person.says("burning feet, I'm vegan")
    await person.says("yes")
    old = f"INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('old', 'user', {time.time() - 40 * 86400}, '{{}}')"
    services.postgres.psql(old)
    stale = tmp_path / "myelin-20000101T000000Z.dump"
    stale.write_bytes(b"")
    os.utime(stale, (0, 0))
    dump = run(services, "backup.sh", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [os.path.basename(dump)], "old dumps are deleted"
    assert oct(os.stat(dump).st_mode & 0o777) == "0o600"
    services.postgres.psql("DELETE FROM events")
    assert await person.history() == []
    assert "talks restored" in run(services, "restore.sh", dump)
    assert services.postgres.psql("SELECT count(*) FROM events WHERE sender_id = 'old'").stdout.strip() == "0"
    assert "vegan" in words(await person.says("summary")).lower()
    assert await person.said() == ["burning feet, I'm vegan", "yes", "summary"]


async def test_a_broken_dump_changes_nothing(services, person, tmp_path):
    await person.says("burning feet")
    broken = tmp_path / "broken.dump"
    broken.write_bytes(b"not a dump")
    with pytest.raises(subprocess.CalledProcessError):
        run(services, "restore.sh", broken)
    assert await person.said() == ["burning feet"]
