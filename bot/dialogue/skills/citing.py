"""The sources behind an answer, named and linked; what is only recalled is never cited."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

from bot.dialogue.turn import Turn
from bot.knowledge import Knowledge
from bot.knowledge.schema import Source

MOST_NAMED = 2  # below an answer; all of them on request
A_BUBBLE = 4  # sources
A_PAGE = 12
WEIGHT = ("guideline", "review", "trial", "study", "label", "reference", "article", "secondary")


def citable(knowledge: Knowledge, facts: Sequence[str]) -> List[str]:
    """Source keys of those facts that may be cited, the weightiest kind first."""
    known = [knowledge.facts[fact] for fact in facts if fact in knowledge.facts]
    keys = dict.fromkeys(source for fact in known if fact.citable for source in fact.sources)
    return sorted(keys, key=lambda key: WEIGHT.index(knowledge.sources[key].kind))


def references(knowledge: Knowledge, keys: Sequence[str]) -> List[Dict[str, Optional[str]]]:
    """Title and address of each source, for channels that make links."""
    return [{"id": key, "title": knowledge.sources[key].title, "url": knowledge.sources[key].url} for key in keys]


def name(turn: Turn, keys: Sequence[str]) -> None:
    """Names and links the weightiest sources below an answer."""
    if keys:
        lines = [_line(turn.knowledge.sources[key]) for key in keys[:MOST_NAMED]]
        lines += [turn.word("more_sources")] if len(keys) > MOST_NAMED else []
        turn.say("utter_sources", sources="\n".join(lines))


def tell_all(turn: Turn, keys: Sequence[str], start: int = 0) -> int:
    """Lists these sources from ``start`` on, a page of them, and returns where the next page starts (0: no more)."""
    page = keys[start : start + A_PAGE]
    for first in range(0, len(page), A_BUBBLE):
        lines = [_line(turn.knowledge.sources[key]) for key in page[first : first + A_BUBBLE]]
        turn.say("utter_source_list", sources="\n".join(lines))
    following = start + len(page)
    return following if following < len(keys) else 0


def _line(source: Source) -> str:
    by = ", ".join(str(part) for part in (source.publisher, source.year) if part)
    return f"• {source.title} ({by})" + (f"\n  {source.url}" if source.url else "")
