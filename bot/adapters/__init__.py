"""Thin parts that run inside the Rasa server.

The patches of Rasa are made here, because every component of ours is imported through this package.
"""

from bot.adapters.action_calls import prepare_calls, prepare_validation
from bot.adapters.graph_runner import prepare_runner
from bot.adapters.prompt import prepare_prompt
from bot.adapters.rules import prepare_rules

prepare_calls()
prepare_validation()
prepare_prompt()
prepare_rules()
prepare_runner()
