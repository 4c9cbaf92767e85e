"""The shared memory in a real Redis: two servers, one that dies, and Redis away."""

from __future__ import annotations

import asyncio

import pytest

from bot.shared import Rate, UnavailableError
from bot.shared import redis as shared_redis
from bot.shared.redis import InRedis
from tests.services.running import Redis, binary

pytestmark = [pytest.mark.services, pytest.mark.asyncio, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if binary("redis-server") is None:
        pytest.skip("not installed: redis-server")
    running = Redis(tmp_path_factory.mktemp("redis")).start()
    yield running
    running.stop()


@pytest.fixture
def two(server, monkeypatch):
    monkeypatch.setattr(shared_redis, "TURN_LASTS", 1.0)
    monkeypatch.setattr(shared_redis, "SIGN_OF_LIFE_EVERY", 0.2)
    return InRedis(server.url), InRedis(server.url)


async def test_what_one_server_knows_the_other_knows(two):
    first, second = two
    assert await first.first_time("x", 60) and not await second.first_time("x", 60)
    await first.put("v", "é", 60)
    assert await second.get("v") == "é"
    await second.drop("v")
    assert await first.get("v") is None
    waits = [await server.wait("r", Rate(60, 2)) for server in (first, second, first)]
    assert waits[:2] == [0, 0] and 0 < waits[2] <= 1
    assert await first.ping()


async def test_turns_are_exclusive_in_order_and_as_long_as_they_take(two):
    inside, order = [], []

    async def work(server, number, hold=0.05):
        async with server.turn("talk", number) as held:
            assert not inside
            inside.append(number)
            await asyncio.sleep(hold)
            assert await held.still()
            inside.remove(number)
            order.append(number)

    holder = asyncio.ensure_future(work(two[0], 9, hold=1.6))  # longer than a turn lasts without a sign of life
    await asyncio.sleep(0.2)
    others = [asyncio.ensure_future(work(two[number % 2], number)) for number in (5, 3, 4, 1, 2)]
    await asyncio.gather(holder, *others)
    assert order == [9, 1, 2, 3, 4, 5]


async def test_those_who_die_are_passed_over(two):
    first, second = two
    dead_holder, dead_waiter = (shared_redis._Turn(first._look, ["myelin:turn:d", "myelin:alive:d"], n) for n in (1, 2))
    assert await dead_holder.still() and not await dead_waiter.still()
    started = asyncio.get_running_loop().time()
    async with second.turn("d", 3):
        assert 0.5 < asyncio.get_running_loop().time() - started < 20  # a turn lasts one second here
    assert not await second._redis.exists("myelin:turn:d", "myelin:alive:d")


async def test_a_turn_lost_to_another_is_noticed(two):
    first, second = two
    still = shared_redis._Turn(first._look, ["myelin:turn:l", "myelin:alive:l"], None)
    assert await still.still()
    async with second.turn("l"):
        assert not await still.still()


async def test_while_redis_is_away_each_counts_alone_and_turns_are_refused(two, server, monkeypatch):
    monkeypatch.setattr(shared_redis, "PATIENCE", 0.3)
    first, _ = two
    server.kill()
    try:
        assert await first.first_time("y", 60) and not await first.first_time("y", 60)
        assert [await first.wait("s", Rate(60, 1)) > 0 for _ in range(2)] == [False, True]
        assert not await first.ping()
        for refused in (first.get("v"), first.put("v", "1", 1), first.drop("v")):
            with pytest.raises(UnavailableError):
                await refused
        with pytest.raises(UnavailableError):
            async with first.turn("z"):
                raise AssertionError
    finally:
        server.start()
    async with first.turn("z"):
        assert await first.ping()
