"""One answer from two readers of red flags: the rules and the net.

Either may raise a flag. The net may take back what a rule raised only if every part of the message is to it clearly
none, or if the likeliest flag explains it far better, and never if the rule's words allow no other meaning (``sure``
in ``red_flags.yml``). Thresholds were chosen on authors whose sentences the net had not seen; see
``docs/adr/0010-red-flags-learnt-beside-the-rules.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import List, Optional, Sequence

from bot.understanding.mentions import GUESSED, UNCERTAIN, Mention
from bot.understanding.red_flag_net import Likeness
from bot.understanding.red_flag_scope import OTHER, SELF
from bot.understanding.red_flags import SEVERITY, SURE, RedFlagDetector

FIRES = -0.2
"""Score from which the net raises a flag on its own."""
FIRES_EARLY = {"F19": -0.35}
"""Flags for which a false alarm costs little and people speak least plainly."""
NO_DOUBT = 0.3
"""Score from which it does so without doubt."""
AS_LIKELY, AS_LIKELY_ELSEWHERE, MOST_FLAGS = 0.2, 0.45, 3
"""How far behind the likeliest flag another may be that the net raises too, from the same words or from further ones,
and how many there are at most."""
FAR_BEHIND, FAR_BEHIND_MORE_URGENT = 0.7, 1.0
"""How far behind the likeliest flag that of a rule is when it is taken back as explained; more, if it is the more
urgent. Of the right flags in the tuning sets none was further behind than 0.65, and none of these was more urgent by
0.45."""
CLEARLY_NONE = -0.9
"""Score of the likeliest flag below which the net takes back what a rule raised."""


def combine(rules: Sequence[Mention], likenesses: Sequence[Likeness], detector: RedFlagDetector) -> List[Mention]:
    """Mentions of the rules and, where the net is there, of both; at most one of each flag.

    ``likenesses`` are those of the same text, most alike first, and empty if the net could not read it.
    """
    if not likenesses:
        return list(rules)
    best = likenesses[0]
    firing = {each.flag: each for each in likenesses if each.score >= FIRES_EARLY.get(each.flag, FIRES)}
    mentions = [
        _at_least(mention, firing.get(mention.value), detector)
        for mention in rules
        if mention.confidence >= SURE or best.score >= CLEARLY_NONE
    ]
    raised = {mention.value for mention in mentions}
    likely = [each for each in likenesses[:MOST_FLAGS] if each.flag in firing and _as_likely(each, best)]
    mentions += [_learnt(each, detector) for each in likely if each.flag not in raised]
    return _without_explained(mentions, likenesses) if best.flag in firing else mentions


def _as_likely(likeness: Likeness, best: Likeness) -> bool:
    """Whether the net says so of other words than the likeliest flag's, or nearly as much of the same."""
    same = best.start <= likeness.start and likeness.end <= best.end and likeness.flag not in FIRES_EARLY
    return best.score - likeness.score <= (AS_LIKELY if same else AS_LIKELY_ELSEWHERE)


def _without_explained(mentions: Sequence[Mention], likenesses: Sequence[Likeness]) -> List[Mention]:
    """Less the flags of rules whose words the likeliest flag, which is one of ``mentions``, explains far better."""
    best, scores = likenesses[0], {each.flag: each.score for each in likenesses}
    severity = {mention.value: SEVERITY.index(str(mention.extra["urgency"])) for mention in mentions}

    def explained(mention: Mention) -> bool:
        score = scores.get(mention.value, best.score)
        if mention.evidence != "rule" or mention.confidence >= SURE or mention.value in FIRES_EARLY:
            return False
        if score >= FIRES and (mention.end <= best.start or best.end <= mention.start):
            return False  # words that the likeliest flag does not rest on
        more_urgent = severity[mention.value] > severity[best.flag]
        return best.score - score >= (FAR_BEHIND_MORE_URGENT if more_urgent else FAR_BEHIND)

    return [mention for mention in mentions if not explained(mention)]


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
        evidence=GUESSED,
        extra={"urgency": _urgency(likeness, detector), "subject": OTHER if likeness.other else SELF},
    )


def _urgency(likeness: Likeness, detector: RedFlagDetector) -> str:
    levels = detector.urgencies[likeness.flag]
    return levels[-1] if likeness.escalated else levels[0]
