"""Serving needs none of the libraries that only training needs, and nothing is missing for who does need them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.serve import ROOT

SERVING = """
import sys
from bot.lazy_imports import postpone
postpone()
import rasa.core.run, rasa.server, bot.adapters.extractor, bot.adapters.safety_policy
from rasa.graph_components.validators.default_recipe_validator import DefaultV1RecipeValidator
assert isinstance(DefaultV1RecipeValidator, type)
"""
TRAINING_ONLY = ("tensorflow", "sklearn", "matplotlib", "jax")


def run(code):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SERVING + code], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout


def test_serving_imports_nothing_that_only_training_needs():
    assert run(f"print([name for name in {TRAINING_ONLY} if name in sys.modules])").split() == ["[]"]


@pytest.mark.slow
def test_what_is_postponed_is_whole_when_it_is_used():
    assert run(
        """
import rasa.utils.train_utils, rasa.nlu.test, numpy
from rasa.utils.tensorflow.model_data import ragged_array_to_ndarray, RasaModelData
assert ragged_array_to_ndarray([numpy.ones(2), numpy.ones(3)]).shape == (2,)
assert rasa.utils.train_utils.rank_and_mask.__module__ == "rasa.utils.train_utils"
assert DefaultV1RecipeValidator.create.__name__ == "create"
import importlib
real = importlib.import_module("rasa.graph_components.validators.default_recipe_validator").DefaultV1RecipeValidator
assert issubclass(real, object) and real.load
from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS
print(len(DEFAULT_COMPONENTS) > 20, "tensorflow" in sys.modules)
"""
    ).split() == ["True", "True"]


def test_spacy_is_told_the_truth_when_tensorflow_is_there_already():
    code = "import types; sys.modules['tensorflow'] = types.ModuleType('tensorflow')\ntry:\n    import thinc.compat\nexcept Exception: pass\n"
    assert run(code + "print(type(sys.modules['tensorflow']).__name__)").split() == ["module"]
