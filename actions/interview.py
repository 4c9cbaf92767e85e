"""The interview and its result."""

from actions.base import TalkAction
from bot.dialogue.skills import interview


class ActionInterview(TalkAction):
    skill = interview.run


class ActionUrgent(TalkAction):
    skill = interview.after_urgent


class ActionResultSoFar(TalkAction):
    skill = interview.result_so_far
