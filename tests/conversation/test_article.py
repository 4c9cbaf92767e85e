"""Every fact of the article, asked for in free words through the trained model, is found in the answer or its "more"."""

from __future__ import annotations

import pytest

from tests.knowledge.article import QUESTIONS, Question

pytestmark = pytest.mark.conversation


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.fact)
def test_the_fact_is_found_in_the_answer(conversation, question: Question) -> None:
    conversation.starts("hi").says(question.text)
    answer = conversation.words
    assert [custom["topic"] for custom in conversation.customs("answer")], answer
    conversation.says("more")
    assert question.missing(f"{answer}\n{conversation.words}") == []
