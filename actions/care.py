"""The summary for a doctor and the deletion of data."""

from actions.base import TalkAction
from bot.dialogue.skills import privacy, summary


class ActionSummary(TalkAction):
    skill = summary.run


class ActionDeleteData(TalkAction):
    skill = privacy.delete
