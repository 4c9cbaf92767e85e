"""Two Rasa servers, an action server, PostgreSQL, Redis and nginx, once for all tests here."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from tests.services import running
from tests.services.person import Person


@pytest.fixture(scope="session")
def services():
    lacking = running.missing()
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)} (Debian: apt-get install {' '.join(lacking)})")
    # Not in pytest's own folder, which the user of PostgreSQL may not enter.
    folder = Path(tempfile.mkdtemp(prefix="myelin-services-"))
    folder.chmod(0o755)
    started = []

    def start(service, wait=True):
        started.append(service)
        return service.start(wait)

    try:
        postgres = start(running.Postgres(folder))
        redis = start(running.Redis(folder))
        actions = start(running.Actions(folder))
        gate = running.Gate(actions.port)
        servers = [start(running.Rasa(folder, postgres, redis, gate), wait=False) for _ in range(2)]
        for server in servers:
            server.wait()
        nginx = start(running.Nginx(folder, servers))
        yield SimpleNamespace(
            postgres=postgres, redis=redis, actions=actions, gate=gate, nginx=nginx, folder=folder,
            servers=servers, first=servers[0], second=servers[1], url=nginx.url, redis_cli=redis.ask,
        )  # fmt: skip
        gate.stop()
    finally:
        for service in reversed(started):
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture
async def person(services):
    """Somebody who writes through the proxy."""
    async with Person(services.url) as somebody:
        yield somebody


@pytest_asyncio.fixture
async def two_servers(services, person):
    """The addresses of both servers, behind the proxy."""
    return services.first.url, services.second.url
