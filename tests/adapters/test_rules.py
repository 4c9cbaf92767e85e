"""The index of rules changes nothing: the same rules fit, and the same is predicted."""

from __future__ import annotations

import logging
import random

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.utils.log_utils import configure_structlog

import bot.adapters  # noqa: F401 - importing it prepares the rules
from bot.adapters import rules
from bot.serve import ROOT

# What the assistant does not use, Rasa's rules can: loops, slots, texts, the start of a talk.
DOMAIN = """
version: "3.1"
intents: [greet, ask, tell, more, stop]
slots:
  known: {type: bool, mappings: [{type: custom}]}
  size: {type: text, mappings: [{type: custom}]}
responses: {utter_hello: [{text: a}], utter_answer: [{text: b}], utter_more: [{text: c}], utter_done: [{text: d}]}
forms: {a_form: {required_slots: [size]}}
"""
STORIES = """
version: "3.1"
rules:
- rule: start
  conversation_start: true
  steps: [{intent: greet}, {action: utter_hello}]
- rule: with a slot
  condition: [{slot_was_set: [{known: true}]}]
  steps: [{intent: ask}, {action: utter_answer}, {action: utter_more}]
- rule: without the slot
  condition: [{slot_was_set: [{known: null}]}]
  steps: [{intent: more}, {action: utter_more}]
- rule: by its words
  steps: [{user: "the very words"}, {action: utter_more}]
- rule: begins a form
  steps: [{intent: tell}, {action: a_form}, {active_loop: a_form}]
- rule: ends the form
  condition: [{active_loop: a_form}]
  steps: [{action: a_form}, {active_loop: null}, {action: utter_done}]
- rule: interrupts the form
  condition: [{active_loop: a_form}]
  steps: [{intent: ask}, {action: utter_answer}, {action: a_form}]
- rule: leaves the form
  condition: [{active_loop: a_form}]
  steps: [{intent: stop}, {action: action_deactivate_loop}, {active_loop: null}]
"""


class RasasOwn(RulePolicy):
    """The policy as Rasa has it."""

    _get_possible_keys = rules.ALL_THAT_FIT
    _find_action_from_rules = rules.FIND_ACTION


def trained(kind, folder, domain, texts):
    steps = [step for text in texts for step in YAMLStoryReader(domain).read_from_string(text)]
    trackers = TrainingDataGenerator(StoryGraph(steps), domain, augmentation_factor=0).generate()
    storage = LocalModelStorage.create(folder)
    config = {**RulePolicy.get_default_config(), "core_fallback_action_name": "action_listen", "restrict_rules": False}
    policy = kind(config, storage, Resource(kind.__name__), ExecutionContext(GraphSchema({})))
    policy.train(trackers, domain)
    return policy


def both(folder, domain, texts):
    configure_structlog(logging.WARNING)  # else every prediction is printed
    return [trained(kind, folder, domain, texts) for kind in (RulePolicy, RasasOwn)]


@pytest.fixture(scope="module")
def assistants(tmp_path_factory):
    domain = Domain.load(str(ROOT / "domain.yml"))
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "data/stories").glob("*.yml"))]
    return domain, *both(tmp_path_factory.mktemp("rules"), domain, texts)


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    domain = Domain.from_yaml(DOMAIN)
    return domain, *both(tmp_path_factory.mktemp("forms"), domain, [STORIES])


def talk(domain, events):
    tracker = DialogueStateTracker("p", domain.slots)
    for event in events:
        tracker.update(event, domain)
    return tracker


def prediction(policy, tracker, domain):
    """Everything that the ensemble looks at, but the name of the policy."""
    given = vars(policy.predict_action_probabilities(tracker, domain))
    return {name: value for name, value in given.items() if name != "policy_name"}


def message(intent, text="words"):
    return UserUttered(text, {"name": intent, "confidence": 0.9})


@pytest.mark.parametrize("which", ["assistants", "forms"])
def test_learns_the_same(which, request):
    _, ours, theirs = request.getfixturevalue(which)
    assert ours.lookup["rules"] == theirs.lookup["rules"] and ours.lookup["rules"]
    in_order = [{name: sorted(policy.lookup[name]) for name in policy.lookup} for policy in (ours, theirs)]
    assert in_order[0] == in_order[1]


def test_predicts_the_same_for_every_intent_and_every_action_that_follows(assistants):
    domain, ours, theirs = assistants
    actions = {name for name in ours.lookup["rules"].values()} | {"action_urgent", "utter_urgent"}
    before = [ActionExecuted("action_listen"), message("greet"), ActionExecuted("action_greet")]
    for intent in [*domain.intents, None]:
        asked = [*before, ActionExecuted("action_listen"), message(intent)]
        for events in (asked[3:], asked, *([*asked, ActionExecuted(action)] for action in actions)):
            tracker = talk(domain, events)
            assert prediction(ours, tracker, domain) == prediction(theirs, tracker, domain), (intent, events)


def test_predicts_the_same_in_any_talk_with_loops_slots_and_words(forms):
    domain, ours, theirs = forms
    chance = random.Random(1)
    predicted = set()
    for _ in range(600):
        events = []
        for _ in range(chance.randrange(1, 5)):
            intent = chance.choice([*domain.intents, None])
            events += [
                ActionExecuted("action_listen"),
                message(intent, chance.choice(["words", "the very words", None])),
            ]
            events += chance.choices(
                [
                    ActionExecuted("a_form"),
                    ActiveLoop("a_form"),
                    ActiveLoop(None),
                    ActionExecutionRejected("a_form"),
                    SlotSet("known", True),
                    SlotSet("known", None),
                    SlotSet("size", "big"),
                    ActionExecuted("utter_answer"),
                    ActionExecuted("utter_hello"),
                ],
                k=chance.randrange(4),
            )
        tracker = talk(domain, events)
        found = prediction(ours, tracker, domain)
        assert found == prediction(theirs, tracker, domain)
        predicted.add(domain.action_names_or_texts[found["probabilities"].index(max(found["probabilities"]))])
    assert predicted >= {"utter_hello", "utter_answer", "utter_more", "utter_done", "a_form", "action_listen"}


def test_few_rules_are_tried(assistants):
    _, ours, _ = assistants
    known = tuple(ours.lookup["rules"])
    state = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "inform"}}
    assert len(known) > 100 and len(rules.candidates(known, state)) == 1
