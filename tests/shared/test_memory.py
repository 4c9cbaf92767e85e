"""What one server remembers alone keeps the promises of ``Shared``."""

from __future__ import annotations

import asyncio

import pytest

from bot.shared import InMemory, Rate

pytestmark = pytest.mark.asyncio


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def memory(now):
    return InMemory(clock=lambda: now[0])


async def test_values_end(memory, now):
    await memory.put("a", "1", 10)
    assert await memory.get("a") == "1"
    now[0] = 11
    assert await memory.get("a") is None and await memory.get("b") is None
    await memory.put("a", "2", 10)
    await memory.drop("a")
    assert await memory.get("a") is None


async def test_keys_are_new_once_and_again_after_their_time(memory, now):
    assert [await memory.first_time("a", 5) for _ in range(3)] == [True, False, False]
    assert await memory.first_time("b", 1)
    now[0] = 3
    assert await memory.first_time("b", 1) and not await memory.first_time("a", 5)
    now[0] = 6
    assert await memory.first_time("a", 5)


async def test_rates_are_kept(memory):
    assert [await memory.wait("a", Rate(60, 2)) > 0 for _ in range(3)] == [False, False, True]


async def test_turns_of_one_key_follow_each_other_and_others_do_not_wait(memory):
    order = []

    async def work(key, name):
        async with memory.turn(key) as held:
            order.append(f"{name} begins")
            await asyncio.sleep(0.01)
            assert await held.still()
            order.append(f"{name} ends")

    await asyncio.gather(work("a", 1), work("a", 2), work("b", 3))
    assert [line for line in order if not line.startswith("3")] == ["1 begins", "1 ends", "2 begins", "2 ends"]
    assert order.index("3 begins") < order.index("1 ends") and not memory._turns


async def test_a_turn_that_fails_or_is_given_up_is_over(memory):
    with pytest.raises(RuntimeError):
        async with memory.turn("a"):
            raise RuntimeError

    async def hold():
        async with memory.turn("a"):
            await asyncio.sleep(60)

    task = asyncio.ensure_future(hold())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with memory.turn("a"):
        pass
