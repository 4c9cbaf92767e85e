"""Words that change the status of what is said near them, and headings that change that of the list behind them.

All are plain data in ``knowledge/language/context.yml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, FrozenSet, Iterator, List, Mapping, Optional, Tuple

from spacy.tokens import Doc

from bot.understanding.lexicon import Lexicon, Match

STATUSES = ("other", "hypothetical", "uncertain", "past", "absent")
"""In the order in which they decide."""
HEADING_LENGTH = 10  # tokens before the colon of a heading


@dataclass(frozen=True)
class Cue:
    """``direction`` is before, after, around or heading; a heading reaches the tokens of ``scope`` and no other."""

    status: str
    direction: str
    tokens: Tuple[int, ...]
    scope: FrozenSet[int] = frozenset()

    @property
    def first(self) -> int:
        """The first token."""
        return self.tokens[0]

    @property
    def last(self) -> int:
        """The last token."""
        return self.tokens[-1]


class CueFinder:
    """Compiled once from the lists of ``context.yml``."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        phrases = {
            f"{status}.{direction}": own for status in STATUSES for direction, own in data.get(status, {}).items()
        }
        # A cue that follows ("not really") must not hide one that precedes ("not"): each direction is searched apart.
        self._lexicons = tuple(
            Lexicon(
                {
                    "cue": {id_: own for id_, own in phrases.items() if id_.endswith(direction)},
                    "pseudo": {"pseudo": data["pseudo"]},
                },
                {},
                data["fillers"],
            )
            for direction in ("before", "after", "around")
        )
        self._headings = Lexicon({"heading": data["headings"]}, {}, data["fillers"])
        self._bare = Lexicon({"heading": data["bare_headings"]}, {}, data["fillers"])

    def find(self, doc: Doc) -> List[Cue]:
        """The cues of a message that no pseudo cue swallows, and its headings."""
        matches = [match for lexicon in self._lexicons for match in lexicon.find(doc)]
        swallowed = frozenset(token for match in matches if match.kind == "pseudo" for token in match.tokens)
        cues: List[Cue] = []
        for match in matches:
            if match.kind == "cue" and not _is_swallowed(match, swallowed):
                status, _, direction = match.id.partition(".")
                cues.append(Cue(status, direction, match.tokens))
        return [*cues, *self._find_headings(doc)]

    def _find_headings(self, doc: Doc) -> Iterator[Cue]:
        """ "What I never had: numbness, falls.": the heading says it of all that stands behind its colon."""
        norms, sentences = doc.user_data["norms"], doc.user_data["sentences"]
        if ":" not in norms:
            return
        whole, bare = self._headings.find(doc), self._bare.find(doc)
        for colon in (i for i, norm in enumerate(norms) if norm == ":"):
            start = colon
            while start and sentences[start - 1] == sentences[colon] and norms[start - 1] not in (":", ";"):
                start -= 1
            words = [i for i in range(start, colon) if norms[i].strip()]
            match = _within(whole, words) or _filling(bare, words)
            if match is not None and len(words) <= HEADING_LENGTH:
                end = colon + 1
                while end < len(norms) and sentences[end] == sentences[colon] and norms[end] != ";":
                    end += 1
                yield Cue(match.id, "heading", match.tokens, frozenset(range(colon + 1, end)))


def _is_swallowed(cue: Match, swallowed: FrozenSet[int]) -> bool:
    """Whether a pseudo cue has the words of a short cue, or the first of one with others in between."""
    if len(cue.tokens) > 2:
        return False
    return swallowed.issuperset(cue.tokens) or (cue.last - cue.first > 1 and cue.first in swallowed)


def _within(matches: List[Match], words: List[int]) -> Optional[Match]:
    return next((match for match in matches if words and words[0] <= match.first and match.last <= words[-1]), None)


def _filling(matches: List[Match], words: List[int]) -> Optional[Match]:
    return next((match for match in matches if list(match.tokens) == words), None)
