"""The ordered runner gives what dask gives, calls each node once, and fails as it does."""

from __future__ import annotations

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphNodeHook, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource

import bot.adapters  # noqa: F401 - importing it prepares the runner
from bot.adapters.graph_runner import OrderedGraphRunner

RUNNERS = (DaskGraphRunner, OrderedGraphRunner)


class Step(GraphComponent):
    """Says its name and what it was given."""

    def __init__(self, name):
        self.name = name

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls(execution_context.node_name)

    def work(self, **given):
        return {self.name: given}

    def fail(self, **_):
        raise ValueError("no")

    def stop(self, **_):
        raise RuntimeError("stop")


class Seen(GraphNodeHook):
    def __init__(self):
        self.calls = []

    def on_before_node(self, node_name, execution_context, config, received_inputs):
        self.calls.append((node_name, received_inputs))
        return {"of": node_name}

    def on_after_node(self, node_name, execution_context, config, output, input_hook_data):
        self.calls.append((node_name, output, input_hook_data))


def node(fn="work", target=False, eager=True, **needs):
    return SchemaNode(needs, Step, "create", fn, {}, eager=eager, is_target=target, resource=Resource("step"))


def schema(**nodes):
    # a diamond, a node that nobody needs, and names in an order in which they cannot run
    return GraphSchema(
        {
            "end": node(target=True, left="left", right="right", text="__text__"),
            "left": node(first="first", eager=False),
            "right": node(first="first"),
            "aside": node(first="first"),
            "first": node(text="__text__"),
            **nodes,
        }
    )


def run(runner, graph, hooks=None, **arguments):
    context = ExecutionContext(graph, "model")
    return runner.create(graph, None, context, hooks).run(**arguments)


@pytest.mark.parametrize("targets", [None, ["end"], ["left"], ["aside", "right"], ["__text__", "first"]])
@pytest.mark.parametrize("text", ["words", ["words"], {"a": 1}, ("a", "b"), None])
def test_gives_what_dask_gives(targets, text):
    given = {"inputs": {"__text__": text}, "targets": targets}
    theirs, ours = (run(runner, schema(), **given) for runner in RUNNERS)
    assert ours == theirs and list(ours) == list(theirs)


def test_nodes_see_the_same_and_each_runs_once():
    calls = []
    for runner in RUNNERS:
        hook = Seen()
        run(runner, schema(), [hook], inputs={"__text__": "words"})
        calls.append(hook.calls)
    theirs, ours = calls
    assert sorted(ours, key=str) == sorted(theirs, key=str)
    assert len(ours) == 2 * len({call[0] for call in ours})


def test_an_input_stands_for_the_node_of_its_name():
    theirs, ours = (run(runner, schema(), inputs={"__text__": "a", "first": 1}) for runner in RUNNERS)
    assert ours == theirs and ours["end"]["end"]["left"] == {"left": {"first": 1}}


def test_runs_do_not_know_of_each_other():
    runner = OrderedGraphRunner.create(schema(), None, ExecutionContext(schema(), "model"))
    first, second = (runner.run({"__text__": text}, ["first"]) for text in ("a", "b"))
    assert (first, second) == ({"first": {"first": {"text": "a"}}}, {"first": {"first": {"text": "b"}}})


@pytest.mark.parametrize(
    ("nodes", "inputs", "error"),
    [
        ({}, {}, GraphRunError),  # an input is missing
        ({"first": node("fail", text="__text__")}, {"__text__": "a"}, GraphComponentException),
        ({"first": node("stop", text="__text__")}, {"__text__": "a"}, GraphComponentException),
    ],
)
@pytest.mark.parametrize("runner", RUNNERS)
def test_fails_as_dask_does(runner, nodes, inputs, error):
    with pytest.raises(error):
        run(runner, schema(**nodes), inputs=inputs)


@pytest.mark.parametrize("runner", RUNNERS)
def test_an_unknown_target_is_refused(runner):
    with pytest.raises(KeyError):
        run(runner, schema(), inputs={"__text__": "a"}, targets=["nobody"])


def test_rasa_serves_with_it():
    import rasa.core.processor
    import rasa.model_training

    assert rasa.core.processor.DaskGraphRunner is OrderedGraphRunner
    assert rasa.model_training.DaskGraphRunner is DaskGraphRunner
