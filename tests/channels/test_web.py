"""The channel of the web widget: nobody reads or writes another's talk, nothing is doubled, nothing is lost."""

from __future__ import annotations

import asyncio
import json
import stat
import uuid

import pytest
import rasa.server
from rasa.core.channels.channel import UserMessage, register
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from sanic import Sanic

from bot.channels import web_session
from bot.channels.web import WebInput
from bot.channels.web_guard import LARGEST_BODY
from bot.channels.web_messages import WebOutput, history, numbers, present, state
from bot.channels.web_pages import WidgetPages
from bot.channels.web_replies import Replies
from bot.knowledge import load
from bot.rendering.pictures import comparison_table
from bot.shared import InMemory
from bot.shared.limits import InProcessLimiter, Rate

SECRET = b"x" * 32
PARTNER = "https://clinic.example"


class RecordingAgent:
    """Says what it was told to say and keeps it in a real tracker store."""

    def __init__(self, domain):
        self.domain = domain
        self.tracker_store = InMemoryTrackerStore(domain)
        self.behaviour = "echo"
        self.seen = []
        self.talk = {}

    def is_ready(self):
        return True

    async def handle_message(self, message: UserMessage):
        self.seen.append(message)
        if self.behaviour == "fail":
            raise RuntimeError("broken")
        if message.text == "delete my data":
            await message.output_channel.send_response(
                message.sender_id, {"text": "gone", "custom": {"kind": "erased"}}
            )
            self.tracker_store.store.pop(message.sender_id, None)
            return
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, {"name": "inform"}, message_id=message.message_id))
        if self.behaviour == "echo":
            said = {"text": f"You said {message.text}", "buttons": [{"title": "Yes", "payload": "Yes"}]}
            await message.output_channel.send_response(message.sender_id, said)
            tracker.update(BotUttered(said["text"], {"buttons": said["buttons"]}))
        tracker.update(SlotSet("talk", {**self.talk, "seen": 99}))
        await self.tracker_store.save(tracker)


def make_app(domain, **settings):
    running = Sanic(f"web-{uuid.uuid4().hex}", configure_logging=False)
    running.ctx.agent = RecordingAgent(domain)
    settings = {"memory": InMemory(), **settings}
    register([WebInput(secret=SECRET, origins=frozenset({PARTNER}), **settings)], running, route="/webhooks/")
    return running


@pytest.fixture
def app(domain):
    return make_app(domain)


@pytest.fixture
def agent(app):
    return app.ctx.agent


class Person:
    """Somebody with a browser."""

    def __init__(self, app, session=None):
        self._app = app
        self.session = session or self.post("/session", {}).json["session"]

    def post(self, path, body, **kwargs):
        _, reply = self._app.test_client.post(f"/webhooks/web{path}", json=body, **kwargs)
        return reply

    def says(self, text, id_=None, **kwargs):
        body = {"session": self.session, "id": id_ or uuid.uuid4().hex, "text": text, **kwargs}
        return self.post("/message", body)

    def history(self):
        _, reply = self._app.test_client.get("/webhooks/web/history", headers={"X-Myelin-Session": self.session})
        return reply


@pytest.fixture
def person(app):
    return Person(app)


def texts(reply):
    return [message["text"] for message in reply.json["messages"]]


# --- the talk ------------------------------------------------------------------------------------


def test_a_message_is_answered_in_the_widgets_form(person):
    reply = person.says("hello", "message-1")
    assert reply.json["messages"] == [
        {"id": "message-1:0", "from": "assistant", "text": "You said hello", "buttons": ["Yes"]}
    ]
    assert reply.json["state"] == {"urgent": None}


def test_the_history_has_the_words_and_the_same_ids_as_the_replies(person):
    first, second = person.says("hello", "message-1"), person.says("my leg hurts", "message-2")
    items = person.history().json["messages"]
    assert [item["text"] for item in items] == ["hello", "You said hello", "my leg hurts", "You said my leg hurts"]
    assert [item for item in items if item["from"] == "assistant"] == first.json["messages"] + second.json["messages"]
    assert all(set(item) <= {"id", "from", "text", "buttons", "custom", "image"} for item in items)


def test_a_new_session_has_an_empty_history(person):
    assert person.history().json == {"messages": [], "state": {"urgent": None}}


