"""The Slack channel over HTTP: who is let in, once and in order, and that a failure of Slack harms nothing."""

from __future__ import annotations

import asyncio
import json
import time
import uuid

import pytest
import pytest_asyncio
from aiohttp import web
from rasa.core.channels.channel import register
from sanic import Sanic

from bot.channels import slack_api
from bot.channels.slack import SIGNING_VARIABLE, TOKEN_VARIABLE, Settings, SlackInput
from bot.channels.slack_requests import LARGEST_BODY
from bot.channels.slack_words import word
from bot.shared import InMemory
from bot.shared.limits import Rate
from tests.channels import slack_server as fake

pytestmark = pytest.mark.asyncio

UNLIMITED = Rate(per_minute=1e9, burst=10**6)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest_asyncio.fixture
async def there(domain):
    async with fake.world(domain, uuid.uuid4().hex, person_rate=UNLIMITED) as running:
        yield running


@pytest_asyncio.fixture
async def limited(domain):
    async with fake.world(domain, uuid.uuid4().hex) as running:
        yield running


# --- who is let in ---------------------------------------------------------------------------------


async def test_a_message_is_answered_in_the_direct_message(there):
    status, _ = await there.says("my leg hurts")
    await there.settled()
    assert status == 200 and there.agent.texts == ["my leg hurts"]
    assert "You said my leg hurts" in there.slack.said[-1]
    assert there.slack.posts[-1]["channel"] == fake.DM


async def test_url_verification_gives_the_challenge_back(there):
    status, text = await there.send("events", json.dumps({"type": "url_verification", "challenge": "abc"}))
    assert status == 200 and json.loads(text) == {"challenge": "abc"}


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("wrong secret", {"signature": "v0=" + "0" * 64}),
        ("empty signature", {"signature": ""}),
        ("no ASCII", {"signature": "v0=\u00e9"}),
        ("old version", {"signature": "v9=" + "0" * 64}),
        ("old", {"age": 301}),
        ("from the future", {"age": -400}),
        ("no number", {"timestamp": "yesterday"}),
        ("empty", {"timestamp": ""}),
        ("not finite", {"timestamp": "nan"}),
    ],
)
@pytest.mark.parametrize("path", ["events", "actions"])
async def test_forged_and_old_requests_are_refused(there, path, what, changes):
    if "age" in changes:
        changes = {"timestamp": int(time.time() - changes["age"])}
    status, text = await there.send(path, fake.callback(fake.message("hello")), **changes)
    await there.settled()
    assert status == 403 and not text and not there.agent.seen and not there.slack.calls


async def test_a_signature_of_another_body_is_refused(there):
    now = str(int(time.time()))
    status, _ = await there.send(
        "events", fake.callback(fake.message("hello")), timestamp=now, signature=fake.sign(now, b"{}")
    )
    assert status == 403 and not there.agent.seen


async def test_url_verification_must_be_signed_too(there):
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    assert (await there.send("events", body, signature="v0=0"))[0] == 403


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 1024 * 1024])
@pytest.mark.parametrize("path", ["events", "actions"])
async def test_a_large_request_is_refused(there, path, size):
    assert (await there.send(path, b"x" * size))[0] == 413
    assert (await there.says("still there?"))[0] == 200


async def test_a_large_request_in_chunks_is_refused(there):
    async def chunks():
        for _ in range(40):
            yield b"x" * 32768

    headers = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=0"}
    try:
        async with there.client.post(f"{there.url}/events", data=chunks(), headers=headers) as answer:
            assert answer.status == 413
    except (ConnectionError, OSError):
        pass  # the server hung up before the end
    assert not there.agent.seen


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 5000, b'"text"', b"payload=%7B"])
@pytest.mark.parametrize("path", ["events", "actions"])
async def test_a_body_that_makes_no_sense_is_refused(there, path, body):
    status, _ = await there.send(path, body)
    assert status in (400, 403) and not there.agent.seen


async def test_a_form_without_payload_is_refused(there):
    assert (await there.send("actions", b"a=1&b=2", kind="application/x-www-form-urlencoded"))[0] == 400


