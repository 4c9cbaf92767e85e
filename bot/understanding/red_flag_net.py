"""Red flags by likeness: what people wrote in an emergency, and what sounded alike and was none.

Learns from ``data/red_flags`` and, as further counterexamples, from what people ask and tell in ``data/nlu``. It
stands beside the rules, because these know only the words somebody thought of. A score (about -1.5 to 1.5) says first
that it is an emergency, then which: the likeliest flag has three quarters of its own less that of "no flag", the others
fall behind as far as they do. Negation, time and person are learnt too, from near misses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence, Tuple, cast

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import SentenceEncoder, default_encoder
from bot.understanding.features import Features, Floats
from bot.understanding.kernel import KernelRidge
from bot.understanding.memory import remembering
from bot.understanding.red_flag_sentences import TALES, Sentence

LEXICAL_SHARE = 0.3
RIDGE, SHARPNESS = 0.02, 0.5
"""Of the kernel. They do best on authors that the net has not seen; sharper kernels know their authors by heart."""
DIMENSIONS = 128
"""Of the sentence vectors; with more it alarms a little more for nothing."""
OWN_SHARE = 0.75
"""How much of the likeliest flag's own score counts beside that of "no flag"."""
WHOLE = 24
"""Words up to which a message is read as a whole only."""
FEWEST, MOST = 4, 32
"""Words of a part of a longer message; a longer sentence is cut into overlapping pieces."""
MOST_PARTS = 40
REMEMBERED = 2048
"""Texts whose likenesses are kept: "no" and the titles of buttons come again and again."""
PART_LESS = 0.3
"""What a part scores less than a whole message of the same words, as each part is one more chance of a false alarm."""
_SENTENCE = re.compile(r"[^.!?\n;]+[.!?;]*")
_WORD = re.compile(r"\S*\w\S*")
NONE, OTHER, ESCALATED = -3, -2, -1  # the columns behind those of the flags
MAYBE_ESCALATED = -0.3  # of about -1 to 1: where in doubt, the higher urgency


class Part(NamedTuple):
    """A stretch of a message, in characters."""

    start: int
    end: int


@dataclass(frozen=True)
class Likeness:
    """How much a message, or the part of it that says so most, is like the emergencies of one flag."""

    flag: str
    score: float
    confidence: float
    start: int
    end: int
    other: bool
    escalated: bool


