"""Whatever is killed: no turn lost or doubled, a safe sentence or a try again meanwhile, recovery without a hand."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest
import pytest_asyncio

from tests.services.person import SAFE, customs, question, words
from tests.services.running import get, wait_until

pytestmark = [pytest.mark.services, pytest.mark.asyncio, pytest.mark.timeout(600)]

RECOVERED_WITHIN = 20.0  # seconds
RED_FLAG = "I'm numb between my legs and I can't pee"


@pytest_asyncio.fixture
async def talk(person):
    """A talk with an open question."""
    await person.says("burning feet")
    assert question(await person.says("yes"))
    return person


@pytest.fixture(autouse=True)
def mended(services):
    """Whatever a failed test left lying is set up again, so that it fails alone."""
    yield
    services.gate.release()
    for service in (services.postgres, services.redis, services.actions, *services.servers):
        if not service.ready():
            service.start()


async def in_thread(work, *arguments):
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


async def is_whole(person, services, *texts):
    """Both servers know the same talk, in which each text was taken in once, and go on with it."""
    expected = ["burning feet", "yes", *texts]
    assert await person.said(services.first.url) == await person.said(services.second.url) == expected
    stored = services.postgres.psql(
        "SELECT count(*), count(DISTINCT data::json->>'message_id') FROM events "
        f"WHERE type_name = 'user' AND sender_id = 'web-{person.session.split('.')[0]}'"
    ).stdout.strip()
    assert stored == f"{len(expected)}|{len(expected)}"
    asyncio.get_running_loop()
    assert words(await person.says("result so far"))
    return True


async def caught_in_the_middle(services, person, text, url=None):
    """A message whose turn now waits for the actions."""
    services.gate.hold()
    waiting = asyncio.ensure_future(person.says(text, url=url))
    assert await in_thread(services.gate.held.wait, 60)
    return waiting


async def test_a_server_killed_in_the_middle_of_a_turn(services, talk):
    waiting = await caught_in_the_middle(services, talk, "no")
    (holder,) = [
        server for server in services.servers if b"myelin_turns_under_way 1.0" in get(server.url, "/metrics")[1]
    ]
    killed = time.monotonic()
    holder.kill()
    services.gate.release()
    try:
        reply = await waiting  # the proxy hands the message to the other server
        assert question(reply) and SAFE not in words(reply)
        assert time.monotonic() - killed < RECOVERED_WITHIN
        assert words(await talk.says("no")), "one server serves alone"
    finally:
        await in_thread(holder.start)
    assert await is_whole(talk, services, "no", "no")


async def test_every_server_killed(services, talk):
    for server in services.servers:
        server.kill()
    try:
        status, reply = await talk.send("no", "while-away-1")
        assert (status, reply) == (503, {"error": "away"})
        resent = asyncio.ensure_future(talk.says("no", "while-away-1", within=500))
    finally:
        for server in services.servers:
            server.start(wait=False)
        for server in services.servers:
            await in_thread(server.wait)
    assert words(await resent)
    assert await is_whole(talk, services, "no")


async def test_the_database_restarted_between_two_messages(services, talk):
    services.postgres.kill()
    await in_thread(services.postgres.start)
    for server in services.servers:
        assert SAFE not in words(await talk.says("no", url=server.url)), "old connections are opened anew"
    assert await is_whole(talk, services, "no", "no")


async def test_the_database_away_when_a_message_comes(services, talk):
    services.postgres.kill()
    try:
        id_ = uuid.uuid4().hex
        status, _ = await talk.send("no", id_)
        assert status == 503, "nothing was stored, so the widget will send it again"
        flagged = await talk.send(RED_FLAG)
        assert flagged[0] == 200 and customs(flagged[1], "urgent"), "advice in an emergency needs no database"
        assert get(services.url, "/health")[0] == 503
        resent = asyncio.ensure_future(talk.says("no", id_))
        await asyncio.sleep(1)
    finally:
        await in_thread(services.postgres.start)
    assert SAFE not in words(await resent)
    assert await is_whole(talk, services, "no")


@pytest.mark.parametrize("away", [0.0, 4.0])
async def test_the_database_killed_in_the_middle_of_a_turn(services, talk, away):
    """The turn is waited for, or kept in Redis: the next message may go to the other server at once."""
    first, second = services.first.url, services.second.url
    waiting = await caught_in_the_middle(services, talk, "no", url=first)
    services.postgres.kill()
    if not away:
        await in_thread(services.postgres.start)
    services.gate.release()
    reply = await waiting
    assert question(reply)
    if away:
        assert (await talk.send("no", "message-2", url=second))[0] == 200, "the talk goes on from what is kept"
        await asyncio.sleep(away)
        await in_thread(services.postgres.start)
        wait_until(lambda: not services.redis_cli("--scan", "--pattern", "*unsaved*").strip(), "written", 60)
    assert await is_whole(talk, services, "no", *(["no"] if away else []))


async def test_a_wish_to_be_forgotten_while_the_database_is_away(services, talk):
    waiting = await caught_in_the_middle(services, talk, "delete my data", url=services.first.url)
    services.postgres.kill()
    services.gate.release()
    await asyncio.sleep(3)
    assert not waiting.done(), "nobody is told that it is deleted before it is"
    await in_thread(services.postgres.start)
    assert customs(await waiting, "erased")
    mine = f"SELECT count(*) FROM events WHERE sender_id = 'web-{talk.session.split('.')[0]}'"
    wait_until(lambda: services.postgres.psql(mine).stdout.strip() == "0", "erased", RECOVERED_WITHIN)


@pytest.mark.parametrize("away", [0.0, 4.0])
async def test_redis_restarted(services, talk, away):
    services.redis.kill()
    if away:
        flagged = await talk.send(RED_FLAG)
        assert flagged[0] == 200 and customs(flagged[1], "urgent"), "advice in an emergency needs no Redis"
        assert (await talk.send("no", "message-1"))[0] == 503, "two servers must not carry on without a lock"
        await asyncio.sleep(away)
    resent = asyncio.ensure_future(talk.says("no", "message-1"))
    await in_thread(services.redis.start)
    assert SAFE not in words(await resent)
    assert await is_whole(talk, services, "no")


async def test_redis_restarted_in_the_middle_of_a_turn(services, talk):
    waiting = await caught_in_the_middle(services, talk, "no", url=services.first.url)
    services.redis.kill()
    other = asyncio.ensure_future(talk.says("not sure", url=services.second.url))
    await in_thread(services.redis.start)
    services.gate.release()
    assert question(await waiting) and words(await other)
    assert await is_whole(talk, services, "no", "not sure")


async def test_the_action_server_killed_and_revived(services, talk):
    services.actions.kill()
    reply = await talk.says("I'm vegan")
    assert SAFE in words(reply) and "999" in words(reply) and not customs(reply, "assessment")
    flagged = await talk.says("my calf is swollen, hot and red")
    assert customs(flagged, "urgent"), "advice in an emergency needs no actions"
    await in_thread(services.actions.start)
    assert SAFE not in words(await talk.says("no"))
    assert await is_whole(talk, services, "I'm vegan", "my calf is swollen, hot and red", "no")
    assert "vegan" in words(await talk.says("summary")).lower(), "what was said meanwhile was taken in"


async def test_a_server_that_stood_still_does_not_overwrite_what_happened_since(services, talk):
    """Longer than its turn lasts; as under a paused virtual machine."""
    import signal

    waiting = await caught_in_the_middle(services, talk, "no", url=services.first.url)
    services.first.process.send_signal(signal.SIGSTOP)
    services.gate.release()
    try:
        assert words(await talk.says("not sure", url=services.second.url))
    finally:
        services.first.process.send_signal(signal.SIGCONT)
    await waiting
    said = await talk.said(services.second.url)
    assert said[:2] == ["burning feet", "yes"] and sorted(set(said[2:])) in (["not sure"], ["no", "not sure"])
    assert len(said) == len(set(said))
    assert await talk.said(services.first.url) == said