@pytest.mark.parametrize("settings", [{}, {TOKEN_VARIABLE: "xoxb-1"}, {SIGNING_VARIABLE: "abc"}, {TOKEN_VARIABLE: " "}])
async def test_without_its_secrets_the_server_starts_and_has_no_route(monkeypatch, domain, settings):
    for name in (TOKEN_VARIABLE, SIGNING_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    running = Sanic(f"slack-off-{uuid.uuid4().hex}", configure_logging=False)
    register([SlackInput.from_credentials(None)], running, route="/webhooks/")
    assert not running.router.routes


async def test_with_its_secrets_the_settings_are_read(monkeypatch):
    monkeypatch.setenv(TOKEN_VARIABLE, "xoxb-1")
    monkeypatch.setenv(SIGNING_VARIABLE, "abc")
    monkeypatch.setenv("MYELIN_SECRET", "m" * 32)
    settings = Settings.from_environment()
    assert settings is not None and settings.bot_token == "xoxb-1" and settings.secret == b"m" * 32


# --- once and in order -----------------------------------------------------------------------------


async def test_the_same_event_twice_is_one_message(there):
    body = fake.callback(fake.message("hello"))
    await asyncio.gather(*(there.send("events", body) for _ in range(5)))
    await there.settled()
    assert there.agent.texts == ["hello"] and len(there.slack.posts) == 1


@pytest.mark.parametrize("reason", ["http_timeout", "http_error", "connection_failed", "unknown_error"])
async def test_a_retry_of_slack_is_one_message_whatever_its_reason(there, reason):
    body = fake.callback(fake.message("hello"))
    await there.send("events", body)
    for number in ("1", "2", "3"):
        status, _ = await there.send(
            "events", body, headers={"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": reason}
        )
        assert status == 200
    await there.settled()
    assert there.agent.texts == ["hello"]


async def test_a_retry_of_an_event_that_never_came_in_is_read(there):
    await there.says("hello")
    await there.event(fake.message("second"), headers={"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_error"})
    await there.settled()
    assert there.agent.texts == ["hello", "second"]


async def test_one_message_with_two_event_ids_is_one_message(there):
    message = fake.message("hello")
    await there.event(message)
    await there.event(message)
    await there.settled()
    assert there.agent.texts == ["hello"]


async def test_a_message_is_not_read_again_after_a_restart(there, domain):
    message = fake.message("hello")
    await there.event(message)
    await there.settled()
    async with fake.world(domain, uuid.uuid4().hex, person_rate=UNLIMITED) as restarted:
        restarted.agent.tracker_store = there.agent.tracker_store
        await restarted.event(message)
        await restarted.event(fake.message("next"))
        await restarted.settled()
        assert restarted.agent.texts == ["next"]


async def test_two_servers_take_a_message_once_and_know_the_same_buttons(domain):
    memory = InMemory()
    async with fake.world(domain, uuid.uuid4().hex, person_rate=UNLIMITED, memory=memory) as first:
        ts = await asked(first)
        async with fake.world(
            domain, uuid.uuid4().hex, api=first.slack.url, person_rate=UNLIMITED, memory=memory
        ) as second:
            second.agent.tracker_store = first.agent.tracker_store
            shown = json.loads(json.dumps(first.slack.messages[ts]))
            for server in (second, first):
                await server.action(fake.press_payload(shown, "No"))
                await server.settled()
            assert second.agent.texts == ["No"] and "No" not in first.agent.texts
            assert not fake.elements(first.slack.messages[ts]["blocks"])


async def test_messages_are_read_in_the_order_they_were_written(there):
    there.agent.delay = 0.05
    written = [fake.message(f"number {n}") for n in range(6)]
    for message in (written[0], written[4], written[2], written[5], written[1], written[3]):
        await there.event(message)
    await there.settled()
    assert there.agent.texts == [f"number {n}" for n in range(6)]
    assert [text.split()[-1] for text in there.slack.said] == [str(n) for n in range(6)]


async def test_nobody_waits_for_somebody_else(there):
    there.agent.delay = 0.3
    start = time.monotonic()
    await asyncio.gather(*(there.says("hello", user=f"U{n}", channel=f"D{n}") for n in range(10)))
    acknowledged = time.monotonic() - start
    await there.settled()
    assert acknowledged < 1 and time.monotonic() - start < 2
    assert sorted(post["channel"] for post in there.slack.posts) == sorted(f"D{n}" for n in range(10))


async def test_slack_gets_its_answer_before_the_work_is_done(there):
    there.agent.delay = 1.0
    start = time.monotonic()
    status, _ = await there.says("hello")
    assert status == 200 and time.monotonic() - start < 0.5
    await there.settled()


async def test_a_thousand_messages_a_minute_from_one_person_are_slowed_down_and_said_so_once(limited):
    statuses = [(await limited.says(f"spam {n}"))[0] for n in range(1000)]
    await limited.says("hello", user="U2", channel="D2")
    await limited.settled()
    assert set(statuses) == {200} and len(limited.agent.texts) < 60
    assert "hello" in limited.agent.texts
    notices = [text for text in limited.slack.said if text == word("too_fast")]
    assert len(notices) == 1 and "999" in notices[0]


async def test_a_line_that_is_too_long_is_not_made_longer(there):
    there.agent.delay = 0.02
    for n in range(60):
        await there.says(f"spam {n}")
    await there.settled()
    assert len(there.agent.texts) < 60 and word("too_fast") in there.slack.said


# --- who is talking --------------------------------------------------------------------------------


async def test_no_id_of_slack_is_handed_on(there):
    await there.says("hello")
    await there.settled()
    (message,) = there.agent.seen
    for raw in (fake.USER, fake.TEAM, fake.DM, "1700000000"):
        assert raw not in f"{message.sender_id} {message.message_id} {message.metadata}"
    assert message.sender_id.startswith("slack-") and message.input_channel == "slack"


async def test_a_person_has_one_talk_by_message_button_and_home(there):
    there.agent.replies["hello"] = [QUESTION]
    await there.says("hello")
    await there.settled()
    await there.press("Yes")
    await there.action(start_payload())
    await there.settled()
    assert len({message.sender_id for message in there.agent.seen}) == 1 and len(there.agent.seen) == 3


@pytest.mark.parametrize("other", [{"user": "U0002"}, {"team": "T0002"}])
async def test_members_and_workspaces_are_apart(there, other):
    await there.says("hello")
    body = json.loads(fake.callback(fake.message("hello", user=other.get("user", fake.USER))))
    body["team_id"] = other.get("team", fake.TEAM)
    await there.send("events", json.dumps(body))
    await there.settled()
    assert len({message.sender_id for message in there.agent.seen}) == 2


# --- every kind of event ---------------------------------------------------------------------------

IGNORED = [
    fake.message("x", subtype="message_changed"),
    fake.message("x", subtype="message_deleted"),
    fake.message("x", subtype="message_replied"),
    fake.message("x", subtype="bot_message", bot_id="B1"),
    fake.message("x", subtype="bot_add"),
    fake.message("x", subtype="channel_join"),
    fake.message("x", subtype="channel_topic"),
    fake.message("x", subtype="group_leave"),
    fake.message("x", subtype="reminder_add"),
    fake.message("x", subtype="ekm_access_denied"),
    fake.message("x", bot_id="B1"),
    fake.message("x", bot_profile={"id": "B1"}),
    fake.message("x", hidden=True),
    fake.message("x", edited={"user": fake.USER}),
    fake.message("x", user="USLACKBOT"),
    fake.message("x", user=fake.BOT),
    fake.message("x", user=None),
    fake.message("x", channel=None),
    fake.message("x", ts=None),
    fake.message("x", channel_type=None),
    fake.message("x", channel_type="app_home"),
    fake.message("my leg hurts", channel_type="channel", channel="C1"),
    fake.message("my leg hurts", channel_type="group", channel="G1"),
    fake.message("my leg hurts", channel_type="mpim", channel="G1"),
    fake.message("<@U0BOT2> hi", channel_type="channel", channel="C1"),
    {"type": "app_home_opened", "user": fake.USER, "channel": fake.DM, "tab": "messages"},
    {"type": "reaction_added", "user": fake.USER, "reaction": "thumbsup", "item": {"ts": "1"}},
    {"type": "member_joined_channel", "user": fake.USER, "channel": "C1"},
    {"type": "team_join", "user": {"id": fake.USER}},
    {"type": "app_uninstalled"},
    {"type": "tokens_revoked", "tokens": {"bot": ["B1"]}},
    {"type": "assistant_thread_started"},
    {"type": None},
    {},
    None,
    "text",
    [],
]


@pytest.mark.parametrize("event", IGNORED, ids=lambda event: str(event)[:60])
async def test_events_that_are_no_message_to_the_assistant_are_ignored(there, event):
    status, _ = await there.event(event)
    await there.settled()
    assert status == 200 and not there.agent.seen and not there.slack.calls


@pytest.mark.parametrize("kind", ["app_rate_limited", "something_new", None, 3])
async def test_other_requests_are_acknowledged(there, kind):
    status, _ = await there.send("events", json.dumps({"type": kind}))
    assert status == 200 and not there.slack.calls


@pytest.mark.parametrize("subtype", [None, "me_message", "thread_broadcast"])
async def test_written_messages_of_every_kind_are_read(there, subtype):
    await there.says("hello", subtype=subtype)
    await there.settled()
    assert there.agent.texts == ["hello"]


async def test_an_answer_in_a_thread_stays_in_the_thread(there):
    await there.says("hello", thread_ts="1600000000.000001")
    await there.settled()
    assert there.slack.posts[-1]["thread_ts"] == "1600000000.000001"


@pytest.mark.parametrize("text", ["", "   ", "<@U0BOT>", "\u202e", "///"])
async def test_a_message_without_words_is_answered(there, text):
    await there.says(text, subtype="file_share", files=[{"id": "F1"}])
    await there.settled()
    assert not there.agent.seen and word("only_text") in there.slack.said[-1]


async def test_a_file_with_words_is_read_and_the_file_is_spoken_of(there):
    await there.says("see my result", subtype="file_share", files=[{"id": "F1"}])
    await there.settled()
    assert there.agent.texts == ["see my result"] and word("files_unread") in there.slack.said[-1]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("B12 &lt; 150 &amp; tired", "B12 < 150 & tired"),
        ("<@U0BOT> my leg hurts", "my leg hurts"),
        ("see <https://nhs.example/b12|the page>", "see the page"),
        ("see <https://nhs.example/b12>", "see https://nhs.example/b12"),
        ("write <mailto:a@b.example|a@b.example>", "write a@b.example"),
        ("in <#C1|pain>", "in pain"),
        ("<!here> hi", "hi"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("/affirm", "affirm"),
        ('/inform{"a": "b"}', 'inform{"a": "b"}'),
        ("/restart", "restart"),
        ("a\u202eb\u0000c", "abc"),
        ("left &gt; right", "left > right"),
    ],
)
async def test_text_is_read_as_it_was_typed_and_cannot_steer(there, sent, read):
    await there.says(sent)
    await there.settled()
    assert there.agent.texts == [read]


