"""The same talk on the web, on Telegram, on Slack and in a terminal: the same to see and the same to do."""

from __future__ import annotations

import uuid

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet

from bot.channels.in_words import POSSIBILITIES, SOURCES, TABLE_ROW
from bot.channels.slack_words import word as slack_word
from bot.channels.telegram_words import word as telegram_word
from bot.channels.web_messages import WebOutput
from bot.dialogue.answers import options_of
from bot.knowledge import load
from evaluation.harness import Assistant
from tests.channels import voices

pytestmark = [pytest.mark.conversation, pytest.mark.timeout(600)]

WORDS = load().words
COMPLAINT = "My left thigh burns on the outside and my back hurts"
MOST_QUESTIONS = 25
CHANNELS = ("web", "shell", "telegram", "slack")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    running = Assistant(tmp_path_factory.mktemp("store") / "talks.db")
    yield running
    running.close()


def together(assistant, talk):
    async def run():
        async with voices.everybody(assistant.agent) as people:
            return await talk(people)

    return assistant.loop.run_until_complete(run())


class Reference:
    """What the assistant says, before any channel shows it."""

    def __init__(self, assistant):
        self._agent, self._sender = assistant.agent, uuid.uuid4().hex

    async def says(self, text):
        output = WebOutput()
        await self._agent.handle_message(UserMessage(text, output, self._sender, input_channel="rest"))
        return output.messages


def pieces(messages, channel):
    """What a person must be able to read. A table, a list of sources and a card may be set in any way."""
    ranked = any((message.get("custom") or {}).get("ranking") for message in messages)
    said = []
    for message in messages:
        custom, action = message.get("custom") or {}, message.get("utter_action")
        if custom.get("kind") == "answer":
            table = custom.get("table") or {}
            said += [cell for row in table.get("rows", ()) for cell in row] + list(table.get("columns", ()))
            said += [load().sources[key].title for key in custom["sources"]]
        if custom.get("kind") == "picture":
            told = any(other.get("utter_action") == TABLE_ROW for other in messages) or (ranked and channel == "shell")
            said += [] if told else [custom["alt"]]
        elif custom.get("kind") == "summary":
            said += custom["markdown"].replace("**", "").splitlines()
        elif action in POSSIBILITIES:
            keys = ("name", "likelihood", "supports") + (("against",) if action == POSSIBILITIES[0] else ())
            said += [message[key] for key in keys]
        elif action not in (TABLE_ROW, SOURCES):
            said += str(message.get("text") or "").split("\n")
    return [piece for piece in said if voices.plain(piece)]


def to_press(messages):
    return [button["title"] for message in messages for button in message.get("buttons") or ()]


def kinds(messages):
    return [(message.get("custom") or {}).get("kind") for message in messages]


def compare(messages, seen):
    """Holds what each channel shows against what was said."""
    for channel, reply in seen.items():
        missing = [piece for piece in pieces(messages, channel) if not reply.says(piece)]
        assert not missing, (channel, missing)
        assert reply.titles == to_press(messages), channel
        summary = "summary" in kinds(messages)
        assert reply.documents == int(summary and channel != "shell"), channel
        urgent = [message for message in messages if (message.get("custom") or {}).get("kind") == "urgent"]
        assert not urgent or reply.says("999"), channel


async def everyone(people, reference, text, how="says", *titles):
    """All say the same, by typing or by pressing; their replies are compared."""
    messages = await reference.says(text)
    seen = {}
    for channel, person in people.items():
        seen[channel] = await (person.presses(*(titles or (text,))) if how == "presses" else person.says(text))
    compare(messages, seen)
    return messages, seen


def question_of(messages):
    asked = [message["custom"] for message in messages if (message.get("custom") or {}).get("kind") == "question"]
    return asked[-1] if asked else None


def test_a_whole_interview_is_the_same_everywhere(assistant):
    async def talk(people):
        reference = Reference(assistant)
        messages, first = await everyone(people, reference, COMPLAINT)
        messages, _ = await everyone(people, reference, WORDS["answer_yes"], "presses")
        asked = set()
        for number in range(MOST_QUESTIONS):
            question = question_of(messages)
            if question is None:
                break
            asked.add(question["type"])
            if not question["options"]:
                messages, _ = await everyone(
                    people, reference, "42" if question["id"] == "age" else WORDS["answer_skip"]
                )
                continue
            # by turns with a button, by number and by typing; the last but one option is "No" or "None of these"
            option = question["options"][-2]["title"]
            if number % 3 == 1:
                messages, _ = await everyone(people, reference, str(len(question["options"]) - 1))
            else:
                messages, _ = await everyone(people, reference, option, "presses" if number % 3 == 0 else "says")
        assert {"yes_no", "multi_choice"} <= asked
        assert any((message.get("custom") or {}).get("complete") for message in messages), "it ended with the result"
        messages, _ = await everyone(people, reference, WORDS["answer_summary"], "presses")
        assert "summary" in kinds(messages)
        return first

    first = together(assistant, talk)
    assert first["telegram"].says(telegram_word("not_private")), "Telegram can read along, and says so at first"
    assert first["slack"].says(slack_word("privacy")), "so do the people who run the workspace"
    assert all(seen.says("software, not a person") for seen in first.values())


