"""Rasa component around ``bot.understanding.implied``: what a question is about, once its topic is known."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.adapters.intent_classifier import KernelIntentClassifier
from bot.understanding.implied import ImpliedObjects

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ImpliedObjectExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the objects that the topic implies; stands behind whatever last sets the intent."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """The classifier whose intent it reads."""
        return [KernelIntentClassifier]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ImpliedObjectExtractor":
        """Creates the component; nothing is stored with the model."""
        return cls()

    def __init__(self) -> None:
        self._objects = ImpliedObjects()

    def process(self, messages: List[Message]) -> List[Message]:
        """Writes the entities. A failure is logged without the text and leaves the rest alone."""
        for message in messages:
            entities = message.get(ENTITIES, [])
            topic = str((message.get(INTENT) or {}).get(INTENT_NAME_KEY))
            try:
                implied = self._objects.read(message.get(TEXT) or "", topic, entities)
            except Exception:  # noqa: BLE001 - no message may go unanswered because one reader failed
                logger.exception("reader_failed component=%s", type(self).__name__)
                continue
            added = [mention.as_entity(type(self).__name__) for mention in implied]
            message.set(ENTITIES, entities + added, add_to_output=True)
        return messages