async def test_a_very_long_message_is_cut_and_marked(there):
    await there.says("p" * 20_000)
    await there.settled()
    assert len(there.agent.texts[0]) < 8000 and there.agent.seen[0].metadata["truncated"]


# --- channels --------------------------------------------------------------------------------------


def mention(**more):
    return fake.message("<@U0BOT> my leg hurts", type="app_mention", channel="C1", channel_type=None, **more)


@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
async def test_in_a_channel_one_private_offer_is_made_to_the_one_who_called(there, kind):
    both = mention()
    await there.event(both)
    await there.event({**both, "type": "message", "channel_type": kind})
    await there.event(mention())
    await there.settled()
    (offer,) = there.slack.made("chat.postEphemeral")
    assert (offer["channel"], offer["user"]) == ("C1", fake.USER)
    (button,) = fake.elements(offer["blocks"])
    assert fake.APP in button["url"] and not there.slack.posts and not there.agent.seen


async def test_the_message_may_come_before_the_mention(there):
    both = mention()
    await there.event({**both, "type": "message", "channel_type": "channel"})
    await there.event(both)
    await there.settled()
    assert len(there.slack.made("chat.postEphemeral")) == 1


async def test_presses_in_a_channel_are_acknowledged_and_ignored(there):
    there.agent.replies["hello"] = [QUESTION]
    await there.says("hello")
    await there.settled()
    payload = fake.press_payload(there.slack.messages[there.posted[-1]], "Yes")
    payload["channel"]["id"] = "C1"
    assert (await there.action(payload))[0] == 200
    await there.settled()
    assert there.agent.texts == ["hello"]


