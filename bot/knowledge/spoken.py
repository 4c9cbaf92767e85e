"""Every text the assistant can say, with where it stands, so that wording can be checked as a whole."""

from __future__ import annotations

from typing import Dict, Iterator, Mapping, Sequence, Tuple

from bot.knowledge.loader import FOLDER, Knowledge, read_yaml

# Fields that are shown to people, by kind of entry. A list field holds bubbles.
SHOWN: Mapping[str, Sequence[str]] = {
    "topics": ("short", "more"),
    "findings": ("explain",),
    "risk_factors": ("explain",),
    "conditions": ("summary", "what_helps", "cause", "typical_pain", "associated", "onset"),
    "questions": ("text", "text_other", "why"),
    "triage": ("reason",),
    "red_flags": ("act", "act_other", "act_sooner", "act_sooner_other", "reason"),
    "tests": (
        "looks_at",
        "cannot_tell",
        "what_it_is_like",
        "prepare",
        "normal_means",
        "abnormal_means",
        "ask_why",
    ),
    "treatments": ("what", "when_used", "how", "how_uk", "how_us", "good", "less_good", "caution"),
    "lab_rules": ("say", "next_step"),
}

# Files of short words and sentences that have no kind of their own, with the key under which they stand.
PHRASES: Mapping[str, Sequence[str]] = {
    "diet.yml": ("words",),
    "pictures.yml": ("words",),
    "questions_to_ask.yml": (),
    "words.yml": (),
    "channel_words.yml": (),
    "slack_words.yml": (),
}


def bubbles(knowledge: Knowledge) -> Iterator[Tuple[str, str]]:
    """Pairs of place (``tests/mma/looks_at``) and text, a bubble each."""
    for kind, fields in SHOWN.items():
        for id_, entry in getattr(knowledge, kind).items():
            for field in fields:
                yield from _texts(f"{kind}/{id_}/{field}", getattr(entry, field))
    for topic in knowledge.topics.values():
        for number, variant in enumerate(topic.variants, start=1):
            for field in SHOWN["topics"]:
                yield from _texts(f"topics/{topic.id}/variant {number}/{field}", getattr(variant, field))
    for test in knowledge.tests.values():
        yield from _texts(f"tests/{test.id}/in_your_case", [note.say for note in test.in_your_case])
    for table in knowledge.tables.values():
        yield from _texts(f"tables/{table.id}", [cell for row in table.rows for cell in row[1:]])
    for lab in knowledge.labs.values():
        for band in lab.bands:
            yield from _texts(f"labs/{lab.id}/{band.band}", band.meaning)


def phrases() -> Iterator[Tuple[str, str]]:
    """The same for the files of phrases; the conditions of a phrase are left out."""
    for name, keys in PHRASES.items():
        data = read_yaml(FOLDER / name)
        for key in keys:
            assert isinstance(data, dict)
            data = data[key]
        if isinstance(data, list):
            data = [row["say"] for row in data]
        yield from _texts(name.removesuffix(".yml"), data)


def responses(domain: Mapping[str, Sequence[Dict[str, str]]]) -> Iterator[Tuple[str, str]]:
    """The same for the ``responses`` of a domain; a blank line separates bubbles."""
    for name, variations in domain.items():
        for variation in variations:
            yield from _texts(f"domain/{name}", variation["text"].split("\n\n"))


def _texts(place: str, value: object) -> Iterator[Tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, nested in value.items():
            yield from _texts(f"{place}/{key}", nested)
    elif isinstance(value, (list, tuple)):
        for number, text in enumerate(value, start=1):
            yield f"{place}/{number}", text
