"""The kernels of linear algebra fit what the processor can do, and a choice already made stands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, Optional

import pytest

from bot import processor


@pytest.mark.parametrize(
    "flags, expected",
    [
        ("fpu sse2 avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl", "SkylakeX"),
        ("fpu sse2 avx2 fma avx512f", "Haswell"),
        ("fpu sse2", None),
    ],
)
def test_kernels_follow_the_instruction_sets(tmp_path: Path, flags: str, expected: Optional[str]) -> None:
    cpu_info = tmp_path / "cpuinfo"
    cpu_info.write_text(f"processor\t: 0\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: {flags}\n")
    assert processor.core_type(processor.features(cpu_info)) == expected


def test_without_a_list_of_instruction_sets_openblas_chooses(tmp_path: Path) -> None:
    assert processor.core_type(processor.features(tmp_path / "missing")) is None


@pytest.mark.parametrize("before, after", [({}, "Haswell"), ({processor.VARIABLE: "Zen"}, "Zen")])
def test_a_setting_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch, before: Dict[str, str], after: str) -> None:
    environment = dict(before)
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(processor, "features", lambda: processor.MIDDLE)
    processor.choose_kernels()
    assert environment[processor.VARIABLE] == after
