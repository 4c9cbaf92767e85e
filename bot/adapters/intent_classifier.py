"""Rasa component around ``bot.understanding.intents``: writes intent and ranking with calibrated confidence."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Mapping, Optional, Text, Tuple, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.adapters.sentence_encoder import SentenceEncoder
from bot.understanding.features import Features
from bot.understanding.intents import IntentModel, Ranking, telling_first, thinned
from bot.understanding.memory import keep
from bot.understanding.mentions import GUESSED

logger = logging.getLogger(__name__)

INTENT_RANKING = "intent_ranking"
REMEMBERED = 1024
"""Texts whose ranking is kept."""
TELLING = ("finding", "risk_factor", "lab_result", "red_flag")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelIntentClassifier(GraphComponent, IntentClassifier):
    """Classifies by sentence vector and spelling; needs ``SentenceEncoder`` before it, best with ``deep: true``."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """The featurizer it reads from."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> List[Text]:
        """Importable packages the component needs."""
        return ["scipy"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """``ranking_length``: how many intents the ranking holds."""
        return {"ranking_length": 10}

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._known: Dict[Text, Ranking] = {}
        keep(self)

    def cache_clear(self) -> None:
        """Forgets the rankings of texts read lately."""
        self._known.clear()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "KernelIntentClassifier":
        """An untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model to the intent examples and stores it; without examples nothing is stored."""
        examples = [each for each in training_data.intent_examples if each.get_dense_features(TEXT)[1] is not None]
        if len({example.get(INTENT) for example in examples}) < 2:
            logger.warning("Fewer than two intents with examples: no intent classifier is trained.")
            return self._resource
        kept = thinned([example.get(INTENT) for example in examples])
        features, examples = _features([examples[number] for number in kept])
        self.cache_clear()
        self._model, unseen = IntentModel.fit(features, [example.get(INTENT) for example in examples])
        gold = np.array([self._model.labels.index(example.get(INTENT)) for example in examples])
        share = float((unseen.argmax(axis=1) == gold).mean())
        logger.info("%d examples; %.1f %% right with each left out in turn.", len(gold), share * 100)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "KernelIntentClassifier":
        """The trained component, or an untrained one if training stored nothing."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, IntentModel.load(folder))
        except (ValueError, FileNotFoundError):
            logger.warning("No trained intent classifier is stored as '%s'.", resource.name)
            return cls(config, model_storage, resource)

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets intent and ranking of each message; one without words gets no intent, at no confidence."""
        for message in messages:
            message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
            message.set(INTENT_RANKING, [], add_to_output=True)
        for message, ranking in self._ranked(messages):
            if any(_tells(entity) for entity in message.get(ENTITIES, [])):
                ranking = telling_first(ranking)
            rows = [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence} for name, confidence in ranking]
            message.set(INTENT, rows[0], add_to_output=True)
            message.set(INTENT_RANKING, rows[: int(self._config["ranking_length"])], add_to_output=True)
        return messages

    def _ranked(self, messages: List[Message]) -> List[Tuple[Message, Ranking]]:
        """The messages that have a sentence vector, each with its ranking; short answers come again and again."""
        if self._model is None:
            return []
        features, featurised = _features([each for each in messages if each.get(TEXT) not in self._known])
        if featurised:
            ranked = zip(featurised, self._model.rank(features))
            self._known.update({each.get(TEXT): ranking for each, ranking in ranked})
        found = [(each, self._known[each.get(TEXT)]) for each in messages if each.get(TEXT) in self._known]
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return found

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Unchanged: nothing behind it is trained on predicted intents."""
        return training_data

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Raises ``InvalidConfigException`` if the ranking would be empty."""
        if int(config.get("ranking_length", 1)) < 1:
            raise InvalidConfigException("KernelIntentClassifier: 'ranking_length' must be at least 1.")


def _tells(entity: Mapping[str, Any]) -> bool:
    """Whether words of the lexicon or a rule say it; a guess from wording alone is too often made of anything."""
    return entity["entity"] in TELLING and entity.get("evidence") != GUESSED


def _features(messages: List[Message]) -> Tuple[Features, List[Message]]:
    """Features of the n messages that have a sentence vector, and these messages."""
    vectors, featurised = [], []
    for message in messages:
        sentence = message.get_dense_features(TEXT)[1]
        if sentence is not None:
            vectors.append(sentence.features[0])
            featurised.append(message)
    stacked = np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
    return Features.of([message.get(TEXT) for message in featurised], stacked), featurised
