"""What Myelin is compared with: the stock Rasa pipeline on the same training data, and plain medspaCy for status."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import yaml

from bot.serve import ROOT
from evaluation.finding_scores import MISSED, found_pairs, statuses_of
from evaluation.measures import Hits
from evaluation.readings import Parse, Reading, Row, vocabulary

CACHE = ROOT / ".cache" / "evaluation"
TRAINING_DATA = ROOT / "data" / "nlu"
CONTEXT_PYTHON = ROOT / ".venv-evaluation" / "bin" / "python"
EPOCHS, QUICK_EPOCHS = 100, 30  # DIETClassifier; 100 is what ``rasa init`` writes
KINDS = ("finding", "risk_factor", "test", "treatment", "condition", "lab_analyte")
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


@dataclass(frozen=True)
class Trained:
    """A model file and the seconds its training took, without what was cached."""

    model: Path
    seconds: float


# --- the stock Rasa pipeline ---------------------------------------------------------------------


def stock_template() -> Dict[str, Any]:
    """The configuration that Rasa writes into a new project."""
    import rasa.engine.recipes.config_files as templates

    path = Path(list(templates.__path__)[0]) / "default_config.yml"
    config: Dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return config


def stock_config(epochs: int) -> Dict[str, Any]:
    """Its pipeline, without the selector of retrieval answers (none here)."""
    pipeline = [part for part in stock_template()["pipeline"] if part["name"] != "ResponseSelector"]
    for part in pipeline:
        if part["name"] == "DIETClassifier":
            part.update(epochs=epochs, random_seed=0)
    return {"recipe": "default.v1", "assistant_id": "stock", "language": "en", "pipeline": pipeline}


def train_stock(epochs: int) -> Trained:
    """Trains it on ``data/nlu``, once for each content of the data."""
    config = yaml.safe_dump(stock_config(epochs))
    folder = CACHE / f"stock-{_digest(config)}"

    def command(temporary: Path) -> List[str]:
        (temporary / "config.yml").write_text(config, encoding="utf-8")
        return ["nlu", "--nlu", str(TRAINING_DATA), "--config", "config.yml"]

    return trained(folder, command)


def train_own(fingerprint: str) -> Trained:
    """Trains Myelin from nothing, so that both training times come from the same machine and run."""

    def command(_: Path) -> List[str]:
        names = ("data", "config.yml", "domain.yml")
        return [*(word for name in names for word in (f"--{name.split('.')[0]}", str(ROOT / name))), "--force"]

    return trained(CACHE / f"own-{fingerprint}", command)


def trained(folder: Path, command: Callable[[Path], List[str]]) -> Trained:
    """Trains with the arguments that ``command`` gives for an empty folder, unless ``folder`` holds the result."""
    model, record = folder / "model.tar.gz", folder / "training.json"
    if not record.exists():
        with tempfile.TemporaryDirectory() as name:  # its own folder, so that Rasa's cache starts empty
            arguments = command(Path(name))
            start = time.perf_counter()
            _rasa_train(arguments, Path(name))
            seconds = time.perf_counter() - start
            folder.mkdir(parents=True, exist_ok=True)
            shutil.move(str(Path(name) / "out" / "model.tar.gz"), str(model))
        record.write_text(json.dumps({"seconds": seconds}), encoding="utf-8")
    return Trained(model, float(json.loads(record.read_text(encoding="utf-8"))["seconds"]))


def _rasa_train(arguments: Sequence[str], folder: Path) -> None:
    command = [sys.executable, "-m", "rasa", "train", *arguments, "--out", "out", "--fixed-model-name", "model"]
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"training failed:\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")


def has_annotations(folder: Path = TRAINING_DATA) -> bool:
    """Whether any training example marks entities, without which the stock pipeline cannot learn findings."""
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.yml"))
    return any(re.search(r"\[[^\]]+\][({]", text) for text in texts)


def _digest(config: str) -> str:
    digest = hashlib.sha256(f"{metadata.version('rasa')}\0{config}".encode())
    for path in sorted(TRAINING_DATA.rglob("*.yml")):
        digest.update(path.relative_to(TRAINING_DATA).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def stock_parse(model: Path) -> Parse:
    """Reads messages with the stock model; its entity types are ids, which become entities of the contract."""
    import asyncio

    from rasa.core.agent import Agent

    agent, loop = Agent.load(model), asyncio.new_event_loop()
    kinds = {id_: kind for kind in reversed(KINDS) for id_ in vocabulary()[kind]}
    statuses = vocabulary()["status"]

    def parse(text: str) -> Mapping[str, Any]:
        return as_contract(loop.run_until_complete(agent.parse_message(text)), kinds, statuses)

    return parse


def as_contract(parsed: Mapping[str, Any], kinds: Mapping[str, str], statuses: Sequence[str] | frozenset[str]) -> Row:
    """An answer of the stock pipeline in the form of the contract; a role, where learnt, is the status."""
    entities = []
    for entity in parsed.get("entities") or []:
        name, role = str(entity["entity"]), entity.get("role")
        if name in kinds:
            status = role if role in statuses else "present"
            entities.append({**entity, "entity": kinds[name], "value": name, "status": status})
        else:
            entities.append(entity)
    return {**parsed, "entities": entities}


# --- medspaCy ------------------------------------------------------------------------------------


def context_statuses(readings: Sequence[Reading]) -> Optional[List[List[str]]]:
    """What medspaCy's ConText says of the labelled spans; ``None`` if its environment is not there."""
    if not CONTEXT_PYTHON.exists():
        return None
    rows = [{"text": each.text, "spans": [_offsets(each, finding) for finding in _labelled(each)]} for each in readings]
    result = subprocess.run(
        [str(CONTEXT_PYTHON), str(Path(__file__).with_name("medspacy_status.py"))],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        return None
    statuses: List[List[str]] = json.loads(result.stdout)
    return statuses


def own_statuses(readings: Sequence[Reading]) -> List[List[str]]:
    """The status Myelin itself gives each labelled finding, in the form of ``context_statuses``."""
    return [[_status_found(each, str(row["id"]), str(row["status"])) for row in _labelled(each)] for each in readings]


def _status_found(reading: Reading, id_: str, labelled: str) -> str:
    found = statuses_of(found_pairs(reading), id_)
    return labelled if labelled in found else min(found, default=MISSED)


def status_hits(
    readings: Sequence[Reading],
    statuses: Sequence[Sequence[str]],
    only: Optional[str] = None,
    among: Optional[Sequence[Sequence[str]]] = None,
) -> Hits:
    """Whether the status of each labelled finding is right.

    ``only`` limits it to messages of one phenomenon, ``among`` to the findings that were not missed there.
    """
    return Hits.of(
        row["status"] == status
        for reading, own, others in zip(readings, statuses, among or statuses)
        if only is None or reading.gold.get(only)
        for row, status, other in zip(_labelled(reading), own, others)
        if among is None or other != MISSED
    )


def _labelled(reading: Reading) -> List[Mapping[str, Any]]:
    return list(reading.gold.get("findings") or [])


def _offsets(reading: Reading, finding: Mapping[str, Any]) -> Tuple[int, int]:
    span = str(finding["span"])
    start = reading.text.index(span)
    return start, start + len(span)
