"""Answers and tables: complete, short, in our own words, and resting on every fact of the article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge.loader import FOLDER, read_yaml
from bot.knowledge.schema import Fact, Table, Topic

MAX_SENTENCE_WORDS = 20
MAX_BUBBLE_WORDS = 60
MAX_CELL_WORDS = 25
COPIED_WORDS = 8


def rows_of(path: str) -> list[object]:
    rows = read_yaml(FOLDER / path)
    assert isinstance(rows, list)
    return rows


TOPIC_FILES = sorted(path.name for path in (FOLDER / "topics").glob("*.yml"))
TOPICS: list[Topic] = [Topic.parse_obj(row) for name in TOPIC_FILES for row in rows_of(f"topics/{name}")]
TABLES: list[Table] = [Table.parse_obj(row) for row in rows_of("tables.yml")]
ARTICLE: list[Fact] = [Fact.parse_obj(row) for row in rows_of("facts/article.yml")]


def vocabulary() -> dict[str, list[str]]:
    loaded = read_yaml(FOLDER / "vocabulary.yml")
    assert isinstance(loaded, dict)
    return loaded


def bubbles() -> Iterator[tuple[str, str]]:
    """Every bubble of every answer with the topic it belongs to, each wording once."""
    seen: set[str] = set()
    for topic in TOPICS:
        for answer in [topic, *topic.variants]:
            for bubble in [*answer.short, *answer.more]:
                if bubble not in seen:
                    seen.add(bubble)
                    yield topic.id, bubble


def words(text: str) -> list[str]:
    return re.findall(r"[\w'’.,-]*\w[\w'’-]*", text)


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text) if part]


def phrase_digests(text: str) -> set[str]:
    """Short digests of each run of ``COPIED_WORDS`` words, in lower case and without punctuation."""
    plain = re.findall(r"[a-z0-9]+", text.lower())
    runs = (" ".join(plain[start : start + COPIED_WORDS]) for start in range(len(plain) - COPIED_WORDS + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:12] for run in runs}


ARTICLE_PHRASES = set((Path(__file__).parent / "article_phrases.txt").read_text(encoding="ascii").split())
BUBBLES = list(bubbles())
CELLS = [(table.id, cell) for table in TABLES for row in table.rows for cell in row[1:]]


def test_each_topic_of_the_vocabulary_is_answered_once() -> None:
    ids = [topic.id for topic in TOPICS]
    assert sorted(ids) == sorted(vocabulary()["topic"])


def test_follow_ups_exist_and_lead_elsewhere() -> None:
    ids = {topic.id for topic in TOPICS}
    for topic in TOPICS:
        assert topic.follow_ups, topic.id
        assert set(topic.follow_ups) <= ids - {topic.id}, topic.id


def test_each_fact_of_the_article_is_used_by_an_answer() -> None:
    used = {fact for topic in TOPICS for fact in topic.facts}
    assert {fact.id for fact in ARTICLE} - used == set()


def test_no_unknown_article_fact_is_cited() -> None:
    known = {fact.id for fact in ARTICLE}
    lists = [topic.facts for topic in TOPICS] + [table.facts for table in TABLES]
    cited = {fact for facts in lists for fact in facts if re.fullmatch(r"A\d+", fact)}
    assert cited <= known


def test_facts_of_the_article_come_from_the_article() -> None:
    assert all(fact.sources == ["ART"] and fact.citable for fact in ARTICLE)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_an_answer_starts_short(topic: Topic) -> None:
    for answer in [topic, *topic.variants]:
        assert 1 <= len(answer.short) <= 2


@pytest.mark.parametrize("topic, bubble", BUBBLES)
def test_a_bubble_is_easy_to_take_in(topic: str, bubble: str) -> None:
    assert len(words(bubble)) <= MAX_BUBBLE_WORDS
    long = [sentence for sentence in sentences(bubble) if len(words(sentence)) > MAX_SENTENCE_WORDS]
    assert not long


@pytest.mark.parametrize("table, cell", CELLS)
def test_a_cell_is_short(table: str, cell: str) -> None:
    assert cell and len(words(cell)) <= MAX_CELL_WORDS


def test_each_table_row_has_a_cell_for_each_column() -> None:
    assert {"b12_sciatica_meralgia", "injections_vs_oral", "recovery_timeline"} <= {table.id for table in TABLES}
    for table in TABLES:
        assert all(len(row) == len(table.columns) for row in table.rows), table.id


def test_safety_of_the_answer_on_when_to_see_a_doctor() -> None:
    """Every variant names what must not wait, with the emergency number of its country."""
    topic = next(topic for topic in TOPICS if topic.id == "when_to_see_doctor")
    for answer in [topic, *topic.variants]:
        text = " ".join([*answer.short, *answer.more]).lower()
        for sign in (
            "between the legs",
            "pee",
            "poo",
            "both legs",
            "weaker",
            "swollen",
            "cold",
            "breathe",
            "cancer",
            "nitrous oxide",
            "blood thinner",
            "dark pee",
            "pregnancy",
            "ending your life",
            "bone medicine",
        ):
            assert sign in text, sign
    by_country = {variant.when.is_: variant for variant in topic.variants if variant.when.profile == "country"}
    assert "999" in by_country["GB"].short[0] and "911" not in by_country["GB"].short[0]
    assert "911" in by_country["US"].short[0] and "999" not in by_country["US"].short[0]


@pytest.mark.parametrize("topic, bubble", BUBBLES)
def test_no_answer_gives_the_all_clear(topic: str, bubble: str) -> None:
    assert not re.search(r"\ball clear\b|nothing to worry|no need to worry|you are fine", bubble.lower())
    for sentence in sentences(bubble.lower()):
        if re.search(r"\brule[sd]?\b.*\bout\b", sentence):
            assert re.search(r"\b(not|no)\b", sentence), sentence


@pytest.mark.parametrize("topic, bubble", BUBBLES)
def test_no_answer_tells_anybody_to_stop_a_medicine(topic: str, bubble: str) -> None:
    assert not re.search(r"(?<!not )(?<!before you )\bstop (taking|using|your)\b", bubble.lower())


@pytest.mark.parametrize("topic, bubble", BUBBLES)
def test_no_answer_copies_the_article(topic: str, bubble: str) -> None:
    """``article_phrases.txt`` holds digests of the article's runs of eight words, not its text."""
    assert not phrase_digests(bubble) & ARTICLE_PHRASES


def test_copied_words_would_be_noticed() -> None:
    opening = "Vitamin B12, also known as cobalamin, is an"  # the first eight words of the article
    assert phrase_digests(opening) <= ARTICLE_PHRASES
