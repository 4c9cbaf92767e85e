"""What each knowledge file holds. Every entry is validated when the knowledge is loaded."""

from __future__ import annotations

from datetime import date
from typing import Dict, List, Optional

from pydantic import BaseModel, Extra, Field, validator
from typing_extensions import Literal

from bot.knowledge.patterns import Pattern

Confidence = Literal["seen", "seen_2nd", "recalled", "derived", "policy"]
Urgency = Literal["emergency_now", "emergency_department", "same_day", "within_days", "routine"]


class Entry(BaseModel):
    """Base of every record: unknown keys are errors, records do not change."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False


# --- sources and facts -------------------------------------------------------------------------


class Source(Entry):
    """sources.yml: where facts come from; ``id`` is the tag of the reference, such as ``NG239``.

    ``url`` is where people are sent, ``read_at`` the copy that was read where that is not the publisher's own page.
    """

    id: str
    title: str
    publisher: str
    year: Optional[int]
    url: Optional[str]
    read_at: Optional[str]
    kind: Literal["guideline", "review", "trial", "study", "label", "reference", "secondary", "article"]


class Fact(Entry):
    """facts/*.yml: one checkable statement. ``values`` holds its numbers, so each number has one place."""

    id: str
    statement: str
    sources: List[str] = []
    confidence: Confidence
    reviewed: date
    values: Dict[str, float] = {}

    @property
    def citable(self) -> bool:
        """Only what was read at a source may be shown with that source."""
        return self.confidence in ("seen", "seen_2nd") and bool(self.sources)


# --- words -------------------------------------------------------------------------------------


class Bubbles(Entry):
    """An answer: ``short`` first (one or two bubbles), ``more`` on request. Each item is one bubble."""

    short: List[str]
    more: List[str] = []


class VariantBubbles(Bubbles):
    """An answer for people for whom ``when`` is true."""

    when: Pattern


class Topic(Bubbles):
    """topics/*.yml: the answer to one kind of question; ``facts`` are the ids it rests on."""

    id: str
    title: str
    facts: List[str]
    variants: List[VariantBubbles] = []
    follow_ups: List[str] = []


class Table(Entry):
    """tables.yml: a side-by-side comparison. ``columns`` are titles; the first cell of a row is its label."""

    id: str
    title: str
    columns: List[str]
    rows: List[List[str]]
    facts: List[str] = []


# --- what people feel and have -----------------------------------------------------------------


class Finding(Entry):
    """findings.yml. ``title`` names it ("burning"), ``phrase`` completes "You have ..." ("a burning feeling").

    ``explain`` says in one plain sentence what is meant, for "what does that mean?".
    """

    id: str
    group: str
    title: str
    phrase: str
    explain: str


class AttributeValue(Entry):
    """``phrase`` follows a finding; ``phrase_one`` (with ``{side}``) and ``phrase_both`` when the side is known."""

    id: str
    title: str
    phrase: str
    phrase_one: Optional[str]
    phrase_both: Optional[str]


class Attribute(Entry):
    """attributes.yml: what may be said of a finding."""

    id: str
    title: str
    values: List[AttributeValue] = []


class RiskFactor(Entry):
    """risk_factors.yml; ``b12_risk`` marks what makes low vitamin B12 more likely."""

    id: str
    title: str
    phrase: str
    explain: str
    b12_risk: bool
    facts: List[str] = []


# --- reasoning ---------------------------------------------------------------------------------


class ClueState(Entry):
    """One state of a clue: first matching state wins. ``phrase`` completes "... fits because you have"."""

    id: str
    when: Pattern
    phrase: str


class Clue(Entry):
    """clues/*.yml: one thing that tells conditions apart, as a variable with states.

    A yes/no clue has one state ``yes``; ``otherwise`` names the remaining state and its phrase.
    Clues that share a ``group`` are correlated: within a group only the strongest counts in full.
    ``background`` is how many of 100 people with leg pain of any cause are in each state.
    ``ids`` are the vocabulary ids reported in ``supports`` and ``against``.

    The numbers count in any case; what a person is told as a reason depends on two marks. ``absence``: the remaining
    state is told only against a condition (``argument``), in both directions because it is a sign of its own, such
    as a slow start (``sign``), or never, because nobody would argue with it (``silent``). ``presence``: told in both
    directions (``argument``), only for what it makes likelier, since it may have several effects (``cause``), or
    against none but the conditions that state it, since a test only speaks of what it looks for (``test``).
    """

    id: str
    group: str
    absence: Literal["argument", "sign", "silent"] = "argument"
    presence: Literal["argument", "cause", "test"] = "argument"
    states: List[ClueState]
    otherwise_phrase: str
    background: Dict[str, float]
    ids: List[str]


class Evidence(Entry):
    """Of 100 people with the condition, how many are in each state of the clue, why, and who says so."""

    clue: str
    of_100: Dict[str, float]
    why: str
    sources: List[str] = []
    judgement: Literal["published", "editorial"]


class Condition(Entry):
    """conditions/*.yml. ``prior`` is its relative weight among 1000 adults asking about leg pain."""

    id: str
    title: str
    plain_name: str
    summary: str
    what_helps: str
    cause: str
    typical_pain: str
    associated: str
    onset: str
    prior: float
    prior_why: str
    urgency: Urgency
    cannot_miss: bool
    alarm_at: Optional[float] = Field(description="posterior from which its urgency applies; required if cannot_miss")
    tests: List[str]
    evidence: List[Evidence]
    facts: List[str] = []


class Option(Entry):
    """One answer offered: ``value`` is a vocabulary id, ``title`` what the person reads, ``flag`` what it raises."""

    value: str
    title: str
    flag: Optional[str] = None


class Question(Entry):
    """questions.yml: one thing the interview may ask.

    ``id`` is the finding, risk factor, attribute name or profile id asked about (not unique);
    ``key`` is unique. ``clue`` is what the answer mainly settles, ``stage`` its place in the talk.
    ``when`` limits it to people for whom the pattern is true. ``flag`` is the red flag that a "yes" raises.
    ``title`` names it when an answer is to be changed; without it what it asks about does.
    While ``required`` is true the interview does not end before the question was asked.
    ``opening`` marks the question for people whose own words told nothing; the interview itself never picks it.
    """

    key: str
    about: Literal["finding", "attribute", "risk_factor", "profile"]
    id: str
    of: Optional[str]
    type: Literal["yes_no", "choice", "multi_choice", "number", "free"]
    value: Optional[str]
    title: Optional[str]
    text: str
    text_other: str
    why: str
    options: List[Option] = []
    clue: Optional[str]
    stage: Literal["safety", "place", "feel", "course", "triggers", "strength", "risk", "general", "profile"]
    when: Optional[Pattern]
    required: Optional[Pattern]
    flag: Optional[str]
    opening: bool = False


class TriageRule(Entry):
    """triage.yml: a picture that sets a minimum urgency, whatever the ranking says.

    ``flag`` names the red flag (F1 ...) the picture amounts to; it is then raised like one found in a message.
    ``unless`` is an exception that has to be known for certain: while it is unknown the rule holds.
    """

    id: str
    when: Pattern
    unless: Optional[Pattern]
    urgency: Urgency
    reason: str
    flag: Optional[str]
    sources: List[str] = []


# --- safety ------------------------------------------------------------------------------------


class RedFlag(Entry):
    """red_flags.yml. ``act`` says what to do first, ``reason`` why; ``*_other`` when it is about someone else.

    ``act_sooner`` is said instead of ``act`` where more signs make it more urgent than ``urgency``.
    """

    id: str
    title: str
    urgency: Urgency
    act: str
    act_other: str
    act_sooner: Optional[str]
    act_sooner_other: Optional[str]
    reason: str
    sources: List[str] = []
    confidence: Confidence
    crisis: bool = False


class Services(Entry):
    """services.yml: whom to call, by country (ISO 3166 alpha-2; ``XX`` when unknown)."""

    id: str
    country: str
    emergency: str
    urgent_advice: str
    crisis: List[str]
    words: List[str] = []


# --- tests, laboratory values, treatment, food ----------------------------------------------------


class Note(Entry):
    """Something said to people for whom ``when`` is true; without it to everybody."""

    when: Optional[Pattern]
    say: str


class Test(Entry):
    """tests.yml: a test explained in plain sentences; ``in_your_case`` fits it to what is known of the person."""

    __test__ = False  # not a pytest class

    id: str
    title: str
    other_names: List[str] = []
    looks_at: str
    cannot_tell: str
    what_it_is_like: str
    prepare: str
    normal_means: str
    abnormal_means: str
    ask_why: str
    in_your_case: List[Note] = []
    facts: List[str] = []


class LabUnit(Entry):
    """A unit people type: canonical = number × ``factor`` + ``offset``.

    ``slip`` marks a unit in which the test is never reported: such a result is a typing error, so implausible.
    """

    unit: str
    factor: float
    offset: float = 0.0
    slip: bool = False
    aliases: List[str] = []


class LabBand(Entry):
    """Half-open band [low, high) in ``unit``; ``meaning`` is shown, never as a diagnosis.

    Without ``low`` and ``high`` the band is only reached through the laboratory's own range, an unsettled
    comparator or a positive or negative test.
    """

    band: Literal["deficient", "indeterminate", "unlikely", "high", "low", "normal", "raised"]
    unit: str
    low: Optional[float]
    high: Optional[float]
    high_inclusive: bool = False
    meaning: str


class LabAnalyte(Entry):
    """labs.yml. ``default_unit`` is supplied to a bare number; the first band that fits counts."""

    id: str
    title: str
    names: List[str]
    canonical_unit: str
    default_unit: Optional[str]
    units: List[LabUnit]
    bands: List[LabBand]
    plausible: List[float]
    facts: List[str] = []

    @validator("plausible")
    def _low_high(cls, value: List[float]) -> List[float]:
        if len(value) != 2 or value[0] >= value[1]:
            raise ValueError("plausible is [low, high] in the canonical unit")
        return value


class LabRule(Entry):
    """lab_rules.yml: what a combination of results and modifiers means, and the next step.

    Where it holds, the more general rules of ``instead_of`` are not shown.
    """

    id: str
    when: Pattern
    say: str
    next_step: str
    instead_of: List[str] = []
    facts: List[str] = []


class Treatment(Entry):
    """treatments.yml"""

    id: str
    title: str
    what: str
    when_used: str
    how: str
    how_uk: Optional[str]
    how_us: Optional[str]
    good: str
    less_good: str
    caution: str
    facts: List[str] = []


class Food(Entry):
    """foods.yml: micrograms of vitamin B12 in one serving."""

    id: str
    title: str
    serving: str
    micrograms: float
    micrograms_high: Optional[float]
    diet: Literal["meat", "fish", "dairy", "egg", "fortified", "plant"]
    reliable: bool
    confidence: Confidence
    sources: List[str] = []
    words: List[str] = []
