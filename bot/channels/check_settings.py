"""What the settings alone tell: no network, nothing is written."""

from __future__ import annotations

import gzip
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import List, Mapping
from urllib.parse import urlsplit

from bot.channels import telegram_settings as telegram_names
from bot.channels.slack import SIGNING_VARIABLE, TOKEN_VARIABLE
from bot.channels.web_guard import ORIGINS_VARIABLE
from bot.channels.web_pages import FOLDER as WIDGET
from bot.channels.web_pages import FRONT_PAGE
from bot.channels.web_session import SECRET_FILE, SECRET_VARIABLE, SHORTEST_SECRET
from bot.dialogue.retention import DAYS, VARIABLE, days_set
from bot.serve import ROOT

OK, OFF, PROBLEM = "ok", "off", "problem"
TELEGRAM_PORTS = (None, 443, 80, 88, 8443)
_TELEGRAM_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")
_SLACK_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
_DEMO_ONLY = (FRONT_PAGE, "demo.css", "icon.svg")


@dataclass(frozen=True)
class Finding:
    """``what`` is the case, and what to ``do`` about it; both name settings, never their secret values."""

    state: str
    what: str
    do: str = ""


Settings = Mapping[str, str]


def everywhere(settings: Settings, secret_file: Path = SECRET_FILE, models: Path = ROOT / "models") -> List[Finding]:
    """The secret, the model, how long talks are kept."""
    return [_secret(settings, secret_file), _model(models), _kept(settings)]


def web(settings: Settings, folder: Path = WIDGET) -> List[Finding]:
    """The files of the widget and the sites that may embed it."""
    files = [path for path in folder.iterdir() if path.name not in _DEMO_ONLY] if folder.is_dir() else []
    if not any(path.name == "myelin-chat.js" for path in files):
        return [
            Finding(PROBLEM, f"the files of the widget are not in {folder.name}/", "restore them: git checkout widget")
        ]
    size = sum(len(gzip.compress(path.read_bytes())) for path in files)
    findings = [Finding(OK, f"served at / and /widget, {size / 1000:.1f} kB compressed")]
    listed = settings.get(ORIGINS_VARIABLE, "").replace(",", " ").split()
    for origin in listed:
        parts = urlsplit(origin)
        if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or parts.query:
            do = "write it as https://clinic.example, without a path"
            findings.append(Finding(PROBLEM, f"{ORIGINS_VARIABLE}: {origin} is not the origin of a site", do))
    others = " ".join(listed) or "none"
    return [*findings, Finding(OK, f"other sites that may embed it ({ORIGINS_VARIABLE}): {others}")]


def telegram(settings: Settings) -> List[Finding]:
    """The token, the mode, and what the webhook needs."""
    token, mode, url = (
        settings.get(name, "").strip()
        for name in (telegram_names.TOKEN, telegram_names.MODE, telegram_names.PUBLIC_URL)
    )
    if not token:
        do = f"to switch it on, get a token from @BotFather and set {telegram_names.TOKEN} (docs/channels/telegram.md)"
        return [Finding(OFF, "no token", do)]
    findings = []
    if not _TELEGRAM_TOKEN.fullmatch(token):
        do = "copy it from @BotFather again; it looks like 123456:ABC-DEF..."
        findings.append(Finding(PROBLEM, f"{telegram_names.TOKEN} is not of the form of a token", do))
    mode = mode.lower() or telegram_names.WEBHOOK
    if mode not in (telegram_names.WEBHOOK, telegram_names.POLLING):
        do = f"set it to {telegram_names.WEBHOOK} or {telegram_names.POLLING}; the server does not start otherwise"
        findings.append(Finding(PROBLEM, f"{telegram_names.MODE} is neither", do))
    if mode == telegram_names.WEBHOOK:
        findings += _public_address(url)
    return findings or [Finding(OK, f"token set, mode {mode}")]


def slack(settings: Settings) -> List[Finding]:
    """The two secrets of the app."""
    token, signing = (settings.get(name, "").strip() for name in (TOKEN_VARIABLE, SIGNING_VARIABLE))
    if not token and not signing:
        do = f"to switch it on, set {TOKEN_VARIABLE} and {SIGNING_VARIABLE} (docs/channels/slack.md)"
        return [Finding(OFF, "no app", do)]
    findings = []
    if not token.startswith("xoxb-"):
        what = "is not a bot token" if token else "is missing; the channel stays off"
        do = "in the settings of the app: Install App, Bot User OAuth Token (xoxb-...)"
        findings.append(Finding(PROBLEM, f"{TOKEN_VARIABLE} {what}", do))
    if not _SLACK_SIGNING_SECRET.fullmatch(signing):
        what = "is not of the form of a signing secret" if signing else "is missing; the channel stays off"
        do = "in the settings of the app: Basic Information, App Credentials, Signing Secret"
        findings.append(Finding(PROBLEM, f"{SIGNING_VARIABLE} {what}", do))
    return findings or [Finding(OK, "token and signing secret set")]


def shell(_: Settings) -> List[Finding]:
    """Nothing to set up."""
    return [Finding(OK, "nothing to set up: make shell")]


def _secret(settings: Settings, file: Path) -> Finding:
    given = settings.get(SECRET_VARIABLE, "")
    if given and len(given) < SHORTEST_SECRET:
        do = "make one: python3 -c 'import secrets; print(secrets.token_hex(32))'"
        return Finding(PROBLEM, f"{SECRET_VARIABLE} has fewer than {SHORTEST_SECRET} characters", do)
    if given:
        return Finding(OK, f"{SECRET_VARIABLE} set")
    if not file.exists():
        return Finding(OK, f"no {SECRET_VARIABLE}: one will be made in var/secret; keep that file")
    if not os.access(file, os.R_OK):
        return Finding(PROBLEM, "var/secret cannot be read", "give it to the user that runs the server")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding(PROBLEM, "var/secret can be read by other users of this machine", "chmod 600 var/secret")
    return Finding(OK, "the secret is in var/secret; keep that file")


def _model(folder: Path) -> Finding:
    if any(folder.glob("*.tar.gz")):
        return Finding(OK, "a trained model is there")
    return Finding(PROBLEM, "there is no trained model", "make train")


def _kept(settings: Settings) -> Finding:
    days = days_set(settings)
    if days is None:
        do = f"set it to a number of days above 0; until then {DAYS:g} days hold"
        return Finding(PROBLEM, f"{VARIABLE} is not a number of days", do)
    longer = f"; the default is {DAYS:g}, and longer needs a reason (docs/privacy.md)" if days > DAYS else ""
    return Finding(OK, f"talks are deleted {days:g} days after their last message{longer}")


def _public_address(url: str) -> List[Finding]:
    if not url:
        do = f"set it to the public https address of this server, or {telegram_names.MODE}=polling to try it at home"
        return [Finding(PROBLEM, f"{telegram_names.PUBLIC_URL} is missing", do)]
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme != "https" or not parts.hostname or port not in TELEGRAM_PORTS:
        do = "Telegram takes https on port 443, 80, 88 or 8443, with a public name and a valid certificate"
        return [Finding(PROBLEM, f"{telegram_names.PUBLIC_URL} is no address that Telegram takes", do)]
    return []
