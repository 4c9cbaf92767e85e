"""Plays one simulated patient through a talk: opening, consent, answers, until the assistant concludes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from evaluation.patient_answers import Speaker
from evaluation.patient_records import Patient

Messages = List[Dict[str, Any]]
Send = Callable[[str], Messages]

MOST_TURNS = 30  # messages of the patient
URGENCIES = ("routine", "within_days", "same_day", "emergency_department", "emergency_now")  # least to most urgent
EMERGENCIES = URGENCIES[3:]


@dataclass
class Talk:
    """What happened. ``ended`` is ``assessment``, ``urgent``, ``erased``, ``turns`` or ``stuck`` (no question came)."""

    patient: str
    turns: List[Tuple[str, Messages]] = field(default_factory=list)
    flags: List[Mapping[str, Any]] = field(default_factory=list)
    assessment: Optional[Mapping[str, Any]] = None
    asked: List[str] = field(default_factory=list)
    clarified: int = 0
    ended: str = "turns"

    @property
    def questions(self) -> int:
        """Questions asked other than consent; one asked again counts once more."""
        return len(self.asked)

    @property
    def ranking(self) -> List[str]:
        """The conditions of the last assessment, best first."""
        ranked = self.assessment["ranking"] if self.assessment else []
        return [str(entry["condition"]) for entry in ranked]

    @property
    def urgency(self) -> Optional[str]:
        """The worst urgency of urgent messages and the last assessment; ``None`` if neither came."""
        reached = [str(flag["urgency"]) for flag in self.flags]
        if self.assessment:
            reached.append(str(self.assessment["urgency"]))
        return max(reached, key=URGENCIES.index) if reached else None


def play(patient: Patient, send: Send, seed: int = 0) -> Talk:
    """Plays ``patient`` over ``send``, which passes one message on and returns the replies to it."""
    speaker, talk = Speaker(patient, seed), Talk(patient.id)
    said, again = patient.opening, False
    while len(talk.turns) < MOST_TURNS:
        replies = send(said)
        talk.turns.append((said, replies))
        question, misunderstood = _take_in(talk, replies)
        if talk.ended != "turns":
            break
        if question is not None:
            said = _answer(talk, speaker, question, misunderstood)
        elif again:
            talk.ended = "stuck"
            break
        else:
            said, again = patient.opening, True
    return talk


def _take_in(talk: Talk, replies: Messages) -> Tuple[Optional[Mapping[str, Any]], bool]:
    """Notes what the replies say. Returns the question to answer, if any, and whether the last answer failed."""
    customs = [message["custom"] for message in replies if isinstance(message.get("custom"), dict)]
    kinds = [custom.get("kind") for custom in customs]
    talk.flags += [custom for custom in customs if custom.get("kind") == "urgent"]
    talk.clarified += kinds.count("clarify")
    for custom in customs:
        if custom.get("kind") == "assessment":
            talk.assessment = custom
    questions = [custom for custom in customs if custom.get("kind") == "question"]
    question = questions[-1] if questions else None
    if "erased" in kinds:
        talk.ended = "erased"
    elif "assessment" in kinds and talk.assessment and talk.assessment.get("complete"):
        talk.ended = "assessment"
    elif question is None and ("urgent" in kinds or any(flag["urgency"] in EMERGENCIES for flag in talk.flags)):
        talk.ended = "urgent"
    return question, "clarify" in kinds


def _answer(talk: Talk, speaker: Speaker, question: Mapping[str, Any], plainly: bool) -> str:
    if question["about"] == "profile" and question["id"] == "consent":
        return speaker.consent()
    talk.asked.append("/".join(str(question[key]) for key in ("about", "of", "id", "value") if question.get(key)))
    return speaker.say(question, plainly)
