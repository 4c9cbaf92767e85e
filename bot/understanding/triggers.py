"""What brings a complaint on and what eases it: "worse when I sit", "walking helps", "can't lie on it"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Any, FrozenSet, Iterator, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.understanding.context import Context
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import PRESENT, UNCERTAIN
from bot.understanding.subjects import SELF

WORSE, BETTER = "worse", "better"
BARE_ANSWER = 6  # words of a message that only names what brings it on or eases it
_WEAK_LINKS = frozenset(["to", "by", "with", "from", "even"])
_NEAR_LINKS = frozenset(["on"])  # these lead only to what stands right behind them
_DETERMINERS = frozenset("the my a an any it that this d da".split())
_UNLESS = frozenset(["unless", "except"])  # "I'm not unsteady unless it's dark"
_OPENERS = frozenset(["one", "any", "single", "every", "each", "a", "just"])
_BESIDE = frozenset("at night in bed only just a bit".split())  # between a finding and "walking" without a link
_REFUSED = frozenset(["lying_on_it", "lying", "sitting"])  # "can't lie on it"
_BEGAN = frozenset(["started", "began", "came"])
_CLEAR = frozenset(["coughing", "dark_or_eyes_closed", "lying_on_it", "tight_clothing", "massage"])
_LEADS = frozenset("just only mostly mainly when whenever if yes yeah usually always , i am i'm it's is a the".split())
_APART = frozenset(["and", ",", "or", "when", "if", "that", "which"])
_LISTED = frozenset("always really seems all usually both only thing that".split())
_DENIED = frozenset("not never no nothing hardly neither nor without".split())
# Said with "in", no other link is needed.
_SURROUNDINGS = frozenset(["dark_or_eyes_closed", "cold", "heat", "tight_clothing"])

Trigger = Tuple[str, str, Match]


@dataclass(frozen=True)
class _Scene:
    """One message: its triggers, its frames in order, and the tokens of its links and findings."""

    doc: Doc
    triggers: Sequence[Match]
    frames: Sequence[Match]
    links: AbstractSet[int]
    claimed: AbstractSet[int]

    @property
    def norms(self) -> Sequence[str]:
        norms: Sequence[str] = self.doc.user_data["norms"]
        return norms

    def same(self, unit: str, one: int, other: int) -> bool:
        """Whether two tokens stand in one unit: "clauses" or "sentences"."""
        numbers: Sequence[int] = self.doc.user_data[unit]
        return numbers[one] == numbers[other]


class TriggerReader:
    """Gives each trigger of ``attributes.yml`` its direction."""

    def __init__(self, data: Mapping[str, Any], context: Context) -> None:
        self._links = Lexicon({"link": {"link": data["link"]}}, {})
        self._values: Mapping[str, Sequence[Optional[str]]] = data["trigger_values"]
        self._connect: FrozenSet[str] = frozenset(data["connect"])
        self._context = context

    def read(
        self, doc: Doc, triggers: Sequence[Match], frames: Sequence[Match], claimed: AbstractSet[int]
    ) -> Iterator[Trigger]:
        """Each trigger that is said to do something as ("aggravating" or "relieving", value, words)."""
        links = frozenset(match.last for match in self._links.find(doc))
        scene = _Scene(doc, triggers, sorted(frames, key=lambda match: match.first), links, claimed)
        previous: Optional[Tuple[Match, Optional[str]]] = None
        for trigger in triggers:
            direction = self._direction(scene, trigger, previous)
            if direction is None and not frames and not claimed:
                direction = self._as_answer(scene, trigger)
            previous = (trigger, direction)
            if direction is None:
                continue
            worse, better = self._values[trigger.id]
            value = worse if direction == WORSE else better
            if value is not None:
                yield ("aggravating" if direction == WORSE else "relieving"), value, trigger

    def _direction(
        self, scene: _Scene, trigger: Match, previous: Optional[Tuple[Match, Optional[str]]]
    ) -> Optional[str]:
        if self._context.assess(scene.doc, trigger.first, trigger.last + 1).subject != SELF:
            return None
        here = [f for f in scene.frames if scene.same("clauses", f.first, trigger.first)]
        here = [f for f in here if not set(f.tokens) & set(trigger.tokens)]
        following = next((f for f in here if f.first > trigger.last), None)
        preceding = next((f for f in reversed(here) if f.first < trigger.first), None)
        if preceding is None and _is_echoed(scene, trigger):
            earlier = [f for f in scene.frames if f.last < trigger.first]
            earlier = [f for f in earlier if scene.same("sentences", f.last, trigger.first)]
            return earlier[-1].id if earlier else None
        if following is not None and self._leads_to(scene, trigger, following, preceding is None):
            return _signed(scene, following)
        if preceding is not None:
            between = range(preceding.last + 1, trigger.first)
            links = [i for i in (*preceding.tokens, *between) if i in scene.links]
            linked = len(between) <= 1 and not _NEAR_LINKS & {scene.norms[preceding.last]}
            linked = linked or any(_reaches(scene, i, trigger) for i in links)
            if linked and len(between) <= 14:
                return _signed(scene, preceding)
        if previous is not None and scene.same("clauses", previous[0].last, trigger.first):
            listed = all(word in self._connect for word in scene.norms[previous[0].last + 1 : trigger.first])
            if listed and previous[1] is not None:
                return previous[1]
        return self._without_frame(scene, trigger)

    def _leads_to(self, scene: _Scene, trigger: Match, frame: Match, alone: bool) -> bool:
        """Whether a frame behind the trigger is said of it, directly or at the end of a list."""
        between = scene.norms[trigger.last + 1 : frame.first]
        if len(between) <= 8 and not _APART.intersection(between):
            return True
        named = {token for other in scene.triggers for token in other.tokens}
        return alone and all(
            word in self._connect or i in named or word in _LISTED
            for i, word in enumerate(between, start=trigger.last + 1)
        )

    def _without_frame(self, scene: _Scene, trigger: Match) -> Optional[str]:
        """ "it burns when I stand", "unless it's dark", "one sneeze and I'm wet": nothing says worse or better."""
        norms = scene.norms
        felt = any(scene.same("clauses", token, trigger.first) for token in scene.claimed)
        before = range(max(0, trigger.first - 4), trigger.first)
        if _UNLESS.intersection(norms[i] for i in before):
            return WORSE
        surroundings = trigger.id in _SURROUNDINGS and "in" in norms[max(0, trigger.first - 2) : trigger.last + 1]
        if felt and surroundings and self._affirmed(scene, trigger):
            return WORSE
        refused = _is_refused(scene, trigger)
        if _BEGAN.intersection(norms[max(0, trigger.first - 8) : trigger.first]):
            return None  # "it started after a run"
        if not self._affirmed(scene, trigger, frozenset(before) if refused else frozenset()):
            return None
        beside = felt and (_is_linked(scene, trigger, before) or _is_gerund_beside(scene, trigger))
        return WORSE if refused or beside or _opens(scene, trigger) else None

    def _as_answer(self, scene: _Scene, trigger: Match) -> Optional[str]:
        """ "rubbing it": an answer that only names it, where it can only ease or only bring on."""
        norms = scene.norms
        led = all(norm in _LEADS or not norm.strip() for norm in norms[: trigger.first])
        doing = norms[trigger.first].endswith("ing") or trigger.id in _CLEAR
        if not (led and doing) or sum(norm.isalnum() for norm in norms) > BARE_ANSWER or "?" in norms:
            return None
        worse, better = self._values[trigger.id]
        if (worse is None) == (better is None) or not self._affirmed(scene, trigger):
            return None
        return WORSE if better is None else BETTER

    def _affirmed(self, scene: _Scene, trigger: Match, but: FrozenSet[int] = frozenset()) -> bool:
        ignored = frozenset(scene.claimed) | frozenset(trigger.tokens) | but
        assessed = self._context.assess(scene.doc, trigger.first, trigger.last + 1, ignore=ignored)
        return assessed.subject == SELF and assessed.status in (PRESENT, UNCERTAIN)


def _signed(scene: _Scene, frame: Match) -> Optional[str]:
    """The frame's direction, or nothing if it is denied ("doesn't help")."""
    near = [i for i in range(max(0, frame.first - 4), frame.first) if scene.same("clauses", i, frame.first)]
    before = {scene.norms[i] for i in near}
    return None if _DENIED & before and "only" not in before else frame.id


