"""What the services say: whether they know us, and whether they reach us. Nothing is changed there."""

from __future__ import annotations

from typing import Any, List, Mapping, Set

import aiohttp

from bot.channels import telegram_settings as telegram_names
from bot.channels.check_settings import OK, PROBLEM, Finding
from bot.channels.slack import TOKEN_VARIABLE
from bot.channels.slack_api import BASE_URL
from bot.channels.telegram_api import TelegramApi, TelegramError
from bot.knowledge.loader import read_yaml
from bot.serve import DEFAULT_PORT, LOOPBACK, ROOT

Settings = Mapping[str, str]
TIMEOUT = aiohttp.ClientTimeout(total=15)  # seconds
MANIFEST = ROOT / "deploy" / "slack-manifest.yml"
SCOPES_HEADER = "x-oauth-scopes"


async def web(settings: Settings) -> List[Finding]:
    """Whether the server on this machine is healthy."""
    port = settings.get("PORT") or DEFAULT_PORT
    try:
        async with _session() as session, session.get(f"http://{LOOPBACK}:{port}/health") as answer:
            health: Any = await answer.json()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return [Finding(PROBLEM, f"no server answers on port {port}", "start it: make run")]
    broken = ", ".join(name for name, fine in health.items() if name != "ok" and not fine)
    if broken:
        return [Finding(PROBLEM, f"the server runs but is not healthy: {broken}", "look at its log")]
    return [Finding(OK, f"the server on port {port} is healthy")]


async def telegram(settings: Settings) -> List[Finding]:
    """Whether the token is taken, and whether the webhook is the one that this server would set."""
    known = telegram_names.TelegramSettings.from_environment(settings, secret=bytes)
    assert known is not None  # asked only where the settings are fine
    api = TelegramApi(known.token, known.api)
    try:
        bot = await api.call("getMe", tries=1)
        hook = await api.call("getWebhookInfo", tries=1)
    except TelegramError as error:
        if error.token_refused:
            return [Finding(PROBLEM, "Telegram does not take the token", "get a new one from @BotFather")]
        return [Finding(PROBLEM, f"no answer from Telegram (code {error.code})", "check the network and HTTPS_PROXY")]
    finally:
        await api.close()
    findings = [Finding(OK, f"Telegram knows the bot as @{bot.get('username')}")]
    if bot.get("can_join_groups"):
        do = "@BotFather: /setjoingroups, Disable. In a group it says that it talks in private only, and leaves"
        findings.append(Finding(OK, "the bot can be added to groups", do))
    return findings + _webhook(known, hook)


def _webhook(known: telegram_names.TelegramSettings, hook: Mapping[str, Any]) -> List[Finding]:
    url = str(hook.get("url") or "")
    if known.mode == telegram_names.POLLING:
        do = "the server removes it when it starts with polling"
        return [Finding(OK, "a webhook is still set", do)] if url else []
    if url != known.webhook_url:
        do = "start the server: it sets the webhook by itself. If that does not help, look for telegram_ in its log"
        return [Finding(PROBLEM, "Telegram sends messages to another address or to none", do)]
    if hook.get("last_error_message"):
        do = "look at the proxy: it must let POST through to the webhook, with a valid certificate"
        return [Finding(PROBLEM, f"the last delivery failed: {hook['last_error_message']}", do)]
    return [Finding(OK, f"the webhook is set; {hook.get('pending_update_count', 0)} messages wait")]


async def slack(settings: Settings, base_url: str = BASE_URL) -> List[Finding]:
    """Whether the token is taken, and whether it has every scope of the manifest."""
    headers = {"Authorization": f"Bearer {settings[TOKEN_VARIABLE].strip()}"}
    try:
        async with _session() as session, session.post(f"{base_url}auth.test", headers=headers) as reply:
            answer: Any = await reply.json()
            granted = set(reply.headers.get(SCOPES_HEADER, "").replace(" ", "").split(","))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return [Finding(PROBLEM, "no answer from Slack", "check the network and HTTPS_PROXY")]
    if not answer.get("ok"):
        do = "install the app in the workspace again and copy its Bot User OAuth Token"
        return [Finding(PROBLEM, f"Slack does not take the token ({answer.get('error')})", do)]
    missing = sorted(_scopes() - granted)
    findings = [Finding(OK, f"the app is installed in {answer.get('team')} as {answer.get('user')}")]
    if missing:
        do = "add them under OAuth & Permissions (deploy/slack-manifest.yml) and install the app again"
        findings.append(Finding(PROBLEM, f"scopes are missing: {', '.join(missing)}", do))
    return findings


def _scopes() -> Set[str]:
    manifest: Any = read_yaml(MANIFEST)
    return set(manifest["oauth_config"]["scopes"]["bot"])


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=TIMEOUT, trust_env=True)
