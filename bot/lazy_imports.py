"""Keeps libraries that only training needs out of the serving process.

Rasa and spaCy import TensorFlow, scikit-learn and matplotlib wherever they are used, also to serve a model that needs
none of them. That takes half of the time to start and half of the memory. A postponed module is there and can be
imported; its code runs when something of it is first used. So nothing goes missing: who needs it gets the real module.
"""

from __future__ import annotations

import sys
import threading
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Dict, Optional, Sequence, Tuple

# Module, and what others take from it by ``from ... import`` without using it at once.
POSTPONED: Dict[str, Tuple[str, ...]] = {
    "rasa.utils.train_utils": (),
    "rasa.utils.tensorflow.model_data_utils": (),
    "rasa.utils.tensorflow.model_data": ("ragged_array_to_ndarray",),
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
    "rasa.core.test": ("test",),
    "rasa.nlu.test": ("CVEvaluationResult",),
}
# Module, and an optional library that it is told is not installed, unless that is imported already.
WITHOUT: Dict[str, str] = {"thinc.compat": "tensorflow"}
_running = threading.RLock()


def postpone() -> None:
    """From now on the modules above are imported that way. Those already imported stay as they are."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        if fullname not in POSTPONED and fullname not in WITHOUT:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = (_Postponing if fullname in POSTPONED else _Without)(spec.loader)
        return spec


class _Without(Loader):
    def __init__(self, real: Loader) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> Optional[ModuleType]:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        library = WITHOUT[module.__name__]
        if library in sys.modules:
            self._real.exec_module(module)
            return
        sys.modules[library] = None  # type: ignore[assignment]  # the import system's own way to say "not there"
        try:
            self._real.exec_module(module)
        finally:
            del sys.modules[library]


class _Postponing(Loader):
    def __init__(self, real: Loader) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Postponed(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Does nothing yet."""


class _Postponed(ModuleType):
    """A module that has not run yet; becomes the real one when something of it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # the import machinery asks any module for these
        if name in POSTPONED[self.__name__]:
            return _StandIn(name, (), {"_module": self, "__module__": self.__name__})
        return getattr(_run(self), name)


class _StandIn(type):
    """Stands for a class or function of a postponed module until it is called or asked for something."""

    _module: ModuleType

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return getattr(_run(cls._module), cls.__name__)(*args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(getattr(_run(cls._module), cls.__name__), name)


def _run(module: ModuleType) -> ModuleType:
    """Runs the code of a postponed module, once. Raises whatever that raises; it is then still postponed."""
    with _running:
        spec = module.__spec__
        if isinstance(module, _Postponed) and spec is not None and isinstance(spec.loader, _Postponing):
            module.__class__ = ModuleType  # type: ignore[assignment]  # its code may use the module itself
            try:
                spec.loader.real.exec_module(module)
            except BaseException:
                module.__class__ = _Postponed
                raise
            spec.loader = module.__loader__ = spec.loader.real
    return module
