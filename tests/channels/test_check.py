"""`make check-channels`: what is set up, what is missing, what to do; with ONLINE=1 also what the services say."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import check, check_online, check_settings
from bot.channels.check_settings import OFF, OK, PROBLEM

TELEGRAM_TOKEN, SLACK_TOKEN = "123456:" + "a" * 35, "xoxb-1-2-abc"
TELEGRAM = {"MYELIN_TELEGRAM_TOKEN": TELEGRAM_TOKEN, "MYELIN_TELEGRAM_URL": "https://myelin.example.org"}
SLACK = {"MYELIN_SLACK_TOKEN": SLACK_TOKEN, "MYELIN_SLACK_SIGNING_SECRET": "0123456789abcdef" * 2}


def states(findings):
    return [finding.state for finding in findings]


@pytest.mark.parametrize(
    ("changes", "expected", "named"),
    [
        ({"MYELIN_TELEGRAM_TOKEN": ""}, OFF, "BotFather"),
        ({}, OK, "webhook"),
        ({"MYELIN_TELEGRAM_MODE": "polling", "MYELIN_TELEGRAM_URL": ""}, OK, "polling"),
        ({"MYELIN_TELEGRAM_TOKEN": "12:x"}, PROBLEM, "MYELIN_TELEGRAM_TOKEN"),
        ({"MYELIN_TELEGRAM_MODE": "push"}, PROBLEM, "MYELIN_TELEGRAM_MODE"),
        ({"MYELIN_TELEGRAM_URL": ""}, PROBLEM, "MYELIN_TELEGRAM_URL"),
        ({"MYELIN_TELEGRAM_URL": "http://myelin.example.org"}, PROBLEM, "https"),
        ({"MYELIN_TELEGRAM_URL": "https://myelin.example.org:9000"}, PROBLEM, "8443"),
        ({"MYELIN_TELEGRAM_URL": "https://myelin.example.org:x"}, PROBLEM, "https"),
    ],
)
def test_telegram(changes, expected, named):
    (finding,) = check_settings.telegram({**TELEGRAM, **changes})
    assert finding.state == expected and named in finding.what + finding.do


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [OFF]),
        (SLACK, [OK]),
        ({"MYELIN_SLACK_TOKEN": SLACK_TOKEN}, [PROBLEM]),
        ({"MYELIN_SLACK_SIGNING_SECRET": "0" * 32}, [PROBLEM]),
        ({"MYELIN_SLACK_TOKEN": "xoxp-user", "MYELIN_SLACK_SIGNING_SECRET": "short"}, [PROBLEM, PROBLEM]),
    ],
)
def test_slack(settings, expected):
    found = check_settings.slack(settings)
    assert states(found) == expected and all(finding.do for finding in found if finding.state != OK)


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ("", OK),
        ("https://a.example, https://b.example", OK),
        ("a.example", PROBLEM),
        ("https://a.example/page", PROBLEM),
    ],
)
def test_web(origins, expected, tmp_path):
    found = check_settings.web({"MYELIN_ORIGINS": origins})
    assert (PROBLEM in states(found)) == (expected == PROBLEM) and "kB compressed" in found[0].what
    assert states(check_settings.web({}, tmp_path)) == [PROBLEM]


def test_secret_model_and_retention(tmp_path):
    file = tmp_path / "secret"

    def first(settings):
        return check_settings.everywhere(settings, file, tmp_path)[0].state

    assert first({"MYELIN_SECRET": "short"}) == PROBLEM and first({"MYELIN_SECRET": "s" * 32}) == OK
    assert first({}) == OK and not file.exists(), "looking makes no secret"
    file.write_text("s" * 64)
    file.chmod(0o644)
    assert first({}) == PROBLEM
    file.chmod(0o600)
    assert first({}) == OK
    _, model, kept = check_settings.everywhere({"MYELIN_RETENTION_DAYS": "a week"}, file, tmp_path)
    assert (model.state, kept.state) == (PROBLEM, PROBLEM) and model.do == "make train"
    (tmp_path / "m.tar.gz").touch()
    _, model, kept = check_settings.everywhere({"MYELIN_RETENTION_DAYS": "90"}, file, tmp_path)
    assert (model.state, kept.state) == (OK, OK) and "needs a reason" in kept.what


def test_the_report_says_all_and_shows_no_secret(monkeypatch, capsys):
    for name, value in {**TELEGRAM, **SLACK, "MYELIN_SLACK_SIGNING_SECRET": "wrong-secret"}.items():
        monkeypatch.setenv(name, value)
    assert check.main([]) == 1
    said = capsys.readouterr().out
    assert all(channel.name in said for channel in check.CHANNELS) and "!!" in said and "-> " in said
    assert not any(secret in said for secret in (TELEGRAM_TOKEN, SLACK_TOKEN, "wrong-secret"))


def test_a_channel_that_is_off_is_not_called(monkeypatch):
    async def never(_):
        raise AssertionError("called")

    monkeypatch.setattr(check, "CHANNELS", (check.Channel("Telegram", check_settings.telegram, never),))
    assert states(check.report({}, online=True)["Telegram"]) == [OFF]


async def ask(answers, question, headers=None):
    """The findings while a service on loopback gives these answers."""

    async def serve(request):
        answer = answers[request.path.rpartition("/")[2]]
        return web.json_response(answer, status=answer.get("error_code", 200), headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    async with TestServer(app) as service:
        return await question(str(service.make_url("")).rstrip("/"))


BOT = {"ok": True, "result": {"username": "myelin_bot", "can_join_groups": False}}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("hook", "expected", "named"),
    [
        ({"url": "https://myelin.example.org/webhooks/telegram/webhook", "pending_update_count": 2}, OK, "2 messages"),
        ({"url": ""}, PROBLEM, "start the server"),
        ({"url": "https://elsewhere.example/hook"}, PROBLEM, "another address"),
        (
            {"url": "https://myelin.example.org/webhooks/telegram/webhook", "last_error_message": "SSL error"},
            PROBLEM,
            "SSL error",
        ),
    ],
)
async def test_telegram_is_asked_who_we_are_and_where_it_sends(hook, expected, named):
    answers = {"getMe": BOT, "getWebhookInfo": {"ok": True, "result": hook}}
    found = await ask(answers, lambda url: check_online.telegram({**TELEGRAM, "MYELIN_TELEGRAM_API": url}))
    assert "myelin_bot" in found[0].what
    assert found[-1].state == expected and named in found[-1].what + found[-1].do


@pytest.mark.asyncio
@pytest.mark.parametrize(("code", "named"), [(401, "token"), (500, "network")])
async def test_telegram_refuses_or_fails(code, named):
    answers = {"getMe": {"ok": False, "error_code": code, "description": "no"}}
    (found,) = await ask(answers, lambda url: check_online.telegram({**TELEGRAM, "MYELIN_TELEGRAM_API": url}))
    assert found.state == PROBLEM and named in found.what + found.do


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("answer", "scopes", "expected"),
    [
        ({"ok": True, "team": "T", "user": "myelin"}, "app_mentions:read,chat:write,files:write,im:history", [OK]),
        ({"ok": True, "team": "T", "user": "myelin"}, "chat:write, im:history", [OK, PROBLEM]),
        ({"ok": False, "error": "invalid_auth"}, "", [PROBLEM]),
    ],
)
async def test_slack_is_asked_for_token_and_scopes(answer, scopes, expected):
    headers = {check_online.SCOPES_HEADER: scopes}
    found = await ask({"auth.test": answer}, lambda url: check_online.slack(SLACK, f"{url}/"), headers)
    assert states(found) == expected


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("health", "expected"),
    [({"ok": True, "model": True}, OK), ({"ok": False, "model": True, "store": False}, PROBLEM)],
)
async def test_this_server_is_asked_for_its_health(health, expected):
    async def question(url):
        return await check_online.web({"PORT": url.rpartition(":")[2]})

    (found,) = await ask({"health": health}, question)
    assert found.state == expected and ("store" in found.what) == (expected == PROBLEM)


@pytest.mark.asyncio
async def test_what_does_not_answer_is_said(unused_tcp_port):
    nowhere = f"http://127.0.0.1:{unused_tcp_port}"
    found = [
        *await check_online.web({"PORT": str(unused_tcp_port)}),
        *await check_online.slack(SLACK, f"{nowhere}/"),
        *await check_online.telegram({**TELEGRAM, "MYELIN_TELEGRAM_API": nowhere}),
    ]
    assert states(found) == [PROBLEM] * 3 and all(finding.do for finding in found)