# --- the home tab ----------------------------------------------------------------------------------


def start_payload():
    return {
        "type": "block_actions",
        "team": {"id": fake.TEAM},
        "user": {"id": fake.USER, "team_id": fake.TEAM},
        "trigger_id": f"trigger.{next(fake.STAMPS)}",
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": "home"},
        "actions": [
            {"type": "button", "action_id": "start", "block_id": "start", "value": "Hello", "action_ts": "1.1"}
        ],
    }


async def test_the_home_tab_welcomes_and_warns(there):
    await there.event({"type": "app_home_opened", "user": fake.USER, "channel": fake.DM, "tab": "home"})
    await there.settled()
    (published,) = there.slack.made("views.publish")
    shown = json.dumps(published["view"])
    assert published["user_id"] == fake.USER and word("home_privacy").split(".")[0] in shown and "999" in shown
    assert not there.agent.seen


async def test_the_start_button_begins_the_talk_in_the_direct_message(there):
    await there.action(start_payload())
    await there.settled()
    assert there.agent.texts == ["Hello"] and there.slack.posts[0]["channel"] == fake.USER


# --- presses ---------------------------------------------------------------------------------------

QUESTION = {
    "text": "Do your feet tingle?",
    "buttons": [{"title": title, "payload": title} for title in ("Yes", "No", "Not sure", "Why do you ask?", "Skip")],
    "custom": {
        "kind": "question",
        "key": "tingling",
        "id": "tingling",
        "type": "yes_no",
        "options": [{"value": title, "title": title} for title in ("Yes", "No", "Not sure")],
        "progress": {"asked": 1, "expected": 9},
    },
}
NEXT = {**QUESTION, "text": "Are you tired?", "custom": {**QUESTION["custom"], "key": "tired", "id": "tired"}}
TITLES = ["Outer side of the thigh", "Groin", "Foot or toes", "None of these"]
SEVERAL = {
    "text": "Where is it?",
    "buttons": [{"title": title, "payload": title} for title in [*TITLES, "Skip"]],
    "custom": {
        "kind": "question",
        "key": "site",
        "type": "multi_choice",
        "options": [{"value": title, "title": title} for title in TITLES],
    },
}


