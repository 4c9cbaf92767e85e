"""Simulated patients: what is true of each, and what the right conclusion is."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, FrozenSet, List, Optional, Tuple

import yaml
from pydantic import BaseModel, Extra
from typing_extensions import Literal

from bot.knowledge.schema import Urgency

FOLDER = Path(__file__).resolve().parent / "patients"
OLDER_AGE = 65  # years; the labelling conventions count the risk factor older_age from here

Status = Literal["present", "absent", "past", "uncertain"]
# Who has the first also has the others, and says so when asked.
IMPLIED_RISKS = {
    "vegan_diet": ("vegetarian_diet", "low_animal_food"),
    "pernicious_anaemia": ("autoimmune_disease",),
    "coeliac_disease": ("autoimmune_disease",),
}
IMPLIED_FINDINGS = {"progressive_weakness": "weakness", "severe_sudden_pain": "pain"}


class Record(BaseModel):
    """Base of every record: unknown keys are errors, records do not change."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Details(Record):
    """What may be said of a complaint; ``severity`` runs from 0 to 10, ``duration`` is an ISO 8601 duration."""

    site: List[str] = []
    side: Optional[str] = None
    quality: List[str] = []
    onset: Optional[str] = None
    course: Optional[str] = None
    timing: List[str] = []
    aggravating: List[str] = []
    relieving: List[str] = []
    severity: Optional[int] = None
    duration: Optional[str] = None

    def values(self, attribute: str) -> Tuple[str, ...]:
        """The values of one attribute as a tuple, empty if nothing is known of it."""
        value = getattr(self, attribute)
        if isinstance(value, list):
            return tuple(value)
        return () if value is None else (str(value),)


class Symptom(Details):
    """One finding; details that are not given are those of the main complaint."""

    status: Status = "present"


class Profile(Record):
    """``country`` is an ISO 3166 alpha-2 code."""

    age: int
    sex_at_birth: Literal["female", "male"]
    country: str


class Patient(Record):
    """One simulated patient. Whatever is not listed is absent.

    ``source`` names the published case that the record follows (what the report leaves open is composed), or is
    ``composed``. ``condition`` is the gold condition, ``None`` where the emergency is none of those the assistant
    ranks; ``urgency`` is the gold urgency by section 1.6 of the clinical reference.
    """

    id: str
    source: str
    condition: Optional[str]
    also_acceptable: List[str] = []
    urgency: Urgency
    opening: str
    profile: Profile
    about: Literal["self", "other"] = "self"
    main: Details = Details()
    findings: Dict[str, Symptom]
    risk_factors: Dict[str, Status] = {}

    @property
    def accepted(self) -> FrozenSet[str]:
        """The conditions that count as right."""
        gold = [self.condition] if self.condition else []
        return frozenset(gold + self.also_acceptable)

    def status_of_finding(self, finding: str) -> str:
        """Whether the patient has a finding."""
        if finding in self.findings:
            return self.findings[finding].status
        for stronger, weaker in IMPLIED_FINDINGS.items():
            if weaker == finding and stronger in self.findings:
                return self.findings[stronger].status
        return "absent"

    def status_of_risk(self, risk: str) -> str:
        """Whether the patient has a risk factor, given or implied by another or by age."""
        if risk in self.risk_factors:
            return self.risk_factors[risk]
        if risk == "older_age" and self.profile.age >= OLDER_AGE:
            return "present"
        implying = [stronger for stronger, weaker in IMPLIED_RISKS.items() if risk in weaker]
        return "present" if any(self.risk_factors.get(stronger) == "present" for stronger in implying) else "absent"

    def details(self, finding: Optional[str], attribute: str) -> Tuple[str, ...]:
        """The values of an attribute of a finding, else those of the main complaint."""
        own = self.findings[finding].values(attribute) if finding in self.findings else ()
        return own or self.main.values(attribute)


def load_patients(folder: Path = FOLDER, files: str = "*") -> List[Patient]:
    """The patients of all files whose name (without ending) fits a pattern, in the order of files and records."""
    return [
        Patient.parse_obj(row)
        for path in sorted(folder.glob(f"{files}.yml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