@pytest.mark.parametrize("behaviour", ["fail", "silent"])
def test_silence_becomes_the_safe_sentence(person, agent, behaviour):
    agent.behaviour = behaviour
    words = " ".join(texts(person.says("hello")))
    assert "999" in words and "{" not in words


def test_after_deletion_nothing_is_left_to_read(person):
    person.says("hello")
    assert person.says("delete my data").json["messages"][0]["custom"] == {"kind": "erased"}
    assert person.history().json["messages"] == []


# --- once and only once ----------------------------------------------------------------------------


def test_a_message_sent_again_gets_the_same_reply_and_no_second_turn(person, agent):
    replies = [person.says("hello", "message-1").json for _ in range(3)]
    assert replies[0] == replies[1] == replies[2] and len(agent.seen) == 1


def test_the_same_message_id_of_somebody_else_is_another_message(app, agent):
    Person(app).says("hello", "message-1")
    assert texts(Person(app).says("goodbye", "message-1")) == ["You said goodbye"]


def test_a_message_sent_again_after_a_restart_of_the_server_is_found_in_the_tracker(domain, app, person, agent):
    before = person.says("hello", "message-1").json
    restarted = make_app(domain)
    restarted.ctx.agent = agent
    after = Person(restarted, person.session).says("hello", "message-1", again=True).json
    assert after == before and len(agent.seen) == 1


def test_a_turn_goes_on_when_the_person_stops_waiting_and_its_reply_is_kept():
    turns = []

    async def turn(_):
        turns.append(1)
        await asyncio.sleep(0.05)
        return {"messages": ["done"]}

    async def talk():
        replies = Replies()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(replies.once("a", "1", turn), timeout=0.01)
        both = await asyncio.gather(replies.once("a", "1", turn), replies.once("a", "1", turn))
        return both

    assert asyncio.run(talk()) == [{"messages": ["done"]}] * 2 and len(turns) == 1


def test_a_failed_turn_may_be_tried_again():
    outcomes = iter([RuntimeError("store"), {"messages": []}])

    async def turn(_):
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def talk():
        replies = Replies()
        with pytest.raises(RuntimeError):
            await replies.once("a", "1", turn)
        return await replies.once("a", "1", turn)

    assert asyncio.run(talk()) == {"messages": []}


# --- whose talk ----------------------------------------------------------------------------------


def tampered(token):
    id_, issued, signature = token.split(".")
    return [
        f"{id_}x.{issued}.{signature}",
        f"{id_}.{int(issued) + 1}.{signature}",
        f"{id_}.{issued}.{signature[:-2]}AA",
        f"{id_}.{issued}.",
        id_,
        f"web-{id_}",
        "..",
        "",
        "é.1.x",
    ]


@pytest.mark.parametrize("number", range(9))
def test_a_forged_or_tampered_session_opens_nothing(app, person, agent, number):
    forged = tampered(person.session)[number]
    assert person.says("hello", session=forged).status == 403
    if forged.isascii():
        assert Person(app, forged or "-").history().status == 403
    assert not agent.seen


@pytest.mark.parametrize("session", [None, 1, {}, [], True, "default"])
def test_a_session_of_a_wrong_kind_opens_nothing(person, agent, session):
    assert person.says("hello", session=session).status == 403 and not agent.seen


def test_a_session_signed_with_another_secret_opens_nothing(person, agent):
    foreign = web_session.Sessions(b"y" * 32).issue()
    assert person.says("hello", session=foreign).status == 403 and not agent.seen


def test_a_session_ends_with_its_age(monkeypatch):
    sessions = web_session.Sessions(SECRET)
    token = sessions.issue()
    assert sessions.sender(token)
    later = web_session.time.time() + web_session.LONGEST_AGE + 1
    monkeypatch.setattr(web_session.time, "time", lambda: later)
    assert sessions.sender(token) is None


def test_two_people_do_not_see_each_other(app):
    one, other = Person(app), Person(app)
    one.says("my secret")
    other.says("hello")
    assert "secret" not in json.dumps(other.history().json) and one.session != other.session


