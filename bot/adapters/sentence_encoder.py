"""Rasa component that adds the sentence vector of the encoder to each message."""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.encoder import default_encoder
from bot.understanding.intents import thinned


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature to the text of each message; see ``understanding.encoder``.

    Its shape is (1, 384), or (1, 1536) with ``deep: true``.
    """

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
        """``alias`` names the origin of the features (default: the component); ``deep`` takes four layers."""
        return {"alias": None, "deep": False}

    def __init__(self, config: Dict[Text, Any], name: Text) -> None:
        DenseFeaturizer.__init__(self, name, config)
        self._deep = bool(config.get("deep", False))

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
        texts = [message.get(TEXT) for message in with_text]
        encoder = default_encoder()
        vectors = encoder.encode_deep(texts) if self._deep else encoder.encode(texts)
        for message, vector in zip(with_text, vectors):
            message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same, in one batch, for the training examples that are learnt from; see ``thinned``."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        if examples:
            self.process([examples[number] for number in thinned([str(each.get(INTENT)) for each in examples])])
        return training_data

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Raises ``InvalidConfigException`` if ``deep`` is no truth value."""
        if not isinstance(config.get("deep", False), bool):
            raise InvalidConfigException("SentenceEncoder: 'deep' must be true or false.")
