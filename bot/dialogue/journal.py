"""The case is always recomputed from the journal, so that any earlier entry can be changed or taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping, Optional, Sequence

from bot.dialogue.talk import Talk
from bot.knowledge import Knowledge
from bot.knowledge.schema import Question
from bot.reasoning.case import LIST_ATTRIBUTES, Case, Fact, LabResult

YES, NO, UNSURE, NONE = "yes", "no", "unsure", "none"
_STATUS = {YES: "present", NO: "absent", UNSURE: "uncertain"}


class _Builder:
    """Collects the journal into one case."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._facts: List[Fact] = []
        self._general: Dict[str, object] = {}
        self._denied: Dict[str, List[str]] = {}
        self._profile: Dict[str, object] = {}
        self._labs: List[LabResult] = []
        self._unsure: List[str] = []

    def case(self, flags: Mapping[str, str]) -> Case:
        general = dict(self._general)
        if self._denied:
            general["denied"] = dict(self._denied)
        return Case(
            facts=tuple(self._facts),
            general=general,
            profile=self._profile,
            labs=tuple(self._labs),
            red_flags=tuple(flags),
            flag_urgency=flags,
            unsure=tuple(self._unsure),
        )

    def told(self, entry: Mapping[str, object]) -> None:
        for fact in entry.get("facts", ()):  # type: ignore[attr-defined]
            self._facts.append(Fact(turn=int(entry["turn"]), **fact))  # type: ignore[call-overload]
        if entry.get("corrects"):
            self._forget(entry["general"])  # type: ignore[arg-type]
        for name, value in (entry.get("general") or {}).items():  # type: ignore[attr-defined]
            self._say(name, value)

    def _forget(self, names: Mapping[str, object]) -> None:
        """Takes back what was said under these attributes, of the complaint and of each finding."""
        for name in names:
            self._general.pop(name, None)
            self._denied.pop(name, None)
        self._facts = [
            replace(fact, attributes={name: value for name, value in fact.attributes.items() if name not in names})
            for fact in self._facts
        ]

    def lab(self, entry: Mapping[str, object]) -> None:
        result = {key: value for key, value in entry.items() if key != "kind"}
        self._labs = [lab for lab in self._labs if lab.analyte != result["analyte"]]
        self._labs.append(LabResult(**result))  # type: ignore[arg-type]

    def profile(self, entry: Mapping[str, object]) -> None:
        self._profile[str(entry["id"])] = entry["value"]

    def answer(self, entry: Mapping[str, object]) -> None:
        question = self._knowledge.questions.get(str(entry["question"]))
        if question is None:
            return
        value = entry["value"]
        if value == UNSURE:
            self._unsure.append(question.key)
        if question.about == "profile":
            if value != UNSURE:
                self._profile[question.id] = value[0] if isinstance(value, list) else value
        elif question.about == "attribute":
            self._answer_attribute(question, value)
        else:
            self._answer_yes_no_or_list(question, value, int(entry["turn"]))  # type: ignore[call-overload]

    def _answer_yes_no_or_list(self, question: Question, value: object, turn: int) -> None:
        if isinstance(value, list):
            told = {fact.id for fact in self._facts if fact.kind == question.about and _is_told(fact)}
            statuses = {option.value: "absent" for option in question.options if option.value not in {NONE, *told}}
            statuses.update({chosen: "present" for chosen in value if chosen != NONE})
        else:
            statuses = {question.id: _STATUS[str(value)]}
            if value == UNSURE and any(fact.guessed and fact.id == question.id for fact in self._facts):
                return  # doubt does not take back what was guessed
        self._facts += [Fact(kind=question.about, id=id_, status=status, turn=turn) for id_, status in statuses.items()]

    def _answer_attribute(self, question: Question, value: object) -> None:
        if value == UNSURE:
            return
        if question.type == "yes_no":
            if value == YES:
                self._say(question.id, [question.value])
            else:
                self._deny(question.id, [str(question.value)])
        elif isinstance(value, list):
            chosen = [item for item in value if item != NONE]
            if chosen:
                self._say(question.id, chosen)
            if question.type == "multi_choice":
                offered = [option.value for option in question.options if option.value != NONE]
                self._deny(question.id, [item for item in offered if item not in chosen])
        else:
            self._say(question.id, value)

    def _say(self, name: str, value: object) -> None:
        if name in LIST_ATTRIBUTES:
            new = value if isinstance(value, list) else [value]
            known: List[object] = list(self._general.get(name, ()))  # type: ignore[call-overload]
            self._general[name] = known + [item for item in new if item not in known]
            self._denied[name] = [item for item in self._denied.get(name, []) if item not in new]
        else:
            self._general[name] = value[0] if isinstance(value, list) else value

    def _deny(self, name: str, values: Sequence[str]) -> None:
        known = self._denied.setdefault(name, [])
        said: Sequence[object] = self._general.get(name) or ()  # type: ignore[assignment]
        known += [item for item in values if item not in known and item not in said]


def _is_told(fact: Fact) -> bool:
    """Told outright: what is then not chosen from a list is not taken back."""
    return fact.status == "present" and not fact.guessed


def build_case(talk: Talk, knowledge: Knowledge) -> Case:
    """Everything told and answered so far, as one case."""
    builder = _Builder(knowledge)
    for entry in talk.journal:
        getattr(builder, str(entry["kind"]))(entry)
    return builder.case({str(flag["flag"]): str(flag["urgency"]) for flag in talk.flags})


def last_answer(talk: Talk) -> Optional[Mapping[str, object]]:
    """The journal entry of the latest answered question."""
    answers = [entry for entry in talk.journal if entry["kind"] == "answer"]
    return answers[-1] if answers else None
