"""What a picture is: an SVG with its text alternative. The words of pictures are reviewed data (``pictures.yml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, Mapping, Tuple

from bot.knowledge.loader import FOLDER, read_yaml

WIDTH = 640  # pixels, of tables
CHART_WIDTH = 440  # of charts; a telephone shows them at three quarters of it, and words of 17 pixels can still be read
EDGE = 20


@dataclass(frozen=True)
class Picture:
    """``alt`` says everything that the picture shows."""

    title: str
    svg: str
    alt: str

    def contract(self) -> Dict[str, str]:
        """The machine-readable part of the message that carries the picture."""
        return {"kind": "picture", "title": self.title, "svg": self.svg, "alt": self.alt}


@lru_cache(maxsize=1)
def _data() -> Dict[str, Mapping[str, object]]:
    data = read_yaml(FOLDER / "pictures.yml")
    assert isinstance(data, dict)
    return data


def word(key: str, /, **variables: object) -> str:
    """A phrase of the pictures with its variables filled in."""
    return str(_data()["words"][key]).format(**variables)


def band_word(band: str) -> str:
    """The short name of a band."""
    names = _data()["words"]["bands"]
    assert isinstance(names, Mapping)
    return str(names[band])


def scale_of(analyte: str) -> Tuple[float, float]:
    """Where the scale of a result begins and ends, in its canonical unit."""
    scales: Mapping[str, Tuple[float, float]] = _data()["scales"]  # type: ignore[assignment]
    low, high = scales[analyte]
    return float(low), float(high)


def drawable(analyte: str) -> bool:
    """Whether results of this test have a scale; antibodies, for example, have none."""
    return analyte in _data()["scales"]
