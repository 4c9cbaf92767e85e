"""What a simulated patient answers to one question: first what is true of them, then how they put it."""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

import yaml

from evaluation.patient_records import IMPLIED_RISKS, Patient

WORDS_FILE = Path(__file__).resolve().parent / "patient_words.yml"
FREE_SHARE = 1 / 3  # of the answers are in free words, the rest are the titles of buttons

YES, NO, UNSURE = "affirm", "deny", "not_sure"
NONE_VALUES = ("none", "none_of_these", "no", NO)
UNSURE_VALUES = (UNSURE, "unsure", "unknown")
NEVER_NONE = ("side", "onset", "course", "duration")  # every complaint has them, so silence means "not sure"
OTHER_COUNTRY = ("XX", "other", "other_country")
# A question about the whole is answered yes by whoever has a part.
_THIGH = frozenset({"outer_thigh", "front_thigh", "inner_thigh", "back_thigh"})
_LOWER_LEG = frozenset({"shin", "calf", "ankle"})
PARTS: Mapping[str, FrozenSet[str]] = {
    "thigh": _THIGH,
    "lower_leg": _LOWER_LEG,
    "foot": frozenset({"toes"}),
    "leg": _THIGH | _LOWER_LEG | {"thigh", "knee", "lower_leg", "foot", "toes"},
    "one_side": frozenset({"left", "right"}),
}
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?")
_UNITS = ("year", "month", "week", "day", "hour")
_HOURS = (8766.0, 730.5, 168.0, 24.0, 1.0)

Question = Mapping[str, Any]


@dataclass(frozen=True)
class Truth:
    """What is true: chosen option values or words (``values``), or a ``number``; ``status`` of what was asked about."""

    values: Tuple[str, ...] = ()
    number: Optional[int] = None
    status: str = "present"


def truth(question: Question, patient: Patient) -> Truth:
    """What an honest patient would convey in answer to a ``question`` message."""
    if question["about"] == "profile":
        return _profile(question, patient)
    if question["type"] == "yes_no":
        status = _status(question, patient)
        return Truth(({"present": YES, "uncertain": UNSURE}.get(status, NO),), status=status)
    if question["type"] == "number" and question["about"] == "attribute":
        values = patient.details(question.get("of"), question["id"])
        if values and values[0].isdigit():
            return Truth(number=int(values[0]))
        return Truth(values or (UNSURE,))
    known = _known(question, patient)
    if question["type"] == "free":
        return Truth(known or (UNSURE,))
    return Truth(_choose(question, known))


def _profile(question: Question, patient: Patient) -> Truth:
    if question["id"] == "consent":
        return Truth((YES,))
    if question["id"] == "age":
        return Truth(number=patient.profile.age)
    value = str(getattr(patient.profile, question["id"]))
    if question["type"] == "yes_no":
        return Truth((YES if question.get("value") == value else NO,))
    offered = [option["value"] for option in question.get("options", [])]
    others = [option for option in OTHER_COUNTRY if option in offered] if question["id"] == "country" else []
    return Truth((value,) if value in offered or not others else (others[0],))


def _status(question: Question, patient: Patient) -> str:
    if question["about"] == "finding":
        return patient.status_of_finding(question["id"])
    if question["about"] == "risk_factor":
        return patient.status_of_risk(question["id"])
    values = patient.details(question.get("of"), question["id"])
    asked = question.get("value")
    return "present" if any(_is(value, asked) for value in values) or (asked is None and values) else "absent"


def _known(question: Question, patient: Patient) -> Tuple[str, ...]:
    """What is true among what could be answered: for findings and risks those present of the options."""
    if question["about"] == "attribute":
        return patient.details(question.get("of"), question["id"])
    status = patient.status_of_finding if question["about"] == "finding" else patient.status_of_risk
    offered = [option["value"] for option in question.get("options", [])]
    present = [value for value in offered if status(value) == "present"]
    said_already = {weaker for value in present for weaker in IMPLIED_RISKS.get(value, ())}
    return tuple(value for value in present if value not in said_already)


def _is(value: str, asked: Optional[str]) -> bool:
    return value == asked or value in PARTS.get(asked or "", ())


