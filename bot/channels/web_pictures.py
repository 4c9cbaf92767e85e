"""Pictures as plain data, so that the widget can draw them under a policy that allows no data and blob addresses."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional
from xml.etree import ElementTree

_NAMESPACE = "{http://www.w3.org/2000/svg}"
# What pictures of the assistant are made of; nothing that could fetch, link or run anything.
_SHAPES = ("rect", "line", "polygon", "text")
_ATTRIBUTES = frozenset(
    "x y x1 y1 x2 y2 rx width height points fill stroke stroke-width font-size font-weight text-anchor".split()
)


def picture(custom: Mapping[str, Any]) -> Dict[str, Any]:
    """The machine-readable part of a picture with ``box`` and ``shapes`` ([tag, attributes, text]) in place of SVG."""
    kept = {key: value for key, value in custom.items() if key != "svg"}
    root = _parse(str(custom.get("svg") or ""))
    if root is None:
        return kept
    shapes: List[List[Any]] = []
    for node in root:
        tag = node.tag.replace(_NAMESPACE, "")
        if tag in _SHAPES:
            attributes = {name: value for name, value in node.attrib.items() if name in _ATTRIBUTES}
            shapes.append([tag, attributes, node.text or ""])
    return {**kept, "box": root.get("viewBox", ""), "shapes": shapes}


def _parse(svg: str) -> Optional[ElementTree.Element]:
    try:
        return ElementTree.fromstring(svg)
    except ElementTree.ParseError:
        return None
