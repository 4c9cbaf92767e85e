"""Risk factors: diets, medicines, illnesses, habits and age, with status (labelling.md, rules 17 and 18)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import AbstractSet, Dict, Iterator, List, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import Context
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import ABSENT, HYPOTHETICAL, OTHER_PERSON, PAST, PRESENT, UNCERTAIN, Mention
from bot.understanding.spelling import LANGUAGE
from bot.understanding.subjects import OTHER

OLDER_FROM = 65  # years, labelling.md rule 18
# What once happened stays a risk: an operation or a slipped disc is not over because it was years ago.
EVER = frozenset(
    [
        "back_problem_history",
        "stomach_surgery",
        "bowel_surgery",
        "cancer_history",
        "recent_surgery",
        "recent_infection",
        "immobility",
        "crohns_disease",
        "coeliac_disease",
        "pernicious_anaemia",
        "autoimmune_disease",
        "hiv",
    ]
)
OPERATIONS = frozenset(["back_problem_history", "stomach_surgery", "bowel_surgery"])  # these say which operation
INHERITED = frozenset(["pernicious_anaemia", "b12_injection", "low_b12"])
_AGE = re.compile(
    r"\b(?:i'?m|i am|im|aged?|age is|turned|turning|"
    r"(?:he|she|mum|mom|dad|mother|father|nan|gran|wife|husband)(?:'s| is|s))"
    r"\s+(?:about |now |only |just |nearly |almost )?(\d{2,3})\b"
    r"(?!\s*(?:weeks?|months?|days?|hours?|minutes?|stone|kg|kilos|mg|mcg|percent|%|cm|lbs?|pounds|/|\.\d|,\d|out|times))"
    r"|\b(\d{2,3})\s*-?\s*(?:years?|yrs?|yr)?\s*-?\s*(?:old\b|of age\b|yo\b|y/o\b)"
    r"|\bat (\d{2})(?=,? (?:i|i'\w+|my)\b)"
    r"|\((\d{2,3})\)|(?:^|i'?m |i am |, ?(?=\d{2,3}\s?[mf]\s*(?:[,.]|$)))(\d{2,3})\s?[mf]\b|\b[mf]\s?(\d{2,3})\b"
)
_UNITS = "one two three four five six seven eight nine".split()
_TENS = {"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SPELLED_AGE = re.compile(
    rf"\b(?:i'?m|i am|aged?|turned|turning|(?:he|she|mum|mom|dad|mother|father|nan|gran|wife|husband)(?:'s| is|s))"
    rf"\s+(?:about |now |only |just |nearly |almost )?({'|'.join(_TENS)})(?:[\s-]({'|'.join(_UNITS)}))?\b"
    r"(?!\s*(?:weeks?|months?|days?|hours?|minutes?|stone|kilos|percent|per))"
)
_LONG_AGO = re.compile(r"\b(?:years?|yrs) (?:ago|back)\b|\blast year\b|\bin (?:19\d\d|20[01]\d)\b", re.IGNORECASE)


class RiskReader:
    """Finds the risk factors of ``risk_factors.yml`` and older age from a number."""

    def __init__(self, context: Context, path: Path = LANGUAGE / "risk_factors.yml") -> None:
        data = read_yaml(path)
        assert isinstance(data, dict)
        kinds = {"risk": {**data["risk_factor"], "low_b12": data["low_b12"]}, "ignore": {"ignore": data["ignore"]}}
        self._lexicon = Lexicon(
            kinds,
            data["classes"],
            ["a", "my", "some", "the", "really", "very", "quite", "so", "even", "actually", "ever"],
        )
        self._context = context

    def read(self, doc: Doc, claimed: AbstractSet[int] = frozenset()) -> List[Mention]:
        """Risk factors, one mention for each id and status. ``claimed`` are words of findings ("can't feel")."""
        found: Dict[Tuple[str, str], Mention] = {}
        for match in self._matches(doc):
            for mention in self._mentions(doc, match, claimed):
                found.setdefault((mention.value, str(mention.status)), mention)
        for mention in self._ages(doc):
            found.setdefault((mention.value, str(mention.status)), mention)
        return _settled(list(found.values()))

    def owns(self, doc: Doc, first: int, last: int, findings: Sequence[int]) -> bool:
        """Whether a duration is that of a medicine, diet or job ("vegan for 10 years")."""
        clauses = doc.user_data["clauses"]
        risks = [m.last for m in self._matches(doc) if clauses[m.last] == clauses[first] and m.id != "low_b12"]
        if not risks:
            return False
        norms = doc.user_data["norms"]
        if any(norms[i] == "since" and clauses[i] == clauses[first] for i in range(min(first, *risks))):
            return False  # "ever since I started the statin 3 months ago" dates the complaint
        near = [token for token in findings if clauses[token] == clauses[first]]
        distance = min(min(abs(first - risk), abs(risk - last)) for risk in risks)
        return not near or distance < min(min(abs(first - token), abs(token - last)) for token in near)

    def covers(self, doc: Doc, token: int) -> bool:
        """Whether the token belongs to the words of a risk factor."""
        return any(token in match.tokens for match in self._matches(doc))

    def shares_clause(self, doc: Doc, token: int) -> bool:
        """Whether the clause of the token is about a risk factor ("we're both vegetarians")."""
        clauses = doc.user_data["clauses"]
        return any(clauses[match.first] == clauses[token] for match in self._matches(doc))

    def _matches(self, doc: Doc) -> List[Match]:
        known: List[Match] = doc.user_data.get("risks")
        if known is None:
            matches = self._lexicon.find(doc)
            swallowed = {token for match in matches if match.kind == "ignore" for token in match.tokens}
            known = [m for m in matches if m.kind == "risk" and m.last not in swallowed]
            injected = {token for m in known if m.id == "b12_injection" for token in m.tokens}
            known = [m for m in known if m.id != "b12_supplement" or injected.isdisjoint(m.tokens)]
            named = [m for m in known if m.id in OPERATIONS]
            known = [m for m in known if m.id != "recent_surgery" or not any(_touch(m, other) for other in named)]
            known = [m for m in known if m.id != "recent_surgery" or not _LONG_AGO.search(doc[m.first].sent.text)]
            doc.user_data["risks"] = known
        return known

    def _mentions(self, doc: Doc, match: Match, claimed: AbstractSet[int]) -> List[Mention]:
        tokens = claimed | frozenset(match.tokens)
        assessed = self._context.assess(doc, match.first, match.last + 1, ignore=tokens)
        status = assessed.status
        said = match.keys.get("status")
        listed = status == ABSENT and doc.user_data["norms"][max(0, match.first - 1)] == ","
        if said == ABSENT and status != PRESENT and not listed:
            return []  # "not a meat eater"; in "no coeliac, kidneys ok" the denial ends at the comma
        if isinstance(said, str) and assessed.subject != OTHER and status != HYPOTHETICAL:
            status = said
        if status == PAST and match.id in EVER:
            status = PRESENT
        start, end = doc[match.first].idx, doc[match.last].idx + len(doc[match.last].text)
        mentions: List[Mention] = []
        other = self._context.other_answer(doc, match.last) if assessed.subject != OTHER else None
        person = match.first if other is None else other.token
        of_other = other is not None or status == OTHER_PERSON
        if of_other and match.id in INHERITED and self._context.is_blood_relative(doc, person):
            mentions.append(Mention("risk_factor", "family_history_b12", start, end, PRESENT))
        if other is not None and match.id != "low_b12":
            mentions.append(Mention("risk_factor", match.id, start, end, OTHER_PERSON))
            if other.asked:
                return mentions
        own = self._context.own_answer(doc, match.last) if status == OTHER_PERSON else None
        if own is not None and match.id != "low_b12":
            mentions.append(Mention("risk_factor", match.id, start, end, own))
        if match.id != "low_b12":
            mentions.append(Mention("risk_factor", match.id, start, end, status))
        return mentions

    def _ages(self, doc: Doc) -> List[Mention]:
        found: List[Mention] = []
        for age, start, end in _stated_ages(doc.text.lower()):
            span = doc.char_span(start, end, alignment_mode="expand")
            if OLDER_FROM <= age <= 115 and span is not None:
                status = self._context.assess(doc, span.start, span.end).status
                found.append(
                    Mention("risk_factor", "older_age", start, end, OTHER_PERSON if status == OTHER_PERSON else PRESENT)
                )
        return found


def _stated_ages(text: str) -> Iterator[Tuple[int, int, int]]:
    """Ages in years with their offsets, in digits or words."""
    for match in _AGE.finditer(text):
        group = next(number for number in range(1, _AGE.groups + 1) if match.group(number))
        yield int(match.group(group)), *match.span(group)
    for match in _SPELLED_AGE.finditer(text):
        ones = _UNITS.index(match.group(2)) + 1 if match.group(2) else 0
        yield _TENS[match.group(1)] + ones, match.start(1), match.end()


def _touch(operation: Match, named: Match) -> bool:
    """Whether "op" belongs to "a slipped disc op"."""
    return operation.first <= named.last + 2 and named.first <= operation.last + 2


def _settled(mentions: List[Mention]) -> List[Mention]:
    """A risk factor that the speaker has is not also reported as asked about or denied in the same message."""
    stated = {mention.value for mention in mentions if mention.status == PRESENT}
    over = {mention.value for mention in mentions if mention.status == PAST}
    kept: List[Mention] = []
    for mention in mentions:
        if mention.status in (HYPOTHETICAL, ABSENT, UNCERTAIN) and mention.value in stated | over:
            continue
        if mention.status == PRESENT and mention.value in over:
            continue
        if mention.status == ABSENT and mention.value == "vegan_diet" and "vegetarian_diet" in stated:
            continue  # "veggie, I do eat eggs" only says which kind
        kept.append(mention)
    return kept
