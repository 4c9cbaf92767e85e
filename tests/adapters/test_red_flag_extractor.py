from __future__ import annotations

import logging
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.adapters import red_flag_extractor
from bot.adapters.red_flag_extractor import RedFlagExtractor
from bot.adapters.wording_extractor import as_example
from bot.understanding.red_flag_net import Likeness, RedFlagNet
from bot.understanding.red_flag_reader import combine
from bot.understanding.red_flag_sentences import FOLDER, counterexamples, read_sentences
from bot.understanding.red_flags import red_flag_detector

CONTEXT = ExecutionContext(GraphSchema({}), node_name="red_flags")
RESOURCE = Resource("red_flags")
SENTENCES = [each for each in read_sentences(authors=("variants",)) if each.near in ("F1", "F19", "F4")]
LEARNT = next(each.text for each in SENTENCES if each.flag == "F19")
DATA = TrainingData([Message({TEXT: text, INTENT: "greet"}) for text in ("hello", "good morning", "which foods help")])

# Floors just below what was measured. Most of the authors set out to mislead, and a net that has seen none of an author's
# sentences does worse than the one that is served: on independent sets see docs/evaluation.md.
LEAST_FOUND = {"written_1": 0.9, "written_2": 0.85, "written_3": 0.99, "variants": 0.76}
SAME_AUTHOR = {
    "ordinary_3": "written_3",
    "ordinary_4": "written_4",
    "ordinary_5": "written_5",
    "ordinary_6": "written_6",
    "rules": "variants",
    "rules_more": "variants",
    "rules_unseen": "variants",
}
MOST_FALSE = {"written_1": 0.035, "written_2": 0.12, "written_3": 0.06, "ordinary_3": 0.15, "variants": 0.1}


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


@pytest.fixture(autouse=True)
def few_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(red_flag_extractor, "read_sentences", lambda: SENTENCES)


def _flags(component: RedFlagExtractor, text: str) -> List[Dict[str, object]]:
    return component.process([Message({TEXT: text})])[0].get(ENTITIES)


def test_a_loaded_component_finds_as_trained(storage: LocalModelStorage) -> None:
    trained = RedFlagExtractor.create({}, storage, RESOURCE, CONTEXT)
    assert trained.train(DATA) == RESOURCE
    for component in (trained, RedFlagExtractor.load({}, storage, RESOURCE, CONTEXT)):
        found = {row["value"]: row for row in _flags(component, "I just hope I will not wake up tomorrow")}
        assert found["F19"]["entity"] == "red_flag" and found["F19"]["urgency"] in ("same_day", "emergency_now")
        assert _flags(component, "hello there") == []


def test_without_a_stored_net_the_rules_answer(storage: LocalModelStorage, caplog: pytest.LogCaptureFixture) -> None:
    component = RedFlagExtractor.load({}, storage, RESOURCE, CONTEXT)
    assert "red_flag_net_missing" in caplog.text
    assert [row["value"] for row in _flags(component, "I can't feel when I wipe")] == ["F1"]


def test_without_sentences_nothing_is_stored(storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(red_flag_extractor, "read_sentences", lambda: [])
    component = RedFlagExtractor.create({}, storage, RESOURCE, CONTEXT)
    component.train(DATA)
    assert [row["value"] for row in _flags(component, "my left calf is swollen and red")] == ["F4"]


@pytest.mark.parametrize("broken, text", [("net", "I want to kill myself"), ("rules", LEARNT)])
def test_one_reader_that_fails_leaves_the_other_and_logs_no_text(
    storage: LocalModelStorage,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
    text: str,
) -> None:
    component = RedFlagExtractor.create({}, storage, RESOURCE, CONTEXT)
    component.train(DATA)

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    if broken == "net":
        monkeypatch.setattr(RedFlagNet, "read", fail)
    else:
        monkeypatch.setattr(type(component._rules), "detect", fail)
    with caplog.at_level(logging.DEBUG):
        found = [row["value"] for row in _flags(component, text)]
    assert found == ["F19"]
    assert f"reader={broken}" in caplog.text and text not in caplog.text


def test_entities_of_others_stay(storage: LocalModelStorage) -> None:
    message = Message({TEXT: "I want to kill myself", ENTITIES: [{"entity": "finding"}]})
    found = RedFlagExtractor.create({}, storage, RESOURCE, CONTEXT).process([message])[0].get(ENTITIES)
    assert [row["entity"] for row in found] == ["finding", "red_flag"]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_unseen_authors_are_found() -> None:
    """Each author's sentences are read by a net that never saw any of that author's."""
    sentences, rules = read_sentences(), red_flag_detector()
    authors = [SAME_AUTHOR.get(each.author, each.author) for each in sentences]
    groups = np.array([sorted(set(authors)).index(author) for author in authors])
    messages = load_data(str(FOLDER.parent / "nlu")).intent_examples
    others = counterexamples([as_example(message) for message in messages if message.get(TEXT)], rules)
    net, unseen = RedFlagNet.fit(sentences, others, groups=groups)
    fired: Dict[Tuple[str, bool], List[bool]] = defaultdict(list)
    for sentence, row in zip(sentences, unseen):
        if sentence.author in MOST_FALSE:  # the rules know their own by heart
            alike = [Likeness(flag, float(score), 0.0, 0, 1, False, False) for flag, score in zip(net.flags, row)]
            alike.sort(key=lambda likeness: -likeness.score)
            fired[sentence.author, sentence.fires].append(bool(combine(rules.detect(sentence.text), alike, rules)))
    found = {author: float(np.mean(fired[author, True])) for author in LEAST_FOUND}
    false = {author: float(np.mean(fired[author, False])) for author in MOST_FALSE}
    assert {author for author in found if found[author] < LEAST_FOUND[author]} == set(), found
    assert {author for author in false if false[author] > MOST_FALSE[author]} == set(), false
