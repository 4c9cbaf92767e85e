"""What Slack shows: within its limits, nothing lost, nothing that mentions or links by accident."""

from __future__ import annotations

import json
import re
import statistics

import pytest
import textstat
import yaml

from bot.channels.slack_blocks import answered, closed, home, move, render
from bot.channels.slack_events import read_action, read_event
from bot.channels.slack_text import LONGEST_SECTION, escape, from_markdown, link, pieces, shorten
from bot.channels.slack_words import all_words, word
from bot.knowledge import load
from bot.shared.memory import Seen
from tests.channels.slack_server import FakeSlack, elements


def check(posts):
    for post in posts:
        FakeSlack().check({"text": post.text, "blocks": post.blocks})
    return posts


def question(titles, kind="choice", controls=("Why do you ask?", "Skip", "Back"), **custom):
    return {
        "text": "Which?",
        "buttons": [{"title": title, "payload": title} for title in [*titles, *controls]],
        "custom": {
            "kind": "question",
            "key": "which",
            "type": kind,
            "options": [{"value": title, "title": title} for title in titles],
            **custom,
        },
    }


def labels(blocks):
    shown = [element["text"]["text"] for element in elements(blocks) if element["type"] == "button"]
    return shown + [option["text"]["text"] for element in elements(blocks) for option in element.get("options", ())]


# --- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["choice", "multi_choice", "yes_no"])
@pytest.mark.parametrize("number", [1, 2, 3, 5, 6, 10, 11, 25, 26, 100, 101, 150])
def test_every_answer_is_offered_however_many_there_are(kind, number):
    titles = [f"Answer {n}" for n in range(number)]
    (post,) = check(render([question(titles, kind)]))
    assert set(titles) <= set(labels(post.blocks)) and {"Why do you ask?", "Skip", "Back"} <= set(labels(post.blocks))
    assert f"{number}. Answer {number - 1}" in post.text


def test_more_than_five_buttons_are_in_rows():
    (post,) = check(render([question([f"A{n}" for n in range(8)])]))
    assert [len(block["elements"]) for block in post.blocks if block["type"] == "actions"] == [5, 3, 3]


def test_many_follow_ups_without_a_question_are_kept():
    buttons = [{"title": f"Topic {n}", "payload": f"Topic {n}"} for n in range(30)]
    (post,) = check(render([{"text": "More?", "buttons": buttons}]))
    assert len(labels(post.blocks)) == 30 and "• Topic 3" in post.text and "1. " not in post.text


@pytest.mark.parametrize("kind", ["choice", "multi_choice"])
@pytest.mark.parametrize("number", [3, 30])
def test_long_titles_fit_and_stand_for_the_whole(kind, number):
    titles = [f"{n} " + "very long " * 30 for n in range(number)]
    (post,) = check(render([question(titles, kind)]))
    for element in elements(post.blocks):
        for option in element.get("options", ()):
            assert option["value"].isdigit() and option["text"]["text"].endswith("…")
    if kind == "choice" and number == 3:
        assert elements(post.blocks)[0]["value"] == titles[0]


def test_options_without_buttons_are_offered():
    message = question(["Yes", "No"])
    (post,) = check(render([{**message, "buttons": []}]))
    assert labels(post.blocks) == ["Yes", "No"]


def test_buttons_without_a_title_are_left_out():
    (post,) = check(render([{"text": "x", "buttons": [{"title": " ", "payload": "a"}, {"title": "Yes"}]}]))
    assert labels(post.blocks) == ["Yes"]


def test_two_groups_of_buttons_in_one_post_have_ids_of_their_own():
    follow_ups = {"text": "More?", "buttons": [{"title": "Tell me more", "payload": "Tell me more"}]}
    (post,) = check(render([follow_ups, question(["Yes", "No"])]))
    assert len(labels(post.blocks)) == 6


def test_progress_is_shown_where_it_is_known():
    (post,) = render([question(["Yes"], progress={"asked": 3, "expected": 9})])
    assert word("progress", asked=3, expected=9) in json.dumps(post.blocks)
    (post,) = render([question(["Yes"], progress={"asked": 0, "expected": 0})])
    assert "context" not in [block["type"] for block in post.blocks]


def test_the_answer_stands_where_it_was_asked_for():
    follow_ups = {"text": "More?", "buttons": [{"title": "Tell me more", "payload": "Tell me more"}]}
    (post,) = render([follow_ups, question(["Yes", "No"]), {"text": "The end"}])
    pressed = next(block["block_id"] for block in post.blocks if "which" in block.get("block_id", ""))
    shown = answered(post.blocks, pressed, "You chose: Yes")
    assert not elements(shown)
    kinds = [block["type"] for block in shown]
    assert kinds == ["section", "section", "context", "section"]


def test_a_closed_post_keeps_its_words():
    (post,) = render([question(["Yes", "No"])])
    assert [block["type"] for block in closed(post.blocks)] == ["section"]
    assert closed(post.blocks, "over")[-1]["elements"][0]["text"] == "over"


