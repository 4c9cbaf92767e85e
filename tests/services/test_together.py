"""Two servers behave as one."""

from __future__ import annotations

import asyncio
import itertools
import json
import time

import pytest
import redis

from tests.services.person import Person, customs, question, words
from tests.services.running import get

pytestmark = [pytest.mark.services, pytest.mark.asyncio, pytest.mark.timeout(600)]


async def test_a_talk_goes_on_whichever_server_is_reached(person, two_servers):
    servers = itertools.cycle(two_servers)
    sent = ["burning feet for two years, I'm vegan", "yes"]
    reply = None
    for text in sent:
        reply = await person.says(text, url=next(servers))
    for _ in range(25):
        result = customs(reply, "assessment")
        if result and result[-1]["complete"]:
            break
        text = "skip" if question(reply)["type"] == "number" else "no"
        sent.append(text)
        reply = await person.says(text, url=next(servers))
    assert customs(reply, "assessment")[-1]["complete"]
    assert "vegan" in words(await person.says("summary", url=next(servers))).lower()
    assert (await person.said(two_servers[0])) == (await person.said(two_servers[1])) == [*sent, "summary"]


async def test_messages_at_once_to_both_servers_are_each_answered_once_and_in_order(person, two_servers):
    await person.says("burning feet")
    await person.says("yes")
    texts = [f"my foot burns at {hour} o'clock" for hour in range(1, 9)]
    servers = itertools.cycle(two_servers)
    replies = await asyncio.gather(*(person.says(text, url=next(servers)) for text in texts))
    assert all(words(reply) for reply in replies)
    history = await person.history()
    said = [text for who, text in history if who == "person"]
    assert sorted(said[2:]) == sorted(texts), "none lost, none doubled"
    for reply, text in zip(replies, texts):
        place = history.index(("person", text))
        answers = list(itertools.takewhile(lambda item: item[0] == "assistant", history[place + 1 :]))
        assert [answer for _, answer in answers] == [message.get("text") or "" for message in reply["messages"]]


async def test_a_message_sent_again_to_the_other_server_has_one_turn(person, two_servers, services):
    first = await person.says("burning feet", "message-1", url=two_servers[0])
    calls = services.gate.calls
    assert await person.says("burning feet", "message-1", url=two_servers[1]) == first
    assert services.gate.calls == calls and await person.said() == ["burning feet"]


async def test_a_message_sent_to_both_servers_at_once_has_one_turn(person, two_servers):
    both = await asyncio.gather(*(person.says("burning feet", "message-1", url=url) for url in two_servers))
    assert both[0] == both[1] and await person.said() == ["burning feet"]


async def test_the_rate_is_one_for_both_servers(person, two_servers):
    servers = itertools.cycle(two_servers)
    started = time.monotonic()
    replies = await asyncio.gather(*(person.send("hello", url=next(servers)) for _ in range(24)))
    granted = [status for status, _ in replies].count(200)
    most = 12 + (time.monotonic() - started) / 2 + 1
    assert 8 <= granted <= most, "12 at once and one every two seconds, however many servers there are"


async def test_deleted_is_deleted_for_both(person, two_servers, services):
    await person.says("my feet burn like zanzibar", url=two_servers[0])
    await person.says("yes", url=two_servers[1])
    await person.says("delete my data", url=two_servers[0])
    assert await person.history(two_servers[1]) == []
    assert services.postgres.psql("SELECT count(*) FROM events WHERE data LIKE '%zanzibar%'").stdout.strip() == "0"
    assert not services.redis_cli("--scan", "--pattern", "*value*")


async def test_redis_holds_no_words_of_a_talk_while_the_database_works(person, services):
    await person.says("my feet burn like timbuktu")
    with redis.Redis.from_url(services.redis.url) as client:
        values = [client.dump(key) or b"" for key in client.scan_iter()]
    assert values and not [value for value in values if b"timbuktu" in value]


@pytest.mark.parametrize(
    "path",
    ["/model", "/model/parse", "/conversations/default/tracker", "/domain", "/metrics", "/webhooks/rest/webhook",
     "/webhooks/rest/", "/status", "/version", "/webhooks/web/../../metrics", "/webhooks/web/%2e%2e/%2e%2e/metrics",
     "/health/live", "//metrics"],
)  # fmt: skip
async def test_the_public_sees_only_the_channels(services, path):
    assert get(services.url, path)[0] in (400, 404)


async def test_the_public_sees_widget_and_health(services):
    assert get(services.url, "/")[0] == get(services.url, "/widget/myelin-chat.js")[0] == 200
    status, body = get(services.url, "/health")
    assert status == 200
    assert json.loads(body) == {"ok": True, "model": True, "actions": True, "store": True, "shared": True}


async def test_the_numbers_tell_nothing_of_a_person(person, services):
    before = metric(services, "myelin_turns_total")
    await person.says("I'm numb between my legs and I can't pee, my name is Zebedee")
    text = "".join(get(server.url, "/metrics")[1].decode() for server in services.servers)
    assert metric(services, "myelin_turns_total") == before + 1
    assert 'myelin_red_flags_total{flag="F1"}' in text
    assert "Zebedee" not in text and person.session.split(".")[0] not in text


def metric(services, name):
    lines = [line for server in services.servers for line in get(server.url, "/metrics")[1].decode().splitlines()]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


async def test_the_servers_tell_persons_apart_by_the_address_that_the_proxy_saw(services):
    """One address uses up its rate; another is served all the same."""
    async with Person(services.url, session="none") as greedy, Person(services.url, session="none") as other:
        statuses = [(await greedy.post("/session", {}))[0] for _ in range(130)]
        assert 429 in statuses and (await other.post("/session", {}))[0] == 200
