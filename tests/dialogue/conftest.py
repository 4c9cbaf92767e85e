"""A scripted person for the dialogue alone: no Rasa, no model, entities written by hand."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

import pytest

from bot.dialogue.message import Message
from bot.dialogue.respond import Skill, respond
from bot.dialogue.skills import interview
from bot.dialogue.talk import Talk
from bot.dialogue.turn import Turn
from bot.knowledge import Knowledge, load


class Person:
    """Sends messages and keeps the talk, through JSON as the slot does."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.talk = Talk()
        self.turn: Optional[Turn] = None

    def says(
        self, text: str, intent: str = "inform", *entities: Dict[str, Any], skill: Skill = interview.run, **more: Any
    ) -> "Person":
        """One message with its understanding; the skill is the one its rule leads to."""
        message = Message(text, intent, 1.0, tuple(entities), **more)
        stored = Talk.from_dict(json.loads(json.dumps(self.talk.to_dict())))
        self.turn = respond(skill, stored, [message], self.knowledge)
        self.talk = self.turn.talk
        return self

    def agrees(self) -> "Person":
        """Answers the question for consent."""
        return self.says("yes", "affirm")

    @property
    def responses(self) -> List[Optional[str]]:
        """Names of the responses of the latest turn."""
        assert self.turn is not None
        return [say.response for say in self.turn.says]

    def customs(self, kind: str) -> List[Dict[str, Any]]:
        """Machine-readable parts of this kind in the latest turn."""
        assert self.turn is not None
        return [dict(say.custom) for say in self.turn.says if say.custom and say.custom["kind"] == kind]

    @property
    def question(self) -> Dict[str, Any]:
        """The question asked in the latest turn."""
        (question,) = self.customs("question")
        return question


def finding(id_: str, status: str = "present", **attributes: Any) -> Dict[str, Any]:
    """A finding entity."""
    return {"entity": "finding", "value": id_, "status": status, "start": 0, "end": 1, **attributes}


def risk(id_: str, status: str = "present") -> Dict[str, Any]:
    """A risk factor entity."""
    return {"entity": "risk_factor", "value": id_, "status": status, "start": 0, "end": 1}


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load()


@pytest.fixture
def person(knowledge: Knowledge) -> Person:
    return Person(knowledge)


@pytest.fixture
def in_interview(person: Person) -> Person:
    """Somebody with burning feet who agreed to go on."""
    burning = finding("burning", site=["foot"], side="both")
    return person.says("burning feet", "inform", burning).agrees()


@pytest.fixture(name="finding")
def _finding() -> Any:
    return finding


@pytest.fixture(name="risk")
def _risk() -> Any:
    return risk