def test_answers_tables_pictures_and_advice_are_the_same_everywhere(assistant):
    async def talk(people):
        reference = Reference(assistant)
        await everyone(people, reference, COMPLAINT)
        await everyone(people, reference, "yes")
        compared, _ = await everyone(people, reference, "What is the difference between low B12 and sciatica?")
        measured, seen = await everyone(people, reference, "My serum B12 is 150 pmol/L")
        why, _ = await everyone(people, reference, WORDS["answer_why"])
        help_, _ = await everyone(people, reference, "help")
        urgent, _ = await everyone(people, reference, "Now I can't pee and I am numb between my legs")
        await everyone(people, reference, WORDS["answer_help_arranged"], "presses")
        erased, _ = await everyone(people, reference, "delete my data")
        return compared, measured, seen, urgent, erased

    compared, measured, seen, urgent, erased = together(assistant, talk)
    assert any((message.get("custom") or {}).get("table") for message in compared)
    assert "picture" in kinds(measured), "the result is drawn"
    assert {channel: reply.pictures for channel, reply in seen.items()} == {
        "web": 1,
        "shell": 0,
        "telegram": 1,
        "slack": 1,
    }
    assert "urgent" in kinds(urgent) and "erased" in kinds(erased)


@pytest.mark.parametrize("key", ["site", "course", "any yes or no"])
def test_each_option_is_chosen_by_button_title_and_number_everywhere(assistant, key):
    knowledge = load()
    question = knowledge.questions.get(key) or next(q for q in knowledge.questions.values() if q.type == "yes_no")
    options = options_of(question, knowledge)
    tried = [options[0], options[-2], options[-1]]

    async def ask(person, talks):
        """Puts the question to the person, whatever was asked before."""
        (sender,) = [
            sender for sender in await assistant.agent.tracker_store.keys() if sender not in talks.values()
        ] or [talks[person]]
        talks[person] = sender
        tracker = await assistant.agent.tracker_store.retrieve(sender)
        state = {**tracker.get_slot("talk"), "pending": question.key, "paused": False, "flags": []}
        tracker.update(SlotSet("talk", state))
        await assistant.agent.tracker_store.save(tracker)
        reply = await person.says("can you repeat that please")
        assert reply.titles[: len(options)] == [option.title for option in options]

    async def answered(sender):
        tracker = await assistant.agent.tracker_store.retrieve(sender)
        rows = [row for row in tracker.get_slot("talk")["journal"] if row["kind"] == "answer"]
        return rows[-1]["question"], rows[-1]["value"]

    async def talk(people):
        talks = {other: other for other in await assistant.agent.tracker_store.keys()}
        for person in people.values():
            await person.says(COMPLAINT)
            await person.says("yes")
            for option in tried:
                values = set()
                for how in (person.presses, person.says, None):
                    await ask(person, talks)
                    await (how(option.title) if how else person.says(str(options.index(option) + 1)))
                    values.add(str(await answered(talks[person])))
                assert len(values) == 1 and question.key in values.pop(), (person, option)

    together(assistant, talk)


def test_deletion_leaves_nothing_on_any_channel(assistant, caplog):
    secret = "zanzibar"

    def stored():
        engine = assistant.agent.tracker_store._tracker_store.engine
        engine.dispose()
        return [path.name for path in assistant.database.parent.rglob("*") if secret.encode() in path.read_bytes()]

    async def talk(people):
        for person in people.values():
            await person.says(f"my feet burn like {secret} and tingle")
            await person.says("yes")
            await person.says("summary")
        assert stored(), "it was there"
        for channel, person in people.items():
            reply = await person.says("delete my data")
            assert reply.says("I've deleted everything"), channel
        before = len(people["web"].session)
        async with people["web"]._client.get(
            f"{people['web']._url}/webhooks/web/history", headers={"X-Myelin-Session": people["web"].session}
        ) as answer:
            assert before and (await answer.json())["messages"] == []
        assert people["slack"]._world.slack.files == {}, "files are gone too"

    caplog.set_level("DEBUG", logger="bot")
    together(assistant, talk)
    assert stored() == [] and secret not in caplog.text
