"""Greetings, thanks and what is not Myelin's business."""

from actions.base import TalkAction
from bot.dialogue.skills import small_talk


class ActionGreet(TalkAction):
    skill = small_talk.greet


class ActionThanks(TalkAction):
    skill = small_talk.thanks


class ActionGoodbye(TalkAction):
    skill = small_talk.goodbye


class ActionBotChallenge(TalkAction):
    skill = small_talk.bot_challenge


class ActionSmallTalk(TalkAction):
    skill = small_talk.chat


class ActionOutOfScope(TalkAction):
    skill = small_talk.out_of_scope
