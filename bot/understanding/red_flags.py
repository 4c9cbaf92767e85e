"""Finds the red flags F1 to F21 in one message by rules: no model, and they work when the learnt reader does not.

A flag is a combination of cues; a cue is a list of wordings. Wordings, combinations and urgencies are data in
``knowledge/language/red_flags.yml``; words, idioms and what changes their meaning in ``red_flag_words.yml``.
Missing an emergency is worse than a false alarm: doubt fires, and only a plain reason silences a cue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import AbstractSet, Dict, FrozenSet, List, Mapping, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import FOLDER, KnowledgeError, read_yaml
from bot.understanding.memory import remembering
from bot.understanding.mentions import Mention
from bot.understanding.red_flag_patterns import PatternSet, Span, Words
from bot.understanding.red_flag_scope import OTHER, SELF, SILENT, UNCERTAIN, Reading, Scope
from bot.understanding.tokens import tokenise

LANGUAGE = FOLDER / "language"
LONGEST = 8_000  # characters read; no channel hands on more
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
SURE, LESS_SURE = 1.0, 0.9
"""Confidence of a mention whose words allow no other meaning, and of any other."""
REMEMBERED = 2048  # texts whose flags are kept: short answers come again and again
SEVERITY = ("routine", "within_days", "same_day", "emergency_department", "emergency_now")


@dataclass(frozen=True)
class Hit:
    """A cue that is meant: where, of whom, whether the speaker doubts it, whether it passed and whether long ago."""

    span: Span
    owner: Optional[str]
    uncertain: bool
    resolved: bool
    distant: bool


@dataclass(frozen=True)
class Rule:
    """All of ``needs`` (each any of its cues) of one person, and none of ``bars``."""

    needs: Tuple[Tuple[str, ...], ...]
    bars: Tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Reads ``cue + cue|cue + !cue``."""
        parts = [part.strip() for part in text.split("+")]
        needs = tuple(tuple(part.split("|")) for part in parts if not part.startswith("!"))
        return cls(needs, tuple(part[1:] for part in parts if part.startswith("!")))

    def possible(self, names: AbstractSet[str]) -> bool:
        """Whether each need has a cue among ``names``."""
        return all(any(cue in names for cue in need) for need in self.needs)

    @property
    def cues(self) -> FrozenSet[str]:
        """Every cue the rule looks at."""
        return frozenset(cue for need in self.needs for cue in need) | frozenset(self.bars)


@dataclass(frozen=True)
class Flag:
    """One red flag: its rules, what silences it, and when it is more urgent."""

    id: str
    urgency: str
    rules: Tuple[Rule, ...]
    sure: Tuple[Rule, ...]
    unless: Tuple[str, ...]
    escalate: Tuple[Tuple[str, Tuple[Rule, ...]], ...]
    keep_resolved: bool
    cues: FrozenSet[str]


Hits = Mapping[str, Sequence[Hit]]


