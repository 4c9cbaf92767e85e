"""Measures everything and writes ``docs/evaluation.md``.

python -m evaluation [--only understanding|patients|red_flags] [--quick] [--no-baselines]
"""

from __future__ import annotations

import logging
import os
import sys

if __name__ == "__main__":
    # Before TensorFlow and SQLAlchemy are imported, or their warnings drown the results.
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", SQLALCHEMY_SILENCE_UBER_WARNING="1", RASA_TELEMETRY_ENABLED="false")
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    from bot.processor import choose_kernels

    choose_kernels()  # likewise before numpy
    from evaluation.command import main

    sys.exit(main())
