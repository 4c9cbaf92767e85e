"""The pictures of docs/widget.md, taken when ``MYELIN_SCREENSHOTS`` names the folder for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("MYELIN_SCREENSHOTS")
WIDE = {"width": 1000, "height": 860}
SHOTS = {
    "welcome": ("welcome", WIDE),
    "interview": ("body map", WIDE),
    "scale": ("scale", {"width": 700, "height": 620}),
    "result": ("result", {"width": 1000, "height": 1000}),
    "answer": ("answer", WIDE),
    "summary": ("summary", WIDE),
    "red-flag": ("urgent", {"width": 420, "height": 800}),
    "dangers": ("dangers", {"width": 390, "height": 844}),
    "dark": ("result", {"width": 1000, "height": 1000, "color_scheme": "dark"}),
    "dark-phone": ("body map", {"width": 320, "height": 800, "color_scheme": "dark"}),
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FOLDER is None, reason="set MYELIN_SCREENSHOTS to the folder for the pictures"),
]


@pytest.mark.parametrize("name", SHOTS)
def test_screenshot(open_chat, name):
    state, look = SHOTS[name]
    chat = open_chat(**look).reaches(state)
    if state == "body map":
        chat.one("[aria-label=Front] [data-place=outer_thigh] .reach").first.click()
        chat.one("[aria-label=Front] [data-place=outer_thigh]").evaluate("(e) => e.blur()")
        chat.one("[data-live] .choice").evaluate("(e) => e.closest('li').scrollIntoView()")
    chat.page.mouse.move(1, 1)
    chat.page.wait_for_timeout(300)
    path = Path(str(FOLDER)) / f"{name}.png"
    chat.page.screenshot(path=path)
    assert path.stat().st_size > 5000
