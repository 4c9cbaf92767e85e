"""The files of the widget, and a page to try it on at ``/``."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, FrozenSet, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.channels.web_guard import EVERYWHERE, RefusedError, allowed_origins, origin_headers

FOLDER = Path(__file__).resolve().parents[2] / "widget"
FRONT_PAGE = "index.html"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
# Files keep their names from one version to the next, so a browser asks whether its copy is still good.
CACHING = "public, max-age=300, stale-while-revalidate=86400"
PAGE_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'"
)


@dataclass(frozen=True)
class StaticFile:
    """One file in memory, plain and compressed."""

    body: bytes
    compressed: bytes
    kind: str
    tag: str

    @classmethod
    def read(cls, path: Path) -> "StaticFile":
        """Reads and compresses the file."""
        body = path.read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        return cls(body, gzip.compress(body, mtime=0), TYPES[path.suffix], tag)


class WidgetPages(InputChannel):
    """Not a channel to talk on; Rasa lets only channels add routes."""

    def __init__(self, folder: Path = FOLDER, origins: Optional[FrozenSet[str]] = None) -> None:
        self._files: Dict[str, StaticFile] = {
            path.name: StaticFile.read(path) for path in sorted(folder.iterdir()) if path.suffix in TYPES
        }
        self._origins = allowed_origins() if origins is None else origins

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return "widget"

    def url_prefix(self) -> Text:
        """An absolute path, so that the route is not under ``/webhooks``."""
        return "/widget"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The route of the files; a middleware takes over ``/``, which Rasa has a route for already."""
        blueprint = Blueprint("myelin_widget")

        @blueprint.get("/<name>")
        async def file(request: Request, name: str) -> BaseHTTPResponse:
            return self._serve(request, name)

        async def front_page(request: Request) -> Optional[BaseHTTPResponse]:
            return self._serve(request, FRONT_PAGE) if request.path == "/" and request.method == "GET" else None

        @blueprint.listener("before_server_start")
        async def take_over_root(app: Sanic, _: Any) -> None:
            app.register_middleware(front_page, "request")

        return blueprint

    def _serve(self, request: Request, name: str) -> BaseHTTPResponse:
        found = self._files.get(name)
        if found is None:
            return response.empty(status=404, headers=EVERYWHERE)
        headers = {**EVERYWHERE, "Cache-Control": CACHING, "ETag": found.tag, "Vary": "Accept-Encoding, Origin"}
        try:
            allowed = origin_headers(request, self._origins).get("Access-Control-Allow-Origin")
        except RefusedError:
            allowed = None  # the files are public; another page just may not use them
        if allowed:
            headers.update({"Access-Control-Allow-Origin": allowed, "Cross-Origin-Resource-Policy": "cross-origin"})
        if name.endswith(".html"):
            headers.update({"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"})
        if request.headers.get("if-none-match") == found.tag:
            return response.empty(status=304, headers=headers)
        body = found.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            body, headers = found.compressed, {**headers, "Content-Encoding": "gzip"}
        return response.raw(body, headers=headers, content_type=found.kind)
