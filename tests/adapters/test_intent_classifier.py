from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.adapters.intent_classifier import KernelIntentClassifier
from bot.adapters.sentence_encoder import SentenceEncoder

CONTEXT = ExecutionContext(GraphSchema({}), node_name="classifier")
RESOURCE = Resource("classifier")
EXAMPLES = [
    ("yes of course", "affirm"),
    ("yeah I do", "affirm"),
    ("no not really", "deny"),
    ("nope, never", "deny"),
    ("which foods have b12", "food_sources"),
    ("is there b12 in eggs", "food_sources"),
]


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


@pytest.fixture
def featurizer(storage: LocalModelStorage) -> SentenceEncoder:
    return SentenceEncoder.create({"alias": None, "deep": True}, storage, Resource("encoder"), CONTEXT)


def _component(storage: LocalModelStorage) -> KernelIntentClassifier:
    return KernelIntentClassifier.create(KernelIntentClassifier.get_default_config(), storage, RESOURCE, CONTEXT)


def test_a_loaded_component_classifies_as_trained(storage: LocalModelStorage, featurizer: SentenceEncoder) -> None:
    data = TrainingData([Message({TEXT: text, INTENT: intent}) for text, intent in EXAMPLES])
    trained = _component(storage)
    trained.train(featurizer.process_training_data(data))
    config = KernelIntentClassifier.get_default_config()
    loaded = KernelIntentClassifier.load(config, storage, RESOURCE, CONTEXT)
    for component in (trained, loaded):
        message = component.process(featurizer.process([Message({TEXT: "does milk have b12 in it"})]))[0]
        assert message.get(INTENT)["name"] == "food_sources"
        assert [row["name"] for row in message.get("intent_ranking")][0] == "food_sources"


def test_without_training_or_features_a_message_has_no_intent(
    storage: LocalModelStorage, featurizer: SentenceEncoder
) -> None:
    component = _component(storage)
    assert component.train(TrainingData([])) == RESOURCE
    assert component.process(featurizer.process([Message({TEXT: "hello"})]))[0].get(INTENT)["name"] is None
    assert component.process([Message({TEXT: "hello"})])[0].get(INTENT)["name"] is None
    loaded = KernelIntentClassifier.load({}, storage, RESOURCE, CONTEXT)
    assert loaded.process(featurizer.process([Message({TEXT: "hello"})]))[0].get(INTENT)["name"] is None
