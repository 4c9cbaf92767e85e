"""Sentences that ask: about people in general, or about the speaker. Words in ``knowledge/language/asking.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, FrozenSet, List

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml


class Asking:
    """Compiled once from the word lists."""

    def __init__(self, path: Path) -> None:
        data: Any = read_yaml(path)
        self._openings = frozenset(data["question"])
        self._greetings = frozenset(data["greetings"])
        self._auxiliaries = frozenset(data["auxiliaries"])
        self._told = frozenset(data["told"])
        self._amounts = frozenset(data["amounts"])
        self._subjects = frozenset(data["subjects"])
        self._speaker = frozenset(data["speaker"])

    def in_general(self, doc: Doc) -> FrozenSet[int]:
        """Sentences that ask about people in general: they begin with a question word and name no speaker."""
        asked = set()
        by_sentence: Dict[int, List[str]] = {}
        for norm, sentence in zip(doc.user_data["norms"], doc.user_data["sentences"]):
            if norm.strip():
                by_sentence.setdefault(sentence, []).append(norm)
        for sentence, words in by_sentence.items():
            while words and words[0] in self._greetings:
                words = words[1:]
            if not words or words[0] not in self._openings or self._is_statement(words):
                continue
            if not self._speaker.intersection(words):
                asked.add(sentence)
        return frozenset(asked)

    def is_question(self, doc: Doc, token: int) -> bool:
        """Whether the sentence of ``token`` begins with a question word and ends with a question mark."""
        sentences = doc.user_data["sentences"]
        words = [n for n, s in zip(doc.user_data["norms"], sentences) if s == sentences[token] and n.strip()]
        return words[0] in self._openings and words[-1] == "?"

    def _is_statement(self, words: List[str]) -> bool:
        """ "did a lot of balloons", "can't get up off the loo, 999?": a statement without its subject."""
        if len(words) > 2 and words[1] == "not":
            return "?" not in words or words[2] not in self._subjects
        if "?" in words or len(words) < 2:
            return False
        return words[0] in self._auxiliaries and words[1] in self._amounts or words[1] in self._told
