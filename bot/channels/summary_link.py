"""Signed links to the summary of one talk: only who was given the link can fetch it, and only for a day."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from typing import Optional

from bot.channels.web_session import read_secret

PREFIX = "/summary/"
VALID_FOR = 24 * 3600  # seconds; a new summary gives a new link
_PURPOSE = b"myelin summary 1:"


def summary_path(sender: str) -> str:
    """The path under which the PDF of this talk's latest summary can be fetched."""
    name = base64.urlsafe_b64encode(sender.encode()).rstrip(b"=").decode()
    body = f"{name}.{int(time.time()) + VALID_FOR}"
    return f"{PREFIX}{body}.{_sign(body)}.pdf"


def sender_of(token: str) -> Optional[str]:
    """The talk a token (the path without prefix and ``.pdf``) opens; ``None`` if it is forged or too old."""
    body, _, signature = token.rpartition(".")
    name, _, expires = body.partition(".")
    if not token.isascii() or not hmac.compare_digest(signature, _sign(body)) or time.time() > int(expires):
        return None
    try:
        return base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _sign(body: str) -> str:
    digest = hmac.new(read_secret(), _PURPOSE + body.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
