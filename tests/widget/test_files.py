"""What can be told from the files alone."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

WIDGET = Path(__file__).resolve().parents[2] / "widget"
SCRIPTS = sorted(WIDGET.glob("*.js"))
DEMO_ONLY = {"index.html", "demo.css", "icon.svg"}
BUDGET = 30_000  # bytes, compressed, of all that a page loads


def test_all_of_it_stays_within_the_budget():
    files = [path for path in WIDGET.iterdir() if path.name not in DEMO_ONLY]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= BUDGET


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_nothing_that_a_strict_policy_forbids(script):
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", text)
    assert not re.search(r"""setAttribute\(\s*["']style|\bstyle: ["'`]|style=["']|\bon\w+=["']""", text)
    assert not re.search(r"""(from|import\()\s*["']https?:""", text), "no script of a third party"


def test_every_text_is_in_the_strings_file_and_every_string_is_used():
    strings = json.loads((WIDGET / "strings.json").read_text(encoding="utf-8"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    used = set(re.findall(r"\bstrings\.(?!json)(\w+)", code)) | {"map_front", "map_back"}
    assert used == set(strings)
    sentences = re.findall(r"""["'`][A-Z][a-z]+ [a-z]+[^"'`\n]*["'`]""", re.sub(r"(?m)//.*$|/\*\*.*\*/", "", code))
    assert sentences == []


def test_the_page_has_no_inline_code():
    page = (WIDGET / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=", page)
