"""Who may ask: origins, size of a request, security headers."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, FrozenSet, Mapping, Optional
from urllib.parse import urlsplit

from sanic.request import Request

ORIGINS_VARIABLE = "MYELIN_ORIGINS"
SESSION_HEADER = "X-Myelin-Session"
LARGEST_BODY = 64 * 1024  # bytes; the longest message is 8,000 characters of up to 4 bytes

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_DATA = {
    **EVERYWHERE,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class RefusedError(Exception):
    """A request that is not served; ``reason`` is a word for programs, never text of the person."""

    def __init__(self, status: int, reason: str, headers: Optional[Mapping[str, str]] = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})


def allowed_origins() -> FrozenSet[str]:
    """Other sites that may embed the widget, such as ``https://clinic.example``, from the environment."""
    listed = os.environ.get(ORIGINS_VARIABLE, "").replace(",", " ").split()
    return frozenset(origin.rstrip("/").lower() for origin in listed)


def origin_headers(request: Request, allowed: FrozenSet[str]) -> Dict[str, str]:
    """The headers that let the page of an allowed origin read the answer.

    Raises ``RefusedError`` for any other origin. A request without an origin does not come from another page.
    """
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise RefusedError(403, "origin")
        return {"Vary": "Origin"}
    if origin.lower() in allowed:
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    if "//" in origin and urlsplit(origin).netloc.lower() == request.host.lower():
        return {"Vary": "Origin"}
    raise RefusedError(403, "origin", {"Vary": "Origin"})


async def read_json(request: Request) -> Dict[str, Any]:
    """The JSON object sent. Stops reading at ``LARGEST_BODY``; raises ``RefusedError`` for anything else."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise RefusedError(413, "size")
    body = b""
    while True:
        chunk = await request.stream.read()
        if chunk is None:
            break
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RefusedError(413, "size")
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise RefusedError(400, "json") from None
    if not isinstance(data, dict):
        raise RefusedError(400, "json")
    return data
