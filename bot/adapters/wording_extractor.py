"""Rasa component around ``bot.understanding.free_findings``: findings told without their name."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_TYPE, ENTITY_ATTRIBUTE_VALUE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.free_findings import FreeFindings, Told
from bot.understanding.wording import Example, FreeWordingModel

logger = logging.getLogger(__name__)

TELLING = "inform"  # the intent whose marked examples are learnt from
FINDING = "finding"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class WordingExtractor(GraphComponent, EntityExtractorMixin):
    """Learns from ``data/nlu/findings``; stands behind ``ClinicalExtractor``."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: Optional[FreeWordingModel] = None
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._findings = FreeFindings(model) if model else None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "WordingExtractor":
        """An untrained component."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model to the marked examples and stores it; without any nothing is stored."""
        examples = [as_example(message) for message in training_data.intent_examples if message.get(INTENT) == TELLING]
        if not any(example.findings for example in examples):
            logger.warning("No example marks a finding: free wording is not learnt.")
            return self._resource
        model = FreeWordingModel.fit(examples)
        self._findings = FreeFindings(model)
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "WordingExtractor":
        """The trained component, or an untrained one if training stored nothing."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(model_storage, resource, FreeWordingModel.load(folder))
        except (ValueError, FileNotFoundError):
            logger.warning("No model of free wording is stored as '%s'.", resource.name)
            return cls(model_storage, resource)

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds findings and takes away doubtful ones; what fails is logged without the text."""
        for message in messages:
            entities = message.get(ENTITIES, [])
            try:
                told = self._findings.read(message.get(TEXT) or "", entities) if self._findings else Told([], [])
            except Exception:  # noqa: BLE001 - no message may go unanswered because one reader failed
                logger.exception("reader_failed component=%s", type(self).__name__)
                continue
            kept = [entity for entity in entities if entity not in told.doubted]
            added = [mention.as_entity(type(self).__name__) for mention in told.mentions]
            message.set(ENTITIES, kept + added, add_to_output=True)
        return messages


def as_example(message: Message) -> Example:
    """The text of a training example and the findings marked in it."""
    findings = {
        str(entity[ENTITY_ATTRIBUTE_VALUE])
        for entity in message.get(ENTITIES, [])
        if entity.get(ENTITY_ATTRIBUTE_TYPE) == FINDING
    }
    return Example(message.get(TEXT), frozenset(findings))
