"""For how long a talk is kept: what the person is told, and what the job goes by."""

from __future__ import annotations

import os
from typing import Mapping, Optional

VARIABLE = "MYELIN_RETENTION_DAYS"
DAYS = 30.0


def retention_days(settings: Mapping[str, str] = os.environ) -> float:
    """Days after its last message; the default where the setting makes no sense, so that nothing is kept for ever."""
    return days_set(settings) or DAYS


def days_set(settings: Mapping[str, str]) -> Optional[float]:
    """What the setting says; ``None`` if that is no number of days above 0."""
    try:
        days = float(settings.get(VARIABLE) or DAYS)
    except ValueError:
        return None
    return days if 0 < days < float("inf") else None
