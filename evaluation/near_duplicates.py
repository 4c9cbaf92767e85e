"""Shows that no test message is a near duplicate of anything the assistant was built from.

Two texts are near duplicates if they are equal once case, punctuation and annotations are gone, or if RapidFuzz's
token set ratio is at least 95 of 100 and the shorter has at least 0.8 of the length of the longer, for test messages of
four words or more. Shorter ones ("yes", "both legs") may coincide, as there are few ways to say them; they are counted.
"""

from __future__ import annotations

import bisect
import re
import sys
from dataclasses import dataclass
from itertools import chain, islice, product
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

import yaml
from rapidfuzz import fuzz, process

from bot.serve import ROOT
from evaluation.readings import FOLDER, SETS, load_set

MOST_ALIKE = 95.0  # token set ratio of RapidFuzz, 0 to 100
LENGTH_RATIO = 0.8
SHORT = 4  # words; texts with fewer may coincide
SHORTEST_PHRASE = 5  # words; a shorter phrase of the lexicon is vocabulary that any message may hold
SHORTEST_KNOWN = 3  # words; one with fewer is too short to be like a test message that counts
MOST_WORDINGS = 500  # written out of one phrase of the lexicon

_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_GROUP = re.compile(r"\(([^()]*)\)(\?)?")


@dataclass(frozen=True)
class Text:
    """A text and where it comes from."""

    text: str
    source: str


@dataclass(frozen=True)
class Duplicate:
    """A test message and the text it is too like; ``exempt`` if it is too short to be worded otherwise."""

    test: Text
    known: Text
    exempt: bool


def normalise(text: str) -> str:
    """Lower case, without annotations and punctuation."""
    plain = _ANNOTATION.sub(r"\1", text).lower().replace("’", "'").replace("'", "")
    return " ".join(re.findall(r"[\w%]+", plain))


def gold_texts(folder: Path = FOLDER) -> List[Text]:
    """Every message of the test sets."""
    return [Text(str(row["text"]), f"{name}.yml") for name in SETS for row in load_set(name, folder)]


def known_texts(root: Path = ROOT) -> List[Text]:
    """Every training example, every phrase of the lexicons, and the sentences that anything was tuned on."""
    texts = []
    for path in sorted((root / "data" / "nlu").rglob("*.yml")):
        texts += [Text(line, _name(path, root)) for line in _examples(_read(path))]
    for path in sorted((root / "knowledge" / "language").glob("*.yml")):
        phrases = [each for line in _lines(_read(path)) for each in wordings(line)]
        texts += [Text(each, _name(path, root)) for each in phrases if len(each.split()) >= SHORTEST_PHRASE]
    folders = (root / "evaluation" / "tuning", root / "data" / "red_flags")
    for path in sorted(file for folder in folders for file in folder.rglob("*.yml")):
        texts += [Text(re.sub(r"^\[[^\]]*\]\s*", "", line), _name(path, root)) for line in _lines(_read(path))]
    for path in sorted((root / "data").rglob("*.txt")):
        lines = [line for line in _lines(path.read_text(encoding="utf-8")) if not line.startswith("#")]
        texts += [Text(line, _name(path, root)) for line in lines]
    return texts


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _examples(content: Dict[str, Any]) -> Iterator[str]:
    for item in content.get("nlu") or []:
        examples = item.get("examples") or ""
        if isinstance(examples, str):
            examples = [line.strip()[1:] for line in examples.splitlines() if line.strip().startswith("-")]
        yield from (str(each["text"] if isinstance(each, dict) else each).strip() for each in examples)


def _lines(content: Any) -> Iterator[str]:
    """Every line of every text in a file, keys left out."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for value in content:
            yield from _lines(value)
    elif isinstance(content, str):
        yield from (line.strip() for line in content.splitlines() if line.strip())


def wordings(phrase: str) -> List[str]:
    """What a phrase of the lexicon matches, written out; gaps and classes are left out."""
    words = re.sub(r"~\d*|<[a-z_]+>|=|\\", " ", phrase.split("->")[0])
    return list(dict.fromkeys(islice(_written_out(words), MOST_WORDINGS)))


def _written_out(phrase: str) -> Iterator[str]:
    groups = list(_GROUP.finditer(phrase))
    if not groups:
        yield " ".join(phrase.replace("?", " ").split())
        return
    choices = [[*group.group(1).split("|"), *([""] if group.group(2) else [])] for group in groups]
    between = _GROUP.sub("\0", phrase).split("\0")
    for chosen in product(*choices):
        yield from _written_out(" ".join(chain.from_iterable(zip(between, (*chosen, "")))))


def find(tests: Sequence[Text], known: Sequence[Text]) -> List[Duplicate]:
    """For each test message the text it is most like, if that is too like."""
    equal: Dict[str, Text] = {}
    for each in known:
        equal.setdefault(normalise(each.text), each)
    plain = sorted((text for text in equal if len(text.split()) >= SHORTEST_KNOWN), key=len)
    lengths = [len(text) for text in plain]
    found = []
    for test in tests:
        text = normalise(test.text)
        short = len(text.split()) < SHORT
        if text in equal:
            found.append(Duplicate(test, equal[text], short))
        elif not short:
            low, high = _window(lengths, len(text))
            best = process.extractOne(text, plain[low:high], scorer=fuzz.token_set_ratio, score_cutoff=MOST_ALIKE)
            if best:
                found.append(Duplicate(test, equal[best[0]], False))
    return found


def _window(lengths: Sequence[int], length: int) -> Tuple[int, int]:
    """The range of texts whose length is close enough."""
    return bisect.bisect_left(lengths, LENGTH_RATIO * length), bisect.bisect_right(lengths, length / LENGTH_RATIO)


def main() -> int:
    """Names what to reword on the side of the assistant, so that nobody has to look into the test sets."""
    duplicates = [each for each in find(gold_texts(), known_texts()) if not each.exempt]
    for each in duplicates:
        print(f"{each.known.source}: {each.known.text}")
    return int(bool(duplicates))


if __name__ == "__main__":
    sys.exit(main())
