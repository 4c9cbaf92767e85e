"""The Telegram channel over HTTP on loopback: forged, doubled, late, huge and odd updates, and every failure code."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import itertools
import json
import logging
import socket
import uuid
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.channels.telegram import LARGEST_UPDATE, SECRET_HEADER, TelegramInput
from bot.channels.telegram_api import TelegramApi
from bot.channels.telegram_bot import TelegramBot
from bot.channels.telegram_settings import ROUTE, TelegramSettings
from bot.channels.telegram_words import word
from bot.knowledge import load
from bot.rendering.pictures import recovery_timeline
from bot.shared import InMemory

_spec = importlib.util.spec_from_file_location("telegram_server", Path(__file__).parent / "telegram_server.py")
assert _spec is not None and _spec.loader is not None
telegram_server = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(telegram_server)

SECRET = b"a secret of the tests, long enough"
ANNA, BEN, GROUP = 4711, 4712, -100200300


class Store:
    def __init__(self):
        self.talks = {}
        self.broken = False

    async def retrieve(self, sender):
        if self.broken:
            raise RuntimeError("broken")
        return self.talks.get(sender)


class Agent:
    """Says what it is told to say, else echoes."""

    def __init__(self, domain):
        self.domain = domain
        self.tracker_store = Store()
        self.seen = []
        self.replies = {}
        self.delay = 0.0

    async def handle_message(self, message):
        await asyncio.sleep(self.delay)
        self.seen.append(message)
        tracker = DialogueStateTracker(message.sender_id, [])
        tracker.update(UserUttered(message.text, {"name": "inform"}))
        self.tracker_store.talks[message.sender_id] = tracker
        reply = self.replies.get(message.text, [{"text": f"You said {message.text}"}])
        if isinstance(reply, Exception):
            raise reply
        for said in reply:
            await message.output_channel.send_response(message.sender_id, said)

    @property
    def texts(self):
        return [message.text for message in self.seen]


class Person:
    """Somebody with Telegram on the telephone."""

    def __init__(self, line, chat=ANNA, kind="private"):
        self.line, self.chat, self.kind = line, chat, kind

    def message(self, **content):
        return {
            "message_id": next(self.line.numbers),
            "date": 1,
            "chat": {"id": self.chat, "type": self.kind},
            "from": {"id": self.chat, "is_bot": False, "first_name": "<script>alert(1)</script>"},
            **content,
        }

    async def sends(self, **content):
        return await self.line.update(message=self.message(**content))

    async def says(self, text):
        return await self.sends(text=text)

    async def presses(self, title, message_id=None, **changes):
        """Presses a button that is shown, as Telegram tells it."""
        for message in self.line.api.shown(self.chat):
            for row in message["keyboard"]:
                if row[0]["text"] == title and message_id in (None, message["message_id"]):
                    return await self.press(message["message_id"], row[0]["callback_data"], **changes)
        raise AssertionError(f"no button {title!r} in {self.line.api.keyboards(self.chat)}")

    async def press(self, message_id, data, **changes):
        shown = self.line.api.chats.get(self.chat, {}).get(message_id, {"text": "old", "keyboard": []})
        message = {
            "message_id": message_id,
            "date": 1,
            "chat": {"id": self.chat, "type": self.kind},
            "text": shown["text"],
            "reply_markup": {"inline_keyboard": shown["keyboard"]},
        }
        query = {"id": uuid.uuid4().hex, "from": {"id": self.chat}, "message": message, "data": data, **changes}
        self.line.api.presses[query["id"]] = True
        await self.line.update(callback_query=query)
        return self.line.api.presses[query["id"]]

    @property
    def sees(self):
        return self.line.api.texts(self.chat)

    @property
    def buttons(self):
        return [title for titles in self.line.api.keyboards(self.chat).values() for title in titles]


def listening():
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken


class Line:
    """The server with the channel, and the way to it."""

    def __init__(self, domain, api, memory=None, **options):
        self.api = api
        self.memory = memory or InMemory(clock=lambda: self.now)
        self.numbers = itertools.count(1)
        self.ids = itertools.count(500)
        self.now = 0.0
        self.paused = []
        self.settings = TelegramSettings(telegram_server.TOKEN, SECRET, api=api.address, **options)
        self.app = Sanic(f"telegram-{uuid.uuid4().hex}", configure_logging=False)
        self.agent = self.app.ctx.agent = Agent(domain)
        channel = TelegramInput(self.settings, bot=self.make_bot)

        async def handler(message):
            await self.app.ctx.agent.handle_message(message)

        self.app.blueprint(channel.blueprint(handler), url_prefix="/webhooks/telegram")

    def make_bot(self, settings, on_new_message):
        async def pause(seconds):
            self.paused.append(seconds)
            await asyncio.sleep(0)

        api = TelegramApi(settings.token, settings.api, pause=pause)
        self.bot = TelegramBot(settings, on_new_message, api=api, memory=self.memory, clock=lambda: self.now)
        return self.bot

    async def __aenter__(self):
        self.server = await self.app.create_server(sock=listening(), return_asyncio_server=True, access_log=False)
        await self.server.startup()
        await self.server.before_start()
        await self.server.after_start()
        port = self.server.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}{ROUTE}"
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(self, *_):
        await self.http.close()
        await self.server.before_stop()
        self.server.close()
        await self.server.wait_closed()
        await self.server.after_stop()
        Sanic._app_registry.pop(self.app.name, None)

    async def post(self, body, **headers):
        signed = {SECRET_HEADER: self.settings.webhook_secret, "Content-Type": "application/json"}
        async with self.http.post(self.url, data=body, headers={**signed, **headers}) as reply:
            await reply.read()
            return reply.status

    async def update(self, wait=True, update_id=None, **content):
        number = next(self.ids) if update_id is None else update_id
        status = await self.post(json.dumps({"update_id": number, **content}))
        if wait:
            await self.settled()
        return status

    async def settled(self):
        await self.bot._lines.finish(10)

    @property
    def person(self):
        return Person(self)


@pytest_asyncio.fixture
async def api():
    serving = telegram_server.BotApi()
    await serving.server.start_server()
    yield serving
    await serving.server.close()


@pytest_asyncio.fixture
async def line(domain, api):
    async with Line(domain, api) as running:
        yield running


@pytest.fixture
def anna(line):
    return Person(line)


@pytest.fixture
def agent(line):
    return line.agent


def question(*titles, text="Which?", kind="yes_no", controls=("Skip",)):
    return {
        "text": text,
        "buttons": [{"title": title, "payload": title} for title in (*titles, *controls)],
        "custom": {
            "kind": "question",
            "type": kind,
            "options": [{"value": "none" if "None" in title else title.lower(), "title": title} for title in titles],
        },
    }


CLOSED_BEFORE_ALL_IS_SENT = contextlib.suppress(aiohttp.ClientError, ConnectionError)

pytestmark = pytest.mark.asyncio


# --- who may send updates ---------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["", "wrong", "é", "a" * 4000, None])
async def test_forged_updates_are_refused(line, anna, secret):
    body = json.dumps({"update_id": 1, "message": anna.message(text="hello")})
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers[SECRET_HEADER] = secret
    async with line.http.post(line.url, data=body, headers=headers) as reply:
        assert reply.status == 403
    await line.settled()
    assert not line.agent.seen and not line.api.calls


async def test_a_signed_update_is_answered(anna, agent):
    assert await anna.says("hello") == 200
    assert agent.texts == ["hello"] and anna.sees[0] == "You said hello"


async def test_an_update_is_acknowledged_before_it_is_answered(line, anna, agent):
    agent.delay = 0.5
    started = asyncio.get_running_loop().time()
    assert await line.update(wait=False, message=anna.message(text="hello")) == 200
    assert asyncio.get_running_loop().time() - started < 0.4 and not agent.seen
    await line.settled()
    assert agent.texts == ["hello"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b"nonsense"])
async def test_what_is_no_json_is_refused(line, agent, body):
    assert await line.post(body) == 400 and not agent.seen


@pytest.mark.parametrize("size", [LARGEST_UPDATE + 1, 4 * 1024**2])
async def test_a_huge_update_is_refused(line, anna, agent, size):
    body = json.dumps({"update_id": 1, "message": anna.message(text="a" * size)})
    with CLOSED_BEFORE_ALL_IS_SENT:
        assert await line.post(body) == 413
    assert not agent.seen


async def test_a_huge_update_that_does_not_tell_its_size_is_refused(line, agent):
    async def chunks():
        for _ in range(20):
            yield b"a" * 64 * 1024

    with CLOSED_BEFORE_ALL_IS_SENT:
        assert await line.post(chunks()) == 413
    assert not agent.seen


# --- whose talk it is --------------------------------------------------------------------------------


async def test_each_chat_has_a_talk_of_its_own_under_an_id_that_hides_the_chat(line, anna, agent):
    await anna.says("hello")
    await Person(line, BEN).says("hello")
    await anna.says("again")
    senders = [message.sender_id for message in agent.seen]
    assert senders[0] == senders[2] != senders[1]
    assert all(str(chat) not in sender for sender in senders for chat in (ANNA, BEN))
    assert all(message.input_channel == "telegram" and not message.metadata for message in agent.seen)


async def test_names_and_ids_of_people_stay_out_of_the_log(line, anna, agent, caplog):
    caplog.set_level(logging.DEBUG)
    agent.replies["secret words"] = RuntimeError("broken")
    await anna.says("secret words")
    line.api.fail(500, times=50)
    await anna.says("more secret words")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    written = "\n".join(ours)
    assert ours
    assert not any(text in written for text in ("secret words", str(ANNA), "alert", telegram_server.TOKEN))


# --- every kind of update ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        ("/start", "hello"),
        ("/start deep-link", "hello"),
        ("/START@myelin_bot", "hello"),
        ("/help", "help"),
        ("/stop", "stop"),
        ("/restart", "restart"),
        ("/delete", "delete my data"),
        ("/delete@myelin_bot", "delete my data"),
        ("/restarting hurts", "restarting hurts"),
        ('/inform{"talk": {}}', 'inform{"talk": {}}'),
        ("//x", "x"),
        ("hello /stop", "hello /stop"),
    ],
)
async def test_commands_are_words(anna, agent, command, meant):
    await anna.says(command)
    assert agent.texts == [meant]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "x"}]},
        {"voice": {"file_id": "x"}},
        {"video_note": {"file_id": "x"}},
        {"sticker": {"emoji": "👍"}},
        {"document": {"file_id": "x"}},
        {"location": {"latitude": 1, "longitude": 2}},
        {"contact": {"phone_number": "1"}},
        {"poll": {}},
        {"dice": {"value": 6}},
        {"text": "/"},
        {"text": "\u0000\u202e"},
    ],
)
async def test_what_is_no_text_gets_a_plain_sentence(anna, agent, content):
    assert await anna.sends(**content) == 200
    assert anna.sees == [word("only_text")] and not agent.seen


async def test_words_under_a_picture_still_count(anna, agent):
    await anna.sends(photo=[{}], caption="I cannot feel my feet")
    assert agent.texts == ["I cannot feel my feet"] and anna.sees[0] == word("only_text")


async def test_an_album_is_answered_once(anna):
    for _ in range(5):
        await anna.sends(photo=[{}], media_group_id="album")
    assert anna.sees == [word("only_text")]


async def test_an_edited_message_is_asked_for_again(line, anna, agent):
    await line.update(edited_message=anna.message(text="I meant the left leg", edit_date=2))
    assert anna.sees == [word("edited")] and not agent.seen


@pytest.mark.parametrize(
    "update",
    [
        {"my_chat_member": {"chat": {"id": ANNA, "type": "private"}, "new_chat_member": {"status": "kicked"}}},
        {"my_chat_member": {"chat": {"id": ANNA, "type": "private"}, "new_chat_member": {"status": "member"}}},
        {"message_reaction": {"chat": {"id": ANNA, "type": "private"}, "new_reaction": []}},
        {"channel_post": {"chat": {"id": GROUP, "type": "channel"}, "text": "hello"}},
        {"edited_message": {"chat": {"id": ANNA, "type": "private"}, "location": {}}},
        {"message": {"chat": {"id": ANNA, "type": "private"}, "pinned_message": {}}},
        {"message": {"chat": {"id": ANNA, "type": "private"}, "from": {"is_bot": True}, "text": "hello"}},
        {"message": {"chat": {"id": "4711", "type": "private"}, "text": "hello"}},
        {"message": {"chat": {"id": True, "type": "private"}, "text": "hello"}},
        {"message": {"chat": {"id": 2**80, "type": "private"}, "text": "hello"}},
        {"message": {"chat": {"id": ANNA, "type": "private"}, "text": {"a": 1}}},
        {"message": {"chat": [], "text": "hello"}},
        {"message": "hello"},
        {"message": None},
        {"callback_query": {"id": 5}},
        {"callback_query": []},
        {"my_chat_member": {}},
        {"inline_query": {"id": "1", "query": "hello"}},
        {"something_new": {"chat": {"id": ANNA}}},
        {},
    ],
)
async def test_what_needs_no_answer_is_ignored(line, agent, update):
    assert await line.update(**update) == 200
    assert not agent.seen and not line.api.of("sendMessage")


@pytest.mark.parametrize(
    "data", [[], "x", 1, None, {"update_id": "1"}, {"update_id": None, "message": {}}, {"a": [{}]}]
)
async def test_an_update_of_another_shape_is_ignored(line, agent, data):
    assert await line.post(json.dumps(data)) == 200 and not agent.seen


async def test_half_a_character_does_no_harm(line, anna, agent):
    await anna.says("my leg \ud800 hurts")
    agent.texts[0].encode("utf-8")


async def test_controls_go_and_long_text_is_cut_and_marked(anna, agent):
    await anna.says("a\u0007b\u202ec")
    await anna.says("a" * 9000)
    assert agent.texts[0] == "abc"
    assert len(agent.texts[1]) < 8000 and agent.seen[1].metadata["truncated"]


# --- groups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_is_refused_once_and_left(line, agent, kind):
    group = Person(line, GROUP, kind)
    added = {"chat": {"id": GROUP, "type": kind}, "new_chat_member": {"status": "member"}}
    await line.update(my_chat_member=added)
    for text in ("hello", "/start", "my leg hurts"):
        await group.says(text)
    await group.sends(new_chat_members=[{}])
    assert group.sees == [word("private_only")] and len(line.api.of("leaveChat")) == 1
    assert not agent.seen


async def test_a_button_pressed_in_a_group_is_answered_with_nothing(line, agent):
    await Person(line, GROUP, "group").press(5, "a0")
    assert len(line.api.of("answerCallbackQuery")) == 1 and not agent.seen


# --- once, and in order -------------------------------------------------------------------------------


async def test_a_doubled_update_is_taken_in_once(line, anna, agent):
    message = anna.message(text="hello")
    await asyncio.gather(*(line.update(wait=False, update_id=7, message=message) for _ in range(5)))
    await line.settled()
    await line.update(update_id=7, message=message)
    assert agent.texts == ["hello"]


async def test_messages_of_a_chat_are_answered_one_after_the_other(line, anna, agent):
    agent.delay = 0.05
    for number in range(6):
        await line.update(wait=False, message=anna.message(text=f"m{number}"))
    await line.settled()
    assert agent.texts == [f"m{number}" for number in range(6)]
    assert [text for text in anna.sees if text.startswith("You")] == [f"You said m{number}" for number in range(6)]


async def test_updates_that_wait_are_put_in_order(line, anna, agent):
    agent.delay = 0.1
    for number in (1, 5, 3, 4, 2):
        await line.update(wait=False, update_id=number, message=anna.message(text=f"m{number}"))
    await line.settled()
    assert agent.texts == ["m1", "m2", "m3", "m4", "m5"]


async def test_a_late_update_is_still_answered(line, anna, agent):
    await line.update(update_id=10, message=anna.message(text="new"))
    await line.update(update_id=9, message=anna.message(text="old"))
    assert agent.texts == ["new", "old"]


async def test_a_slow_chat_does_not_hold_up_another(line, anna, agent):
    line.api.fail(429, "sendMessage", retry_after=3)
    await asyncio.gather(anna.says("hello"), Person(line, BEN).says("hello"))
    assert sorted(line.api.chats) == [ANNA, BEN]


# --- how much -----------------------------------------------------------------------------------------


async def test_a_thousand_messages_get_one_clear_answer_and_others_are_served(line, anna, agent):
    for number in range(1000):
        await line.bot.take({"update_id": 10_000 + number, "message": anna.message(text=f"m{number}")})
        line.now += 0.06
    await line.settled()
    told = [text for text in anna.sees if text == word("too_fast")]
    assert len(told) == 1 and "999" in told[0]
    assert len(agent.seen) <= 12 + 30
    ben = Person(line, BEN)
    await ben.says("hello")
    assert "You said hello" in ben.sees


async def test_the_answer_comes_again_for_a_new_flood(line, anna):
    for start in (0, 1000):
        for number in range(40):
            await line.bot.take({"update_id": start + number, "message": anna.message(text="m")})
        await line.settled()
        line.now += 300
    assert anna.sees.count(word("too_fast")) == 2


async def test_presses_too_fast_are_still_answered(line, anna, agent):
    agent.replies["hello"] = [question("Yes", "No")]
    await anna.says("hello")
    message_id = next(iter(line.api.keyboards(ANNA)))
    notices = [await anna.press(message_id, "a0") for _ in range(60)]
    assert all(notice is not True for notice in notices) and word("too_fast_press") in notices
    assert agent.texts == ["hello", "Yes"]


# --- buttons ------------------------------------------------------------------------------------------


async def test_each_button_has_a_row_and_says_its_title(line, anna, agent):
    titles = ["Yes", "No", "Something long that would never fit into sixty-four bytes of data, not even nearly 🦵"]
    agent.replies["hello"] = [question(*titles)]
    await anna.says("hello")
    assert anna.buttons == [*titles, "Skip"]
    assert await anna.presses(titles[2]) == ""
    assert agent.texts == ["hello", titles[2]]


async def test_an_answered_keyboard_goes_and_shows_what_was_chosen(line, anna, agent):
    agent.replies["hello"] = [question("Yes", "No", text="Is it <worse> & bad?")]
    await anna.says("hello")
    await anna.presses("No")
    assert anna.buttons == []
    assert "Is it <worse> & bad?\n\n✓ No" in anna.sees


async def test_a_typed_answer_clears_the_keyboard_too(anna, agent):
    agent.replies["hello"] = [question("Yes", "No")]
    await anna.says("hello")
    await anna.says("not really")
    assert anna.buttons == [] and agent.texts == ["hello", "not really"]


async def test_one_answer_clears_every_keyboard_of_the_reply(line, anna, agent):
    agent.replies["hello"] = [question("Tell me more", controls=()), question("Yes", "No")]
    await anna.says("hello")
    assert len(line.api.keyboards(ANNA)) == 2
    await anna.presses("Tell me more")
    assert anna.buttons == []


async def test_a_button_pressed_twice_answers_once(line, anna, agent):
    agent.replies["hello"] = [question("Yes", "No")]
    await anna.says("hello")
    message_id = next(iter(line.api.keyboards(ANNA)))
    assert [await anna.press(message_id, "a0") for _ in range(3)] == ["", *[word("answered_before")] * 2]
    assert agent.texts == ["hello", "Yes"]


async def test_a_button_of_an_earlier_question_does_not_answer_the_present_one(line, anna, agent):
    agent.replies["hello"] = [question("Yes", "No", text="First?")]
    agent.replies["Yes"] = [question("Yes", "No", text="Second?")]
    await anna.says("hello")
    first = next(iter(line.api.keyboards(ANNA)))
    await anna.presses("Yes")
    assert await anna.press(first, "a1") == word("answered_before")
    assert agent.texts == ["hello", "Yes"] and anna.buttons == ["Yes", "No", "Skip"]


async def test_a_button_works_after_a_restart_of_the_server(domain, line, anna, agent, api):
    agent.replies["hello"] = [question("Yes", "No", text="1 < 2?")]
    await anna.says("hello")
    async with Line(domain, api) as restarted:
        again = Person(restarted)
        await again.presses("No")
        assert restarted.agent.texts == ["No"] and again.buttons == [] and "1 < 2?\n\n✓ No" in again.sees


async def test_two_servers_know_the_same_buttons_and_take_an_update_once(domain, line, anna, agent, api):
    async with Line(domain, api, memory=line.memory) as second:
        second.ids = itertools.count(900)
        second.agent.replies["No"] = [question("Left", "Right", text="Which leg?")]
        agent.replies["hello"] = [question("Yes", "No")]
        await anna.says("hello")
        other = Person(second)
        await other.presses("No")
        first_buttons = [number for number in api.keyboards(ANNA)]
        await anna.presses("Left")
        assert second.agent.texts == ["No"] and agent.texts == ["hello", "Left"] and first_buttons
        update = {"message": {"message_id": 9, "text": "again", "chat": {"id": ANNA, "type": "private"}}}
        await line.update(update_id=77, **update)
        await second.update(update_id=77, **update)
        assert agent.texts[-1] == "again" and "again" not in second.agent.texts


@pytest.mark.parametrize("data", ["a7", "zz", "", "d", "t0", "/restart", "a" * 64, "a-1", "é"])
async def test_forged_data_of_a_button_says_nothing(line, anna, agent, data):
    agent.replies["hello"] = [question("Yes", "No")]
    await anna.says("hello")
    assert await anna.press(next(iter(line.api.keyboards(ANNA))), data) is not True
    assert agent.texts == ["hello"]


@pytest.mark.parametrize(
    "query",
    [
        {"id": "1", "from": {"id": ANNA}, "inline_message_id": "x", "data": "a0"},
        {"id": "1", "from": {"id": ANNA}, "message": {"chat": {"id": ANNA, "type": "private"}}, "data": "a0"},
        {"id": "1", "message": {"chat": {"id": ANNA, "type": "private"}, "message_id": 5, "date": 0}, "data": "a0"},
        {"id": "1", "message": {"chat": {"id": ANNA, "type": "private"}, "message_id": 5}, "game_short_name": "g"},
        {"id": "1", "message": {"chat": {"id": ANNA, "type": "private"}, "message_id": 5, "reply_markup": {}}},
        {"id": "1", "message": {"chat": {"id": ANNA, "type": "private"}, "message_id": 5,
                                "reply_markup": {"inline_keyboard": [None, [None, {"text": 1}], "x"]}}, "data": "a0"},
    ],
)  # fmt: skip
async def test_every_press_is_answered(line, agent, query):
    await line.update(callback_query=query)
    assert len(line.api.of("answerCallbackQuery")) == 1 and not agent.seen


async def test_several_answers_are_ticked_and_sent_together(line, anna, agent):
    agent.replies["hello"] = [question("Groin", "Calf", "Foot or toes", "None of these", kind="multi_choice")]
    await anna.says("hello")
    assert anna.buttons == ["Groin", "Calf", "Foot or toes", word("done"), "None of these", "Skip"]
    assert await anna.presses(word("done")) == word("choose_first")
    for title in ("Foot or toes", "Calf", "Groin"):
        await anna.presses(title)
    await anna.presses("✓ Calf")
    assert anna.buttons[:3] == ["✓ Groin", "Calf", "✓ Foot or toes"]
    await anna.presses(word("done"))
    assert agent.texts == ["hello", "1, 3"]
    assert "Which?\n\n✓ Groin, Foot or toes" in anna.sees and anna.buttons == []


async def test_ticks_survive_a_restart(domain, line, anna, agent, api):
    agent.replies["hello"] = [question("Groin", "Calf", "Foot", kind="multi_choice")]
    await anna.says("hello")
    await anna.presses("Calf")
    async with Line(domain, api) as restarted:
        again = Person(restarted)
        await again.presses("Foot")
        await again.presses(word("done"))
        assert restarted.agent.texts == ["2, 3"]


async def test_none_of_these_is_an_answer_by_itself(anna, agent):
    agent.replies["hello"] = [question("Groin", "Calf", "None of these", kind="multi_choice")]
    await anna.says("hello")
    await anna.presses("Calf")
    await anna.presses("None of these")
    assert agent.texts == ["hello", "None of these"]


# --- what is shown --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["<b>bold</b> & <script>", "a < b > c && d", "*stars* _lines_ [x](http://y)", "&amp;"])
async def test_text_is_shown_as_it_is(anna, agent, text):
    agent.replies["hello"] = [{"text": text}]
    await anna.says("hello")
    assert anna.sees[0] == text


@pytest.mark.parametrize(
    "text", ["line of text\n" * 900, "word " * 3000, "a" * 10_000, "😀" * 5000, "<&>" * 4000, "short\n" + "b" * 5000]
)
async def test_long_text_comes_in_pieces_and_whole(anna, agent, text):
    agent.replies["hello"] = [{"text": text, "buttons": [{"title": "Yes", "payload": "Yes"}]}]
    await anna.says("hello")
    shown = [piece for piece in anna.sees if piece != word("not_private")]
    assert len(shown) > 1 and "".join("".join(shown).split()) == "".join(text.split())
    assert anna.buttons == ["Yes"], "under the last piece only"


async def test_lines_are_not_torn(anna, agent):
    agent.replies["hello"] = [{"text": "\n".join(f"line {number} of the text" for number in range(600))}]
    await anna.says("hello")
    assert all(line.endswith("of the text") for piece in anna.sees[:-1] for line in piece.split("\n"))


async def test_only_the_first_message_of_a_reply_makes_a_sound(line, anna, agent):
    agent.replies["hello"] = [{"text": "a"}, {"text": "b"}, {"text": "c"}]
    await anna.says("hello")
    assert [message["silent"] for message in line.api.shown(ANNA)] == [False, True, True, True]


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">'
    '<rect x="1" y="1" width="9" height="5" fill="#123456"/></svg>'
)


def picture(svg=SVG, alt="A bar"):
    return {"custom": {"kind": "picture", "title": "Your result", "svg": svg, "alt": alt}}


async def test_a_picture_comes_with_its_text_alternative(line, anna, agent):
    agent.replies["hello"] = [{"text": "Result"}, picture()]
    await anna.says("hello")
    assert anna.sees[0] == "Result" and line.api.shown(ANNA)[1]["caption"] == "A bar"


async def test_words_too_long_for_a_caption_follow_the_picture(line, anna, agent):
    alt = "Row: cell.\n" * 300
    agent.replies["hello"] = [picture(alt=alt)]
    await anna.says("hello")
    assert line.api.shown(ANNA)[0]["caption"] == "Your result" and anna.sees[0] == alt.strip()


async def test_pictures_of_the_assistant_are_shown(line, anna, agent):
    drawn = recovery_timeline(load())
    agent.replies["hello"] = [{"custom": drawn.contract()}]
    await anna.says("hello")
    assert line.api.shown(ANNA)[0]["photo"] > 1000


@pytest.mark.parametrize("svg", ["<svg", "", "<svg><script/></svg>", SVG])
async def test_a_picture_that_cannot_be_shown_becomes_its_words(line, anna, agent, svg):
    line.api.fail(400, "sendPhoto")
    agent.replies["hello"] = [picture(svg), {"text": "Result"}]
    await anna.says("hello")
    assert anna.sees[:2] == ["A bar", "Result"]


SUMMARY = "# Summary for a doctor\n\n## Told\n- **pain** in the leg <at night>\n\n---\nGeneral information."


async def test_the_summary_is_text_and_a_pdf(line, anna, agent):
    custom = {"kind": "summary", "markdown": SUMMARY, "pdf": None}
    agent.replies["summary"] = [{"text": SUMMARY, "custom": custom}]
    await anna.says("summary")
    document = next(message for message in line.api.shown(ANNA) if "document" in message)
    assert document["document"].startswith("%PDF") and document["name"].endswith(".pdf")
    assert "• pain in the leg <at night>" in anna.sees[0] and "#" not in anna.sees[0] and "**" not in anna.sees[0]


@pytest.mark.parametrize("markdown", ["", None, "---", 5, "# " + "very long words " * 9000])
async def test_a_summary_that_is_odd_is_still_shown_as_text(line, anna, agent, markdown):
    agent.replies["summary"] = [{"text": "In words", "custom": {"kind": "summary", "markdown": markdown}}]
    await anna.says("summary")
    assert anna.sees[0] == "In words"


# --- what this channel adds ------------------------------------------------------------------------------


async def test_the_first_reply_says_who_can_read_along_before_it_asks(anna, agent):
    agent.replies["hello"] = [{"text": "Hello."}, question("Yes", "No", text="Is it OK?")]
    await anna.says("hello")
    await anna.says("again")
    assert anna.sees[:3] == ["Hello.", word("not_private"), "Is it OK?"]
    assert anna.sees.count(word("not_private")) == 1


async def test_it_is_not_said_again_after_a_restart(domain, line, anna, agent, api):
    await anna.says("hello")
    async with Line(domain, api) as restarted:
        restarted.agent.tracker_store = agent.tracker_store
        await Person(restarted).says("hello")
    assert anna.sees.count(word("not_private")) == 1


async def test_advice_in_an_emergency_stands_alone(anna, agent):
    agent.replies["help me"] = [{"text": "Call 999.", "custom": {"kind": "urgent"}}, {"text": "I've paused."}]
    await anna.says("help me")
    assert anna.sees == ["Call 999.", "I've paused."]
    await anna.says("thanks")
    assert word("not_private") in anna.sees


async def test_after_deletion_the_copy_of_telegram_is_mentioned(line, anna, agent):
    agent.replies["delete my data"] = [{"text": "Deleted.", "custom": {"kind": "erased"}}]
    await anna.says("hello")
    await anna.says("/delete")
    assert anna.sees[-2:] == ["Deleted.", word("after_delete")]
    line.agent.tracker_store.talks.clear()
    await anna.says("hello")
    assert anna.sees.count(word("not_private")) == 2


@pytest.mark.parametrize("reply", [RuntimeError("broken"), []])
async def test_it_is_never_silent(anna, agent, reply):
    agent.replies["hello"] = reply
    await anna.says("hello")
    assert any("999" in text for text in anna.sees)


async def test_it_is_never_silent_while_the_store_is_broken(anna, agent):
    agent.tracker_store.broken = True
    await anna.says("hello")
    assert "You said hello" in anna.sees


# --- when Telegram fails ----------------------------------------------------------------------------------


async def test_it_waits_as_long_as_it_is_told(line, anna):
    line.api.fail(429, "sendMessage", times=2, retry_after=7)
    await anna.says("hello")
    assert anna.sees[0] == "You said hello" and line.paused[:2] == [7, 7]


async def test_it_does_not_wait_for_ever(line, anna, agent):
    line.api.fail(429, "sendMessage", retry_after=4000)
    await anna.says("hello")
    assert 4000 not in line.paused
    await anna.says("again")
    assert "You said again" in anna.sees


@pytest.mark.parametrize("failure", [{"code": 500}, {"code": 502, "raw": "<html>Bad Gateway</html>"}, {"code": 503}])
async def test_a_passing_fault_is_tried_again(line, anna, failure):
    line.api.fail(method="sendMessage", times=3, **failure)
    await anna.says("hello")
    assert anna.sees[0] == "You said hello" and line.paused == sorted(line.paused) and len(line.paused) == 3


@pytest.mark.parametrize(
    ("code", "words"), [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found")]
)
async def test_a_person_who_left_is_let_go(line, anna, agent, code, words, caplog):
    agent.replies["hello"] = [{"text": "a"}, {"text": "b"}, {"text": "c"}]
    line.api.fail(code, "sendMessage", description=words)
    await anna.says("hello")
    assert len(line.api.of("sendMessage")) == 1 and not line.paused
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING and "telegram" in record.name]
    await anna.says("again")
    assert "You said again" in anna.sees


async def test_a_text_that_is_not_taken_is_sent_bare(line, anna, agent):
    agent.replies["hello"] = [question("Yes", "No", text="1 < 2 & 3?")]
    await anna.says("first")
    line.api.fail(400, "sendMessage", description="Bad Request: can't parse entities")
    await anna.says("hello")
    assert anna.sees[-1] == "1 < 2 & 3?"
    await anna.presses("Yes")
    assert agent.texts == ["first", "hello", "Yes"]


async def test_buttons_that_cannot_be_cleared_do_not_hold_up_the_talk(line, anna, agent):
    agent.replies["hello"] = [question("Yes", "No")]
    await anna.says("hello")
    line.api.fail(400, "editMessageText", description="Bad Request: message can't be edited")
    line.api.fail(400, "editMessageReplyMarkup", description="Bad Request: message can't be edited")
    line.api.fail(400, "answerCallbackQuery", description="Bad Request: query is too old")
    await anna.presses("Yes")
    assert agent.texts == ["hello", "Yes"] and "You said Yes" in anna.sees


async def test_what_is_under_way_is_finished_when_the_server_stops(domain, api):
    async with Line(domain, api) as running:
        running.agent.delay = 0.3
        await running.update(wait=False, message=running.person.message(text="hello"))
    assert "You said hello" in api.texts(ANNA)
