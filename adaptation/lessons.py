"""What the encoder is taught: every text of the training data, with all that is known of it.

A text may be an example of an intent, a wording of findings, an emergency or a near miss, and a message in which
complaints are marked with their status. The same text in several files is one lesson.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data

from adaptation.marked import examples as marked_examples
from bot.adapters.wording_extractor import TELLING, as_example
from bot.understanding.encoder import as_encoded
from bot.understanding.intents import thinned
from bot.understanding.red_flag_net import tale_parts
from bot.understanding.red_flag_sentences import counterexamples, read_sentences
from bot.understanding.red_flags import red_flag_detector

KINDS = ("finding", "risk_factor")
ROOT = Path(__file__).resolve().parents[1]
NOTHING = "none"
MARKED = ("data/sentences", "data/status")
"""Folders of sentences whose complaints are marked; those of the first are what the rules are tested on."""


@dataclass
class Lesson:
    """``findings`` and ``flag`` are ``none`` where the text was written to name none; ``None`` is not known."""

    findings: Optional[List[str]] = None
    intent: Optional[str] = None
    flag: Optional[str] = None
    other: Optional[bool] = None
    escalated: Optional[bool] = None


@dataclass(frozen=True)
class Marked:
    """A message and where it names a complaint, with the status of each."""

    text: str
    spans: Tuple[Tuple[int, int, str], ...]


@dataclass
class Lessons:
    """``texts`` as the encoder sees them."""

    texts: Dict[str, Lesson] = field(default_factory=dict)
    marked: List[Marked] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path = ROOT) -> "Lessons":
        """All lessons of the repository."""
        lessons = cls()
        messages = [m for m in load_data(str(root / "data" / "nlu")).intent_examples if m.get(TEXT)]
        examples = [as_example(message) for message in messages]
        intents = [str(message.get(INTENT)) for message in messages]
        for example, intent in zip(examples, intents):
            if intent == TELLING:
                lessons._of(example.text).findings = sorted(example.findings) or [NOTHING]
        for number in thinned(intents):
            lessons._of(examples[number].text).intent = intents[number]
        for sentence in read_sentences():
            lesson = lessons._of(sentence.text)
            lesson.flag = sentence.flag or NOTHING
            if sentence.fires:
                lesson.other, lesson.escalated = sentence.other, sentence.escalated
            for part in tale_parts(sentence):
                lessons._of(part).flag = NOTHING
        for text in counterexamples(examples, red_flag_detector()):
            lesson = lessons._of(text)
            lesson.flag = lesson.flag or NOTHING
        lessons.marked = _marked(root)
        return lessons

    def _of(self, text: str) -> Lesson:
        return self.texts.setdefault(as_encoded(text), Lesson())


def weights_of(values: Sequence[Optional[str]], most: float = 3.0) -> Dict[str, float]:
    """What a value counts so that rare ones are not drowned: the root of how much rarer than the mean it is."""
    counted = Counter(value for value in values if value is not None)
    mean = sum(counted.values()) / len(counted)
    return {value: min(most, (mean / count) ** 0.5) for value, count in counted.items()}


def _marked(root: Path) -> List[Marked]:
    found = []
    for path in sorted(path for folder in MARKED for path in (root / folder).glob("*.txt")):
        for example in marked_examples(path):
            spans = [
                (label.start, label.end, str(dict(label.keys)["status"]))
                for label in example.labels
                if label.kind in KINDS and ("status" in example.check or not example.check)
            ]
            if spans:
                found.append(Marked(example.text, tuple(spans)))
    return found
