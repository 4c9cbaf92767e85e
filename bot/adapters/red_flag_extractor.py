"""Rasa component for red flags F1-F21. It stands before everything else and needs nothing but the text."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.adapters.wording_extractor import as_example
from bot.understanding.mentions import Mention
from bot.understanding.red_flag_net import Likeness, RedFlagNet
from bot.understanding.red_flag_reader import combine
from bot.understanding.red_flag_sentences import counterexamples, read_sentences
from bot.understanding.red_flags import red_flag_detector

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RedFlagExtractor(GraphComponent, EntityExtractorMixin):
    """Rules, and beside them a net that learns from ``data/red_flags``; without the net the rules answer alone."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, net: Optional[RedFlagNet] = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._rules = red_flag_detector()
        self._net = net

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RedFlagExtractor":
        """A component that knows the rules only."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the net and stores it; without sentences nothing is stored."""
        sentences = read_sentences()
        if not sentences:
            logger.warning("There are no sentences on red flags: only the rules will find them.")
            return self._resource
        examples = [as_example(message) for message in training_data.intent_examples if message.get(TEXT)]
        self._net, _ = RedFlagNet.fit(sentences, counterexamples(examples, self._rules))
        with self._model_storage.write_to(self._resource) as folder:
            self._net.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "RedFlagExtractor":
        """The trained component; if the net cannot be read, the rules alone."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(model_storage, resource, RedFlagNet.load(folder))
        except Exception:  # noqa: BLE001 - a server that knows the rules is safer than none
            logger.exception("red_flag_net_missing resource=%s", resource.name)
            return cls(model_storage, resource)

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the red flags of each message. What fails is logged without the text; the other reader answers."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = combine(self._by_rules(text), self._by_likeness(text), self._rules)
            entities = [mention.as_entity(type(self).__name__) for mention in found]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

    def _by_rules(self, text: str) -> List[Mention]:
        try:
            return self._rules.detect(text)
        except Exception:  # noqa: BLE001 - no message may go unanswered because one reader failed
            logger.exception("reader_failed component=%s reader=rules", type(self).__name__)
            return []

    def _by_likeness(self, text: str) -> List[Likeness]:
        try:
            return self._net.read(text) if self._net else []
        except Exception:  # noqa: BLE001 - the rules answer alone
            logger.exception("reader_failed component=%s reader=net", type(self).__name__)
            return []
