"""The buttons under a message. What they mean is kept here, and can be read back from the message after a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from bot.channels.telegram_text import plain
from bot.channels.telegram_updates import Press
from bot.channels.telegram_words import word

MARK = "✓ "
# The data of a button is a letter for what it does and its place; Telegram allows 64 bytes.
ANSWER, TOGGLE, DONE = "a", "t", "d"
ALONE = ("none", "not_sure")  # "None of these" and "Not sure" cannot be chosen together with others
EMPTY: Mapping[str, object] = {"inline_keyboard": []}


@dataclass(frozen=True)
class Answer:
    """``text`` is what the person would have typed, ``label`` what is shown as chosen."""

    text: str
    label: str


@dataclass
class Keyboard:
    """``buttons`` are pairs of data and title from top to bottom; ``html`` is the text they stand under."""

    html: str
    buttons: Sequence[Tuple[str, str]]
    chosen: Set[str] = field(default_factory=set)

    @classmethod
    def of_message(cls, html: str, message: Mapping[str, Any]) -> Optional["Keyboard"]:
        """The keyboard of something the assistant says. A question with several answers lets them be ticked."""
        titles = [str(button["title"]) for button in message.get("buttons") or ()]
        several = _several(message, titles)
        buttons = [(f"{TOGGLE if n in several else ANSWER}{n}", title) for n, title in enumerate(titles)]
        if several:
            buttons.insert(max(several) + 1, (DONE, word("done")))
        return cls(html, buttons) if buttons else None

    @classmethod
    def of_press(cls, press: Press) -> "Keyboard":
        """The keyboard as Telegram holds it, for presses on what was sent before a restart."""
        chosen = {data for data, title in press.buttons if data[0] == TOGGLE and title.startswith(MARK)}
        buttons = [(data, title[len(MARK) :] if data in chosen else title) for data, title in press.buttons]
        return cls(plain(press.text), buttons, chosen)

    def markup(self) -> Dict[str, object]:
        """One button in each row, so that no title is cut off."""
        return {
            "inline_keyboard": [
                [{"text": MARK + title if data in self.chosen else title, "callback_data": data}]
                for data, title in self.buttons
            ]
        }

    def toggle(self, data: str) -> bool:
        """Ticks or unticks an answer; false if this button is not one to tick."""
        if data[:1] != TOGGLE or data not in dict(self.buttons):
            return False
        self.chosen ^= {data}
        return True

    def answer(self, data: str) -> Optional[Answer]:
        """What pressing this button says, or ``None`` if it says nothing."""
        titles = dict(self.buttons)
        if data not in titles or data[0] == TOGGLE or (data == DONE and not self.chosen):
            return None
        if data != DONE:
            return Answer(titles[data], titles[data])
        # By their numbers: a title such as "Foot or toes" would be read as two answers among others.
        chosen = [(button, title) for button, title in self.buttons if button in self.chosen]
        numbers = [str(int(button[1:]) + 1) for button, _ in chosen]
        return Answer(", ".join(numbers), ", ".join(title for _, title in chosen))


def _several(message: Mapping[str, Any], titles: Sequence[str]) -> List[int]:
    """Places of the answers that may be chosen together."""
    custom = message.get("custom") or {}
    if custom.get("kind") != "question" or custom.get("type") != "multi_choice":
        return []
    options = custom.get("options") or []
    if [option["title"] for option in options] != list(titles[: len(options)]):
        return []
    return [number for number, option in enumerate(options) if option["value"] not in ALONE]
