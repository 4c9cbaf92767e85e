"""One answer from two readers of red flags: the rules and the net.

Either may raise a flag. The net may take back what a rule raised only if every part of the message is to it clearly
none, and never if the rule's words allow no other meaning (``sure`` in ``red_flags.yml``). Thresholds were chosen on
authors whose sentences the net had not seen; see ``docs/adr/0010-red-flags-learnt-beside-the-rules.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import List, Optional, Sequence

from bot.understanding.mentions import UNCERTAIN, Mention
from bot.understanding.red_flag_net import Likeness
from bot.understanding.red_flag_scope import OTHER, SELF
from bot.understanding.red_flags import SEVERITY, SURE, RedFlagDetector

FIRES = -0.1
"""Score from which the net raises a flag on its own."""
FIRES_EARLY = {"F19": -0.3}
"""Flags for which a false alarm costs little and people speak least plainly."""
LONG, LONG_MORE = 20, 0.2
"""Words of a long message, and what is asked more there: ordinary stories hold words that emergencies hold too."""
NO_DOUBT = 0.3
"""Score from which it does so without doubt."""
CLEARLY_NONE = -0.85
"""Score of the likeliest flag below which the net takes back what a rule raised."""


def combine(
    rules: Sequence[Mention], likenesses: Sequence[Likeness], detector: RedFlagDetector, words: int = 0
) -> List[Mention]:
    """Mentions of the rules and, where the net is there, of both; at most one of each flag.

    ``likenesses`` are those of the same text, most alike first, and empty if the net could not read it.
    ``words`` is how many words the text has.
    """
    if not likenesses:
        return list(rules)
    none = likenesses[0].score < CLEARLY_NONE
    by_flag = {likeness.flag: likeness for likeness in likenesses if likeness.score >= _least(likeness.flag, words)}
    mentions = [
        _at_least(mention, by_flag.pop(mention.value, None), detector)
        for mention in rules
        if mention.confidence >= SURE or not none
    ]
    return mentions + [_learnt(likeness, detector) for likeness in by_flag.values()]


def _least(flag: str, words: int) -> float:
    """The score from which the net raises this flag in a message of so many words."""
    return FIRES_EARLY.get(flag, FIRES) + (LONG_MORE if words > LONG else 0.0)


def _at_least(mention: Mention, likeness: Optional[Likeness], detector: RedFlagDetector) -> Mention:
    """The rule's mention, as urgent as the net takes it if that is more."""
    if likeness is None:
        return mention
    urgency = max(str(mention.extra["urgency"]), _urgency(likeness, detector), key=SEVERITY.index)
    return replace(mention, extra={**mention.extra, "urgency": urgency})


def _learnt(likeness: Likeness, detector: RedFlagDetector) -> Mention:
    return Mention(
        entity="red_flag",
        value=likeness.flag,
        start=likeness.start,
        end=likeness.end,
        status="present" if likeness.score >= NO_DOUBT else UNCERTAIN,
        confidence=likeness.confidence,
        evidence="wording",
        extra={"urgency": _urgency(likeness, detector), "subject": OTHER if likeness.other else SELF},
    )


def _urgency(likeness: Likeness, detector: RedFlagDetector) -> str:
    levels = detector.urgencies[likeness.flag]
    return levels[-1] if likeness.escalated else levels[0]
