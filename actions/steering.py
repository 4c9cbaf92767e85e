"""How a person steers the talk."""

from actions.base import TalkAction
from bot.dialogue.skills import steering


class ActionWhyAsk(TalkAction):
    skill = steering.why_ask


class ActionRephrase(TalkAction):
    skill = steering.rephrase


class ActionRepeat(TalkAction):
    skill = steering.repeat


class ActionGoBack(TalkAction):
    skill = steering.go_back


class ActionChangeAnswer(TalkAction):
    skill = steering.change_answer


class ActionRestart(TalkAction):
    skill = steering.restart


class ActionStop(TalkAction):
    skill = steering.stop


class ActionHelp(TalkAction):
    skill = steering.help_


class ActionHuman(TalkAction):
    skill = steering.human
