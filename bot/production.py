"""Starts one Rasa server of several (docs/production.md): ``python -m bot.production``."""

from __future__ import annotations

import os
import tempfile
import warnings

from bot import collector
from bot.lazy_imports import postpone
from bot.processor import choose_kernels
from bot.serve import DEFAULT_PORT, ROOT, newest_model, quiet_logs

SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
    "SANIC_BACKLOG": "2048",
    "SANIC_RESPONSE_TIMEOUT": "110",  # seconds; longer than a turn is waited for, shorter than the proxy waits
    "SANIC_REAL_IP_HEADER": "x-real-ip",  # set by the proxy; without it all people share the rate of one address
    # One connection for the talks and two for threads: clean-up and health.
    "SQL_POOL_SIZE": "1",
    "SQL_MAX_OVERFLOW": "2",
}
REQUIRED = ("MYELIN_SECRET", "MYELIN_REDIS_URL", "MYELIN_ACTIONS_URL", "MYELIN_POSTGRES_HOST")


def main() -> None:
    """Runs until stopped. Settings come from the environment alone (deploy/.env.example)."""
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"Not set: {', '.join(missing)}. See docs/production.md.")
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    choose_kernels()
    if int(os.environ.get("SANIC_WORKERS", "1")) > 1:
        # Before the first import of prometheus_client, which looks at it once.
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="myelin-metrics-"))
    warnings.simplefilter("ignore")
    os.chdir(ROOT)

    postpone()
    collector.rest()
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from bot.adapters.listeners import LISTENERS

    quiet_logs()
    rasa.core.run.serve_application(
        model_path=newest_model(),
        credentials=str(ROOT / "credentials.yml"),
        interface=os.environ.get("MYELIN_INTERFACE", "0.0.0.0"),  # a private network; the proxy stands before it
        port=int(os.environ.get("PORT", DEFAULT_PORT)),
        endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.production.yml")),
        enable_api=False,
        server_listeners=[*LISTENERS, (collector.resume, "after_server_start")],
    )


if __name__ == "__main__":
    main()