async def asked(there, question=QUESTION):
    there.agent.replies["hello"] = [question]
    await there.says("hello")
    await there.settled()
    return there.posted[-1]


def open_elements(there, ts):
    return fake.elements(there.slack.messages[ts]["blocks"])


async def test_a_press_is_the_answer_and_takes_the_place_of_the_buttons(there):
    ts = await asked(there)
    assert len(open_elements(there, ts)) == 5
    await there.press("Yes")
    await there.settled()
    shown = json.dumps(there.slack.messages[ts]["blocks"])
    assert there.agent.texts == ["hello", "Yes"] and not open_elements(there, ts)
    assert word("chosen", answer="Yes") in shown and "Do your feet tingle?" in shown
    assert there.slack.messages[ts]["text"].endswith(word("chosen", answer="Yes"))
    assert "Not sure" not in there.slack.messages[ts]["text"]


async def test_a_typed_answer_clears_the_buttons_as_well(there):
    ts = await asked(there)
    await there.says("yes they do")
    await there.settled()
    assert not open_elements(there, ts) and there.agent.texts[-1] == "yes they do"


async def test_a_button_works_once(there):
    ts = await asked(there)
    payload = fake.press_payload(there.slack.messages[ts], "Yes")
    await there.action(payload)
    await there.action(payload)
    await there.action({**payload, "trigger_id": "trigger.other"})
    await there.settled()
    assert there.agent.texts == ["hello", "Yes"]


