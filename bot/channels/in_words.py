"""The bubbles that put into words what a channel may draw from the machine-readable part instead."""

from __future__ import annotations

TABLE_ROW, SOURCES = "utter_table_row", "utter_sources"
POSSIBILITY = "utter_possibility"
WITHOUT_AGAINST, WITHOUT_SUPPORTS = f"{POSSIBILITY}_without_against", f"{POSSIBILITY}_without_supports"
POSSIBILITIES = (POSSIBILITY, WITHOUT_AGAINST, WITHOUT_SUPPORTS)
