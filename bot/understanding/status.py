"""Status of what is named, from the whole message: learnt, beside the rules of ``context``.

A softmax regression on the mean state of the tokens that name a complaint; encoder and regression were taught together
(``adaptation``) on messages in which people marked what is there, denied, over, doubtful, asked about or someone
else's. The rules are a second witness: what they say of each true status was counted on messages that neither had
seen, and the two are put together by Bayes' rule, as if they erred apart.
"""

from __future__ import annotations

from typing import AbstractSet, Any, Dict, List, Mapping, Optional, Sequence

import numpy as np

from bot.understanding.adapter import Array, read_adapter
from bot.understanding.encoder import SentenceEncoder, default_encoder
from bot.understanding.mentions import ABSENT, GUESSED, HYPOTHETICAL, OTHER_PERSON, PAST, PRESENT, UNCERTAIN
from bot.understanding.merging import compatible

STATUSES = (PRESENT, ABSENT, PAST, UNCERTAIN, HYPOTHETICAL, OTHER_PERSON)
WEIGHT, BIAS, WITNESS = "status.weight", "status.bias", "status.witness"
SHARPNESS, SHARPNESS_OF_GUESSES = 1.0, 2.0
"""How much the regression counts beside the rules; of a finding guessed from the wording rules know less."""
FEWEST_WORDS = 4
"""A shorter message is an answer, and what it answers is not in it."""
REVISED = "finding"
"""Of risk factors the rules alone say it: they know that an operation is never over, and are right more often."""
FIXED: AbstractSet[str] = frozenset(["suicidal_thoughts"])
"""Findings of which a thought counts however it is put."""
LASTING = ("site", "side")
"""What is still said of a complaint that the person does not have."""

Entity = Dict[str, Any]


class StatusReader:
    """Cheap: it uses the token states that the encoder computed for the message."""

    def __init__(
        self, adapter: Optional[Mapping[str, Array]] = None, encoder: Optional[SentenceEncoder] = None
    ) -> None:
        adapter = adapter or read_adapter()
        self._encoder = encoder or default_encoder()
        self._weight, self._bias = adapter[WEIGHT], adapter[BIAS]
        self._witness = np.log(adapter[WITNESS])

    def revise(self, text: str, entities: Sequence[Entity]) -> List[Entity]:
        """The entities, findings with the status that both witnesses make likeliest."""
        numbers = [
            number
            for number, entity in enumerate(entities)
            if entity["entity"] == REVISED and entity["value"] not in FIXED and entity.get("status") in STATUSES
        ]
        if not numbers or len(text.split()) < FEWEST_WORDS:
            return list(entities)
        likeliest = self._likeliest(text, [entities[number] for number in numbers])
        revised = list(entities)
        for number, status in zip(numbers, likeliest):
            revised[number] = _with_status(entities[number], status)
        return _settled(revised)

    def _likeliest(self, text: str, findings: Sequence[Entity]) -> List[str]:
        states = self._encoder.encode_spans(text, [(each["start"], each["end"]) for each in findings])
        learnt = _log_softmax(states @ self._weight + self._bias)
        counts = [SHARPNESS_OF_GUESSES if each.get("evidence") == GUESSED else SHARPNESS for each in findings]
        said = self._witness[:, [STATUSES.index(str(each["status"])) for each in findings]].T
        likely = learnt * np.array(counts, dtype=np.float32)[:, np.newaxis] + said
        return [STATUSES[number] for number in likely.argmax(axis=1)]


def _with_status(entity: Entity, status: str) -> Entity:
    if status == entity["status"]:
        return entity
    if status in (PRESENT, UNCERTAIN):
        return {**entity, "status": status}
    plain = ("entity", "value", "start", "end", "extractor", "confidence_entity", "evidence", *LASTING)
    return {**{key: value for key, value in entity.items() if key in plain}, "status": status}


def _settled(entities: Sequence[Entity]) -> List[Entity]:
    """Less what is also reported as denied or asked about though it is present at the same place."""

    def contradicted(entity: Entity) -> bool:
        return entity.get("status") in (ABSENT, HYPOTHETICAL) and any(
            other.get("status") == PRESENT
            and (other["entity"], other["value"]) == (entity["entity"], entity["value"])
            and compatible(other, entity)
            for other in entities
        )

    return [entity for entity in entities if not contradicted(entity)]


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return result
