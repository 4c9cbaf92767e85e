"""What each reader of red flags finds on its own, and both together, as the trained model has them."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from typing import List, Mapping, Sequence

from bot.understanding.mentions import Mention
from bot.understanding.red_flag_net import RedFlagNet
from bot.understanding.red_flag_reader import combine
from bot.understanding.red_flags import red_flag_detector
from evaluation.readings import Reading, Row, load_set
from evaluation.red_flag_scores import RedFlagScores, score

RULES, NET, BOTH = "rules alone", "net alone", "both"
_FILES = ("red_flags.npz", "red_flags.json")


def load_net(model: Path) -> RedFlagNet:
    """The net of a trained model. Raises ``KeyError`` if the model has none."""
    with tarfile.open(model) as archive, tempfile.TemporaryDirectory() as folder:
        for name in _FILES:
            member = next((each for each in archive.getmembers() if each.name.endswith(f"/{name}")), None)
            stream = archive.extractfile(member) if member else None
            if stream is None:
                raise KeyError(name)
            (Path(folder) / name).write_bytes(stream.read())
        return RedFlagNet.load(Path(folder))


def compare(model: Path, rows: Sequence[Row] = ()) -> Mapping[str, RedFlagScores]:
    """Scores of the set ``red_flags`` for each reader."""
    net, rules = load_net(model), red_flag_detector()
    readings: Mapping[str, List[Reading]] = {RULES: [], NET: [], BOTH: []}
    for row in rows or load_set("red_flags"):
        text = str(row["text"])
        found, alike = rules.detect(text), net.read(text)
        for name, mentions in (
            (RULES, found),
            (NET, combine([], alike, rules)),
            (BOTH, combine(found, alike, rules)),
        ):
            readings[name].append(Reading(row, {"entities": _entities(mentions)}))
    return {name: score(each) for name, each in readings.items()}


def _entities(mentions: Sequence[Mention]) -> List[Mapping[str, object]]:
    return [mention.as_entity("RedFlagExtractor") for mention in mentions]
