"""Objects that a question is about without naming them."""

import pytest

from bot.understanding.implied import TOPIC, ImpliedObjects


@pytest.fixture(scope="module")
def objects():
    return ImpliedObjects()


def ids(mentions):
    return [(mention.entity, mention.value) for mention in mentions]


@pytest.mark.parametrize(
    ("topic", "text", "object_"),
    [
        ("injection_schedule", "how many weeks between them", ("treatment", "b12_injection")),
        ("restless_legs_link", "my legs dance all night, is it that", ("condition", "restless_legs_syndrome")),
        ("absorption", "what part of a tablet gets into me", ("treatment", "oral_b12")),
        ("side_effects", "felt sick after the needle", ("treatment", "b12_injection")),
        ("result_meaning", "the level is low, isn't it", ("test", "serum_b12")),
    ],
)
def test_a_topic_implies_its_object(objects, topic, text, object_):
    mentions = objects.read(text, topic, [])
    assert ids(mentions) == [object_]
    assert (mentions[0].start, mentions[0].end, mentions[0].evidence) == (0, len(text), TOPIC)


def test_nothing_is_implied_by_a_topic_alone_where_words_are_wanted(objects):
    assert not objects.read("why can't I take it up", "absorption", [])


def test_nothing_is_implied_by_what_is_no_question(objects):
    assert not objects.read("I take a tablet and my level is low", "inform", [])


def test_a_result_implies_its_test(objects):
    result = [{"entity": "lab_result", "value": "homocysteine"}, {"entity": "lab_result", "value": "egfr"}]
    found = ids(objects.read("homocysteine 22 and egfr 50, how are my levels", "result_meaning", result))
    assert found == [("test", "homocysteine"), ("test", "kidney_function")]


def test_what_is_named_is_not_implied_again(objects):
    named = [{"entity": "treatment", "value": "b12_injection"}]
    assert not objects.read("how often is the injection", "injection_schedule", named)
    assert not objects.read("a shot or a tablet", "side_effects", named)
