"""Finds the rule for a turn among those of its intent and last action, instead of trying each rule."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Text, Tuple

from rasa.core.policies.rule_policy import RULES, SHOULD_NOT_BE_SET, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

ALL_THAT_FIT, FIND_ACTION = RulePolicy._get_possible_keys, RulePolicy._find_action_from_rules  # as Rasa has them

Demands = Tuple[Optional[Text], Optional[Text]]  # the last action and the intent that a rule demands; None: any


def prepare_rules() -> None:
    """Makes Rasa's ``RulePolicy`` try only the rules that demand the last action and the intent of the turn.

    Rasa 3.6 compares each rule with each state of the talk, three times in a turn: 400 comparisons for two rules that
    fit. Which of them fit is still Rasa's own to say. The same policy trains, so rules are checked as before.
    """

    def possible(policy: RulePolicy, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
        near = {key: lookup[key] for key in candidates(tuple(lookup), states[-1])} if states else lookup
        return ALL_THAT_FIT(policy, near, states)

    def found(
        policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[Text], Optional[Text], bool]:
        if use_text_for_last_user_input and not tracker.active_loop_name and not _without_intent(policy):
            return None, None, False  # the intent is left out of the state: no rule fits
        return FIND_ACTION(policy, tracker, domain, use_text_for_last_user_input)

    RulePolicy._get_possible_keys = possible
    RulePolicy._find_action_from_rules = found


def candidates(rules: Sequence[Text], state: Mapping[Text, Any]) -> List[Text]:
    """Of the rules (in Rasa's JSON) those that can fit when this is the latest state, in no order."""
    action, intent = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)
    index = _index(tuple(rules))
    near = {(a, i) for a in (action, None) for i in (intent, None)}
    return [key for demands in near for key in index.get(demands, ())]


def _without_intent(policy: RulePolicy) -> bool:
    """Whether a rule may fit a state that has no intent."""
    return any(intent is None for _, intent in _index(tuple(policy.lookup[RULES])))


@lru_cache(maxsize=8)
def _index(rules: Tuple[Text, ...]) -> Dict[Demands, List[Text]]:
    index: Dict[Demands, List[Text]] = defaultdict(list)
    for key in rules:
        index[_demands(json.loads(key)[-1])].append(key)
    return dict(index)


def _demands(state: Mapping[Text, Any]) -> Demands:
    """What the latest state of a rule demands. The start of a talk fits whatever the intent is."""
    if not state.get(PREVIOUS_ACTION):
        return None, None
    wanted = (state[PREVIOUS_ACTION].get(ACTION_NAME), state.get(USER, {}).get(INTENT))
    action, intent = (value if isinstance(value, str) and value != SHOULD_NOT_BE_SET else None for value in wanted)
    return action or None, intent or None
