"""Each layer imports only the layers it may, and the clinical ones know nothing of Rasa."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READERS = ("bot.understanding.foods", "bot.understanding.lab_numbers")  # plain readers of amounts
MAY_IMPORT = {
    "knowledge": (),
    "shared": (),
    "understanding": ("bot.knowledge",),
    "reasoning": ("bot.knowledge", *READERS),
    "rendering": ("bot.knowledge", "bot.reasoning"),
    "dialogue": ("bot.knowledge", "bot.understanding", "bot.reasoning", "bot.rendering"),
}
FRAMEWORKS = ("rasa", "rasa_sdk", "sanic")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


FILES = [(layer, path) for layer in MAY_IMPORT for path in sorted((ROOT / "bot" / layer).rglob("*.py"))]


@pytest.mark.parametrize(("layer", "path"), FILES, ids=[str(path.relative_to(ROOT)) for _, path in FILES])
def test_a_layer_imports_only_what_it_may(layer, path):
    allowed = (f"bot.{layer}", *MAY_IMPORT[layer])
    for name in imports(path):
        assert not name.startswith("bot.") or name.startswith(allowed), name
        assert name.split(".")[0] not in FRAMEWORKS, name


def test_no_skill_depends_on_another_in_a_circle():
    folder = ROOT / "bot" / "dialogue" / "skills"
    prefix = "bot.dialogue.skills"
    uses = {}
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == prefix]
        uses[path.stem] = {alias.name for node in named for alias in node.names}
    settled = set()
    while len(settled) < len(uses):
        free = {name for name, used in uses.items() if name not in settled and used <= settled}
        assert free, sorted(set(uses) - settled)
        settled |= free
