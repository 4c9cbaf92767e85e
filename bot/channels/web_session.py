"""Sessions of the web widget: issued and signed by the server, so that nobody can choose or guess one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path
from typing import Optional

SECRET_VARIABLE = "MYELIN_SECRET"
SECRET_FILE = Path(__file__).resolve().parents[2] / "var" / "secret"
SHORTEST_SECRET = 32  # characters
# Talks are kept for 30 days after the last message; a session must outlive a talk that goes on for a while.
LONGEST_AGE = 60 * 24 * 3600  # seconds
_PURPOSE = b"myelin web session 1:"


def read_secret(file: Path = SECRET_FILE) -> bytes:
    """The signing secret: from the environment, or from a file that is made on first use.

    Raises ``ValueError`` if the secret of the environment is too short to protect anything.
    """
    given = os.environ.get(SECRET_VARIABLE)
    if given:
        if len(given) < SHORTEST_SECRET:
            raise ValueError(f"{SECRET_VARIABLE} must have at least {SHORTEST_SECRET} characters")
        return given.encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_bytes()
    secret = secrets.token_hex(32).encode()
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(secret)
    return secret


class Sessions:
    """Issues tokens ``id.issued.signature`` and tells which talk a token opens."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def issue(self) -> str:
        """A token for a new talk."""
        body = f"{secrets.token_urlsafe(24)}.{int(time.time())}"
        return f"{body}.{self._sign(body)}"

    def sender(self, token: object) -> Optional[str]:
        """The id of the talk, or ``None`` for a token that was not issued here or is too old."""
        if not isinstance(token, str) or not token.isascii() or token.count(".") != 2:
            return None
        body, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature, self._sign(body)):
            return None
        id_, issued = body.split(".")
        return f"web-{id_}" if time.time() - int(issued) < LONGEST_AGE else None

    def _sign(self, body: str) -> str:
        digest = hmac.new(self._secret, _PURPOSE + body.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