def test_the_sender_cannot_be_chosen(person, agent):
    person.says("hello", sender="victim", sender_id="victim", input_channel="slack", metadata={"x": 1})
    assert agent.seen[0].sender_id.startswith("web-") and agent.seen[0].input_channel == "web"
    assert not agent.seen[0].metadata


# --- what comes in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b"{", b"\xff\xfe", b'"x"', b"[" * 30000], ids=range(7))
def test_a_wrong_shape_is_refused(app, agent, body):
    _, reply = app.test_client.post("/webhooks/web/message", data=body)
    assert reply.status in (400, 403) and reply.json["error"] and not agent.seen


@pytest.mark.parametrize(
    "id_", [None, 1, "", "short", "x" * 65, "has space in it", "semi;colon;x", {}, "a\u0000aaaaaaaaa"]
)
def test_a_wrong_message_id_is_refused(person, agent, id_):
    reply = person.post("/message", {"session": person.session, "id": id_, "text": "hello"})
    assert (reply.status, reply.json) == (400, {"error": "id"}) and not agent.seen


@pytest.mark.parametrize("text", [None, 1, {}, [], "", "   ", "/", "\u0000", "\u202e"])
def test_a_message_without_words_is_refused(person, agent, text):
    assert person.says(text).status == 400 and not agent.seen


@pytest.mark.parametrize("text", ['/restart{"talk": {}}', "//x", " /inform", "/ /a"])
def test_no_ready_made_intents(person, agent, text):
    person.says(text)
    assert not agent.seen[0].text.startswith("/")


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("a\u0000b\u0007c", "abc"),
        ("\u202eevil", "evil"),
        ("a\u2066b\u2069", "ab"),
        ("two\nlines", "two\nlines"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("🤷 µ é", "🤷 µ é"),
    ],
)
def test_controls_go_and_words_stay_as_they_are(person, agent, sent, taken):
    reply = person.says(sent)
    assert agent.seen[0].text == taken
    assert reply.headers["content-type"] == "application/json" and reply.headers["x-content-type-options"] == "nosniff"


def test_a_long_message_is_cut_and_marked(person, agent):
    person.says("a" * 9000)
    assert len(agent.seen[0].text) < 8000 and agent.seen[0].metadata["truncated"]


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 1024 * 1024])
def test_a_huge_body_is_refused_unread(app, person, agent, size):
    assert person.says("a" * size).status == 413 and not agent.seen


def test_a_huge_body_that_does_not_tell_its_size_is_refused(app, agent):
    async def chunks():
        for _ in range(64):
            yield b"a" * 4096

    _, reply = app.test_client.post("/webhooks/web/message", data=chunks())
    assert reply.status == 413 and not agent.seen


# --- how much comes in ------------------------------------------------------------------------------


def test_a_flood_from_one_session_is_slowed_down(domain):
    app = make_app(domain, session_rate=Rate(per_minute=30, burst=5), address_rate=Rate(per_minute=1e6, burst=10**6))
    person = Person(app)
    replies = [person.says(f"message {n}") for n in range(20)]
    refused = [reply for reply in replies if reply.status == 429]
    assert 5 <= len(app.ctx.agent.seen) <= 8 and len(refused) >= 12
    assert 1 <= int(refused[0].headers["retry-after"]) <= 2
    assert Person(app).says("hello").status == 200, "somebody else is not slowed down"


def test_a_flood_of_sessions_from_one_address_is_slowed_down(domain):
    app = make_app(domain, address_rate=Rate(per_minute=30, burst=5))
    _, first = app.test_client.post("/webhooks/web/session", json={})
    statuses = [app.test_client.post("/webhooks/web/session", json={})[1].status for _ in range(10)]
    assert first.status == 200 and 429 in statuses


def test_the_bucket_fills_again_and_forgets_nobody_early():
    now = [0.0]
    limiter = InProcessLimiter(clock=lambda: now[0])
    rate = Rate(per_minute=60, burst=2)

    def wait():
        return asyncio.run(limiter.wait("a", rate))

    assert [wait(), wait()] == [0, 0] and 0 < wait() <= 1
    now[0] += 1
    assert wait() == 0 and wait() > 0
    now[0] += 3600
    assert [wait(), wait()] == [0, 0] and wait() > 0


