"""The assistant as it runs: the trained model, the real actions, a real database."""

from __future__ import annotations

import uuid
from typing import Any, Dict, List, Mapping, Optional

import pytest

from evaluation.harness import Assistant, Messages, customs, texts


class Conversation:
    """One talk with the assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.sender = uuid.uuid4().hex
        self.messages: Messages = []

    def says(self, text: str) -> "Conversation":
        """Sends one message; the reply is never empty."""
        self.messages = self.assistant.send(text, self.sender)
        assert texts(self.messages), f"no words in reply to {text!r}"
        return self

    def starts(self, text: str) -> "Conversation":
        """The first message and the yes to the question for consent."""
        return self.says(text).says("yes")

    def customs(self, kind: str) -> List[Dict[str, Any]]:
        """Machine-readable parts of this kind in the latest reply."""
        return customs(self.messages, kind)

    @property
    def question(self) -> Optional[Dict[str, Any]]:
        """The question of the latest reply, if one was asked."""
        asked = self.customs("question")
        return asked[-1] if asked else None

    @property
    def result(self) -> Optional[Dict[str, Any]]:
        """The assessment of the latest reply, if there is one."""
        given = self.customs("assessment")
        return given[-1] if given else None

    @property
    def words(self) -> str:
        """All the words of the latest reply."""
        return "\n".join(texts(self.messages))

    def finishes(self, replies: Mapping[str, str], otherwise: str = "no") -> Dict[str, Any]:
        """Answers by question key until the result; ``otherwise`` answers what ``replies`` does not."""
        for _ in range(25):
            if self.result and self.result["complete"]:
                return self.result
            assert self.question, f"neither a question nor a result:\n{self.words}"
            self.says(replies.get(self.question["key"], "skip" if self.question["type"] == "number" else otherwise))
        raise AssertionError("the interview did not end")

    @property
    def talk(self) -> Dict[str, Any]:
        """The stored state."""
        return self.assistant.slot("talk", self.sender) or {}


@pytest.fixture(scope="session")
def assistant(tmp_path_factory):
    running = Assistant(tmp_path_factory.mktemp("store") / "talks.db")
    yield running
    running.close()


@pytest.fixture
def conversation(assistant):
    yield Conversation(assistant)
    assistant.actions.failure = None
