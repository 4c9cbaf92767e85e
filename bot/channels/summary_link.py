"""Links to the summary of one talk: only who was given the link can fetch it, only for a day, and it names nobody."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Optional

from cryptography.fernet import Fernet, InvalidToken

from bot.channels.web_session import read_secret

PREFIX = "/summary/"
VALID_FOR = 24 * 3600  # seconds; a new summary gives a new link
_PURPOSE = b"myelin summary 1:"


def summary_path(sender: str) -> str:
    """The path under which the PDF of this talk's latest summary can be fetched."""
    token = _box().encrypt_at_time(sender.encode(), int(time.time()))
    return f"{PREFIX}{token.decode()}.pdf"


def sender_of(token: str) -> Optional[str]:
    """The talk a token (the path without prefix and ``.pdf``) opens; ``None`` if it is forged or too old."""
    try:
        return _box().decrypt_at_time(token.encode(), VALID_FOR, int(time.time())).decode()
    except InvalidToken:
        return None


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + read_secret()).digest()))
