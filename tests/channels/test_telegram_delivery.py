"""How updates come, and the client of the Bot API: it starts without network, goes on trying, gives nothing away."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import socket
import uuid
from pathlib import Path

import pytest
import pytest_asyncio
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels.health import HealthInput
from bot.channels.telegram import SECRET_HEADER, TelegramInput
from bot.channels.telegram_api import TelegramApi, TelegramError, Upload
from bot.channels.telegram_delivery import Delivery
from bot.channels.telegram_settings import ROUTE, TelegramSettings
from bot.channels.telegram_updates import WANTED

_spec = importlib.util.spec_from_file_location("telegram_server", Path(__file__).parent / "telegram_server.py")
assert _spec is not None and _spec.loader is not None
telegram_server = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(telegram_server)

SECRET = b"a secret of the tests, long enough"
UNREACHABLE = "http://127.0.0.1:9"


class StopError(Exception):
    """Ends a delivery that would go on for ever."""


class Clock:
    """Pauses that are over at once; after ``most`` of them the delivery is stopped."""

    def __init__(self, most=1000):
        self.paused, self.most = [], most

    async def pause(self, seconds):
        if len(self.paused) >= self.most:
            raise StopError
        self.paused.append(seconds)


@pytest_asyncio.fixture
async def server():
    serving = telegram_server.BotApi()
    await serving.server.start_server()
    yield serving
    await serving.server.close()


@pytest_asyncio.fixture
async def client(server):
    clock = Clock()
    api = TelegramApi(telegram_server.TOKEN, server.address, pause=clock.pause)
    api.clock = clock
    yield api
    await api.close()


def settings(api=UNREACHABLE, token=telegram_server.TOKEN, **options):
    return TelegramSettings(token, SECRET, api=api, **options)


def delivery(options, client, take=None, clock=None):
    async def ignore(_):
        pass

    return Delivery(options, client, take or ignore, pause=(clock or Clock()).pause)


asynchronous = pytest.mark.asyncio


# --- settings ------------------------------------------------------------------------------------------


def test_without_a_token_the_channel_is_off_and_needs_no_secret():
    def secret():
        raise AssertionError("not needed")

    assert TelegramSettings.from_environment({}, secret) is None
    assert TelegramSettings.from_environment({"MYELIN_TELEGRAM_TOKEN": "  "}, secret) is None


def test_the_secret_token_is_one_that_telegram_takes_and_changes_with_the_bot():
    first, second = settings(), settings(token="12345:another")
    assert 1 <= len(first.webhook_secret) <= 256 and first.webhook_secret.replace("-", "").replace("_", "").isalnum()
    assert first.webhook_secret != second.webhook_secret
    assert telegram_server.TOKEN not in first.webhook_secret


def test_a_talk_keeps_its_id_when_the_token_is_renewed_but_not_with_another_bot_or_secret():
    talk = settings().sender(4711)
    assert settings(token="12345:renewed").sender(4711) == talk
    assert settings(token="99999:other").sender(4711) != talk
    assert TelegramSettings(telegram_server.TOKEN, b"another secret").sender(4711) != talk
    assert len(talk) <= 255 and "4711" not in talk


def test_settings_come_from_the_environment():
    environment = {
        "MYELIN_TELEGRAM_TOKEN": " 1:a ",
        "MYELIN_TELEGRAM_MODE": "Polling",
        "MYELIN_TELEGRAM_URL": "https://myelin.example/",
    }
    read = TelegramSettings.from_environment(environment, lambda: SECRET)
    assert (read.token, read.mode, read.webhook_url) == ("1:a", "polling", "https://myelin.example" + ROUTE)
    with pytest.raises(ValueError):
        TelegramSettings.from_environment({**environment, "MYELIN_TELEGRAM_MODE": "pigeon"}, lambda: SECRET)


def test_tokens_do_not_show_when_settings_are_printed():
    assert "a-token" not in repr(settings()) and "secret" not in repr(settings())


# --- starting ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, settings(public_url="https://myelin.example"), settings(mode="polling")])
def test_the_server_starts_at_once_without_token_or_network(given, monkeypatch):
    monkeypatch.delenv("MYELIN_TELEGRAM_TOKEN", raising=False)
    app = Sanic(f"telegram-{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = None
    register([HealthInput(), TelegramInput(given)], app, route="/webhooks/")
    assert app.test_client.get("/health")[1].status == 503
    _, reply = app.test_client.post(ROUTE, json={"update_id": 1}, headers={SECRET_HEADER: "x"})
    assert reply.status == (403 if given is not None and given.mode == "webhook" else 404)


def test_the_address_that_is_told_to_telegram_is_the_one_that_is_served():
    options = settings(public_url="https://myelin.example")
    app = Sanic(f"telegram-{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = None
    register([TelegramInput(options)], app, route="/webhooks/")
    path = options.webhook_url[len("https://myelin.example") :]
    _, reply = app.test_client.post(path, json={}, headers={SECRET_HEADER: options.webhook_secret})
    assert reply.status == 200


# --- webhook -------------------------------------------------------------------------------------------


@asynchronous
async def test_the_webhook_is_set_with_a_secret_and_what_is_wanted(server, client):
    options = settings(server.address, public_url="https://myelin.example")
    await delivery(options, client).run()
    (webhook,) = server.of("setWebhook")
    assert webhook["url"] == options.webhook_url and webhook["secret_token"] == options.webhook_secret
    assert webhook["allowed_updates"] == list(WANTED) and webhook["max_connections"] == 1
    (named,) = server.of("setMyCommands")
    assert [command["command"] for command in named["commands"]] == ["start", "help", "stop", "restart", "delete"]
    assert all(1 <= len(command["description"]) <= 256 for command in named["commands"])


@asynchronous
@pytest.mark.parametrize(
    "failure", [{"code": 400}, {"code": 429, "retry_after": 9}, {"code": 500}, {"code": 502, "raw": "x"}]
)
async def test_the_webhook_is_tried_until_it_works_at_a_growing_distance(server, client, failure):
    clock = Clock()
    server.fail(method="setWebhook", times=12, **failure)
    await delivery(settings(server.address, public_url="https://a.example"), client, clock=clock).run()
    assert len(server.of("setWebhook")) == 13 and server.of("setMyCommands")
    assert clock.paused == sorted(clock.paused) and clock.paused[0] <= 1 and clock.paused[-1] == 300


@asynchronous
async def test_without_network_it_goes_on_trying():
    clock, api = Clock(most=5), TelegramApi(telegram_server.TOKEN, UNREACHABLE)
    with pytest.raises(StopError):
        await delivery(settings(public_url="https://a.example"), api, clock=clock).run()
    await api.close()
    assert len(clock.paused) == 5


@asynchronous
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_wrong_token_is_said_once_and_not_tried_again(server, caplog, mode):
    api = TelegramApi("12345:wrong", server.address)
    await delivery(settings(server.address, "12345:wrong", mode=mode, public_url="https://a.example"), api).run()
    await api.close()
    assert len(server.calls) == 1 and "MYELIN_TELEGRAM_TOKEN" in caplog.text and "wrong" not in caplog.text


@asynchronous
async def test_without_a_public_address_it_says_what_is_missing(server, client, caplog):
    await delivery(settings(server.address), client).run()
    assert "MYELIN_TELEGRAM_URL" in caplog.text and not server.calls


# --- polling -------------------------------------------------------------------------------------------


def update(number):
    return {"update_id": number, "message": {"chat": {"id": 1, "type": "private"}, "text": f"m{number}"}}


@asynchronous
async def test_polling_takes_each_update_once_and_in_order(server, client):
    server.updates = [update(number) for number in (5, 6, 7)]
    taken = []

    async def take(data):
        taken.append(data["update_id"])
        if len(taken) == 3:
            server.updates.append(update(8))
        if data["update_id"] == 8:
            raise StopError

    with pytest.raises(StopError):
        await delivery(settings(server.address, mode="polling"), client, take).run()
    assert taken == [5, 6, 7, 8]
    assert server.calls[0][0] == "deleteWebhook" and server.calls[0][1] == {"drop_pending_updates": False}
    assert [asked.get("offset") for asked in server.of("getUpdates")] == [None, 8]


@asynchronous
@pytest.mark.parametrize(
    "failure", [{"code": 409}, {"code": 500}, {"code": 502, "raw": "<html>"}, {"code": 200, "raw": "{}"}]
)
async def test_polling_survives_failures(server, client, failure):
    server.updates = [update(5)]
    server.fail(method="getUpdates", times=3, **failure)

    async def take(_):
        raise StopError

    with pytest.raises(StopError):
        await delivery(settings(server.address, mode="polling"), client, take).run()
    assert len(server.of("getUpdates")) == 4


@asynchronous
async def test_odd_updates_do_not_stop_polling(server, client):
    taken = []

    async def take(data):
        taken.append(data)
        if len(taken) == 4:
            raise StopError

    server._getUpdates = lambda _: [None, "x", {"update_id": "y"}, update(3)]
    with pytest.raises(StopError):
        await delivery(settings(server.address, mode="polling"), client, take).run()


# --- the client -----------------------------------------------------------------------------------------


@asynchronous
@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413])
async def test_what_cannot_get_better_is_tried_once(server, client, code):
    server.fail(code, times=9)
    with pytest.raises(TelegramError) as caught:
        await client.call("sendMessage", {"chat_id": 1, "text": "secret words"})
    assert caught.value.code == code and len(server.calls) == 1
    assert "secret" not in str(caught.value) and telegram_server.TOKEN not in str(caught.value)


@asynchronous
async def test_a_server_that_stays_broken_is_given_up(server, client):
    server.fail(500, times=99)
    with pytest.raises(TelegramError):
        await client.call("sendMessage", {"chat_id": 1, "text": "a"})
    assert len(server.calls) == 6 and client.clock.paused == sorted(client.clock.paused)


@asynchronous
@pytest.mark.parametrize(
    "raw", ["", "null", "[]", '"ok"', "{}", '{"ok": 1}', "[" * 100_000, "\udcff".encode("utf-8", "replace").decode()]
)
async def test_an_answer_of_another_shape_counts_as_a_fault(server, client, raw):
    server.fail(200, raw=raw)
    assert (await client.call("sendMessage", {"chat_id": 1, "text": "a"}))["message_id"]


@asynchronous
async def test_an_answer_that_does_not_come_is_not_waited_for(server, client):
    server.delay = 0.5
    with pytest.raises(TelegramError) as caught:
        await client.call("sendMessage", {"chat_id": 1, "text": "a"}, tries=1, patience=0.1)
    assert caught.value.code == 0


@asynchronous
async def test_a_redirect_is_not_followed(server, client):
    server.fail(302, raw="")
    assert (await client.call("sendMessage", {"chat_id": 1, "text": "a"}))["message_id"]


@asynchronous
async def test_files_are_sent_with_their_parameters(server, client):
    upload = Upload("document", "a.pdf", "application/pdf", b"%PDF")
    sent = await client.call("sendDocument", {"chat_id": 5, "reply_markup": {"inline_keyboard": []}}, upload)
    assert sent["document"] == "%PDF" and sent["chat"]["id"] == 5


@asynchronous
async def test_a_chat_gets_about_one_message_a_second_after_a_burst(server, client):
    waited = []

    async def pause(seconds):
        waited.append(seconds)
        await asyncio.sleep(seconds)

    client._pause = pause
    for _ in range(20):
        await client.call("sendMessage", {"chat_id": 1, "text": "a"})
    await client.call("answerCallbackQuery", {"callback_query_id": "x"})
    assert not waited
    await client.call("sendMessage", {"chat_id": 1, "text": "a"})
    assert waited and 0 < waited[0] <= 1


@asynchronous
async def test_a_dead_port_is_an_error_like_any_other(caplog):
    caplog.set_level(logging.DEBUG)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api = TelegramApi(telegram_server.TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(TelegramError):
            await api.call("getMe", tries=1)
        await api.close()
    assert telegram_server.TOKEN not in caplog.text