async def test_a_press_on_an_old_question_does_not_answer_the_new_one(there):
    ts = await asked(there)
    payload = fake.press_payload(there.slack.messages[ts], "Yes")
    there.agent.replies["no"] = [NEXT]
    await there.says("no")
    await there.settled()
    await there.action(payload)
    await there.settled()
    assert there.agent.texts == ["hello", "no"]
    assert word("closed") in json.dumps(there.slack.messages[ts]["blocks"])


async def test_a_press_after_a_restart_is_read_and_clears_the_message_it_came_with(there, domain):
    ts = await asked(there)
    shown = json.loads(json.dumps(there.slack.messages[ts]))
    picture = {"type": "image", "image_url": "https://a.example/1.png", "alt_text": "a", "block_id": "p"}
    shown["blocks"].insert(0, {**picture, "image_width": 10, "fallback": "10px image", "is_animated": False})
    async with fake.world(domain, uuid.uuid4().hex) as restarted:
        restarted.agent.tracker_store = there.agent.tracker_store
        restarted.slack.messages[ts] = shown
        await restarted.action(fake.press_payload(shown, "No"))
        await restarted.settled()
        assert restarted.agent.texts == ["No"]
        (update,) = restarted.slack.made("chat.update")
        assert update["blocks"][0] == picture and not fake.elements(update["blocks"])


async def test_several_answers_are_sent_with_done(there):
    ts = await asked(there, SEVERAL)
    await there.press("Groin")  # only a tick
    await there.settled()
    assert there.agent.texts == ["hello"]
    await there.press(word("done"), values=["Outer side of the thigh", "Groin"])
    await there.settled()
    assert there.agent.texts[-1] == "1, 2" and not open_elements(there, ts)
    assert word("chosen", answer="Outer side of the thigh, Groin") in json.dumps(there.slack.messages[ts]["blocks"])


@pytest.mark.parametrize(("ticked", "sent"), [(["Foot or toes"], "3"), (["Groin", "Foot or toes"], "2, 3")])
async def test_ticked_titles_are_sent_as_numbers_so_that_none_is_torn_apart(there, ticked, sent):
    await asked(there, SEVERAL)
    await there.press(word("done"), values=ticked)
    await there.settled()
    assert there.agent.texts[-1] == sent


async def test_done_without_a_tick_asks_for_one_and_leaves_the_boxes(there):
    ts = await asked(there, SEVERAL)
    await there.press(word("done"))
    await there.settled()
    (hint,) = there.slack.made("chat.postEphemeral")
    assert hint["text"] == word("pick_one") and open_elements(there, ts)
    await there.press(word("done"), values=["Groin"])
    await there.settled()
    assert there.agent.texts[-1] == "2"


async def test_skip_works_beside_the_boxes(there):
    ts = await asked(there, SEVERAL)
    await there.press("Skip", values=["Groin"])
    await there.settled()
    assert there.agent.texts[-1] == "Skip" and not open_elements(there, ts)


async def test_one_of_thirty_is_picked_from_a_menu(there):
    many = [f"Option {n}" for n in range(30)]
    custom = {"kind": "question", "key": "many", "type": "choice", "options": [{"value": t, "title": t} for t in many]}
    buttons = [{"title": title, "payload": title} for title in [*many, "Skip"]]
    ts = await asked(there, {"text": "Which?", "buttons": buttons, "custom": custom})
    await there.press("Option 17")
    await there.settled()
    assert there.agent.texts[-1] == "Option 17" and not open_elements(there, ts)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "view_submission"},
        {"type": "shortcut"},
        {"type": "message_action"},
        {"type": "block_suggestion"},
        {"actions": []},
        {"actions": None},
        {"actions": ["x"]},
        {"actions": [{"action_id": "elsewhere", "value": "Yes"}]},
        {"actions": [{"action_id": "link", "value": "Yes"}]},
        {"actions": [{"action_id": "answer:0"}]},
        {"actions": [{"action_id": "pick:0", "selected_option": None}]},
        {"message": None},
        {"user": {}},
        {"team": None, "user": {"id": fake.USER}},
        {"channel": None},
    ],
    ids=str,
)
async def test_other_interactions_are_acknowledged_and_do_nothing(there, change):
    ts = await asked(there)
    payload = {**fake.press_payload(there.slack.messages[ts], "Yes"), **change}
    status, _ = await there.action(payload)
    await there.settled()
    assert status == 200 and there.agent.texts == ["hello"]


