"""One turn of the talk: the state as it changes and what is said."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from babel import Locale
from babel.lists import format_list

from bot.dialogue.asked import Asked
from bot.dialogue.journal import build_case
from bot.dialogue.message import Message
from bot.dialogue.retention import retention_days
from bot.dialogue.say import Say, Says
from bot.dialogue.talk import Talk
from bot.knowledge import Knowledge
from bot.knowledge.schema import Services
from bot.reasoning.case import Case
from bot.rendering.picture import Picture

LANGUAGE = "en_GB"
_LOCALE = Locale.parse(LANGUAGE)
UNKNOWN_COUNTRY = "XX"
REPORTABLE = ("answer", "assessment", "lab_result", "question", "summary", "urgent")  # kinds of messages


class Turn:
    """Collects what is said in this turn; skills change ``talk`` through it."""

    def __init__(self, talk: Talk, message: Message, knowledge: Knowledge) -> None:
        self.talk = talk
        self.message = message
        self.knowledge = knowledge
        self.says: Says = []
        self.new_facts: List[Mapping[str, object]] = []
        self.new_general: Mapping[str, object] = {}  # attributes said of no particular finding
        self.new_labs: List[str] = []
        self.answered = False
        self.chosen = False  # an option of the pending question was named outright, whatever else it may mean
        self.late = False  # the message answers the question before the pending one
        self.corrected = False  # something said of the complaint as a whole was put right
        self.ask_again: Optional[str] = None  # key of the question whose answer the person chose to change
        self.consented = False
        self.erase = False
        self.rules: List[str] = []  # ids of the rules on results that were told
        self.asked: Optional[Asked] = None  # what a question means in the light of the last answer
        self._case = build_case(talk, knowledge)
        self._case_of = talk

    @property
    def case(self) -> Case:
        """The case of the talk as it is now, built anew only when what it is built from has changed."""
        talk, of = self.talk, self._case_of
        if talk.journal is not of.journal or talk.flags is not of.flags:
            self._case = build_case(talk, self.knowledge)
        self._case_of = talk
        return self._case

    @property
    def services(self) -> Services:
        """Whom to call where the person is."""
        return services_in(self.case.profile.get("country"), self.knowledge)

    def change(self, **changes: Any) -> None:
        """Replaces fields of the talk."""
        self.talk = replace(self.talk, **changes)

    def say(
        self,
        response: str,
        buttons: Sequence[str] = (),
        custom: Optional[Mapping[str, object]] = None,
        **variables: object,
    ) -> None:
        """Says a response of the domain."""
        self.says.append(Say(response=response, variables=variables, buttons=buttons, custom=custom))

    @property
    def said(self) -> Tuple[str, ...]:
        """Ids of the answers of this turn, such as ``answer/test_explained/mma``, without anything of the person."""
        named = [say.custom for say in self.says if say.custom and say.custom.get("kind") in REPORTABLE]
        return tuple(dict.fromkeys([*map(_id, named), *self.rules]))

    def tell(self, bubbles: Sequence[str], custom: Optional[Mapping[str, object]] = None) -> None:
        """Says reviewed text of the knowledge, a bubble each; ``custom`` goes with the last."""
        contacts = contact_words(self.services)
        for number, bubble in enumerate(bubbles, start=1):
            last = custom if number == len(bubbles) else None
            self.says.append(Say(text=fill(bubble, contacts), custom=last))

    def show(self, picture: Optional[Picture]) -> None:
        """Adds a picture for channels that can show one; its text alternative comes with it."""
        if picture is not None:
            self.says.append(Say(custom=picture.contract()))

    def word(self, key: str) -> str:
        """A word or short phrase of ``words.yml``; the form about someone else where there is one."""
        other = f"{key}_other"
        return self.knowledge.words[other if self.talk.about_other and other in self.knowledge.words else key]


def _id(custom: Mapping[str, object]) -> str:
    return "/".join(str(custom[key]) for key in ("kind", "topic", "object", "key", "flag") if custom.get(key))


def services_in(country: object, knowledge: Knowledge) -> Services:
    """Emergency and crisis services of the country, or the international line-up when it is not known."""
    by_country = _services(knowledge)
    return by_country.get(str(country), by_country[UNKNOWN_COUNTRY])


@cache
def _services(knowledge: Knowledge) -> Mapping[str, Services]:
    return {entry.country: entry for entry in knowledge.services.values()}


def contact_words(services: Services) -> Dict[str, str]:
    """The variables that reviewed text may hold."""
    return {
        "emergency": services.emergency,
        "advice_line": services.urgent_advice,
        "crisis": ". ".join(services.crisis),
        "kept_days": f"{retention_days():g}",
    }


def fill(text: str, variables: Mapping[str, str]) -> str:
    """The text with its ``{variables}`` filled in; braces that are no variable stay as they are."""
    for name, value in variables.items():
        text = text.replace("{" + name + "}", value)
    return text


def listed(items: Sequence[str]) -> str:
    """ "a, b and c"."""
    return format_list(list(dict.fromkeys(items)), locale=_LOCALE)


def one_of(items: Sequence[str]) -> str:
    """ "a, b or c"."""
    return format_list(list(dict.fromkeys(items)), style="or", locale=_LOCALE)


def sentence(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def in_a_sentence(title: str) -> str:
    """The title with a small letter, unless it begins with an abbreviation ("B12") or a name ("Crohn's")."""
    is_name = title.partition(" ")[0].endswith("'s") or not title[1:2].islower()
    return title if is_name else title[:1].lower() + title[1:]
