"""What the sentence encoder has learnt of the language of Myelin's patients.

``make adapter`` writes low-rank additions to the weights of the published model (LoRA, Hu et al. 2021) into a file of
the repository; they are added once, when the model is read. The file also holds the head that reads the status of a
named complaint from the states of its tokens (``status.py``). See ``docs/adr/0011-an-adapted-encoder.md``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Dict, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
FILE = Path(__file__).resolve().parents[2] / "data" / "encoder" / "adapter.safetensors"
DOWN, UP = ".down", ".up"


@lru_cache(maxsize=1)
def read_adapter(path: Path = FILE) -> Mapping[str, Array]:
    """The tensors of the file by name. Raises ``OSError`` if it cannot be read."""
    from safetensors.numpy import load_file

    return {name: tensor.astype(np.float32) for name, tensor in load_file(str(path)).items()}


def adapted(weights: Mapping[str, Array], adapter: Mapping[str, Array]) -> Dict[str, Array]:
    """The weights, each dense layer plus the product of its ``down`` (inputs, rank) and ``up`` (rank, outputs)."""
    result = dict(weights)
    for name in adapter:
        if name.endswith(DOWN):
            layer = name[: -len(DOWN)]
            result[f"{layer}.weight"] = weights[f"{layer}.weight"] + (adapter[name] @ adapter[f"{layer}{UP}"]).T
    return result
