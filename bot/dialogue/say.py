"""One thing the assistant says, independent of any channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Sequence


@dataclass(frozen=True)
class Say:
    """A named ``response`` of the domain with its variables, ``text`` taken from the knowledge, or only ``custom``.

    ``buttons`` are titles; a press sends the title, so that a typed answer and a press are the same.
    ``custom`` is the machine-readable part fixed by the contract.
    """

    response: Optional[str] = None
    variables: Mapping[str, object] = field(default_factory=dict)
    text: Optional[str] = None
    buttons: Sequence[str] = ()
    custom: Optional[Mapping[str, object]] = None

    def button_payloads(self) -> List[Dict[str, str]]:
        """Buttons in the form Rasa sends them."""
        return [{"title": title, "payload": title} for title in self.buttons]


Says = List[Say]