def _choose(question: Question, known: Sequence[str]) -> Tuple[str, ...]:
    """The options that are true: all of them, or the one that fits the first thing known best."""
    offered = [option["value"] for option in question["options"]]
    if question["id"] == "duration" and known:
        return _nearest_duration(known[0], offered)
    if question["type"] == "multi_choice":
        chosen = [option for option in offered if _counts(option, known, offered)]
    else:
        exact = [value for value in known if value in offered]
        chosen = (exact or [option for value in known for option in offered if _is(value, option)])[:1]
    if chosen:
        return tuple(chosen)
    silent = question["id"] in NEVER_NONE and not known and question["type"] == "choice"
    fitting = UNSURE_VALUES if silent else NONE_VALUES
    return next(((option,) for option in offered if option in fitting), fitting[:1])


def _counts(option: str, known: Sequence[str], offered: Sequence[str]) -> bool:
    """Whether an option is true; a whole is left out where its own true parts are offered."""
    if option in known:
        return True
    parts = [value for value in known if _is(value, option)]
    return bool(parts) and not any(part in offered for part in parts)


def hours(duration: str) -> Optional[float]:
    """The length of an ISO 8601 duration in hours, or ``None`` if it is none."""
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        return None
    return sum(int(number) * size for number, size in zip(match.groups(), _HOURS) if number)


def _nearest_duration(duration: str, offered: Sequence[str]) -> Tuple[str, ...]:
    length = hours(duration)
    lengths = [(option, hours(option)) for option in offered]
    measured = [(option, size) for option, size in lengths if size]
    if not length or not measured:
        return next(((option,) for option in offered if option in UNSURE_VALUES), (UNSURE,))
    return (min(measured, key=lambda entry: abs(math.log(entry[1]) - math.log(length)))[0],)


class Speaker:
    """Puts answers in words: mostly the titles of buttons, else free words. The same seed gives the same words."""

    def __init__(self, patient: Patient, seed: int = 0, words: Optional[Mapping[str, Any]] = None) -> None:
        self.patient = patient
        self.words: Mapping[str, Any] = words if words is not None else load_words()
        self._random = random.Random(f"{seed}:{patient.id}")

    def consent(self) -> str:
        """The answer to the question of consent."""
        return "yes"

    def say(self, question: Question, plainly: bool = False) -> str:
        """The answer to a question; ``plainly`` keeps to the titles, as after not being understood."""
        found = truth(question, self.patient)
        free = self._random.random() < FREE_SHARE and not plainly
        if found.number is not None:
            return self._number(question["id"], found.number, free)
        titles = {option["value"]: option["title"] for option in question.get("options", [])}
        if not free and all(value in titles for value in found.values):
            return ", ".join(titles[value] for value in found.values)
        return self._freely(question, found, titles)

    def _freely(self, question: Question, found: Truth, titles: Mapping[str, str]) -> str:
        if found.status == "past":
            return self._one(self.words["past"])
        phrases = [self._phrase(question, value, titles) for value in found.values]
        return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " and " + phrases[-1]

    def _phrase(self, question: Question, value: str, titles: Mapping[str, str]) -> str:
        if question["id"] == "duration" and hours(value):
            return self._one(self.words["duration"]).replace("{length}", in_words(value))
        if question["type"] != "yes_no" and value in NONE_VALUES:
            return self._one(self.words["none"])
        plain: Dict[str, List[str]] = self.words["values"].get(question["id"], {})
        if value in plain:
            return self._one(plain[value])
        if value in self.words["acts"]:
            return self._one(self.words["acts"][value])
        return titles.get(value, value.replace("_", " ")).lower()

    def _number(self, about: str, number: int, free: bool) -> str:
        if not free:
            return str(number)
        kind = f"{about}_{self.patient.about}"
        return self._one(self.words["number"].get(kind, self.words["number"]["any"])).replace("{number}", str(number))

    def _one(self, phrases: Sequence[str]) -> str:
        return self._random.choice(list(phrases))


def in_words(duration: str) -> str:
    """An ISO 8601 duration as a person says it: ``P6M`` as "6 months"."""
    match = _DURATION.fullmatch(duration)
    numbers = match.groups() if match else ()
    return " and ".join(f"{n} {unit}{'' if n == '1' else 's'}" for n, unit in zip(numbers, _UNITS) if n)


@cache
def load_words(path: Path = WORDS_FILE) -> Mapping[str, Any]:
    """The free words of simulated patients."""
    words: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words
