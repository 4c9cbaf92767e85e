"""The pictures Myelin can show. Each is a ``Picture``: SVG with a text alternative; ``to_png`` for other channels."""

from __future__ import annotations

from bot.rendering.balance import for_and_against
from bot.rendering.grid import comparison_table, recovery_timeline
from bot.rendering.picture import Picture
from bot.rendering.png import to_png
from bot.rendering.result_scale import result_scale

__all__ = ["Picture", "comparison_table", "for_and_against", "recovery_timeline", "result_scale", "to_png"]
