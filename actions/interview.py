"""The interview and its result."""

from actions.base import TalkAction
from bot.dialogue.skills import assessment, interview, urgent


class ActionInterview(TalkAction):
    skill = interview.run


class ActionUrgent(TalkAction):
    skill = urgent.run


class ActionResultSoFar(TalkAction):
    skill = assessment.run
