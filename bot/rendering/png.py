"""Turns our own pictures into PNG, for channels that show no SVG. It knows only the shapes ``svg.Drawing`` writes."""

from __future__ import annotations

from io import BytesIO
from typing import Callable, Dict, Mapping, Tuple
from xml.etree import ElementTree

from PIL import Image, ImageDraw

from bot.rendering import fonts

SCALE = 2  # pixels of the picture for each of the SVG: sharp on a telephone
SMOOTH = 2  # shapes are drawn larger and scaled down
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_BACKGROUND = "white"

Attributes = Mapping[str, str]


def to_png(svg: str) -> bytes:
    """The picture as PNG. Raises ``ValueError`` for an element that our pictures do not have."""
    root = ElementTree.fromstring(svg)
    zoom = SCALE * SMOOTH
    size = (round(float(root.get("width", "0")) * zoom), round(float(root.get("height", "0")) * zoom))
    image = Image.new("RGB", size, _BACKGROUND)
    draw = ImageDraw.Draw(image)
    for element in root:
        tag = element.tag.rpartition("}")[2]
        if tag in ("title", "desc"):
            continue
        if tag not in _SHAPES:
            raise ValueError(f"our pictures have no {tag}")
        _SHAPES[tag](draw, element.attrib, element.text or "", zoom)
    image = image.resize((size[0] // SMOOTH, size[1] // SMOOTH), Image.Resampling.LANCZOS)
    out = BytesIO()
    image.quantize(colors=128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _numbers(attributes: Attributes, zoom: int, *names: str) -> Tuple[float, ...]:
    return tuple(float(attributes.get(name, 0)) * zoom for name in names)


def _rect(draw: ImageDraw.ImageDraw, attributes: Attributes, _: str, zoom: int) -> None:
    x, y, width, height, radius = _numbers(attributes, zoom, "x", "y", "width", "height", "rx")
    stroke = attributes.get("stroke", "none")
    outline = None if stroke == "none" else stroke
    draw.rounded_rectangle((x, y, x + width, y + height), radius, attributes["fill"], outline, zoom)


def _line(draw: ImageDraw.ImageDraw, attributes: Attributes, _: str, zoom: int) -> None:
    (width,) = _numbers(attributes, zoom, "stroke-width")
    draw.line(_numbers(attributes, zoom, "x1", "y1", "x2", "y2"), attributes["stroke"], round(width))


def _polygon(draw: ImageDraw.ImageDraw, attributes: Attributes, _: str, zoom: int) -> None:
    points = [tuple(float(part) * zoom for part in point.split(",")) for point in attributes["points"].split()]
    draw.polygon(points, attributes["fill"])


def _text(draw: ImageDraw.ImageDraw, attributes: Attributes, text: str, zoom: int) -> None:
    x, y, size = _numbers(attributes, zoom, "x", "y", "font-size")
    font = fonts.font(size, attributes["font-weight"] == "bold")
    draw.text((x, y), text, attributes["fill"], font, _ANCHORS[attributes["text-anchor"]])


_SHAPES: Dict[str, Callable[[ImageDraw.ImageDraw, Attributes, str, int], None]] = {
    "rect": _rect,
    "line": _line,
    "polygon": _polygon,
    "text": _text,
}
