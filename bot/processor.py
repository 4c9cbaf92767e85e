"""Which of its kernels numpy's linear algebra should use on this processor.

OpenBLAS picks its kernels by the model of the processor, and takes its slowest for one that is younger than itself:
the release within numpy 1.23 then works at a sixth of the speed. What a processor can do says more than its model.
The choice must be in the environment before numpy is first imported.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import FrozenSet, Optional

VARIABLE = "OPENBLAS_CORETYPE"
CPU_INFO = Path("/proc/cpuinfo")
WIDE = frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})
MIDDLE = frozenset({"avx2", "fma"})


def features(cpu_info: Path = CPU_INFO) -> FrozenSet[str]:
    """The instruction sets that an x86 processor names; none where that cannot be read."""
    try:
        lines = cpu_info.read_text(encoding="ascii", errors="ignore").splitlines()
    except OSError:
        return frozenset()
    return next((frozenset(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), frozenset())


def core_type(available: FrozenSet[str]) -> Optional[str]:
    """OpenBLAS's name of the kernels for these instruction sets; none leaves the choice to OpenBLAS."""
    if available >= WIDE:
        return "SkylakeX"
    return "Haswell" if available >= MIDDLE else None


def choose_kernels() -> None:
    """Sets the variable for this process and its children, unless it is set."""
    chosen = core_type(features())
    if chosen:
        os.environ.setdefault(VARIABLE, chosen)
