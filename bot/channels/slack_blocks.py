"""What the assistant says, as Slack shows it: Block Kit blocks and a text for notifications and screen readers.

Limits: https://docs.slack.dev/reference/block-kit/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from bot.channels.in_words import POSSIBILITIES, SOURCES, TABLE_ROW
from bot.channels.slack_events import ANSWER, DONE, LINK, PICK, START, TICK, question_of
from bot.channels.slack_text import escape, from_markdown, link, pieces, shorten
from bot.channels.slack_words import word
from bot.dialogue.skills.citing import MOST_NAMED
from bot.knowledge import load

Block = Dict[str, Any]
Message = Mapping[str, Any]
Choice = Tuple[str, str]  # title and what it sends

MOST_BLOCKS = 45  # of one message; Slack allows 50
LONGEST_POST = 3500  # characters of text of one message; Slack advises 4,000
IN_A_ROW = 5  # buttons
MOST_BUTTONS = 10  # answers shown as buttons; more become a menu
MOST_IN_A_MENU, MOST_BOXES, MOST_FIELDS = 100, 10, 10
LONGEST_LABEL, LONGEST_VALUE, LONGEST_OPTION_VALUE, LONGEST_FIELD, LONGEST_ALT = 75, 2000, 150, 2000, 2000
_KEPT_OF_IMAGES = ("type", "block_id", "image_url", "alt_text", "title")


@dataclass
class Post:
    """One message to Slack, and the machine-readable part of what is to follow it as a file: a picture or a page."""

    lines: List[str] = field(default_factory=list)
    offers: List[str] = field(default_factory=list)
    blocks: List[Block] = field(default_factory=list)
    file: Optional[Mapping[str, Any]] = None

    @property
    def text(self) -> str:
        """All that is said, for notifications and screen readers."""
        return escape("\n\n".join([*self.lines, *self.offers]))

    @property
    def words(self) -> str:
        """The same without what there is to press, for when it is gone."""
        return escape("\n\n".join(self.lines))

    @property
    def asks(self) -> bool:
        """Whether it has something to press."""
        return any(block["type"] == "actions" for block in self.blocks)


def render(said: Sequence[Message]) -> List[Post]:
    """The messages of one turn, in as few posts as they fit in."""
    posts: List[Post] = []
    shows_table = shows_sources = False
    for message in said:
        custom = message.get("custom") or {}
        if custom.get("kind") == "answer":
            shows_table, shows_sources = bool(custom.get("table")), bool(_sources(custom))
        action = message.get("utter_action")
        if (action == TABLE_ROW and shows_table) or (action == SOURCES and shows_sources):
            continue
        if custom.get("kind") in ("assessment", "lab_result"):
            shows_table = False  # the picture that follows is not the one of the table
        if custom.get("kind") == "picture" and shows_table:
            continue
        bubble = _bubble(message, custom, len(posts[-1].blocks) if posts else 0)
        if not bubble.blocks and not bubble.file:
            continue
        if not posts or not _fits(posts[-1], bubble):
            posts.append(Post())
        posts[-1].lines += bubble.lines
        posts[-1].offers += bubble.offers
        posts[-1].blocks += bubble.blocks
        posts[-1].file = bubble.file
    return posts


def answered(blocks: Sequence[Message], pressed: str, note: str) -> List[Block]:
    """The blocks without anything to press, and a note in place of what was pressed."""
    shown: List[Block] = []
    chosen = context(note) if note else None
    for block in blocks:
        if block.get("type") == "actions" and str(block.get("block_id")).startswith(ANSWER):
            if chosen is not None and question_of(str(block.get("block_id"))) == question_of(pressed):
                shown.append(chosen)
                chosen = None
            continue
        image = block.get("type") == "image"
        shown.append({key: value for key, value in block.items() if not image or key in _KEPT_OF_IMAGES})
    return shown + ([chosen] if chosen is not None else [])


def closed(blocks: Sequence[Message], note: Optional[str] = None) -> List[Block]:
    """The blocks with nothing left to press."""
    return answered(blocks, "", "") + ([context(note)] if note else [])


def home() -> List[Block]:
    """The home tab."""
    start = _button(START, word("home_start"), word("start_text"))
    return [
        {"type": "header", "text": _plain(word("home_title"), 150)},
        *(block for key in ("what", "how", "not") for block in sections(word(f"home_{key}"))),
        {"type": "actions", "block_id": START, "elements": [{**start, "style": "primary"}]},
        {"type": "divider"},
        *sections(word("home_emergency")),
        context(word("home_privacy")),
    ]


def move(url: str) -> List[Block]:
    """The offer to talk in private."""
    button = {"type": "button", "action_id": LINK, "text": _plain(word("move_button"), LONGEST_LABEL), "url": url}
    return [*sections(word("move")), {"type": "actions", "block_id": LINK, "elements": [button]}]


def sections(text: str) -> List[Block]:
    """Text blocks; nothing in the text is read as a mention or a link."""
    return [{"type": "section", "text": _mrkdwn(piece)} for piece in pieces(text)]


def context(text: str) -> Block:
    """A small quiet line."""
    return {"type": "context", "elements": [_mrkdwn(pieces(text)[0])]}


def _fits(post: Post, bubble: Post) -> bool:
    length = sum(map(len, post.lines)) + sum(map(len, bubble.lines))
    return len(post.blocks) + len(bubble.blocks) <= MOST_BLOCKS and length <= LONGEST_POST and not post.file


def _bubble(message: Message, custom: Mapping[str, Any], first: int) -> Post:
    kind, text = custom.get("kind"), str(message.get("text") or "").strip()
    bubble = Post(lines=[text] if text else [])
    if kind == "urgent" and text and not custom.get("further"):
        bubble.blocks.append({"type": "header", "text": _plain(word("urgent"), 150)})
    if kind == "summary" and custom.get("markdown"):
        bubble.file = custom
        text = from_markdown(text)
    bubble.blocks += _headed(text) if message.get("utter_action") in POSSIBILITIES else sections(text)
    if kind == "picture":
        bubble.file = custom
    if message.get("image"):
        _add_picture(bubble, str(message["image"]), str(message.get("alt") or custom.get("alt") or ""))
    if kind == "answer":
        _add_table(bubble, custom.get("table"))
        _add_sources(bubble, custom)
    _add_answers(bubble, message, custom, first)
    return bubble


def _add_picture(bubble: Post, url: str, alt: str) -> None:
    """A picture that Slack can fetch; of any other the text alternative."""
    if url.startswith("https://"):
        described = shorten(alt or " ".join(bubble.lines) or word("home_title"), LONGEST_ALT)
        bubble.blocks.append({"type": "image", "image_url": url, "alt_text": described})
    else:
        bubble.blocks += sections(alt)
    bubble.lines += [alt] if alt else []


def _add_table(bubble: Post, table: object) -> None:
    """A row is a section with a field for each column, side by side on a wide screen, below each other on a phone."""
    if not isinstance(table, Mapping):
        return
    columns: Sequence[str] = table.get("columns") or ()
    bubble.blocks += [{"type": "divider"}, *_bold(str(table.get("title") or word("table")))]
    for label, *cells in table.get("rows") or ():
        pairs = [(str(column), str(cell)) for column, cell in zip(columns[1:], cells) if str(cell).strip()]
        bubble.lines.append("\n".join([str(label), *(f"{column}: {cell}" for column, cell in pairs)]))
        fields = [
            _mrkdwn(f"*{escape(column)}*\n{pieces(cell, LONGEST_FIELD - len(escape(column)) - 3)[0]}")
            for column, cell in pairs[:MOST_FIELDS]
        ]
        if fields:
            bubble.blocks += [*_bold(str(label)), {"type": "section", "fields": fields}]


def _bold(text: str) -> List[Block]:
    return [{"type": "section", "text": _mrkdwn(f"*{pieces(text, LONGEST_LABEL * 4)[0]}*")}] if text.strip() else []


def _headed(text: str) -> List[Block]:
    """Text whose first line stands out."""
    head, _, rest = text.partition("\n")
    return [*_bold(head), *sections(rest)]


def _sources(custom: Mapping[str, Any]) -> List[Tuple[str, str]]:
    known = load().sources
    return [(known[key].title, known[key].url or "") for key in custom.get("sources") or () if key in known]


def _add_sources(bubble: Post, custom: Mapping[str, Any]) -> None:
    sources = _sources(custom)
    if not sources:
        return
    rest = [word("more_sources")] if len(sources) > MOST_NAMED else []
    named = sources[:MOST_NAMED]
    bubble.lines.append(f"{word('sources')}: " + ", ".join([*(title for title, _ in named), *rest]))
    items = [f"• {link(url, title) if url else escape(title)}" for title, url in named] + rest
    lines = [f"{escape(word('sources'))}:"]
    for item in items:
        if len("\n".join([*lines, item])) <= LONGEST_FIELD:
            lines.append(item)
    bubble.blocks.append({"type": "context", "elements": [_mrkdwn("\n".join(lines))]})


def _add_answers(bubble: Post, message: Message, custom: Mapping[str, Any], first: int) -> None:
    is_question = custom.get("kind") == "question"
    offered = [str(option["title"]) for option in custom.get("options") or ()] if is_question else []
    buttons = [(str(button["title"]), str(button.get("payload") or button["title"])) for button in _buttons(message)]
    answers = [choice for choice in buttons if not is_question or choice[0] in offered]
    answers = answers or [(title, title) for title in offered]
    controls = [choice for choice in buttons if choice not in answers]
    progress = custom.get("progress") or {}
    if progress.get("expected"):
        bubble.blocks.append(context(word("progress", **progress)))
        bubble.offers.append(word("progress", **progress))
    key = str(custom.get("key") or custom.get("id") or "") if is_question else ""
    rows = _ticks(answers) if custom.get("type") == "multi_choice" and answers else _rows(answers)
    for number, elements in enumerate([*rows, *_rows(controls)], start=first):
        bubble.blocks.append({"type": "actions", "block_id": f"{ANSWER}|{key}|{number}", "elements": elements})
    if answers:
        # Only the answers to a question can be given by number.
        marks = [f"{number}." if is_question else "•" for number in range(1, len(answers) + 1)]
        bubble.offers.append("\n".join(f"{mark} {title}" for mark, (title, _) in zip(marks, answers)))


def _buttons(message: Message) -> List[Mapping[str, Any]]:
    return [button for button in message.get("buttons") or () if str(button.get("title") or "").strip()]


def _rows(choices: Sequence[Choice]) -> List[List[Block]]:
    """Rows of buttons, or menus where there are many answers."""
    if len(choices) > MOST_BUTTONS:
        return [
            [
                {
                    "type": "static_select",
                    "action_id": f"{PICK}:{start}",
                    "placeholder": _plain(word("choose"), 150),
                    **menu,
                }
            ]
            for start, menu in _menus(choices, MOST_IN_A_MENU)
        ]
    buttons = [_button(f"{ANSWER}:{number}", title, value) for number, (title, value) in enumerate(choices)]
    return [buttons[start : start + IN_A_ROW] for start in range(0, len(buttons), IN_A_ROW)]


def _ticks(choices: Sequence[Choice]) -> List[List[Block]]:
    """Boxes to tick, and a button to say that it is all. A menu for several choices works in no block of buttons."""
    boxes = [
        [{"type": "checkboxes", "action_id": f"{TICK}:{start}", **menu}] for start, menu in _menus(choices, MOST_BOXES)
    ]
    return [*boxes, [{**_button(f"{DONE}:0", word("done"), DONE), "style": "primary"}]]


def _menus(choices: Sequence[Choice], longest: int) -> List[Tuple[int, Block]]:
    """Options in groups. A value too long for an option is sent as its number, which answers as well."""
    options = [
        {
            "text": _plain(title, LONGEST_LABEL),
            "value": value if len(value) <= LONGEST_OPTION_VALUE else str(number),
        }
        for number, (title, value) in enumerate(choices, start=1)
    ]
    return [(start, {"options": options[start : start + longest]}) for start in range(0, len(options), longest)]


def _button(action: str, title: str, value: str) -> Block:
    text = _plain(title, LONGEST_LABEL)
    return {"type": "button", "action_id": action, "text": text, "value": value[:LONGEST_VALUE]}


def _plain(text: str, longest: int) -> Block:
    return {"type": "plain_text", "text": shorten(text, longest), "emoji": False}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
