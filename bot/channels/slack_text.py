"""Text in Slack's ``mrkdwn``: escaped, cut to length, and the small Markdown of the summary turned into it."""

from __future__ import annotations

import re
from typing import List

LONGEST_SECTION = 3000  # characters of the text of a section block
_CUTS = ("\n\n", "\n", " ")
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r"^[-*]\s+", re.MULTILINE)
_RULE = re.compile(r"^---+$", re.MULTILINE)


def escape(text: str) -> str:
    """Text in which nothing mentions anybody or becomes a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, longest: int) -> str:
    """The text, its end replaced by an ellipsis where it is too long."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def link(url: str, title: str) -> str:
    """A link that reads as its title."""
    return f"<{escape(url).replace('|', '%7C')}|{escape(title).replace('|', '/')}>"


def pieces(text: str, longest: int = LONGEST_SECTION) -> List[str]:
    """Escaped text in pieces that each fit a block, cut between paragraphs, lines or words where possible."""
    rest, cut = escape(text).strip(), []
    while len(rest) > longest:
        at = next((at for at in (rest.rfind(mark, 0, longest) for mark in _CUTS) if at > 0), longest)
        entity = rest.rfind("&", max(0, at - 4), at)
        if at == longest and entity > 0 and ";" not in rest[entity:at]:
            at = entity
        cut.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*cut, rest] if rest else cut


def from_markdown(markdown: str) -> str:
    """Headings and bold become bold, bullets become dots; still to be escaped."""
    text = _HEADING.sub(lambda match: f"**{match.group(1)}**", markdown)
    text = _BULLET.sub("• ", _RULE.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", _BOLD.sub(r"*\1*", text)).strip()
