"""Cross-references between the knowledge files: every id named anywhere has to exist where it should."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Set

from bot.knowledge.loader import Knowledge, KnowledgeError
from bot.knowledge.patterns import ATTRIBUTE_KEYS, Pattern, as_tuple
from bot.knowledge.schema import Clue, Condition, Question

RED_FLAGS = tuple(f"F{number}" for number in range(1, 22))
OTHERWISE, NONE, MAIN = "otherwise", "none", "main"
MOST_OPTIONS = 10


class _Names:
    """The ids of each kind that other entries may name."""

    def __init__(self, knowledge: Knowledge) -> None:
        words: Mapping[str, object] = knowledge.vocabulary
        self.findings: Set[str] = {name for names in knowledge.finding_groups.values() for name in names}
        self.groups: Set[str] = set(knowledge.finding_groups)
        attributes = words["attribute"]
        assert isinstance(attributes, dict)
        self.attributes: Dict[str, Set[str]] = {
            name: set(values) if isinstance(values, list) else set() for name, values in attributes.items()
        }
        self.risk_factors = _strings(words["risk_factor"])
        self.conditions = _strings(words["condition"])
        self.tests = _strings(words["test"])
        self.analytes = _strings(words["lab_analyte"])
        self.bands = _strings(words["lab_band"])
        self.treatments = _strings(words["treatment"])
        self.topics = _strings(words["topic"])
        self.profile = _strings(words["profile"])
        self.urgencies = _strings(words["urgency"])

    @property
    def reportable(self) -> Set[str]:
        """Ids that may stand in ``supports`` and ``against``."""
        values = {value for names in self.attributes.values() for value in names}
        return self.findings | self.risk_factors | self.profile | self.analytes | set(self.attributes) | values


def _strings(names: object) -> Set[str]:
    assert isinstance(names, list)
    return {str(name) for name in names}


class _Problems:
    """Collects what is wrong, each with the kind of file and the entry."""

    def __init__(self) -> None:
        self.found: List[str] = []

    def add(self, kind: str, entry: str, what: str) -> None:
        self.found.append(f"{kind}: {entry}: {what}")

    def known(self, kind: str, entry: str, what: str, names: Iterable[object], known: Iterable[str]) -> None:
        """Each of ``names`` has to be one of ``known``."""
        allowed = known if isinstance(known, (set, frozenset, dict)) else set(known)
        for name in names:
            if name not in allowed:
                self.add(kind, entry, f"{what} {name!r} does not exist")


def check_references(knowledge: Knowledge) -> None:
    """Raises ``KnowledgeError`` with every broken reference; file kind and entry are named in each line."""
    names, problems = _Names(knowledge), _Problems()
    steps: List[Callable[[Knowledge, _Names, _Problems], None]] = [
        _check_complete,
        _check_sources_and_facts,
        _check_patterns,
        _check_clues,
        _check_conditions,
        _check_questions,
        _check_flags,
    ]
    for step in steps:
        step(knowledge, names, problems)
    if problems.found:
        raise KnowledgeError(f"{len(problems.found)} problems:\n" + "\n".join(problems.found))


def _check_complete(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    """The vocabulary and the data name the same things."""
    pairs = (
        ("findings", knowledge.findings, names.findings),
        ("attributes", knowledge.attributes, names.attributes),
        ("risk_factors", knowledge.risk_factors, names.risk_factors),
        ("conditions", knowledge.conditions, names.conditions),
        ("tests", knowledge.tests, names.tests),
        ("labs", knowledge.labs, names.analytes),
        ("treatments", knowledge.treatments, names.treatments),
        ("topics", knowledge.topics, names.topics),
        ("red_flags", knowledge.red_flags, RED_FLAGS),
    )
    for kind, entries, expected in pairs:
        for name in sorted(set(expected) - set(entries)):
            problems.add(kind, name, "is in the vocabulary but has no entry")
        for name in sorted(set(entries) - set(expected)):
            problems.add(kind, name, "has an entry but is not in the vocabulary")
    for name, attribute in knowledge.attributes.items():
        told = {value.id for value in attribute.values}
        for value in sorted(told ^ names.attributes.get(name, set())):
            problems.add("attributes", name, f"value {value!r} is not both in the vocabulary and here")
    for name, finding in knowledge.findings.items():
        if name not in knowledge.finding_groups.get(finding.group, ()):
            problems.add("findings", name, f"group {finding.group!r} does not hold it in the vocabulary")


def _check_sources_and_facts(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    cited: Dict[str, Mapping[str, Any]] = {
        "facts": knowledge.facts,
        "triage": knowledge.triage,
        "red_flags": knowledge.red_flags,
        "foods": knowledge.foods,
    }
    for kind, entries in cited.items():
        for name, entry in entries.items():
            problems.known(kind, name, "source", entry.sources, knowledge.sources)
    resting: Dict[str, Mapping[str, Any]] = {
        "topics": knowledge.topics,
        "tables": knowledge.tables,
        "risk_factors": knowledge.risk_factors,
        "conditions": knowledge.conditions,
        "tests": knowledge.tests,
        "labs": knowledge.labs,
        "lab_rules": knowledge.lab_rules,
        "treatments": knowledge.treatments,
    }
    for kind, entries in resting.items():
        for name, entry in entries.items():
            problems.known(kind, name, "fact", entry.facts, knowledge.facts)
    for name, topic in knowledge.topics.items():
        problems.known("topics", name, "follow-up", topic.follow_ups, names.topics)
    for name, rule in knowledge.lab_rules.items():
        problems.known("lab_rules", name, "instead_of", rule.instead_of, knowledge.lab_rules)


def _check_patterns(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    for name, clue in knowledge.clues.items():
        for state in clue.states:
            _check_pattern(state.when, "clues", name, names, problems)
    for kind, entries in (("triage", knowledge.triage), ("lab_rules", knowledge.lab_rules)):
        for name, rule in entries.items():
            _check_pattern(rule.when, kind, name, names, problems)
            _check_pattern(getattr(rule, "unless", None), kind, name, names, problems)
    for name, question in knowledge.questions.items():
        _check_pattern(question.when, "questions", name, names, problems)
        _check_pattern(question.required, "questions", name, names, problems)
    for name, topic in knowledge.topics.items():
        for variant in topic.variants:
            _check_pattern(variant.when, "topics", name, names, problems)
    for name, test in knowledge.tests.items():
        for note in test.in_your_case:
            _check_pattern(note.when, "tests", name, names, problems)


def _check_pattern(pattern: Optional[Pattern], kind: str, entry: str, names: _Names, problems: _Problems) -> None:
    if pattern is None:
        return
    for part in (pattern.all or []) + (pattern.any or []) + (pattern.none or []):
        _check_pattern(part, kind, entry, names, problems)
    problems.known(kind, entry, "finding", as_tuple(pattern.finding), names.findings | names.groups)
    problems.known(kind, entry, "risk factor", as_tuple(pattern.risk_factor), names.risk_factors)
    problems.known(kind, entry, "red flag", as_tuple(pattern.red_flag), RED_FLAGS)
    problems.known(kind, entry, "profile id", as_tuple(pattern.profile), names.profile)
    problems.known(kind, entry, "lab analyte", as_tuple(pattern.lab), names.analytes)
    problems.known(kind, entry, "lab band", as_tuple(pattern.band), names.bands)
    problems.known(kind, entry, "attribute", as_tuple(pattern.attribute), names.attributes)
    if pattern.attribute in names.attributes:
        problems.known(kind, entry, str(pattern.attribute), as_tuple(pattern.is_), names.attributes[pattern.attribute])
    for attribute in ATTRIBUTE_KEYS:
        problems.known(kind, entry, attribute, as_tuple(getattr(pattern, attribute)), names.attributes[attribute])


def _check_clues(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    for name, clue in knowledge.clues.items():
        _check_shares("clues", name, "background", clue, clue.background, problems)
        problems.known("clues", name, "id", clue.ids, names.reportable)
        if not clue.states or len({state.id for state in clue.states}) < len(clue.states):
            problems.add("clues", name, "needs states with different ids")


def _check_shares(
    kind: str, entry: str, what: str, clue: Clue, of_100: Mapping[str, float], problems: _Problems
) -> None:
    states = [state.id for state in clue.states]
    problems.known(kind, entry, f"{what}: state", of_100, states + [OTHERWISE])
    for state in set(states) - set(of_100):
        problems.add(kind, entry, f"{what}: state {state!r} of clue {clue.id!r} has no number")
    if any(not 0 <= number <= 100 for number in of_100.values()) or sum(of_100.values()) > 100:
        problems.add(kind, entry, f"{what}: numbers are of 100 and together at most 100")


def _check_conditions(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    for name, condition in knowledge.conditions.items():
        problems.known("conditions", name, "test", condition.tests, knowledge.tests)
        if condition.prior <= 0:
            problems.add("conditions", name, "prior has to be above 0")
        if condition.cannot_miss and condition.alarm_at is None:
            problems.add("conditions", name, "cannot be missed but has no alarm_at")
        if condition.alarm_at is not None and not 0 < condition.alarm_at < 1:
            problems.add("conditions", name, "alarm_at lies between 0 and 1")
        _check_evidence(name, condition, knowledge, problems)


def _check_evidence(name: str, condition: Condition, knowledge: Knowledge, problems: _Problems) -> None:
    told: Set[str] = set()
    for evidence in condition.evidence:
        problems.known("conditions", name, "source", evidence.sources, knowledge.sources)
        if evidence.judgement == "published" and not evidence.sources:
            problems.add("conditions", name, f"evidence on {evidence.clue!r} is called published but has no source")
        if evidence.clue in told:
            problems.add("conditions", name, f"clue {evidence.clue!r} is listed twice")
        told.add(evidence.clue)
        clue = knowledge.clues.get(evidence.clue)
        if clue is None:
            problems.add("conditions", name, f"clue {evidence.clue!r} does not exist")
        else:
            _check_shares("conditions", name, evidence.clue, clue, evidence.of_100, problems)


def _check_questions(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    for key, question in knowledge.questions.items():
        about: Dict[str, Iterable[str]] = {
            "finding": names.findings,
            "attribute": names.attributes,
            "risk_factor": names.risk_factors,
            "profile": names.profile,
        }
        problems.known("questions", key, question.about, [question.id], about[question.about])
        problems.known("questions", key, "clue", as_tuple(question.clue), knowledge.clues)
        flags = [question.flag, *(option.flag for option in question.options)]
        problems.known("questions", key, "red flag", [flag for flag in flags if flag], knowledge.red_flags)
        problems.known("questions", key, "of", as_tuple(question.of), names.findings | {MAIN})
        _check_answers(key, question, names, problems)


def _check_answers(key: str, question: Question, names: _Names, problems: _Problems) -> None:
    is_attribute = question.about == "attribute"
    values = names.attributes.get(question.id, set()) if is_attribute else set()
    problems.known("questions", key, "value", as_tuple(question.value), values)
    if is_attribute and question.of is None:
        problems.add("questions", key, "an attribute is asked of a finding or of the main complaint")
    if is_attribute and question.type == "yes_no" and question.value is None:
        problems.add("questions", key, "a yes/no question about an attribute needs the value asked about")
    choices = question.type in ("choice", "multi_choice")
    if choices != bool(question.options):
        problems.add("questions", key, "exactly the choice questions have options")
    if len(question.options) > MOST_OPTIONS:
        problems.add("questions", key, f"has more than {MOST_OPTIONS} options")
    allowed = {"finding": names.findings, "risk_factor": names.risk_factors, "attribute": values}
    if question.about in allowed:
        offered = [option.value for option in question.options if option.value != NONE]
        problems.known("questions", key, "option", offered, allowed[question.about])


def _check_flags(knowledge: Knowledge, names: _Names, problems: _Problems) -> None:
    for name, rule in knowledge.triage.items():
        problems.known("triage", name, "red flag", as_tuple(rule.flag), knowledge.red_flags)
