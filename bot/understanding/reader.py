"""Reads one message: findings with their attributes, risk factors, and the things asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.context import Context
from bot.understanding.describing import Describer
from bot.understanding.finding_reader import FindingReader
from bot.understanding.finding_rules import FindingRules
from bot.understanding.found import offsets
from bot.understanding.lexicon import Lexicon
from bot.understanding.mentions import Mention
from bot.understanding.merging import Merger
from bot.understanding.places import PlaceFinder
from bot.understanding.risks import RiskReader
from bot.understanding.tokens import tokenise


class Reader:
    """Compiled once from ``knowledge/language``; ``read`` may be called from any thread."""

    def __init__(self, knowledge_folder: Path = FOLDER) -> None:
        language = knowledge_folder / "language"
        context = Context(language)
        places = PlaceFinder(language / "sites.yml")
        rules = FindingRules.load(language / "finding_rules.yml")
        self._risks = RiskReader(context, language / "risk_factors.yml")
        self._findings = FindingReader(context, places, rules, language)
        self._describer = Describer(context, places, self._risks, rules, language)
        self._merger = Merger(places, rules)
        objects: Any = read_yaml(language / "objects.yml")
        kinds = {kind: objects[kind] for kind in ("test", "treatment", "condition")}
        self._objects = Lexicon({**kinds, "ignore": {"ignore": objects["ignore"]}}, {})

    def read(self, text: str) -> List[Mention]:
        """Everything understood in ``text``, in the order said. Nothing is inferred beyond the words."""
        doc = tokenise(text)
        findings = self._findings.read(doc)
        self._describer.describe(doc, findings)
        mentions = self._merger.mentions(doc, findings)
        mentions += self._describer.of_none(doc, findings)
        mentions += self._risks.read(doc, frozenset(t for f in findings for t in f.match.tokens))
        mentions += self._read_objects(doc)
        return sorted(mentions, key=lambda mention: (mention.start, mention.end))

    def _read_objects(self, doc: Doc) -> List[Mention]:
        found: Dict[Tuple[str, str], Mention] = {}
        matches = self._objects.find(doc)
        swallowed = {token for match in matches if match.kind == "ignore" for token in match.tokens}
        for match in matches:
            if match.kind != "ignore" and not swallowed.issuperset(match.tokens):
                start, end = offsets(doc, match.first, match.last)
                found.setdefault((match.kind, match.id), Mention(match.kind, match.id, start, end))
        return list(found.values())
