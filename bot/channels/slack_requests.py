"""Requests that really come from Slack: signed, recent, and not too large.

The signature is checked by Slack's own library: HMAC over version, time stamp and body, compared in constant time,
at most five minutes old. https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

from __future__ import annotations

import json
from typing import Any, Dict
from urllib.parse import parse_qs

from sanic.request import Request
from slack_sdk.signature import SignatureVerifier

LARGEST_BODY = 512 * 1024  # bytes; the largest message with blocks is well below


class RefusedError(Exception):
    """A request that is not served; ``status`` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def signed_body(request: Request, verifier: SignatureVerifier) -> bytes:
    """The body, once its signature is proven. Stops reading at ``LARGEST_BODY``. Raises ``RefusedError``."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise RefusedError(413)
    body = b""
    while True:
        chunk = await request.stream.read()
        if chunk is None:
            break
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RefusedError(413)
    try:
        valid = verifier.is_valid_request(body, dict(request.headers))
    except (ValueError, TypeError):  # a time stamp that is no number, a signature that is not ASCII, a broken body
        valid = False
    if not valid:
        raise RefusedError(403)
    return body


def read_json(body: bytes) -> Dict[str, Any]:
    """The JSON object of an event. Raises ``RefusedError``."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400) from None
    if not isinstance(data, dict):
        raise RefusedError(400)
    return data


def read_form(body: bytes) -> Dict[str, Any]:
    """The JSON object in the field ``payload`` of an interaction. Raises ``RefusedError``."""
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return read_json(fields.get("payload", [""])[0].encode())
