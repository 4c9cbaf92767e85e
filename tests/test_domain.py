"""The domain, the rules, the actions and the code agree with each other."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import yaml

import actions.care
import actions.interview
import actions.knowledge
import actions.small_talk
import actions.steering
from actions.base import TalkAction
from bot.knowledge import load

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
CODE = "\n".join(
    path.read_text(encoding="utf-8") for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py")
)
QUESTION_TYPES = ("yes_no", "choice", "multi_choice", "number", "free")
# What a response may hold besides the variables its caller names.
ALWAYS = {"emergency", "advice_line", "crisis", "kept_days"}


def action_classes():
    modules = (actions.care, actions.interview, actions.knowledge, actions.small_talk, actions.steering)
    return [
        item
        for module in modules
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, TalkAction) and item is not TalkAction
    ]


def rules():
    for path in (ROOT / "data" / "stories").glob("*.yml"):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]


def intents_of(rule):
    step = rule["steps"][0]
    return [choice["intent"] for choice in step["or"]] if "or" in step else [step["intent"]]


def test_intents_are_the_acts_and_topics_of_the_vocabulary():
    names = {name for entry in DOMAIN["intents"] for name in (entry if isinstance(entry, dict) else [entry])}
    vocabulary = load().vocabulary
    assert set(vocabulary["act"]) | set(vocabulary["topic"]) <= names


def test_every_intent_leads_to_exactly_one_action():
    led = [intent for rule in rules() for intent in intents_of(rule)]
    names = {name for entry in DOMAIN["intents"] for name in entry}
    assert sorted(led) == sorted(set(led))
    assert set(led) | {"restart"} == names | {"nlu_fallback"}


def test_actions_of_the_domain_are_the_actions_that_exist():
    assert sorted(cls().name() for cls in action_classes()) == sorted(DOMAIN["actions"])


def test_rules_name_actions_of_the_domain():
    assert {rule["steps"][-1]["action"] for rule in rules()} <= set(DOMAIN["actions"])


def test_every_response_is_used_and_every_used_response_exists():
    named = set(re.findall(r'"(utter_(?!action")\w+)"', CODE)) | {f"utter_clarify_{kind}" for kind in QUESTION_TYPES}
    assert named == set(DOMAIN["responses"])


def test_every_training_intent_is_in_the_domain():
    names = {name for entry in DOMAIN["intents"] for name in entry}
    for path in (ROOT / "data" / "nlu").rglob("*.yml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            assert entry.get("intent", next(iter(names))) in names, path.name


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_responses_hold_only_variables_their_caller_gives(name):
    variables = set(re.findall(r"{(\w+)}", "\n".join(entry["text"] for entry in DOMAIN["responses"][name]))) - ALWAYS
    called_with = set(re.findall(r"(\w+)=", CODE)) | {"act", "reason"}
    assert variables <= called_with
