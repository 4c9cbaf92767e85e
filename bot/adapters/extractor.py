"""NLU components that write the contract's entities. Thin: the reading is done by ``bot.understanding``."""

from __future__ import annotations

import logging
from abc import abstractmethod
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.mentions import Mention

logger = logging.getLogger(__name__)


class MentionExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what one reader finds to the entities of a message; entities of other components stay."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MentionExtractor":
        """Creates the component; nothing is stored with the model."""
        return cls()

    @abstractmethod
    def read(self, text: str) -> List[Mention]:
        """What this component finds in the text."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Writes the entities. A reader that fails is logged without the text and leaves the rest alone."""
        for message in messages:
            try:
                found = self.read(message.get(TEXT) or "")
            except Exception:  # noqa: BLE001 - no message may go unanswered because one reader failed
                logger.exception("reader_failed component=%s", type(self).__name__)
                continue
            entities = [mention.as_entity(type(self).__name__) for mention in found]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LabResultExtractor(MentionExtractor):
    """Laboratory results with number, unit, range and band."""

    def __init__(self) -> None:
        from bot.understanding.labs import LabReader

        self._reader = LabReader()

    def read(self, text: str) -> List[Mention]:
        """The results typed in."""
        return self._reader.read(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClinicalExtractor(MentionExtractor):
    """Findings, attributes, risk factors and the tests, treatments and conditions asked about."""

    def __init__(self) -> None:
        from bot.understanding.reader import Reader

        self._reader = Reader()

    def read(self, text: str) -> List[Mention]:
        """What the person tells and asks about."""
        return self._reader.read(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ProfileExtractor(MentionExtractor):
    """Age, sex and country said in passing."""

    def __init__(self) -> None:
        from bot.understanding.profile import ProfileReader

        self._reader = ProfileReader()

    def read(self, text: str) -> List[Mention]:
        """What is said of the person."""
        return self._reader.read(text)
