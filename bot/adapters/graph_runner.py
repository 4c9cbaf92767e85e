"""Runs the steps of a model one after the other, without a scheduler."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any, Dict, List, Optional, Text, Tuple

import rasa.core.processor
from rasa.engine.runner.dask import DaskGraphRunner

Steps = List[Tuple[Text, Tuple[Text, ...]]]  # name of a node, and of those whose output it takes


class OrderedGraphRunner(DaskGraphRunner):
    """``DaskGraphRunner`` that puts the nodes into their order once.

    Rasa 3.6 has dask plan each run anew, three in a turn, and gains nothing by it: it runs one node at a time. That was
    a third of what the nodes themselves take. Nodes, hooks and errors are Rasa's own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: Dict[Tuple[Text, ...], Steps] = {}

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        """The output of each target (see ``GraphRunner``). Raises ``GraphRunError`` if an input is missing."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._steps(wanted):
            if name not in outputs:
                # A node says itself what is missing if it is given a name instead of an output.
                outputs[name] = self._instantiated_nodes[name](*(outputs.get(need, need) for need in needs))
        return dict(outputs[target] for target in wanted)

    def _steps(self, targets: Tuple[Text, ...]) -> Steps:
        if targets not in self._orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()  # inputs of the run too, which are no nodes
            self._orders[targets] = [(name, needs[name]) for name in order if name in needs]
        return self._orders[targets]


def prepare_runner() -> None:
    """Makes Rasa serve with this runner. It trains with its own, which may forget outputs before the end."""
    rasa.core.processor.DaskGraphRunner = OrderedGraphRunner