# --- what is said ----------------------------------------------------------------------------------


async def test_the_first_reply_says_who_can_read_along_and_only_the_first(there):
    await there.says("hello")
    await there.says("and more")
    await there.settled()
    assert [word("privacy") in text for text in there.slack.said] == [True, False]


async def test_urgent_advice_comes_first_and_at_once(there):
    urgent = {"text": "Call 999 now.", "custom": {"kind": "urgent", "flag": "F1"}}
    there.agent.replies["help"] = [urgent, {"text": "I have stopped the questions."}]
    await there.says("help")
    await there.settled()
    assert there.slack.said[0] == "Call 999 now." and len(there.slack.said) == 2
    assert word("urgent") in json.dumps(there.slack.posts[0]["blocks"])


@pytest.mark.parametrize("how", ["broken", "silent"])
async def test_silence_becomes_the_safe_sentence(there, how):
    there.agent.broken = how == "broken"
    there.agent.replies["hello"] = []
    await there.says("hello")
    await there.settled()
    assert "999" in there.slack.said[-1] and "{" not in there.slack.said[-1]


async def test_the_summary_comes_as_text_and_as_a_file(there):
    markdown = "# Summary for a doctor\n\n## What was told\n- **pain** in the thigh\n---\nNot a diagnosis."
    there.agent.replies["sum up"] = [
        {"text": markdown, "custom": {"kind": "summary", "markdown": markdown, "pdf": None}}
    ]
    await there.says("sum up")
    await there.settled()
    (content,) = there.slack.files.values()
    assert content.startswith(b"%PDF")
    (done,) = there.slack.made("files.completeUploadExternal")
    assert done["channel_id"] == fake.DM and json.loads(done["files"])[0]["title"] == word("pdf_title")


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect x="1" y="1" width="9" height="9" fill="red"/></svg>'
)
PICTURE = {
    "kind": "picture",
    "title": "B12 on its scale",
    "svg": SVG,
    "alt": "Your result: 180. It lies here: grey zone.",
}


async def test_a_picture_is_a_file_with_its_text_alternative(there):
    there.agent.replies["hello"] = [{"text": "before"}, {"custom": PICTURE}, {"text": "after"}]
    await there.says("hello")
    await there.settled()
    (content,) = there.slack.files.values()
    (asked_for,) = there.slack.made("files.getUploadURLExternal")
    assert content.startswith(b"\x89PNG") and asked_for["alt_txt"] == PICTURE["alt"]
    assert PICTURE["alt"] not in " ".join(there.slack.said) and there.slack.said[-1] == "after"


@pytest.mark.parametrize("change", [{"svg": "<svg><script/></svg>"}, {"svg": "no picture"}, {"svg": None}])
async def test_a_picture_that_cannot_be_drawn_is_told(there, change):
    there.agent.replies["hello"] = [{"custom": {**PICTURE, **change}}]
    await there.says("hello")
    await there.settled()
    assert PICTURE["alt"] in " ".join(there.slack.said) and not there.slack.files


async def test_a_picture_that_slack_refuses_is_told(there):
    there.slack.fail("files.completeUploadExternal", "posting_to_channel_denied")
    there.agent.replies["hello"] = [{"custom": PICTURE}]
    await there.says("hello")
    await there.settled()
    assert PICTURE["alt"] in " ".join(there.slack.said)


