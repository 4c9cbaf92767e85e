"""Spelling and light inflection, limited to the words the knowledge files use.

A token is corrected only if it is no known English word and one domain word is clearly closest, so that a word
the assistant has no use for is never turned into one it has ("cafe" stays, "calve" is not made "cave").
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Dict, FrozenSet, Iterable, List, Mapping, Optional, Tuple

from rapidfuzz.distance import OSA

from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.memory import keep, remembering

LANGUAGE = FOLDER / "language"
SHORTEST = 4  # shorter unknown words are left alone: too many neighbours
RARE = 30_000  # corpus count below which a listed word is junk rather than English


@lru_cache(maxsize=1)
def english_words() -> Mapping[str, int]:
    """Known English words with corpus counts: the frequency list that symspellpy ships (82,765 words)."""
    spec = find_spec("symspellpy")
    if spec is None or spec.origin is None:
        raise RuntimeError("symspellpy, which ships the list of English words, is not installed")
    words: Dict[str, int] = {}
    path = Path(spec.origin).parent / "frequency_dictionary_en_82_765.txt"
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        word, _, count = line.partition(" ")
        words[word] = int(count or 0)
    return words


@lru_cache(maxsize=1)
def spelling_data() -> Mapping[str, object]:
    """``spelling.yml``: fixed respellings, irregular forms and words that are never touched."""
    data = read_yaml(LANGUAGE / "spelling.yml")
    assert isinstance(data, dict)
    return data


class Speller:
    """Corrects unknown words towards ``domain`` words (optimal string alignment distance, RapidFuzz)."""

    def __init__(self, domain: Iterable[str], respellings: Mapping[str, str], protected: Iterable[str] = ()) -> None:
        self.domain: FrozenSet[str] = frozenset(word for word in domain if word.isalpha())
        self.respellings = dict(respellings)
        self.protected = frozenset(protected)
        self._by_letter: Dict[str, List[str]] = {}
        for word in sorted(self.domain):
            if len(word) >= SHORTEST:
                self._by_letter.setdefault(word[0], []).append(word)
        self._cache: Dict[str, str] = {}
        keep(self)

    def cache_clear(self) -> None:
        """Forgets the words corrected lately."""
        self._cache.clear()

    def correct(self, word: str) -> str:
        """The domain word meant by the lower-case ``word``, or ``word`` itself."""
        known = self._cache.get(word)
        if known is None:
            known = self._correct(word)
            if len(self._cache) < 20_000:
                self._cache[word] = known
        return known

    def _correct(self, word: str) -> str:
        fixed = self.respellings.get(word)
        if fixed is not None:
            return fixed
        if word in self.domain or word in self.protected or not word.isalpha() or len(word) < SHORTEST:
            return word
        if english_words().get(word, 0) >= RARE or self._is_inflected(word):
            return word
        return self._closest(word) or word

    def _is_inflected(self, word: str) -> bool:
        words = english_words()
        for ending in ("s", "es", "ed", "ing", "ly", "er", "d"):
            stem = word[: -len(ending)]
            if ending == "d" and not stem.endswith("e"):
                continue
            if word.endswith(ending) and len(stem) > 3 and words.get(stem, 0) >= 10 * RARE:
                return True
        return False

    def _closest(self, word: str) -> Optional[str]:
        allowed = 1 if len(word) < 7 else 2
        best: List[Tuple[int, int, str]] = []
        swapped = word[1] + word[0] + word[2:]
        for first in {word[0], swapped[0]}:
            for candidate in self._by_letter.get(first, ()):
                if abs(len(candidate) - len(word)) > allowed:
                    continue
                distance = OSA.distance(word, candidate, score_cutoff=allowed)
                if distance <= allowed and 3 * distance < len(candidate):
                    best.append((distance, -english_words().get(candidate, 0), candidate))
        if not best:
            return None
        best.sort()
        if len(best) > 1 and best[0][0] == best[1][0] and lemma(best[0][2]) != lemma(best[1][2]) and best[0][0] > 1:
            return None
        return best[0][2]


@lru_cache(maxsize=1)
def _irregular() -> Tuple[Mapping[str, str], FrozenSet[str]]:
    data = spelling_data()
    return dict(data["irregular"]), frozenset(data["uninflected"])  # type: ignore[call-overload]


@remembering(50_000)
def lemma(word: str) -> str:
    """The word without -s, -ed, -ing; irregular forms come from ``spelling.yml``. Not a full lemmatiser."""
    irregular, uninflected = _irregular()
    if word in irregular:
        return irregular[word]
    if word in uninflected or len(word) < 4 or not word.isalpha():
        return word
    stems: List[str] = []
    if word.endswith("ies"):
        stems = [word[:-3] + "y", word[:-1]]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        stems = [word[:-1]] + ([word[:-2]] if word.endswith("es") else [])
    elif word.endswith("ied"):
        stems = [word[:-3] + "y"]
    elif word.endswith("ed") or word.endswith("ing"):
        base = word[:-2] if word.endswith("ed") else word[:-3]
        stems = [base, base + "e"] + ([base[:-1]] if len(base) > 3 and base[-1] == base[-2] else [])
    words = english_words()
    stems = [stem for stem in stems if len(stem) >= 3 and stem in words]
    return max(stems, key=lambda stem: words[stem]) if stems else word
