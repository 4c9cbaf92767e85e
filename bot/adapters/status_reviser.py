"""Rasa component around ``bot.understanding.status``: the status of findings, by rules and learnt."""

from __future__ import annotations

import logging
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.status import StatusReader

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class StatusReviser(GraphComponent, EntityExtractorMixin):
    """Stands behind the components that find; it adds nothing and takes away what it finds contradicted."""

    def __init__(self) -> None:
        self._reader = StatusReader()

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "StatusReviser":
        """A component that is ready: what it knows comes with the encoder."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Writes the entities anew. What fails is logged without the text; then the rules' status stands."""
        for message in messages:
            try:
                revised = self._reader.revise(message.get(TEXT) or "", message.get(ENTITIES, []))
            except Exception:  # noqa: BLE001 - no message may go unanswered because one reader failed
                logger.exception("reader_failed component=%s", type(self).__name__)
                continue
            message.set(ENTITIES, revised, add_to_output=True)
        return messages