# --- words, tables, pictures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["<!channel> look", "<@U123>", "<https://evil.example|bank>", "a & b < c > d", "&lt;", "<script>alert(1)</script>"],
)
def test_nothing_in_a_text_mentions_or_links(text):
    (post,) = check(render([{"text": text}]))
    shown = post.blocks[0]["text"]
    assert shown["verbatim"] is True and not re.search("[<>]", shown["text"]) and not re.search("[<>]", post.text)
    plain = shown["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == text


@pytest.mark.parametrize("text", ["word " * 3000, "x" * 9000, "&" * 7000, "line\n" * 2000, "a" * 2998 + "&" * 10])
def test_long_texts_are_cut_without_losing_a_character(text):
    cut = pieces(text)
    assert all(0 < len(piece) <= LONGEST_SECTION for piece in cut)
    assert "".join(cut).replace(" ", "").replace("\n", "") == escape(text).replace(" ", "").replace("\n", "")
    assert not any(re.search(r"&[a-z]*$", piece) for piece in cut)
    check(render([{"text": text}]))


@pytest.mark.parametrize("text", ["", "  ", None])
def test_nothing_to_say_is_no_post(text):
    assert render([{"text": text}]) == [] and pieces(text or "") == []


def test_a_long_turn_becomes_several_posts_in_order():
    posts = check(render([{"text": f"bubble {n} " + "word " * 50} for n in range(40)]))
    assert len(posts) > 1
    assert re.findall(r"bubble (\d+)", " ".join(post.text for post in posts)) == [str(n) for n in range(40)]


def test_a_short_turn_is_one_post():
    assert len(render([{"text": "a"}, {"text": "b"}, question(["Yes"])])) == 1


def test_every_table_is_shown_with_every_cell_and_its_rows_are_not_said_again():
    for table in load().tables.values():
        shown = {"title": table.title, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}
        answer = {"text": "They differ.", "custom": {"kind": "answer", "topic": "t", "sources": [], "table": shown}}
        row = {"text": "row in words", "utter_action": "utter_table_row"}
        posts = check(render([answer, row, {"text": "after"}]))
        blocks = json.dumps([post.blocks for post in posts], ensure_ascii=False)
        text = "\n".join(post.text for post in posts)
        for cell in (cell for cells in table.rows for cell in cells):
            assert json.dumps(escape(cell), ensure_ascii=False)[1:-1] in blocks and escape(cell) in text
        assert "row in words" not in text and "after" in text


def test_rows_without_a_table_are_said():
    (post,) = render([{"text": "row in words", "utter_action": "utter_table_row"}])
    assert "row in words" in post.text


def test_sources_are_links_once():
    knowledge = load()
    keys = [key for key, source in knowledge.sources.items() if source.url][:3]
    answer = {"text": "So it is.", "custom": {"kind": "answer", "sources": [*keys, "unknown"]}}
    (post,) = check(render([answer, {"text": "Where this comes from", "utter_action": "utter_sources"}]))
    shown = post.blocks[-1]["elements"][0]["text"]
    named = [escape(knowledge.sources[key].url) in shown for key in keys]
    assert named == [True, True, False] and post.text.count(word("sources")) == 1
    assert word("more_sources") in shown and escape(word("more_sources")) in post.text


def test_all_sources_at_once_still_fit():
    check(render([{"text": "x", "custom": {"kind": "answer", "sources": list(load().sources)}}]))


@pytest.mark.parametrize("alt", ["A scale with your result at 180", "long " * 600])
def test_a_picture_has_its_text_alternative(alt):
    (post,) = check(render([{"text": "Your result", "image": "https://a.example/1.png", "alt": alt}]))
    (image,) = [block for block in post.blocks if block["type"] == "image"]
    assert image["alt_text"] == shorten(alt, 2000)


def test_a_picture_slack_cannot_fetch_is_told():
    (post,) = check(render([{"image": "/pictures/1.png", "custom": {"alt": "The result is low."}}]))
    assert "The result is low." in json.dumps(post.blocks) and "The result is low." in post.text


def test_the_summary_is_shown_without_marks():
    markdown = "# Title\n\n## Part\n\n\n- **pain** here\n* more\n---\nfoot & <note>"
    (post,) = check(render([{"text": markdown, "custom": {"kind": "summary", "markdown": markdown}}]))
    assert post.blocks[0]["text"]["text"] == "*Title*\n\n*Part*\n\n• *pain* here\n• more\n\nfoot &amp; &lt;note&gt;"
    assert post.file is not None and post.file["markdown"] == markdown
    assert from_markdown("5 * 3 ** 2") == "5 * 3 ** 2"


def test_links_cannot_be_broken_out_of():
    assert link("https://a.example/?a=1&b=|x>", "a|b>c") == "<https://a.example/?a=1&amp;b=%7Cx&gt;|a/b&gt;c>"


@pytest.mark.parametrize("blocks", [home(), move("https://slack.com/app_redirect?app=A&team=T")])
def test_the_fixed_pages_are_valid(blocks):
    FakeSlack().check({"text": "x", "blocks": blocks})


# --- reading and remembering -----------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"a": {"b": []}}])
@pytest.mark.parametrize(
    "key", ["type", "user", "team", "channel", "message", "state", "actions", "event", "authorizations", "team_id"]
)
def test_no_shape_of_a_request_breaks_the_reader(key, value):
    action = {
        "type": "block_actions",
        "team": {"id": "T"},
        "user": {"id": "U"},
        "channel": {"id": "D"},
        "message": {"ts": "1.1", "blocks": [None, {}]},
        "actions": [{"action_id": "done:0", "block_id": "answer|q|1"}],
        "state": {"values": {"answer|q|1": {"tick:0": {"selected_options": [None, {"value": 1}]}}}},
        "authorizations": [None],
    }
    event = {"team_id": "T", "event": {"type": "message", "channel_type": "im", "user": "U", "channel": "D", "ts": "1"}}
    read_action({**action, key: value})
    read_event({**event, key: value})
    read_event({**event, "event": {**event["event"], key: value}})


def test_what_was_seen_long_ago_is_forgotten():
    now = [0.0]
    seen = Seen(clock=lambda: now[0])
    assert seen.first_time("a", 3700) and not seen.first_time("a", 3700)
    now[0] = 3000.0
    assert not seen.first_time("a", 3700)
    now[0] = 4000.0
    assert seen.first_time("a", 3700)


# --- words and set-up ------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "text"), sorted(all_words().items()))
def test_the_words_are_plain(key, text):
    assert len(text.split()) <= 60
    for sentence in re.split(r"(?<=[.!?:])\s+", text):
        assert len(sentence.split()) <= 20, sentence
    assert "{" not in word(key, asked=1, expected=2, answer="Yes")


def test_the_words_are_for_a_twelve_year_old():
    grades = [textstat.flesch_kincaid_grade(text) for text in all_words().values() if len(text.split()) >= 12]
    assert statistics.median(grades) <= 8.0 and max(grades) <= 10.0


def test_the_manifest_asks_for_what_is_used_and_no_more():
    with open("deploy/slack-manifest.yml", encoding="utf-8") as stream:
        manifest = yaml.safe_load(stream)
    assert sorted(manifest["oauth_config"]["scopes"]["bot"]) == [
        "app_mentions:read",
        "chat:write",
        "files:write",
        "im:history",
    ]
    settings = manifest["settings"]
    assert sorted(settings["event_subscriptions"]["bot_events"]) == ["app_home_opened", "app_mention", "message.im"]
    assert settings["event_subscriptions"]["request_url"].endswith("/webhooks/slack/events")
    assert settings["interactivity"]["request_url"].endswith("/webhooks/slack/actions")
    tab = manifest["features"]["app_home"]
    assert tab["home_tab_enabled"] and tab["messages_tab_enabled"] and not tab["messages_tab_read_only_enabled"]
    assert "slash_commands" not in manifest["features"]


def test_the_name_of_a_possibility_stands_out():
    said = {"text": "Low B12 fits well.\nIt fits because.", "utter_action": "utter_possibility"}
    (post,) = check(render([said]))
    assert [block["text"]["text"] for block in post.blocks] == ["*Low B12 fits well.*", "It fits because."]


PICTURE = {"kind": "picture", "title": "B12 on its scale", "svg": "<svg/>", "alt": "Your result: 180"}


def test_a_picture_comes_between_the_words_before_and_after_it():
    posts = render([{"text": "before"}, {"custom": PICTURE}, {"text": "after"}])
    assert [(post.text, bool(post.file)) for post in posts] == [("before", True), ("after", False)]
    (alone,) = render([{"custom": PICTURE}])
    assert alone.file == PICTURE and not alone.blocks


def test_a_picture_of_a_table_that_is_shown_is_left_out():
    table = {"title": "t", "columns": ["", "a", "b"], "rows": [["r", "1", "2"]]}
    answer = {"text": "So.", "custom": {"kind": "answer", "sources": [], "table": table}}
    result = {"text": "Result", "custom": {"kind": "assessment"}}
    assert not any(post.file for post in render([answer, {"custom": PICTURE}]))
    assert sum(bool(post.file) for post in render([answer, {"custom": PICTURE}, result, {"custom": PICTURE}])) == 1


def test_several_dangers_have_one_heading():
    further = {"kind": "urgent", "flag": "F4", "urgency": "same_day", "subject": "self", "further": True}
    (post,) = render(
        [
            {"text": "Call 999 now.", "custom": {"kind": "urgent", "flag": "F5", "urgency": "emergency_now"}},
            {"text": "Tell them this too. It could be a clot.", "custom": further},
        ]
    )
    assert [block["type"] for block in post.blocks] == ["header", "section", "section"]
