"""Whatever is typed, in whatever state of the talk: an answer, no unhandled error, and what was told stays told.

``make fuzz`` sends 10,000 messages; as a test a few hundred are sent, always the same.
"""

from __future__ import annotations

import json
import logging
import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from bot.channels.cleaning import clean
from bot.dialogue.changes import CHOOSING
from evaluation.harness import texts

pytestmark = [pytest.mark.conversation, pytest.mark.slow, pytest.mark.timeout(0)]

MESSAGES = int(os.environ.get("MYELIN_FUZZ", "300"))
LONGEST_TALK = 20  # messages after the opening
SHORTEST_TALK = 10
MEGABYTE = 1_000_000

OPENINGS = (
    (),
    ("hello",),
    ("burning feet", "no idea"),
    ("burning and tingling in both feet, I'm vegan", "yes"),
    ("pain in my lower back and numb feet", "yes", "no", "no", "yes"),
    ("my feet burn", "yes", "no", "change an answer"),
    ("my feet burn and I have back pain", "yes", "I have no back pain"),
    ("I'm numb between my legs and can't pee",),
    ("I want to kill myself",),
    ("my B12 was 200", "yes"),
    ("my dad has burning feet, he is 71", "yes"),
    ("burning feet", "yes", *("no",) * 18),
)
REAL = (
    *("yes", "no", "not sure", "skip", "y", "nope", "both", "left", "44", "since last year", "3 weeks", "the left one"),
    *(
        "burning feet at night",
        "I have back pain",
        "no back pain",
        "my B12 was 180 ng/L",
        "mma 0.6",
        "I take metformin",
    ),
    *("why do you ask?", "go back", "change my answer", "repeat", "help", "stop", "result so far", "summary", "more"),
    *("what does MMA measure?", "injections or tablets?", "are you a robot?", "thanks", "bye", "restart"),
    *("delete my data", "I can't pee", "help is arranged", "my leg is cold and white", "this answer is wrong"),
)
NASTY = (
    *("", " ", "\n\n\t", "\u200b", "\u200d\u200c\ufeff", "\u202eabc\u202c", "\x00\x07\x1b[31m", "\ud83d", "a\udc00b"),
    *(
        "🤷",
        "👍🏽",
        "👩‍👩‍👧‍👦" * 30,
        "🇬🇧",
        "…",
        "?!?!",
        ".",
        "-",
        "/",
        "//",
        "_",
        "&",
        "'",
        '"',
        "\\",
        "%s%n",
        "{0}",
        "{act}",
    ),
    *('/inform{"finding": "burning"}', "/restart", "/session_start", "/affirm", "/", 'EXTERNAL: {"a": 1}', "@everyone"),
    *('{"message": "hi"}', "[]", "null", "true", "NaN", "undefined", "---\n- a: &b *b", "<script>alert(1)</script>"),
    *("<b>", "&lt;&amp;", "'; DROP TABLE events; --", "1 OR 1=1", "${jndi:ldap://x}", "{{7*7}}", "$(id)", "../../etc"),
    *(
        "1",
        "0",
        "-1",
        "1e308",
        "1e-400",
        "٣",
        "四",
        "½",
        "1,5",
        "1.",
        "b12 2",
        "B12 9999999999999999999 pg/mL",
        "12/13/14",
    ),
    *("44 years 4444 weeks", "1234567890" * 50, "0x1F", "∞", "²", "b12: -5 pmol/L", "b12 <0.0.1", "mma >", "ferritin"),
    *(
        "ich habe Schmerzen im Bein",
        "mon pied brûle",
        "我的脚很疼",
        "قدمي تؤلمني",
        "पैर में दर्द",
        "ноги болят",
        "ᏣᎳᎩ",
        "ﷺ",
    ),
    *("yes no yes no", "yes" * 500, "no " * 3000, "a" * 9000, "burning feet " * 800, "x" * MEGABYTE, "é" * MEGABYTE),
    *(
        "I have no pain and pain",
        "not not not numb",
        "numb?" * 200,
        "my my my foot foot",
        "i i i i",
        "pain " + "very " * 400,
    ),
)
PIECES = st.sampled_from((*REAL, *NASTY[:-7])).filter(lambda text: len(text) < 200)
ANY_TEXT = st.text(st.characters(), max_size=60)
HALF_NUMBERS = st.from_regex(
    r"\A(b12|mma|hb|folate|tsh)?[ :=<>]{0,3}[0-9]{0,6}[.,]?[0-9]{0,3} ?(ng|pg|pmol|u)?[/]?[lmL]?\Z"
)
AGAIN, BUTTON = "again", "button"
# A message, or a word for one that depends on the talk: the one before once more, or the title of a button.
STEPS = st.one_of(
    st.sampled_from(REAL),
    st.sampled_from(REAL),
    st.sampled_from(NASTY),
    ANY_TEXT,
    HALF_NUMBERS,
    st.lists(PIECES, min_size=2, max_size=4).map(" ".join),
    st.tuples(st.just(AGAIN), st.just(0)),
    st.tuples(st.just(BUTTON), st.integers(0, 9)),
)
# What takes earlier words back.
TAKES_BACK = ("go_back", "change_answer", "restart", "delete_data")


class Errors(logging.Handler):
    """Collects what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.found.append(f"{record.getMessage()}\n{trace}")


@pytest.fixture(scope="module")
def errors():
    handler = Errors()
    logging.getLogger().addHandler(handler)
    yield handler.found
    logging.getLogger().removeHandler(handler)


def said(step, before, reply):
    """The text of a step."""
    if isinstance(step, str):
        return step
    kind, number = step
    titles = [button["title"] for message in reply for button in message.get("buttons") or ()]
    return titles[number % len(titles)] if kind == BUTTON and titles else before


def told(talk):
    """Everything told and answered, to be compared."""
    return [json.dumps(entry, sort_keys=True) for entry in talk.get("journal") or ()]


def check_nothing_lost(assistant, sender, before, after):
    tracker = assistant._run(assistant.agent.tracker_store.retrieve(sender))
    if tracker is None or not before.get("consent"):
        return  # erased, or consent just refused
    intent = tracker.latest_message.intent.get("name")
    if intent in TAKES_BACK or before.get("pending") == CHOOSING:
        return
    kept = told(after)
    assert [entry for entry in told(before) if entry not in kept] == [], f"lost by {intent}"


def test_nothing_that_is_typed_breaks_the_talk(assistant, errors):
    talks = 0

    @settings(
        max_examples=max(1, MESSAGES // ((LONGEST_TALK + SHORTEST_TALK) // 2)),
        deadline=None,
        database=None,
        derandomize=MESSAGES <= 300,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(OPENINGS), st.lists(STEPS, min_size=SHORTEST_TALK, max_size=LONGEST_TALK))
    def talk(opening, steps):
        nonlocal talks
        talks += 1
        sender, text, reply = f"fuzz-{talks}", "hello", []
        for step in (*opening, *steps):
            text = said(step, text, reply)
            before = assistant.slot("talk", sender) or {}
            reply = assistant.send(clean(text).text, sender)
            note(f"{text[:100]!r} -> {[words[:60] for words in texts(reply)]}")
            assert any(words.strip() for words in texts(reply)), "nothing was said"
            assert not errors, errors
            check_nothing_lost(assistant, sender, before, assistant.slot("talk", sender) or {})

    talk()
