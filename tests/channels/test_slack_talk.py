"""The whole assistant on Slack: trained model, real actions, real store; everything answered by pressing."""

from __future__ import annotations

import sqlite3
import uuid

import pytest

from bot.channels.slack_words import word
from bot.knowledge import load
from bot.shared.limits import Rate
from evaluation.harness import Assistant
from tests.channels import slack_server as fake

pytestmark = pytest.mark.conversation

SAID = "I have burning pain on the outside of both thighs and my feet tingle"
MOST_QUESTIONS = 40


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    running = Assistant(tmp_path_factory.mktemp("store") / "talks.db")
    yield running
    running.close()


def on_slack(assistant, talk):
    """Runs the talk in the loop of the assistant."""

    async def run():
        async with fake.world(assistant.agent.domain, uuid.uuid4().hex, person_rate=Rate(1e9, 10**6)) as there:
            there.app.ctx.agent, there.user = assistant.agent, f"U{uuid.uuid4().hex[:9].upper()}"
            return await talk(there)

    return assistant.loop.run_until_complete(run())


def to_press(there):
    """Titles of what can be pressed in the latest post."""
    found = fake.elements(there.slack.messages[there.posted[-1]].get("blocks", ()))
    buttons = [element["text"]["text"] for element in found if element["type"] == "button"]
    options = [option["text"]["text"] for element in found for option in element.get("options", ())]
    return buttons, options


def all_open(there):
    return [ts for ts in there.posted if fake.elements(there.slack.messages[ts].get("blocks", ()))]


async def press(there, title, values=None):
    before = there.posted[-1]
    status, _ = await there.press(title, values=values, user=there.user)
    await there.settled()
    assert status == 200 and all(ts > before for ts in all_open(there)), "only the newest reply can be answered"


def senders(assistant):
    with sqlite3.connect(assistant.database) as store:
        return {row[0] for row in store.execute("SELECT DISTINCT sender_id FROM events")}


async def interview(there):
    """From the first message to the result, by buttons alone."""
    words = load().words
    await there.says(SAID, user=there.user)
    await there.settled()
    await press(there, words["answer_yes"])
    for _ in range(MOST_QUESTIONS):
        buttons, options = to_press(there)
        if words["answer_summary"] in buttons:
            return
        if options:
            await press(there, word("done"), values=options[-1:])  # usually "none of these"
        else:
            answer = next(title for title in buttons if title not in (words["answer_yes"], words["answer_why"]))
            await press(there, answer)
    raise AssertionError("the interview did not end")


def test_an_interview_by_buttons_ends_with_a_result_and_a_file(assistant):
    async def talk(there):
        await interview(there)
        await press(there, load().words["answer_summary"])
        return there

    there = on_slack(assistant, talk)
    assert word("privacy") in there.slack.said[0] and sum(word("privacy") in text for text in there.slack.said) == 1
    assert any(content.startswith(b"%PDF") for content in there.slack.files.values())
    assert word("pdf_failed") not in there.slack.said


def test_why_is_answered_and_the_question_is_asked_again(assistant):
    async def talk(there):
        words = load().words
        await there.says(SAID, user=there.user)
        await there.settled()
        await press(there, words["answer_yes"])
        before = to_press(there)
        await press(there, words["answer_why"])
        assert to_press(there) == before

    on_slack(assistant, talk)


def test_an_emergency_comes_in_a_post_of_its_own_before_everything_else(assistant):
    async def talk(there):
        await there.says("my leg is swollen and red and now I have chest pain and can't breathe", user=there.user)
        await there.settled()
        return there.slack.posts

    first = on_slack(assistant, talk)[0]
    assert first["blocks"][0]["text"]["text"] == word("urgent") and "999" in first["text"]


def test_deletion_leaves_nothing_in_the_store_or_on_slack(assistant):
    before = senders(assistant)

    async def talk(there):
        await interview(there)
        await press(there, load().words["answer_summary"])
        stored = b"".join(file.read_bytes() for file in assistant.database.parent.iterdir())
        assert b"slack-" in stored and not any(raw.encode() in stored for raw in (there.user, fake.TEAM, fake.DM))
        (there.person,) = senders(assistant) - before
        await there.says("delete all my data", user=there.user)
        await there.settled()
        return there

    there = on_slack(assistant, talk)
    (left,) = there.slack.messages.values()
    assert word("erased") in left["text"] and there.slack.files == {}
    assert there.person not in senders(assistant)
