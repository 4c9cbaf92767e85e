"""Lessons as arrays: texts of about the same length together, with typing errors and hidden words."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Dict, Iterator, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from adaptation.lessons import Lesson, Lessons, Marked, weights_of
from bot.understanding.minilm import Array
from bot.understanding.status import STATUSES

Integers = NDArray[np.int32]

SIZE = 32  # texts
SPREAD, MARKED_SPREAD = 2.0, 30.0  # how far lengths in a batch may differ: tokens, characters
TYPOS, HIDDEN = 0.15, 0.15
"""Shares of texts that get typing errors, and of complaints whose own words are hidden so that the rest must tell."""
WORDS_PER_TYPO = 8
FINDINGS, INTENT, FLAG, SUBJECT, URGENCY = "findings", "intent", "flag", "subject", "urgency"


@dataclass(frozen=True)
class Batch:
    """``ids`` and ``mask`` of shape (texts, tokens); for each question answers (texts, labels) and weights (texts,)."""

    ids: Integers
    mask: Array
    answers: Dict[str, Array]
    weights: Dict[str, Array]


@dataclass(frozen=True)
class MarkedBatch:
    """``rows``, ``starts`` and ``ends`` (in tokens) say where complaints stand; ``statuses`` are numbers of theirs."""

    ids: Integers
    mask: Array
    rows: Integers
    starts: Integers
    ends: Integers
    statuses: Integers


class Batches:
    """Makes the batches of an epoch, each time in another order."""

    def __init__(self, lessons: Lessons, tokenizer: Tokenizer, seed: int) -> None:
        self._tokenizer = tokenizer
        self._random = random.Random(seed)
        self._texts = list(lessons.texts.items())
        self._marked = lessons.marked
        told = [lesson for _, lesson in self._texts]
        self.labels: Dict[str, List[str]] = {
            FINDINGS: sorted({finding for lesson in told for finding in lesson.findings or ()}),
            INTENT: sorted({lesson.intent for lesson in told if lesson.intent}),
            FLAG: sorted({lesson.flag for lesson in told if lesson.flag}),
            SUBJECT: ["self", "other"],
            URGENCY: ["usual", "higher"],
        }
        self._rarity = weights_of([lesson.intent for lesson in told])

    def __len__(self) -> int:
        return -(-len(self._texts) // SIZE)

    def epoch(self) -> Iterator[Batch]:
        """Every text once."""
        ids = [self._ids(self._mistyped(text)) for text, _ in self._texts]
        for numbers in self._grouped([len(each) + SPREAD * self._random.random() for each in ids]):
            lessons = [self._texts[number][1] for number in numbers]
            yield Batch(*_padded([ids[number] for number in numbers]), *self._questions(lessons))

    def marked(self) -> Iterator[MarkedBatch]:
        """Every marked message once."""
        sizes = [len(each.text) + MARKED_SPREAD * self._random.random() for each in self._marked]
        for numbers in self._grouped(sizes):
            yield self._marked_batch([self._marked[number] for number in numbers])

    def _grouped(self, sizes: Sequence[float]) -> List[List[int]]:
        order = sorted(range(len(sizes)), key=sizes.__getitem__)
        groups = [order[start : start + SIZE] for start in range(0, len(order), SIZE)]
        self._random.shuffle(groups)
        return groups

    def _questions(self, lessons: Sequence[Lesson]) -> Tuple[Dict[str, Array], Dict[str, Array]]:
        answers = {name: np.zeros((len(lessons), len(own)), dtype=np.float32) for name, own in self.labels.items()}
        weights = {name: np.zeros(len(lessons), dtype=np.float32) for name in self.labels}
        for row, lesson in enumerate(lessons):
            for name, given in _answers(lesson).items():
                for answer in given:
                    answers[name][row, self.labels[name].index(answer)] = 1 / len(given)
                weights[name][row] = self._rarity[str(lesson.intent)] if name == INTENT else 1
        return answers, weights

    def _marked_batch(self, messages: Sequence[Marked]) -> MarkedBatch:
        texts: List[List[int]] = []
        found: List[Tuple[int, int, int, int]] = []
        hidden = self._tokenizer.token_to_id("[MASK]")
        for row, message in enumerate(messages):
            encoding = self._tokenizer.encode(message.text.lower())
            ids = list(encoding.ids)
            for start, end, status in message.spans:
                own = [n for n, (left, right) in enumerate(encoding.offsets) if left < end and start < right > left]
                if not own:
                    continue
                found.append((row, own[0], own[-1] + 1, STATUSES.index(status)))
                if self._random.random() < HIDDEN:
                    ids[own[0] : own[-1] + 1] = [hidden] * (own[-1] + 1 - own[0])
            texts.append(ids)
        columns = np.array(found, dtype=np.int32).reshape(-1, 4).T
        return MarkedBatch(*_padded(texts), *columns)

    def _ids(self, text: str) -> List[int]:
        ids: List[int] = self._tokenizer.encode(text).ids
        return ids

    def _mistyped(self, text: str) -> str:
        if self._random.random() >= TYPOS:
            return text
        words = text.split()
        for _ in range(1 + len(words) // WORDS_PER_TYPO):
            number = self._random.randrange(len(words)) if words else 0
            if words and len(words[number]) > 3:
                words[number] = self._slip(words[number])
        return " ".join(words)

    def _slip(self, word: str) -> str:
        """Two letters swapped, one lost, doubled or wrong."""
        at = self._random.randrange(len(word) - 1)
        before, letter, following, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
        slips = (
            before + following + letter + rest,
            before + following + rest,
            before + letter * 2 + following + rest,
            before + self._random.choice("aeiourstnl") + following + rest,
        )
        return self._random.choices(slips, weights=(30, 35, 15, 20))[0]


def _answers(lesson: Lesson) -> Dict[str, Sequence[str]]:
    """The right answers to each question that the lesson tells the answer of."""
    found: Dict[str, Sequence[str]] = {}
    if lesson.findings is not None:
        found[FINDINGS] = lesson.findings
    if lesson.intent is not None:
        found[INTENT] = [lesson.intent]
    if lesson.flag is not None:
        found[FLAG] = [lesson.flag]
    if lesson.other is not None:
        found[SUBJECT] = ["other" if lesson.other else "self"]
        found[URGENCY] = ["higher" if lesson.escalated else "usual"]
    return found


def _padded(texts: Sequence[Sequence[int]]) -> Tuple[Integers, Array]:
    longest = max(map(len, texts))
    ids, mask = np.zeros((len(texts), longest), dtype=np.int32), np.zeros((len(texts), longest), dtype=np.float32)
    for row, own in enumerate(texts):
        ids[row, : len(own)], mask[row, : len(own)] = own, 1
    return ids, mask
