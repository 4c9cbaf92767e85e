"""The bots that are measured: Myelin, a stock Rasa bot on the same data, and an empty Rasa bot as the floor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import yaml

from bot.serve import ROOT
from evaluation import baselines
from evaluation.baselines import Trained

FALLBACK = "nlu_fallback"
QUICK_EPOCHS = 5
# What the empty bot understands with: a few keywords.
EMPTY_PIPELINE = [{"name": "WhitespaceTokenizer"}, {"name": "KeywordIntentClassifier"}, {"name": "FallbackClassifier"}]

Rules = List[Mapping[str, Any]]


@dataclass(frozen=True)
class Project:
    """A Rasa project as the contents of its files: ``config.yml``, ``domain.yml`` and everything to learn from."""

    config: Mapping[str, Any]
    domain: Mapping[str, Any]
    data: Mapping[str, Any]
    nlu: Tuple[Path, ...] = ()

    def write(self, folder: Path) -> List[str]:
        """Writes the files and returns the arguments of ``rasa train`` that point to them."""
        for name, content in (("config", self.config), ("domain", self.domain), ("rules", self.data)):
            (folder / f"{name}.yml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        data = ["rules.yml", *(str(path) for path in self.nlu)]
        return ["--config", "config.yml", "--domain", "domain.yml", "--data", *data, "--force"]

    def digest(self) -> str:
        """Changes with everything that is learnt from."""
        digest = hashlib.sha256(yaml.safe_dump([self.config, self.domain, self.data]).encode())
        for root in self.nlu:
            for path in sorted(root.rglob("*.yml")):
                digest.update(path.read_bytes())
        return digest.hexdigest()[:12]


def stock(epochs: int) -> Project:
    """What ``rasa init`` sets up, on Myelin's examples, intents and rules; each action becomes a plain response.

    The rules become stories, so that the policies that learn have something to learn. Only the answer to what
    was not understood stays a rule, as Rasa's own documentation advises.
    """
    config = baselines.stock_config(epochs)
    config["policies"] = [
        {**policy, "epochs": epochs} if "epochs" in policy else policy
        for policy in baselines.stock_template()["policies"]
    ]
    domain, rules = _yaml(ROOT / "domain.yml"), _rules()
    intents = [name for entry in domain["intents"] for name in entry]
    names = sorted({step["action"] for rule in rules for step in rule["steps"] if "action" in step})
    return Project(
        config=config,
        domain={
            "version": "3.1",
            "intents": intents,
            "entities": domain["entities"],
            # utter_default: else the fallback of a policy that is not sure says nothing
            "responses": {_response(name): [{"text": _plain(name)}] for name in [*names, "action_default"]},
            "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
        },
        data={
            "version": "3.1",
            "stories": [_story(rule) for rule in rules if not _is_fallback(rule)],
            "rules": [{"rule": rule["rule"], "steps": _steps(rule)} for rule in rules if _is_fallback(rule)],
        },
        nlu=(baselines.TRAINING_DATA,),
    )


def empty() -> Project:
    """The least that is a Rasa bot."""
    return Project(
        config={
            "recipe": "default.v1",
            "assistant_id": "empty",
            "language": "en",
            "pipeline": EMPTY_PIPELINE,
            "policies": [{"name": "RulePolicy"}],
        },
        domain={
            "version": "3.1",
            "intents": ["hello", "bye"],
            "responses": {"utter_hello": [{"text": "Hello."}]},
        },
        data={
            "version": "3.1",
            "nlu": [
                {"intent": "hello", "examples": "- hello\n- yes\n"},
                {"intent": "bye", "examples": "- bye\n- no\n"},
            ],
            "rules": [
                {"rule": f"answer to {intent}", "steps": [{"intent": intent}, {"action": "utter_hello"}]}
                for intent in ("hello", "bye", FALLBACK)
            ],
        },
    )


def trained(name: str, project: Project) -> Trained:
    """Trains the project from nothing, once for each content, and says how long that took."""
    return baselines.trained(baselines.CACHE.parent / "benchmarks" / f"{name}-{project.digest()}", project.write)


def _rules() -> Rules:
    files = sorted((ROOT / "data" / "stories").glob("*.yml"))
    return [rule for path in files for rule in _yaml(path)["rules"]]


def _story(rule: Mapping[str, Any]) -> Dict[str, Any]:
    return {"story": rule["rule"], "steps": _steps(rule)}


def _steps(rule: Mapping[str, Any]) -> List[Dict[str, Any]]:
    return [{"action": _response(step["action"])} if "action" in step else dict(step) for step in rule["steps"]]


def _is_fallback(rule: Mapping[str, Any]) -> bool:
    return any(step.get("intent") == FALLBACK for step in rule["steps"])


def _response(action: str) -> str:
    return action.replace("action_", "utter_", 1)


def _plain(action: str) -> str:
    return f"This is the answer to {action.replace('action_', '', 1).replace('_', ' ')}. It is always the same."


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
