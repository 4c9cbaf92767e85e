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

FIRES = -0.25
"""Score from which the net raises a flag on its own."""
FIRES_EARLY = {"F19": -0.35}
"""Flags for which a false alarm costs little and people speak least plainly."""
NO_DOUBT = 0.3
"""Score from which it does so without doubt."""
AS_LIKELY, MOST_FLAGS = 0.45, 3
"""How far behind the likeliest flag another may be that is raised too, and how many there are at most."""
CLEARLY_NONE = -0.7
"""Score of the likeliest flag below which the net takes back what a rule raised."""


def combine(rules: Sequence[Mention], likenesses: Sequence[Likeness], detector: RedFlagDetector) -> List[Mention]:
    """Mentions of the rules and, where the net is there, of both; at most one of each flag.

    ``likenesses`` are those of the same text, most alike first, and empty if the net could not read it.
    """
    if not likenesses:
        return list(rules)
    best = likenesses[0].score
    firing = {each.flag: each for each in likenesses if each.score >= FIRES_EARLY.get(each.flag, FIRES)}
    mentions = [
        _at_least(mention, firing.get(mention.value), detector)
        for mention in rules
        if mention.confidence >= SURE or best >= CLEARLY_NONE
    ]
    raised = {mention.value for mention in mentions}
    likely = [each for each in likenesses[:MOST_FLAGS] if each.flag in firing and each.score >= best - AS_LIKELY]
    return mentions + [_learnt(each, detector) for each in likely if each.flag not in raised]


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