def test_a_thousand_messages_a_minute_reach_the_assistant_at_the_agreed_rate():
    now = [0.0]
    limiter = InProcessLimiter(clock=lambda: now[0])
    granted = 0
    for _ in range(1000):
        granted += asyncio.run(limiter.wait("a", Rate(per_minute=30, burst=12))) == 0
        now[0] += 0.06
    assert granted <= 12 + 30


# --- which pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (PARTNER, 200),
        (PARTNER.upper(), 200),
        ("https://evil.example", 403),
        ("https://clinic.example.evil.example", 403),
        ("http://clinic.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_only_listed_origins_may_ask(app, origin, status):
    _, reply = app.test_client.post("/webhooks/web/session", json={}, headers={"Origin": origin})
    assert reply.status == status
    assert reply.headers.get("access-control-allow-origin") == (origin if status == 200 else None)
    assert "access-control-allow-credentials" not in reply.headers


def test_the_own_origin_may_ask(app):
    request, _ = app.test_client.get("/webhooks/web/history")
    _, reply = app.test_client.post(
        "/webhooks/web/session", json={}, headers={"Host": "myelin.example", "Origin": "https://myelin.example"}
    )
    assert reply.status == 200


def test_a_page_without_an_origin_header_cannot_come_from_another_site(app):
    _, reply = app.test_client.post("/webhooks/web/session", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status == 403


def test_a_preflight_lets_listed_origins_only(app):
    def ask(origin):
        return app.test_client.options("/webhooks/web/message", headers={"Origin": origin})[1].headers

    assert "X-Myelin-Session" in ask(PARTNER)["access-control-allow-headers"]
    assert not [name for name in ask("https://evil.example") if name.startswith("access-control")]


def test_answers_are_never_stored_or_framed(person):
    for reply in (person.says("hello"), person.history(), person.says("hello", session="x")):
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


# --- beside Rasa's own routes --------------------------------------------------------------------------


@pytest.fixture
def rasa_app(domain):
    # Rasa gives every application the same name.
    Sanic.test_mode = True
    running = rasa.server.create_app(cors_origins=None)
    running.ctx.agent = RecordingAgent(domain)
    register(
        [WebInput(secret=SECRET, origins=frozenset({PARTNER})), WidgetPages(origins=frozenset({PARTNER}))],
        running,
        route="/webhooks/",
    )
    yield running
    Sanic._app_registry.pop(running.name, None)


def test_the_front_page_is_the_demo_page_under_a_strict_policy(rasa_app):
    _, page = rasa_app.test_client.get("/")
    assert page.status == 200 and "<myelin-chat" in page.text and "Hello from Rasa" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert rasa_app.test_client.get("/version")[1].status == 200


def test_files_are_served_once_and_then_only_checked(rasa_app):
    _, script = rasa_app.test_client.get("/widget/myelin-chat.js", headers={"Accept-Encoding": "gzip"})
    assert script.headers["content-type"].startswith("text/javascript") and script.headers["x-content-type-options"]
    assert script.headers["content-encoding"] == "gzip" and "max-age" in script.headers["cache-control"]
    tag = {"If-None-Match": script.headers["etag"]}
    assert rasa_app.test_client.get("/widget/myelin-chat.js", headers=tag)[1].status == 304


@pytest.mark.parametrize("path", ["../bot/serve.py", "%2e%2e%2fcredentials.yml", "..%2Fdomain.yml", "none.js", ".env"])
def test_only_files_of_the_widget_are_served(rasa_app, path):
    assert rasa_app.test_client.get(f"/widget/{path}")[1].status == 404


def test_origins_hold_beside_rasas_own_cross_origin_headers(rasa_app):
    def ask(origin):
        return rasa_app.test_client.post("/webhooks/web/session", json={}, headers={"Origin": origin})[1]

    assert ask(PARTNER).headers.get_list("access-control-allow-origin") == [PARTNER]
    assert "access-control-allow-origin" not in ask("https://evil.example").headers
    _, preflight = rasa_app.test_client.options(
        "/webhooks/web/message", headers={"Origin": PARTNER, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.headers.get_list("access-control-allow-origin") == [PARTNER]
    _, script = rasa_app.test_client.get("/widget/myelin-chat.js", headers={"Origin": PARTNER})
    assert script.headers.get_list("access-control-allow-origin") == [PARTNER]


# --- the secret ------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("MYELIN_SECRET", raising=False)
    file = tmp_path / "var" / "secret"
    first = web_session.read_secret(file)
    assert web_session.read_secret(file) == first and len(first) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_secret_of_the_environment_wins_and_must_not_be_short(tmp_path, monkeypatch):
    monkeypatch.setenv("MYELIN_SECRET", "z" * 40)
    assert web_session.read_secret(tmp_path / "secret") == b"z" * 40 and not (tmp_path / "secret").exists()
    monkeypatch.setenv("MYELIN_SECRET", "guess")
    with pytest.raises(ValueError):
        web_session.read_secret(tmp_path / "secret")


# --- what is shown -----------------------------------------------------------------------------------

TABLE = {"title": "t", "columns": ["", "A"], "rows": [["Row", "cell"]]}


def test_a_table_and_its_sources_are_not_said_twice():
    shown = present(
        [
            {"text": "Answer", "custom": {"kind": "answer", "sources": ["NG239"], "table": TABLE}},
            {"text": "Row\n• A: cell", "utter_action": "utter_table_row"},
            {"text": "Where this comes from: x", "utter_action": "utter_sources"},
            {"text": "You may also want to know more.", "buttons": [{"title": "More", "payload": "/more"}]},
        ]
    )
    assert [message["text"] for message in shown] == ["Answer", "You may also want to know more."]
    assert shown[0]["custom"]["source_list"][0]["url"].startswith("https://") and shown[1]["buttons"] == ["More"]


def test_a_picture_of_the_table_is_not_shown_beside_it():
    answer = {"text": "Answer", "custom": {"kind": "answer", "table": TABLE}}
    assert len(present([answer, {"custom": {"kind": "picture", "title": "t", "svg": "<svg/>"}}])) == 1
    assert len(present([answer, {"custom": {"kind": "picture", "title": "another", "svg": "<svg/>"}}])) == 2


SVG = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize(
    ("inside", "shapes"),
    [
        ('<rect x="1" fill="#fff"/>', [["rect", {"x": "1", "fill": "#fff"}, ""]]),
        ('<text x="1">a &lt;b&gt;</text>', [["text", {"x": "1"}, "a <b>"]]),
        ('<rect onclick="x()" style="fill:red" x="1"/>', [["rect", {"x": "1"}, ""]]),
        ('<script>alert(1)</script><image href="x"/><a href="javascript:x"/><style>*{}</style><foreignObject/>', []),
    ],
)
def test_pictures_are_shapes_and_nothing_else(inside, shapes):
    svg = f'<svg xmlns="{SVG}" viewBox="0 0 9 9">{inside}</svg>'
    (shown,) = present([{"custom": {"kind": "picture", "title": "t", "alt": "words", "svg": svg}}])
    assert shown["custom"] == {"kind": "picture", "title": "t", "alt": "words", "box": "0 0 9 9", "shapes": shapes}


def test_every_picture_of_the_assistant_comes_through_whole():
    table = load().tables["b12_sciatica_meralgia"]
    drawn = comparison_table(title=table.title, columns=list(table.columns), rows=[list(row) for row in table.rows])
    (shown,) = present([{"custom": drawn.contract()}])
    assert len(shown["custom"]["shapes"]) == drawn.svg.count("<rect") + drawn.svg.count("<text") + sum(
        drawn.svg.count(f"<{tag} ") for tag in ("line", "polygon")
    )


def test_a_picture_that_cannot_be_read_leaves_its_words():
    (shown,) = present([{"custom": {"kind": "picture", "title": "t", "alt": "words", "svg": "<svg"}}])
    assert shown["custom"] == {"kind": "picture", "title": "t", "alt": "words"}


def test_a_result_under_other_words_is_for_programs_alone():
    ranked = {"kind": "assessment", "ranking": []}
    (paused,) = present([{"text": "I've paused.", "custom": ranked, "utter_action": "utter_urgent_paused"}])
    (result,) = present([{"text": "What to do", "custom": ranked, "utter_action": "utter_result"}])
    assert paused["custom"]["aside"] and not result["custom"]["aside"]


def test_without_a_table_every_bubble_is_shown():
    said = [
        {"text": "Row\n• A: cell", "utter_action": "utter_table_row"},
        {"text": "x", "utter_action": "utter_sources"},
    ]
    assert len(present(said)) == 2


def test_possibilities_become_cards_in_the_order_of_the_ranking():
    ranking = [
        {"condition": "sciatica", "likelihood": "strong"},
        {"condition": "b12_neuropathy", "likelihood": "possible"},
    ]
    said = [
        {"text": "What to do", "custom": {"kind": "assessment", "ranking": ranking}},
        {"text": "a", "utter_action": "utter_possibility", "name": "Sciatica", "likelihood": "fits well"}
        | {"supports": "back pain", "against": "both sides"},
        {"text": "b", "utter_action": "utter_possibility_without_against", "name": "B12", "likelihood": "could fit"}
        | {"supports": "tingling", "against": "nothing"},
    ]
    first, second = (message["custom"] for message in present(said)[1:])
    assert first == {
        "kind": "possibility", "name": "Sciatica", "likelihood_title": "fits well", "supports": "back pain",
        "against": "both sides", "condition": "sciatica", "likelihood": "strong",
    }  # fmt: skip
    assert (second["condition"], second["likelihood"]) == ("b12_neuropathy", "possible") and "against" not in second


def test_what_is_internal_does_not_leave_the_server():
    assert present(
        [{"text": "a", "recipient_id": "web-1", "utter_action": "utter_x", "supports": "s", "custom": None}]
    ) == [{"text": "a"}]


def test_an_unsent_part_of_a_message_is_kept_together():
    output = WebOutput()
    message = {
        "text": "a",
        "buttons": [{"title": "b", "payload": "b"}],
        "custom": {"kind": "question"},
        "image": "/p.png",
    }
    asyncio.run(output.send_response("x", message))
    assert present(output.messages) == [
        {"text": "a", "buttons": ["b"], "custom": {"kind": "question"}, "image": "/p.png"}
    ]


def tracker_with(domain, talk, *events):
    tracker = asyncio.run(InMemoryTrackerStore(domain).get_or_create_tracker("web-x"))
    for event in (SlotSet("talk", talk), *events):
        tracker.update(event)
    return tracker


FLAG = {"flag": "F1", "urgency": "emergency_department", "subject": "self", "open": True}


def test_help_is_asked_for_until_it_is_arranged(domain):
    urgent = state(tracker_with(domain, {"paused": True, "flags": [FLAG]}))["urgent"]
    assert urgent["flag"] == "F1" and "{" not in urgent["act"]
    assert [call["number"] for call in urgent["call"]] == ["999", "112", "911"]
    assert state(tracker_with(domain, {"paused": False, "flags": [{**FLAG, "open": False}]}))["urgent"] is None


def test_a_red_flag_the_actions_have_not_seen_yet_counts(domain):
    entity = {"entity": "red_flag", "value": "F1", "urgency": "emergency_department", "subject": "other"}
    said = UserUttered("numb down below", {"name": "inform"}, [entity])
    assert state(tracker_with(domain, {}, said))["urgent"]["flag"] == "F1"
    assert state(tracker_with(domain, {}, said, SlotSet("talk", {"turn": 1})))["urgent"] is None


def test_numbers_are_those_of_the_country(domain):
    talk = {"paused": True, "flags": [FLAG], "journal": [{"kind": "profile", "id": "country", "value": "GB"}]}
    assert state(tracker_with(domain, talk))["urgent"]["call"] == [{"number": "999", "label": "999"}]


def test_every_country_has_an_emergency_number_and_no_helpline_is_lost():
    for services in load().services.values():
        calls = numbers(services, crisis=True)
        assert calls and all(call["number"].isdigit() and 3 <= len(call["number"]) <= 12 for call in calls)
        spoken = [line for line in services.crisis if "call" in line.lower()]
        assert len(calls) == len(numbers(services, crisis=False)) + len(spoken)


def test_a_talk_that_the_assistant_began_has_a_history_too(domain):
    tracker = tracker_with(
        domain, {}, BotUttered("Hello"), UserUttered("hi", {"name": "greet"}, message_id="message-1")
    )
    assert [item["id"] for item in history(tracker)] == ["start:0", "message-1"]