def _is_linked(scene: _Scene, trigger: Match, before: Sequence[int]) -> bool:
    """ "when I sit", "after a run"."""
    links = [i for i in before if i in scene.links and scene.same("clauses", i, trigger.first)]
    return any(scene.norms[i] not in _WEAK_LINKS and _reaches(scene, i, trigger) for i in links)


def _reaches(scene: _Scene, link: int, trigger: Match) -> bool:
    """Whether the link leads to the trigger: "on the stairs", but not "on Monday lifting"."""
    between = scene.norms[link + 1 : trigger.first]
    return scene.norms[link] not in _NEAR_LINKS or all(word in _DETERMINERS or not word.strip() for word in between)


def _is_refused(scene: _Scene, trigger: Match) -> bool:
    """ "can't lie on it"."""
    before = [scene.norms[i] for i in range(max(0, trigger.first - 3), trigger.first) if scene.norms[i].strip()]
    return trigger.id in _REFUSED and before[-2:] == ["can", "not"]


def _is_echoed(scene: _Scene, trigger: Match) -> bool:
    """ "standing doesn't bother it but sitting does"."""
    behind = [norm for norm in scene.norms[trigger.last + 1 :] if norm.strip()][:2]
    closed = len(behind) < 2 or behind[1] in (",", ".", "!", "and", ";")
    return behind[:1] in (["do"], ["does"], ["will"]) and closed


def _is_gerund_beside(scene: _Scene, trigger: Match) -> bool:
    """ "short of breath walking uphill", "sore at night lying down"."""
    norms = scene.norms
    if not norms[trigger.first].endswith("ing") or norms[trigger.first - 1] in ("like", "of"):
        return False
    i = trigger.first - 1
    while i >= 0 and i not in scene.claimed and (norms[i] in _BESIDE or not norms[i].strip()):
        i -= 1
    return i in scene.claimed


def _opens(scene: _Scene, trigger: Match) -> bool:
    """ "one flight of stairs and I'm puffing"."""
    norms = scene.norms
    near = range(max(0, trigger.first - 3), trigger.first)
    begins = [norms[i] for i in near if scene.same("sentences", i, trigger.first)]
    following = [norm for norm in norms[trigger.last + 1 : trigger.last + 4] if norm.strip()]
    return begins[:1] != [] and begins[0] in _OPENERS and following[:2] in (["and", "i"], ["and", "my"], ["and", "it"])
