"""Thin parts that run inside the Rasa server.

One patch of Rasa lives here, because every component of ours is imported through this package.
"""

from bot.adapters.action_results import prepare_validation

prepare_validation()
