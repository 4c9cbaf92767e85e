"""``GET /metrics`` for Prometheus. The proxy does not pass it on to the public."""

from __future__ import annotations

import os
from typing import Any, Awaitable, Callable, Text

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

SEVERAL_PROCESSES = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client too


class MetricsInput(InputChannel):
    """Not a channel to talk on; Rasa lets only channels add routes."""

    @classmethod
    def name(cls) -> Text:
        """The name of the route."""
        return "metrics"

    def url_prefix(self) -> Text:
        """An absolute path, so that the route is not under ``/webhooks``."""
        return "/metrics"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The one route."""
        blueprint = Blueprint("myelin_metrics")

        @blueprint.get("/")
        async def metrics(_: Request) -> HTTPResponse:
            return response.raw(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)

        return blueprint


def _registry() -> CollectorRegistry:
    """All workers of this server, if there are several."""
    if not os.environ.get(SEVERAL_PROCESSES):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
