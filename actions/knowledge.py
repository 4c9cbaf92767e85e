"""Answers to questions of knowledge."""

from actions.base import TalkAction
from bot.dialogue.skills import answer, feedback


class ActionAnswer(TalkAction):
    skill = answer.run


class ActionMore(TalkAction):
    skill = feedback.more


class ActionReportProblem(TalkAction):
    skill = feedback.report_problem
