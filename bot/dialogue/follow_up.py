"""What a short question means that only makes sense with what was said before."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from bot.dialogue.asked import Asked
from bot.dialogue.turn import Turn
from bot.knowledge.loader import FOLDER, read_yaml
from bot.understanding.foods import FoodReader
from bot.understanding.implied import TOPIC

FOOD_TOPICS = ("daily_requirement", "food_sources", "vegan_sources", "fortified_foods", "prevention")
COMPARE, EXPLAIN, SOURCES, TREATMENTS = "compare_conditions", "test_explained", "sources", "injections_vs_oral"
# Treatments that no topic of their own tells about.
TOLD_TREATMENTS = ("pain_relief", "physiotherapy", "dietary_change", "nitrous_oxide_stop")
B12 = "b12_neuropathy"
ARTICLE = {B12, "sciatica", "meralgia_paresthetica"}
ABOUT_TESTS = ("test_explained", "result_meaning")
UNSURE = 0.6  # a topic taken with less confidence gives way to what the talk is about
# Intents of messages that were not understood for themselves.
OPEN = frozenset("nlu_fallback out_of_scope small_talk inform progress affirm rephrase why_ask".split())


def resolve(turn: Turn) -> Optional[Asked]:
    """What the message asks in the light of the last answer; ``None`` if it stands for itself or asks nothing."""
    if turn.message.of("red_flag") or turn.new_facts or turn.new_labs or turn.answered or turn.chosen:
        return None
    readings = (_comparison, _sources, _about_a_test, _treatment, _diet, _about_a_topic)
    return next((asked for asked in (reading(turn) for reading in readings) if asked is not None), None)


def is_question(text: str) -> bool:
    """Whether any sentence of the text ends with a question mark or begins with a question word."""
    openings = "|".join(map(re.escape, _question_words()))
    return re.search(rf"\?|(?:^|[.!;,]\s*)(?:{openings})(?!\w)", text.strip(), re.IGNORECASE) is not None


def asks_for_foods(text: str) -> bool:
    """Whether foods are asked for, and not what a food named holds."""
    return _matches(text, _data()["lists_foods"])


@lru_cache(maxsize=1)
def _question_words() -> Sequence[str]:
    data = read_yaml(FOLDER / "language" / "asking.yml")
    assert isinstance(data, dict)
    return [str(word) for word in data["question"] if str(word)[0].isalpha()]


def _comparison(turn: Turn) -> Optional[Asked]:
    """Two conditions side by side, or one more beside those of the last answer."""
    named = _named(turn, "condition", turn.knowledge.conditions)
    asked = turn.message.intent in turn.knowledge.topics or turn.message.intent in OPEN
    if B12 in named and set(named) < ARTICLE:
        return None  # the article's own comparison
    if len(named) >= 2 and asked and (turn.message.intent == COMPARE or _says(turn, "compares")):
        return Asked(COMPARE, tuple(named))
    if len(named) == 1 and turn.talk.answered.get("topic") == COMPARE and _goes_on(turn):
        before = [id_ for id_ in _objects(turn) if id_ in turn.knowledge.conditions]
        return Asked(COMPARE, tuple(dict.fromkeys([*before[:1], *named])))
    return None


def _sources(turn: Turn) -> Optional[Asked]:
    if turn.message.intent == SOURCES or (turn.message.intent in OPEN and _says(turn, "from_where")):
        if _says(turn, "all_sources"):
            return Asked(SOURCES, parts=("all",))
        bare = turn.message.text.strip(" .!?").lower() in _data()["bare_sources"]
        if turn.talk.answered and (bare or _says(turn, "from_where")):
            return Asked(SOURCES, parts=("last",))
    return None


def _about_a_test(turn: Turn) -> Optional[Asked]:
    """ "And homocysteine?" or "does it hurt?" after a test was explained."""
    topic = str(turn.talk.answered.get("topic"))
    named = _named(turn, "test", turn.knowledge.tests)
    if named and topic in ABOUT_TESTS and (turn.message.intent in OPEN) and _goes_on(turn):
        return Asked(topic, tuple(named))
    tests = named or [id_ for id_ in _objects(turn) if id_ in turn.knowledge.tests]
    meant = turn.message.intent in (EXPLAIN, *OPEN) if named else _may_point_back(turn)
    if not tests or not meant or not _is_short(turn):
        return None
    for rule in _data()["test_parts"]:
        if _matches(turn.message.text, rule["words"]):
            return Asked(EXPLAIN, tuple(tests[:1]), tuple(rule["parts"]))
    return None


def _treatment(turn: Turn) -> Optional[Asked]:
    """A treatment that no topic is about, such as pain relief."""
    named = [id_ for id_ in _named(turn, "treatment", turn.knowledge.treatments) if id_ in TOLD_TREATMENTS]
    if named and (turn.message.intent in OPEN or _is_open(turn)) and turn.message.text.rstrip().endswith("?"):
        return Asked(TREATMENTS, tuple(named[:1]))
    return None


def _diet(turn: Turn) -> Optional[Asked]:
    """What somebody eats, told after an answer about food, or with the question whether it is enough."""
    text, intent = turn.message.text, turn.message.intent
    known = intent in OPEN or intent in turn.knowledge.topics
    if known and turn.talk.answered.get("topic") in FOOD_TOPICS and food_reader().is_told(text):
        return Asked(FOOD_TOPICS[0]) if food_reader().read(text).eaten else None
    return Asked(FOOD_TOPICS[0]) if intent in OPEN and food_reader().asks_whether_enough(text) else None


@lru_cache(maxsize=1)
def food_reader() -> FoodReader:
    """The reader of foods, prepared once."""
    return FoodReader()


def _about_a_topic(turn: Turn) -> Optional[Asked]:
    before = str(turn.talk.answered.get("topic"))
    if before not in turn.knowledge.topics or not _is_short(turn) or not _is_open(turn):
        return None
    for rule in _data()["topics"]:
        if before in rule.get("after", [before]) and _matches(turn.message.text, rule["words"]):
            return Asked(str(rule["topic"]))
    return None


def _named(turn: Turn, kind: str, known: Mapping[str, object]) -> List[str]:
    """Said in the message itself, not only implied by the topic that was understood."""
    said = [entity["value"] for entity in turn.message.of(kind) if entity.get("evidence") != TOPIC]
    return list(dict.fromkeys(str(id_) for id_ in said if id_ in known))


def _objects(turn: Turn) -> Sequence[str]:
    return turn.talk.answered.get("objects", ())  # type: ignore[return-value]


def _is_open(turn: Turn) -> bool:
    """Whether the message was not understood for itself, and looks like a question."""
    message = turn.message
    unsure = message.intent in turn.knowledge.topics and message.confidence < UNSURE
    looks = message.text.rstrip().endswith("?") or _goes_on(turn) or _says(turn, "points_back")
    return (message.intent in OPEN or unsure) and looks


def _may_point_back(turn: Turn) -> bool:
    """Whether it may be about the test of the last answer, even if another topic was understood."""
    if _named(turn, "condition", turn.knowledge.conditions) or _named(turn, "treatment", turn.knowledge.treatments):
        return False
    return _is_open(turn) or (turn.message.intent in turn.knowledge.topics and _says(turn, "points_back"))


def _is_short(turn: Turn) -> bool:
    return len(turn.message.text.split()) <= int(_data()["most_words"])


def _goes_on(turn: Turn) -> bool:
    return _pattern(tuple(_data()["goes_on"])).match(turn.message.text.strip()) is not None


def _says(turn: Turn, key: str) -> bool:
    return _matches(turn.message.text, _data()[key])


def _matches(text: str, words: Sequence[str]) -> bool:
    return _pattern(tuple(words)).search(text) is not None


@cache
def _pattern(words: Tuple[str, ...]) -> "re.Pattern[str]":
    """Any of the words as whole words; "~" stands for up to three words."""
    parts = [re.escape(word).replace(r"\ \~\ ", r"\s+(?:\S+\s+){0,3}?").replace(r"\ ", r"\s+") for word in words]
    parts = [part.replace("'", "['’]") for part in parts]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _data() -> Dict[str, Any]:
    data = read_yaml(FOLDER / "follow_ups.yml")
    assert isinstance(data, dict)
    return data