async def test_a_file_that_slack_refuses_is_spoken_of(there):
    there.slack.fail("files.getUploadURLExternal", "not_allowed_token_type")
    there.agent.replies["sum up"] = [{"text": "# S", "custom": {"kind": "summary", "markdown": "# S"}}]
    await there.says("sum up")
    await there.settled()
    assert word("pdf_failed") in there.slack.said


async def test_deletion_removes_all_that_the_assistant_left_in_slack(there):
    there.agent.replies["sum up"] = [{"text": "# S", "custom": {"kind": "summary", "markdown": "# S"}}]
    there.agent.replies["delete my data"] = [{"text": "It is gone.", "custom": {"kind": "erased"}}]
    for text in ("hello", "sum up", "delete my data"):
        await there.says(text)
        await there.settled()
    theirs = {"user": fake.USER, "ts": "1600000000.000001"}
    assert there.slack.files == {} and len(there.slack.messages) == 1
    (left,) = there.slack.messages.values()
    assert "It is gone." in left["text"] and word("erased") in left["text"]
    there.slack.messages["1600000000.000001"] = theirs
    await there.says("delete my data")
    await there.settled()
    assert theirs in there.slack.messages.values()


# --- Slack fails -----------------------------------------------------------------------------------


def rate_limited(seconds="0"):
    return web.Response(status=429, headers={"Retry-After": seconds}, text="", content_type="application/json")


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_calls_that_slack_limits_are_made_again(there, method):
    there.slack.fail(method, rate_limited(), rate_limited())
    ts = await asked(there)
    await there.press("Yes")
    await there.settled()
    assert not open_elements(there, ts) and "You said Yes" in there.slack.said[-1]


async def test_a_post_whose_blocks_slack_cannot_show_is_sent_as_text(there):
    there.slack.fail("chat.postMessage", "invalid_blocks")
    await asked(there)
    assert "blocks" not in there.slack.posts[-1] and "Do your feet tingle?" in there.slack.said[-1]


@pytest.mark.parametrize(
    "failure",
    [
        "invalid_auth",
        "account_inactive",
        "channel_not_found",
        "msg_too_long",
        "fatal_error",
        lambda: web.Response(status=500, text="<html>oops</html>", content_type="text/html"),
        lambda: web.Response(status=200, text="{broken", content_type="application/json"),
    ],
    ids=["auth", "inactive", "channel", "long", "fatal", "html", "broken"],
)
async def test_a_failure_of_slack_stops_nothing(there, failure):
    for _ in range(8):
        there.slack.fail("chat.postMessage", failure() if callable(failure) else failure)
    await there.says("hello")
    await there.settled()
    there.slack.failures.clear()
    await there.says("still there?")
    await there.settled()
    assert there.agent.texts == ["hello", "still there?"] and "You said still there?" in there.slack.said[-1]


async def test_slack_out_of_reach_stops_nothing(domain, monkeypatch):
    monkeypatch.setattr(slack_api, "PATIENCE", 0.3)
    async with fake.world(domain, uuid.uuid4().hex, api="http://127.0.0.1:9/") as running:
        statuses = [(await running.says(text))[0] for text in ("hello", "again")]
        await running.settled()
        assert statuses == [200, 200] and running.agent.texts == ["hello", "again"]


async def test_a_store_that_cannot_be_read_is_no_silence(there, monkeypatch):
    async def broken(_):
        raise OSError("no disk")

    monkeypatch.setattr(there.agent.tracker_store, "retrieve", broken)
    await there.says("hello")
    await there.settled()
    assert there.slack.said


async def test_no_log_holds_what_was_written_or_who_wrote(there, caplog):
    caplog.set_level("DEBUG")
    there.agent.broken = True
    there.slack.fail("chat.postMessage", "invalid_blocks", "fatal_error")
    await there.says("my secret pain")
    await there.settled()
    for logger in ("bot", "slack_sdk"):
        ours = [record for record in caplog.records if record.name.startswith(logger)]
        text = " ".join(record.getMessage() + str(record.exc_text) for record in ours)
        assert "secret" not in text and fake.USER not in text and fake.TOKEN not in text
