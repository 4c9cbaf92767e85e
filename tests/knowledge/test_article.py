"""Every fact of the article is asked for in free words and found in the answer (without the model; see conversation)."""

from __future__ import annotations

import pytest

from bot.dialogue.message import Message
from bot.dialogue.respond import respond
from bot.dialogue.skills import answer, feedback
from bot.dialogue.talk import Talk
from bot.knowledge import load
from tests.knowledge.article import OBJECTS, QUESTIONS, Question


def told(question: Question) -> str:
    """The short answer and its continuation, with tables, as one text."""
    entities = (
        [{"entity": kind, "value": id_} for kind, id_ in [OBJECTS[question.fact]]] if question.fact in OBJECTS else []
    )
    talk = Talk(consent=True)
    words = []
    for text, intent, skill in ((question.text, question.topic, answer.run), ("more", "more", feedback.more)):
        turn = respond(skill, talk, [Message(text, intent, 1.0, tuple(entities))], load())
        talk, entities = turn.talk, []
        words += [str(say.text or " ".join(map(str, say.variables.values()))) for say in turn.says]
    return "\n".join(words)


def test_every_fact_of_the_article_is_asked_for() -> None:
    article = {id_ for id_, fact in load().facts.items() if fact.sources == ["ART"]}
    assert article == {question.fact for question in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.fact)
def test_the_answer_rests_on_the_fact_and_says_it(question: Question) -> None:
    knowledge = load()
    facts = knowledge.topics[question.topic].facts
    assert question.fact in facts
    assert question.missing(told(question)) == []
