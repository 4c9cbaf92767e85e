from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.adapters.sentence_encoder import SentenceEncoder


@pytest.fixture
def component(tmp_path: Path) -> SentenceEncoder:
    return SentenceEncoder.create(
        SentenceEncoder.get_default_config(),
        LocalModelStorage(tmp_path),
        Resource("encoder"),
        ExecutionContext(GraphSchema({}), node_name="encoder"),
    )


def test_each_message_gets_one_sentence_feature(component: SentenceEncoder) -> None:
    messages = component.process([Message({TEXT: "my legs fall asleep"}), Message({TEXT: "hello"})])
    for message in messages:
        sequence, sentence = message.get_dense_features(TEXT)
        assert sequence is None
        assert sentence is not None and sentence.features.shape == (1, 384)
        assert np.linalg.norm(sentence.features) == pytest.approx(1, abs=1e-5)


def test_existing_features_are_kept(component: SentenceEncoder) -> None:
    message = Message({TEXT: "my legs fall asleep"})
    message.add_features(Features(np.ones((1, 2)), FEATURE_TYPE_SENTENCE, TEXT, "other"))
    component.process([message])
    sentence = message.get_dense_features(TEXT)[1]
    assert sentence is not None and sentence.features.shape == (1, 386)
    assert {feature.origin for feature in message.features} == {"other", "encoder"}


def test_training_data_gets_the_same_features_and_may_lack_text(component: SentenceEncoder) -> None:
    data = TrainingData([Message({TEXT: "yes please", INTENT: "affirm"}), Message({INTENT: "deny"})])
    component.process_training_data(data)
    alone = component.process([Message({TEXT: "yes please"})])[0]
    trained = data.training_examples[0].get_dense_features(TEXT)[1]
    expected = alone.get_dense_features(TEXT)[1]
    assert trained is not None and expected is not None
    assert np.allclose(trained.features, expected.features, atol=1e-5)
    assert not data.training_examples[1].features
