"""The model is trained anew exactly when something that goes into it changes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fingerprint.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fingerprint", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, script: ModuleType) -> Path:
    for name in script.INPUTS:
        path = tmp_path / name
        if path.suffix:
            path.write_text("a: 1\n")
        else:
            path.mkdir(parents=True)
            (path / "one.yml").write_text("- id: one\n")
    return tmp_path


def test_changes_with_content_name_and_new_files(script: ModuleType, project: Path) -> None:
    seen = {script.fingerprint(project)}
    (project / "knowledge" / "one.yml").write_text("- id: two\n")
    seen.add(script.fingerprint(project))
    (project / "knowledge" / "one.yml").rename(project / "knowledge" / "two.yml")
    seen.add(script.fingerprint(project))
    (project / "data" / "more.yml").write_text("b: 2\n")
    seen.add(script.fingerprint(project))
    assert len(seen) == 4


def test_ignores_what_is_not_an_input(script: ModuleType, project: Path) -> None:
    before = script.fingerprint(project)
    cache = project / "bot" / "understanding" / "__pycache__"
    cache.mkdir()
    (cache / "labs.cpython-310.pyc").write_bytes(b"x")
    (project / "README.md").write_text("words")
    assert script.fingerprint(project) == before


def test_every_input_exists(script: ModuleType) -> None:
    assert [name for name in script.INPUTS if not (script.ROOT / name).exists()] == []
