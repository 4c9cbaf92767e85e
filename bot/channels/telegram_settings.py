"""What the Telegram channel needs to know, from the environment."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Callable, Mapping, Optional

from bot.channels.web_session import read_secret

TOKEN, MODE, PUBLIC_URL, API = (
    "MYELIN_TELEGRAM_TOKEN",
    "MYELIN_TELEGRAM_MODE",
    "MYELIN_TELEGRAM_URL",
    "MYELIN_TELEGRAM_API",
)
WEBHOOK, POLLING = "webhook", "polling"
TELEGRAM = "https://api.telegram.org"
ROUTE = "/webhooks/telegram/webhook"


@dataclass(frozen=True)
class TelegramSettings:
    """``secret`` signs; from it come the webhook's secret token and the ids under which talks are stored."""

    token: str = field(repr=False)
    secret: bytes = field(repr=False)
    mode: str = WEBHOOK
    public_url: str = ""
    api: str = TELEGRAM

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, secret: Callable[[], bytes] = read_secret
    ) -> Optional["TelegramSettings"]:
        """The settings, or ``None`` without a token. Raises ``ValueError`` for a mode that does not exist."""
        token = environment.get(TOKEN, "").strip()
        if not token:
            return None
        mode = environment.get(MODE, "").strip().lower() or WEBHOOK
        if mode not in (WEBHOOK, POLLING):
            raise ValueError(f"{MODE} must be {WEBHOOK} or {POLLING}")
        public_url = environment.get(PUBLIC_URL, "").strip().rstrip("/")
        return cls(token, secret(), mode, public_url, environment.get(API, "").strip().rstrip("/") or TELEGRAM)

    @property
    def webhook_url(self) -> str:
        """Where Telegram is to send updates; empty if the public address is not known."""
        return self.public_url + ROUTE if self.public_url else ""

    @property
    def webhook_secret(self) -> str:
        """The secret token that Telegram sends with each update. A new bot token makes a new one."""
        return self._sign("webhook", self.token)

    def sender(self, chat: int) -> str:
        """The id of the talk: the same for a chat with this bot each time, and of no use to find the chat."""
        bot = self.token.partition(":")[0]
        return f"telegram-{self._sign('chat', f'{bot}:{chat}')}"

    def _sign(self, purpose: str, text: str) -> str:
        digest = hmac.new(self.secret, f"myelin telegram {purpose} 1:{text}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