class RedFlagNet:
    """Scores messages for each flag."""

    def __init__(
        self,
        flags: Sequence[str],
        model: KernelRidge,
        slope: float,
        offset: float,
        encoder: Optional[SentenceEncoder] = None,
    ) -> None:
        """``slope`` and ``offset`` give the log odds that a flag is the right one from its score."""
        self.flags = tuple(flags)
        self._model = model
        self._slope, self._offset = slope, offset
        self._encoder = encoder or default_encoder()
        self._known = remembering(REMEMBERED)(self._likenesses)

    @classmethod
    def fit(
        cls,
        sentences: Sequence[Sentence],
        others: Sequence[str],
        encoder: Optional[SentenceEncoder] = None,
        groups: Optional[NDArray[np.int64]] = None,
    ) -> Tuple["RedFlagNet", Floats]:
        """The net and the scores, of shape (sentences, flags), it gives each sentence when that is left out.

        ``others`` are texts without any red flag. Sentences of the same number in ``groups`` are left out together.
        """
        encoder = encoder or default_encoder()
        flags = sorted({sentence.near for sentence in sentences}, key=lambda flag: int(flag[1:]))
        tales = [(number, part) for number, sentence in enumerate(sentences) for part in tale_parts(sentence)]
        texts = [sentence.text for sentence in sentences] + [part for _, part in tales] + list(others)
        targets = np.full((len(texts), len(flags) + 3), -1, dtype=np.float32)
        targets[:, NONE], targets[:, [OTHER, ESCALATED]] = 1, 0  # where nothing fires, these are neither
        for row, sentence in zip(targets, sentences):
            if sentence.fires:
                row[NONE], row[flags.index(sentence.near)] = -1, 1
                row[OTHER] = 1 if sentence.other else -1
                row[ESCALATED] = 1 if sentence.escalated else -1
        if groups is not None:
            told = groups[[number for number, _ in tales]]  # a part is left out with its story
            groups = np.r_[groups, told, groups.max() + 1 + np.arange(len(others))]
        features = Features.of(texts, encoder.encode_deep(texts))
        model, unseen = KernelRidge.fit(features, targets, groups, LEXICAL_SHARE, RIDGE, SHARPNESS, DIMENSIONS)
        scores = _against_none(unseen)[: len(sentences)]
        slope, offset = _calibrate(scores, np.array([flag_column(each, flags) for each in sentences]))
        return cls(flags, model, slope, offset, encoder), scores

    def read(self, text: str) -> List[Likeness]:
        """The likeness to each flag, most alike first; none for a text without words."""
        return list(self._known(text))

    def _likenesses(self, text: str) -> Tuple[Likeness, ...]:
        parts = split(text)
        if not parts:
            return ()
        texts = [text[part.start : part.end] for part in parts]
        raw = self._model.scores(Features.of(texts, self._encoder.encode_deep(texts)))
        scores = _against_none(raw)
        scores[1:] -= PART_LESS
        found = []
        for column, flag in enumerate(self.flags):
            best = int(scores[:, column].argmax())
            part, row = parts[best], raw[best]
            score = float(scores[best, column])
            confidence = float(1 / (1 + np.exp(-(self._slope * score + self._offset))))
            other, escalated = bool(row[OTHER] > 0), bool(row[ESCALATED] > MAYBE_ESCALATED)
            found.append(Likeness(flag, score, confidence, part.start, part.end, other, escalated))
        return tuple(sorted(found, key=lambda likeness: -likeness.score))

    def save(self, folder: Path) -> None:
        """Writes two files into an existing folder."""
        self._model.save(folder / "red_flags.npz")
        content = {"flags": self.flags, "slope": self._slope, "offset": self._offset}
        (folder / "red_flags.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Optional[SentenceEncoder] = None) -> "RedFlagNet":
        """Reads what ``save`` wrote."""
        content = json.loads((folder / "red_flags.json").read_text(encoding="utf-8"))
        model = KernelRidge.load(folder / "red_flags.npz")
        return cls(content["flags"], model, content["slope"], content["offset"], encoder)


def tale_parts(sentence: Sentence) -> List[str]:
    """The sentences of a long story in which nothing is alarming: without them such a story sounds worse than it is."""
    if sentence.author not in TALES:
        return []
    return [sentence.text[part.start : part.end] for part in split(sentence.text)[1:]]


def flag_column(sentence: Sentence, flags: Sequence[str]) -> int:
    """The number of its flag, or -1 if it has none."""
    return flags.index(sentence.near) if sentence.fires else -1


def _against_none(raw: Floats) -> Floats:
    flags = raw[:, :NONE]
    likeliest = flags.max(axis=1, keepdims=True)
    return cast(Floats, flags - (1 - OWN_SHARE) * likeliest - raw[:, NONE, np.newaxis])


def _calibrate(scores: Floats, gold: NDArray[np.int64]) -> Tuple[float, float]:
    """Slope and offset of the log odds that the likeliest flag is right (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    right = scores.argmax(axis=1) == gold
    if right.all() or not right.any():
        return 1.0, 0.0
    regression = LogisticRegression(C=100.0).fit(scores.max(axis=1, keepdims=True), right)
    return float(regression.coef_[0, 0]), float(regression.intercept_[0])


def split(text: str) -> List[Part]:
    """The whole and, of a longer message, each sentence."""
    words = [Part(*match.span()) for match in _WORD.finditer(text)]
    if not words:
        return []
    whole = Part(words[0].start, words[-1].end)
    if len(words) <= WHOLE:
        return [whole]
    return list(dict.fromkeys([whole, *_sentences(text)[:MOST_PARTS]]))


def _sentences(text: str) -> List[Part]:
    pieces = [piece for match in _SENTENCE.finditer(text) for piece in _pieces(text, *match.span())]
    return [piece for piece in pieces if _count(text, piece) >= FEWEST]


def _pieces(text: str, start: int, end: int) -> List[Part]:
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    if len(words) <= MOST:
        return [Part(words[0][0], words[-1][1])] if words else []
    half = MOST // 2
    return [Part(words[at][0], words[min(at + half, len(words)) - 1][1]) for at in range(0, len(words), half)]


def _count(text: str, part: Part) -> int:
    return len(text[part.start : part.end].split())
