"""Rasa component that adds the sentence vector of the encoder to each message."""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.encoder import default_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature of shape (1, 384) to the text of each message; see ``understanding.encoder``."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """None: the encoder has its own tokenizer."""
        return []

    @staticmethod
    def required_packages() -> List[Text]:
        """Importable packages the component needs; the model itself is checked when first used."""
        return ["safetensors", "tokenizers"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """``alias`` names the origin of the features, by the component's name if it is None."""
        return {"alias": None}

    def __init__(self, config: Dict[Text, Any], name: Text) -> None:
        DenseFeaturizer.__init__(self, name, config)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """A component that is ready: there is nothing to train."""
        return cls(config, execution_context.node_name)

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the feature; what other featurizers wrote stays."""
        with_text = [message for message in messages if message.get(TEXT)]
        vectors = default_encoder().encode([message.get(TEXT) for message in with_text])
        for message, vector in zip(with_text, vectors):
            message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all training examples, in one batch."""
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Every value of ``alias`` is allowed."""