class RedFlagDetector:
    """``detect`` lists the red flags of one text. Build one per process.

    ``urgencies`` holds for each flag its usual urgency and, behind it, the higher ones that more signs bring.
    """

    def __init__(self, folder: Path = LANGUAGE) -> None:
        words, rules = _mapping(folder / "red_flag_words.yml"), _mapping(folder / "red_flags.yml")
        lists = words["words"]
        self._respell: Dict[str, str] = dict(words["respell"])
        self._idioms = PatternSet({"idiom": words["idioms"]}, lists)
        self._cues = PatternSet(rules["cues"], lists)
        self._scope = Scope(words["scope"], words["people"], lists)
        self._background = frozenset(rules["any_tense"])
        self._mild = frozenset(rules["mild_drops"])
        self._chronic = frozenset(rules["chronic_drops"])
        self._steady = frozenset(rules["steady_fires"])
        self._question_proof = frozenset(rules["question_proof"])
        self._owner_at_start = frozenset(rules["owner_at_start"])
        self._flags = tuple(_flag(name, row) for name, row in rules["flags"].items())
        self.urgencies: Mapping[str, Tuple[str, ...]] = {
            flag.id: (flag.urgency, *(level for level, _ in flag.escalate)) for flag in self._flags
        }
        self._known = remembering(REMEMBERED)(self._detect)
        known = set(rules["cues"])
        for flag in self._flags:
            if flag.cues - known:
                raise KnowledgeError(f"red_flags.yml: {flag.id}: unknown cues {sorted(flag.cues - known)}")

    def detect(self, text: str) -> List[Mention]:
        """Red flags that are meant, at most one mention of each. Any text is accepted; none raises."""
        return list(self._known(text))

    def _detect(self, text: str) -> Tuple[Mention, ...]:
        if not text.strip():
            return ()
        doc = tokenise(_readable(text))
        words = self._words(doc)
        found = self._cues.find(words)
        names = {span.name for span in found}
        flags = [flag for flag in self._flags if any(rule.possible(names) for rule in flag.rules)]
        if not flags:
            return ()
        reading = self._scope.read(doc, words)
        wanted = {cue for flag in flags for cue in flag.cues}
        hits = self._judge(reading, [span for span in found if span.name in wanted])
        mentions = [self._mention(flag, reading, hits) for flag in flags]
        return tuple(mention for mention in mentions if mention is not None)

    def cues(self, text: str) -> Dict[str, List[str]]:
        """Cues that count in ``text`` with their words, for explanation and review."""
        doc = tokenise(_readable(text))
        words = self._words(doc)
        reading = self._scope.read(doc, words)
        hits = self._judge(reading, self._cues.find(words))
        return {cue: [" ".join(words.words[h.span.start : h.span.end]) for h in rows] for cue, rows in hits.items()}

    def _words(self, doc: Doc) -> Words:
        words = Words.of(doc, self._respell)
        return words.without(self._idioms.find(words))

    def _judge(self, reading: Reading, spans: Sequence[Span]) -> Dict[str, List[Hit]]:
        hits: Dict[str, List[Hit]] = {}
        for span in spans:
            cue = span.name
            if cue in self._steady:
                verdict = self._scope.judge_steadily(reading, span, cue in self._question_proof)
            else:
                background = cue in self._background
                verdict = self._scope.judge(reading, span, background, cue in self._mild, cue in self._chronic)
            if verdict.status != SILENT:
                owner, doubtful = reading.owner(span, cue in self._owner_at_start), verdict.status == UNCERTAIN
                hits.setdefault(cue, []).append(Hit(span, owner, doubtful, verdict.resolved, verdict.distant))
        return hits

    def _mention(self, flag: Flag, reading: Reading, hits: Hits) -> Optional[Mention]:
        if any(hit for cue in flag.unless for hit in hits.get(cue, ())):
            return None
        best: Optional[List[Hit]] = None
        for rule in flag.rules:
            best = _satisfied(rule, hits, flag.keep_resolved)
            if best is not None:
                break
        if best is None:
            return None
        urgency = flag.urgency
        for level, rules in flag.escalate:
            higher = SEVERITY.index(level) > SEVERITY.index(urgency)
            if higher and any(_satisfied(rule, hits, flag.keep_resolved) is not None for rule in rules):
                urgency = level
        sure = any(_satisfied(rule, hits, flag.keep_resolved) is not None for rule in flag.sure)
        places = [reading.offsets(hit.span) for hit in best]
        subject = OTHER if any(hit.owner == OTHER for hit in best) else SELF
        status = UNCERTAIN if any(hit.uncertain for hit in best) else "present"
        return Mention(
            entity="red_flag",
            value=flag.id,
            start=min(start for start, _ in places),
            end=max(end for _, end in places),
            status=status,
            confidence=SURE if sure else LESS_SURE,
            evidence="rule",
            extra={"urgency": urgency, "subject": subject},
        )


def _satisfied(rule: Rule, hits: Hits, keep_resolved: bool) -> Optional[List[Hit]]:
    """One hit for each need of the rule, all of the same person; None if there is no such choice."""
    if any(hits.get(cue) for cue in rule.bars):
        return None
    for person in (SELF, OTHER):
        chosen: List[Hit] = []
        for need in rule.needs:
            hit = next(
                (
                    h
                    for cue in need
                    for h in hits.get(cue, ())
                    if h.owner in (person, None) and not h.distant and (keep_resolved or not h.resolved)
                ),
                None,
            )
            if hit is None:
                break
            chosen.append(hit)
        else:
            return chosen
    return None


def _readable(text: str) -> str:
    """The part that is read, as long as it was; half characters, which spaCy refuses, become spaces."""
    return _HALF_CHARACTER.sub(" ", text[:LONGEST])


def _mapping(path: Path) -> Dict[str, Dict]:
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise KnowledgeError(f"{path.name}: a mapping is expected")
    return data


def _flag(name: str, row: Dict) -> Flag:
    rules = tuple(Rule.parse(text) for text in row["rules"])
    sure = tuple(Rule.parse(text) for text in row.get("sure", ()))
    more = row.get("escalate", {})
    escalate = tuple((level, tuple(Rule.parse(text) for text in texts)) for level, texts in more.items())
    every = rules + sure + tuple(rule for _, others in escalate for rule in others)
    unless = tuple(row.get("unless", ()))
    return Flag(
        id=name,
        urgency=str(row["urgency"]),
        rules=rules,
        sure=sure,
        unless=unless,
        escalate=escalate,
        keep_resolved=bool(row.get("keep_resolved", False)),
        cues=frozenset(cue for rule in every for cue in rule.cues) | frozenset(unless),
    )


@lru_cache(maxsize=1)
def red_flag_detector() -> RedFlagDetector:
    """The detector of this process; the files are read once."""
    return RedFlagDetector()
