"""Reads and validates ``knowledge/``. Errors name the file and the entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple, Type, TypeVar

import yaml
from pydantic import ValidationError

from bot.knowledge import schema

FOLDER = Path(__file__).resolve().parents[2] / "knowledge"

EntryType = TypeVar("EntryType", bound=schema.Entry)


class KnowledgeError(ValueError):
    """The knowledge files are not fit to be used; the message names file and entry."""


@dataclass(frozen=True, eq=False)
class Knowledge:
    """All reviewed data, each kind by id. Known by its identity, so that what is prepared from it can be cached."""

    vocabulary: Dict[str, object]
    words: Mapping[str, str]
    sources: Dict[str, schema.Source]
    facts: Dict[str, schema.Fact]
    topics: Dict[str, schema.Topic]
    tables: Dict[str, schema.Table]
    findings: Dict[str, schema.Finding]
    attributes: Dict[str, schema.Attribute]
    risk_factors: Dict[str, schema.RiskFactor]
    clues: Dict[str, schema.Clue]
    conditions: Dict[str, schema.Condition]
    questions: Dict[str, schema.Question]
    triage: Dict[str, schema.TriageRule]
    red_flags: Dict[str, schema.RedFlag]
    services: Dict[str, schema.Services]
    tests: Dict[str, schema.Test]
    labs: Dict[str, schema.LabAnalyte]
    lab_rules: Dict[str, schema.LabRule]
    treatments: Dict[str, schema.Treatment]
    foods: Dict[str, schema.Food]

    @property
    def finding_groups(self) -> Dict[str, Tuple[str, ...]]:
        """Findings of each group of the vocabulary (sensory, motor, ...)."""
        groups: Dict[str, List[str]] = self.vocabulary["finding"]  # type: ignore[assignment]
        return {group: tuple(ids) for group, ids in groups.items()}


def read_yaml(path: Path) -> object:
    """The parsed file; a syntax error becomes a ``KnowledgeError`` naming it."""
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{path.name}: {error}") from error


def _mapping(path: Path) -> Dict[str, Any]:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path.name}: a mapping is expected")
    return content


def _entries(folder: Path, stem: str, entry_type: Type[EntryType], key: str = "id") -> Dict[str, EntryType]:
    """Entries of ``<stem>.yml`` or of every file in ``<stem>/``, by ``key``. Each file is a list."""
    single = folder / f"{stem}.yml"
    paths = [single] if single.exists() else sorted((folder / stem).glob("*.yml"))
    if not paths:
        raise KnowledgeError(f"neither {stem}.yml nor {stem}/*.yml exists in {folder.name}")
    entries: Dict[str, EntryType] = {}
    for path in paths:
        rows = read_yaml(path)
        if not isinstance(rows, list):
            raise KnowledgeError(f"{path.name}: a list of entries is expected")
        for number, row in enumerate(rows, start=1):
            name = row.get(key, f"entry {number}") if isinstance(row, dict) else f"entry {number}"
            try:
                entry = entry_type.parse_obj(row)
            except ValidationError as error:
                raise KnowledgeError(f"{path.name}: {name}: {error}") from error
            if name in entries:
                raise KnowledgeError(f"{path.name}: {name}: this {key} is used twice")
            entries[str(name)] = entry
    return entries


@lru_cache(maxsize=1)
def load(folder: Path = FOLDER) -> Knowledge:
    """The validated knowledge. Raises ``KnowledgeError`` with file and entry if anything is wrong."""
    from bot.knowledge.checks import check_references

    vocabulary, words = (_mapping(folder / name) for name in ("vocabulary.yml", "words.yml"))
    knowledge = Knowledge(
        vocabulary=vocabulary,
        words=words,
        sources=_entries(folder, "sources", schema.Source),
        facts=_entries(folder, "facts", schema.Fact),
        topics=_entries(folder, "topics", schema.Topic),
        tables=_entries(folder, "tables", schema.Table),
        findings=_entries(folder, "findings", schema.Finding),
        attributes=_entries(folder, "attributes", schema.Attribute),
        risk_factors=_entries(folder, "risk_factors", schema.RiskFactor),
        clues=_entries(folder, "clues", schema.Clue),
        conditions=_entries(folder, "conditions", schema.Condition),
        questions=_entries(folder, "questions", schema.Question, key="key"),
        triage=_entries(folder, "triage", schema.TriageRule),
        red_flags=_entries(folder, "red_flags", schema.RedFlag),
        services=_entries(folder, "services", schema.Services),
        tests=_entries(folder, "tests", schema.Test),
        labs=_entries(folder, "labs", schema.LabAnalyte),
        lab_rules=_entries(folder, "lab_rules", schema.LabRule),
        treatments=_entries(folder, "treatments", schema.Treatment),
        foods=_entries(folder, "foods", schema.Food),
    )
    check_references(knowledge)
    return knowledge


@lru_cache(maxsize=1)
def version(folder: Path = FOLDER) -> str:
    """A short fingerprint of what can be said and weighed; how people word things (``language/``) is left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "language" not in path.relative_to(folder).parts:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
