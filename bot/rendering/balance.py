"""For and against: a bar for each reason, as long as it counts (in nats of the evidence model)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

from bot.knowledge.loader import Knowledge
from bot.reasoning.assessment import MOST_REASONS, Assessment
from bot.reasoning.case import Case
from bot.reasoning.evidence import Reason, model_of, situation_of
from bot.reasoning.reasons import arguments, without_repeats
from bot.rendering import fonts
from bot.rendering.picture import CHART_WIDTH, EDGE, Picture, word
from bot.rendering.svg import END, FRAME, INK, QUIET, Drawing, text_height

MOST_SHOWN, MOST_FOR, MOST_AGAINST = 3, 5, 3
FOR_FILL, AGAINST_FILL = "#1b5e8c", "#a85a10"
LABEL, SIZE, ROW = 182.0, 17.0, 18.0
ROOM = CHART_WIDTH - 2 * EDGE
MIDDLE_X = 304.0  # where bars begin
REACH = 80.0  # length of the longest bar; room for the sign is left on both sides


@dataclass(frozen=True)
class Balance:
    """One possibility with its reasons: phrase and weight, positive speaks for it; heaviest first."""

    name: str
    likelihood: str
    supports: Tuple[Tuple[str, float], ...]
    against: Tuple[Tuple[str, float], ...]


def for_and_against(case: Case, assessment: Assessment, knowledge: Knowledge) -> Picture:
    """The picture of the likeliest conditions of the assessment."""
    balances = weigh(case, assessment, knowledge)
    longest = max([abs(weight) for row in balances for _, weight in row.supports + row.against], default=1.0)
    drawing = Drawing(CHART_WIDTH)
    title = word("for_title")
    y = drawing.paragraph(EDGE, 12, ROOM, title, 20, bold=True) + 8
    drawing.text(MIDDLE_X - 8, y + 16, f"◄ {word('against')}", 16, anchor=END, fill=AGAINST_FILL, bold=True)
    drawing.text(MIDDLE_X + 8, y + 16, f"{word('for')} ►", 16, fill=FOR_FILL, bold=True)
    y += 32
    for balance in balances:
        y = _draw(drawing, y, balance, longest)
    y = drawing.paragraph(EDGE, y, ROOM, word("for_note"), SIZE, fill=QUIET)
    alt = " ".join([f"{title}.", *map(_alt, balances)])
    return Picture(title, drawing.svg(y + 14, title, alt), alt)


def weigh(case: Case, assessment: Assessment, knowledge: Knowledge) -> List[Balance]:
    """The reasons of the likeliest conditions, each phrase once, without those that hardly count."""
    model, states = model_of(knowledge), situation_of(case, knowledge).states
    balances = []
    for ranked in assessment.ranking[:MOST_SHOWN]:
        explanation = arguments(model.explain(ranked.condition, states), model)
        name = knowledge.conditions[ranked.condition].plain_name
        balances.append(
            Balance(
                name=name[:1].upper() + name[1:],
                likelihood=knowledge.words[f"likelihood_{ranked.likelihood}"],
                supports=_heaviest(explanation.supports, MOST_FOR),
                against=_heaviest(explanation.against, MOST_AGAINST),
            )
        )
    return balances


def _heaviest(reasons: Sequence[Reason], most: int) -> Tuple[Tuple[str, float], ...]:
    return tuple((reason.phrase, reason.weight) for reason in without_repeats(reasons[:MOST_REASONS])[:most])


def _draw(drawing: Drawing, y: float, balance: Balance, longest: float) -> float:
    heading = f"{balance.name}: {balance.likelihood}"
    y = drawing.paragraph(EDGE, y, ROOM, heading, 18, bold=True) + 4
    top = y
    for phrase, weight in balance.supports + balance.against:
        high = text_height(phrase, SIZE, LABEL)
        height = max(high, ROW + 6)
        drawing.paragraph(EDGE, y + (height - high) / 2, LABEL, phrase, SIZE)
        _bar(drawing, y + (height - ROW) / 2, weight, longest)
        y += height + 4
    if y > top:
        drawing.line(MIDDLE_X, top, MIDDLE_X, y, FRAME)
    else:
        y = drawing.paragraph(EDGE, y, LABEL, word("nothing"), SIZE)
    return y + 10


def _bar(drawing: Drawing, y: float, weight: float, longest: float) -> None:
    """The sign is written too, so that nothing rests on colour or direction alone."""
    supports = weight > 0
    length = max(abs(weight) / longest * REACH, 4)
    drawing.rect(MIDDLE_X if supports else MIDDLE_X - length, y, length, ROW, FOR_FILL if supports else AGAINST_FILL)
    sign, half = ("+" if supports else "−"), fonts.width("+", 16, bold=True) / 2
    end = MIDDLE_X + (length + 4 if supports else -length - 4 - 2 * half)
    drawing.text(end, y + ROW - 2, sign, 16, bold=True, fill=INK)


def _alt(balance: Balance) -> str:
    return word(
        "for_alt",
        name=balance.name,
        likelihood=balance.likelihood,
        supports="; ".join(phrase for phrase, _ in balance.supports) or word("nothing"),
        against="; ".join(phrase for phrase, _ in balance.against) or word("nothing"),
    )
