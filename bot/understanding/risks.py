"""Risk factors: diets, medicines, illnesses, habits and age, with status (labelling.md, rules 17 and 18)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import AbstractSet, Dict, Iterator, List, Optional, Sequence, Tuple

from spacy.tokens import Doc

from bot.knowledge.loader import read_yaml
from bot.understanding.context import Context
from bot.understanding.lexicon import Lexicon, Match
from bot.understanding.mentions import ABSENT, HYPOTHETICAL, OTHER_PERSON, PAST, PRESENT, UNCERTAIN, Mention
from bot.understanding.risk_status import ORGANS, RiskStatus
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
DENIAL_REACH = 3  # tokens between a denial and what it denies
DENIALS = frozenset(["not", "never", "no", "nobody", "none", "without", "neither", "nor"])
PUNCTUATION = frozenset(",;:.?!-–")
OPERATIONS = frozenset(["back_problem_history", "stomach_surgery", "bowel_surgery"])  # these say which operation
INHERITED = frozenset(["pernicious_anaemia", "b12_injection", "low_b12"])
_AGE = re.compile(
    r"\b(?:i'?m|i am|im|aged?|age is|turned|turning|"
    r"(?:he|she|mum|mom|dad|mother|father|nan|gran|wife|husband)(?:'s| is|s))"
    r"\s+(?:about |now |only |just |nearly |almost )?(\d{2,3})\b"
    r"(?!\s*(?:weeks?|months?|days?|hours?|minutes?|stone|kg|kilos|mg|mcg|percent|%|cm|lbs?|pounds|/|\.\d|,\d|out|times))"
    r"|\b(\d{2,3})\s*-?\s*(?:years?|yrs?|yr)?\s*-?\s*(?:old\b|of age\b|yo\b|y/o\b)"
    r"|\((\d{2,3})\)|(?:^|i'?m |i am |, ?(?=\d{2,3}\s?[mf]\s*(?:[,.]|$)))(\d{2,3})\s?[mf]\b|\b[mf]\s?(\d{2,3})\b"
    r"|(?:^|[.!?;] ?|\b(?:and|so|but) )at (\d{2})(?=,? (?:i|my)\b)"
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
        self._status = RiskStatus(path.parent / "risk_status.yml")

    def read(self, doc: Doc, claimed: AbstractSet[int] = frozenset()) -> List[Mention]:
        """Risk factors, one mention for each id and status. ``claimed`` are words of findings ("can't feel")."""
        found: Dict[Tuple[str, str], Mention] = {}
        matches = self._matches(doc)
        for match in matches:
            for mention in self._mentions(doc, match, matches, claimed):
                found.setdefault((mention.value, str(mention.status)), mention)
        for mention in self._ages(doc):
            found.setdefault((mention.value, str(mention.status)), mention)
        return _settled(doc, list(found.values()))

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
            known = [m for m in known if "label" not in m.keys or self._status.answer(doc, m, known) is not None]
            known = [m for m in known if m.id != "b12_supplement" or injected.isdisjoint(m.tokens)]
            named = [m for m in known if m.id in OPERATIONS]
            known = [m for m in known if m.id != "recent_surgery" or not any(_touch(m, other) for other in named)]
            known = [m for m in known if m.id != "recent_surgery" or not _LONG_AGO.search(doc[m.first].sent.text)]
            doc.user_data["risks"] = known
        return known

    def _mentions(self, doc: Doc, match: Match, matches: Sequence[Match], claimed: AbstractSet[int]) -> List[Mention]:
        start, end = doc[match.first].idx, doc[match.last].idx + len(doc[match.last].text)

        def said(id_: str, status: str) -> Mention:
            return Mention("risk_factor", id_, start, end, status)

        status = self._status_of(doc, match, matches, claimed)
        other = self._context.other_answer(doc, match.last) if status != OTHER_PERSON else None
        mentions: List[Mention] = []
        person = other.token if other is not None else match.first if status == OTHER_PERSON else None
        if match.id in INHERITED and person is not None and self._context.is_blood_relative(doc, person):
            mentions.append(said("family_history_b12", PRESENT))
        if match.id == "low_b12" or status is None:
            return mentions
        if status == OTHER_PERSON:
            own = ABSENT if self._status.is_neither(doc, match) else self._context.own_answer(doc, match.last)
            mentions += [said(match.id, own)] if own is not None else []
        if other is not None:
            mentions.append(said(match.id, OTHER_PERSON))
        if other is None or not other.asked:
            mentions.append(said(match.id, status))
        return mentions

    def _status_of(self, doc: Doc, match: Match, matches: Sequence[Match], claimed: AbstractSet[int]) -> Optional[str]:
        """The status of what the phrase names; ``None`` where a phrase that denies is denied itself."""
        tokens = claimed | frozenset(match.tokens) | _said_of_others(doc, match, matches)
        assessed = self._context.assess(doc, match.first, match.last + 1, ignore=tokens)
        status, said = assessed.status, match.keys.get("status")
        if said == ABSENT and status != PRESENT and not (status == ABSENT and _stands(doc, match)):
            return None
        if isinstance(said, str) and assessed.subject != OTHER and status != HYPOTHETICAL:
            status = said
        if assessed.subject != OTHER:
            status = self._status.answer(doc, match, matches) or self._status.told(doc, match) or status
            if self._was_given_up(doc, match):
                status = PAST
        return PRESENT if status == PAST and match.id in EVER else status

    def _was_given_up(self, doc: Doc, match: Match) -> bool:
        """ "I haven't smoked since my daughter was born"."""
        before = doc.user_data["norms"][max(0, match.first - DENIAL_REACH) : match.first]
        return bool(DENIALS.intersection(before)) and self._context.is_since(doc, match.last + 1)

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
        group = next(number for number in range(1, 7) if match.group(number))
        yield int(match.group(group)), *match.span(group)
    for match in _SPELLED_AGE.finditer(text):
        ones = _UNITS.index(match.group(2)) + 1 if match.group(2) else 0
        yield _TENS[match.group(1)] + ones, match.start(1), match.end()


def _said_of_others(doc: Doc, match: Match, matches: Sequence[Match]) -> AbstractSet[int]:
    """Words right before a later risk factor: only the warfarin is over in "got AF but stopped the warfarin"."""
    norms = doc.user_data["norms"]
    words = set()
    for other in (other for other in matches if other.id != match.id):
        for token in range(other.first - 1, max(match.last, other.first - 1 - DENIAL_REACH), -1):
            if norms[token] in PUNCTUATION:
                break
            words.add(token)
    return frozenset(words)


def _stands(doc: Doc, match: Match) -> bool:
    """Whether a denial before the phrase leaves it as it is: it denies by itself ("no supplements"), or is a verdict
    in a list of denials ("no coeliac, thyroid fine").
    """
    norms = doc.user_data["norms"]
    if match.id in ORGANS:
        return DENIALS.isdisjoint(norms[match.first : match.last])
    return bool(DENIALS.intersection(norms[token] for token in match.tokens))


def _touch(operation: Match, named: Match) -> bool:
    """Whether "op" belongs to "a slipped disc op"."""
    return operation.first <= named.last + 2 and named.first <= operation.last + 2


def _settled(doc: Doc, mentions: List[Mention]) -> List[Mention]:
    """A risk factor that the speaker has is not also reported as asked about or denied in the same message."""
    stated = {mention.value for mention in mentions if mention.status == PRESENT}
    over = {mention.value for mention in mentions if mention.status == PAST}
    kept: List[Mention] = []
    for mention in mentions:
        if mention.status in (HYPOTHETICAL, ABSENT, UNCERTAIN) and mention.value in stated | over:
            continue
        if mention.status == PRESENT and mention.value in over:
            continue
        words = doc.text[mention.start : mention.end].lower()
        kind = mention.value == "vegan_diet" and "vegetarian_diet" in stated
        if mention.status == ABSENT and kind and "vegan" not in words:
            continue  # "veggie, I do eat eggs" only says which kind
        kept.append(mention)
    return kept
