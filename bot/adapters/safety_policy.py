"""Safety inside the Rasa server: red flags first, and never silence. It does not need the action server."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.featurizers.precomputation import MessageContainerForCoreFeaturization
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.adapters.red_flags import flags_raised
from bot.adapters.tracker_store import STORE_SLOT

URGENT, AFTER_URGENT, TROUBLE = "utter_urgent", "action_urgent", "utter_technical_problem"
TROUBLE_AFTER_URGENT = "utter_technical_problem_after_urgent"
# More warnings in a row would bury the first; all but that one are brief. The parse still holds them all.
MOST_WARNINGS = 4


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(Policy):
    """Says the advice for each red flag of the message, and a safe sentence when an action said nothing.

    A turn is one action of the action server. Which one is left to the rules.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Its priority is above that of the rules."""
        return {"priority": 10}

    def train(
        self,
        training_trackers: List[TrackerWithCachedStates],
        domain: Domain,
        precomputations: Optional[MessageContainerForCoreFeaturization] = None,
        **kwargs: Any,
    ) -> Resource:
        """There is nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        precomputations: Optional[MessageContainerForCoreFeaturization] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Full confidence in the safe next action, or none at all."""
        action = next_safe_action(tracker)
        probabilities = self._default_predictions(domain)
        if action is not None:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)


def next_safe_action(tracker: DialogueStateTracker) -> Optional[str]:
    """The action that safety demands now, or ``None`` to leave the choice to the rules."""
    turn = _events_of_turn(tracker)
    done = [str(event.action_name) for event in turn if isinstance(event, ActionExecuted)]
    said = sum(isinstance(event, BotUttered) for event in turn)
    flags = flags_raised(tracker)
    if flags:
        return _after_red_flag(done, said, min(len(flags), MOST_WARNINGS))
    if tracker.get_slot(STORE_SLOT) and TROUBLE not in done:
        return TROUBLE
    if done and done[-1] == TROUBLE:
        return ACTION_LISTEN_NAME
    if done:
        return ACTION_LISTEN_NAME if said else TROUBLE  # a turn is one action, and never silent
    return None


def _after_red_flag(done: List[str], said: int, warnings: int) -> str:
    if done.count(URGENT) < warnings:
        return URGENT
    if AFTER_URGENT not in done:
        return AFTER_URGENT
    if said <= warnings and TROUBLE_AFTER_URGENT not in done:
        return TROUBLE_AFTER_URGENT
    return ACTION_LISTEN_NAME


def _events_of_turn(tracker: DialogueStateTracker) -> List[Event]:
    """What happened since the latest message of the person."""
    turn: List[Event] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        turn.append(event)
    return turn[::-1]
