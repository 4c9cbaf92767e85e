"""The demo page in a real Chromium, served by the real channel in front of a scripted assistant."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
STARTS_WITHIN, WAITS_WITHIN = 240, 90  # seconds; the machine may be busy
NETWORK = ("Failed to load resource", "net::ERR")  # the browser's own words on a broken connection


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: needs Chromium and Playwright")


class Chat:
    """The widget as a person uses it."""

    def __init__(self, page, url):
        self.page = page
        self.url = url

    def open(self):
        self.page.goto(self.url)
        self.page.wait_for_function("() => document.querySelector('myelin-chat').shadowRoot?.querySelector('.items')")
        self.page.wait_for_timeout(150)
        return self

    def one(self, selector):
        return self.page.locator(f"myelin-chat {selector}")

    def settled(self):
        """Waits until the reply is there and has come to rest."""
        self.page.wait_for_function(
            "() => { const c = document.querySelector('myelin-chat');"
            " return !c.connection.outbox.length && c.shadowRoot.querySelector('.typing').hidden; }"
        )
        self.page.wait_for_timeout(350)
        return self

    def says(self, text):
        self.one("textarea").fill(text)
        self.one("textarea").press("Enter")
        return self.settled()

    def presses(self, title):
        self.one("[data-live] .chip").get_by_text(title, exact=True).last.click()
        return self.settled()

    def texts(self):
        return self.one(".items > li .bubble").all_inner_texts()

    def reaches(self, state):
        for move, what in STATES[state]:
            getattr(self, move)(what)
        return self

    def opens(self, selector):
        self.one(selector).last.click()
        self.page.wait_for_timeout(200)

    def comes_to(self, texts):
        """Waits until exactly these messages are shown, as in a tab that hears of them from another one."""
        deadline = time.monotonic() + WAITS_WITHIN
        while self.texts() != texts:
            assert time.monotonic() < deadline, self.texts()
            self.page.wait_for_timeout(50)

    def focused(self):
        return self.page.evaluate(
            "() => { const e = document.querySelector('myelin-chat').shadowRoot.activeElement;"
            " return e && (e.textContent.trim() || e.getAttribute('aria-label') || e.tagName); }"
        )


START = [("says", "My left thigh burns on the outside")]
SITE = [*START, ("presses", "Yes")]
SCALE = [*SITE, ("says", "Groin")]
YES_NO = [*SCALE, ("presses", "6")]
MULTI = [*YES_NO, ("presses", "Yes")]
CHOICE = [*MULTI, ("says", "None of these")]
# How to come to each state that the widget can show.
STATES = {
    "welcome": [],
    "consent": START,
    "body map": SITE,
    "scale": SCALE,
    "yes or no": YES_NO,
    "several": MULTI,
    "choice": CHOICE,
    "dangers": [("says", "look at my leg")],
    "result": [*CHOICE, ("presses", "Vegetarian")],
    "result so far": [("says", "result so far")],
    "answer": [("says", "Can low B12 cause leg pain?"), ("opens", ".sources summary")],
    "summary": [("says", "summary")],
    "urgent": [("says", "numb down below")],
    "soon": [("says", "one leg is swollen")],
    "many dangers": [("says", "many dangers")],
    "nothing for it": [("says", "nothing for it")],
    "unknown kind": [("says", "hologram")],
    "picture": [("says", "picture")],
    "menu": [*START, ("opens", "header .icon")],
    "dialog": [*START, ("opens", "header .icon"), ("opens", ".menu .danger")],
}


@pytest.fixture(scope="session")
def server():
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium, or set CHROMIUM to its path")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).parent / "scripted.py"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(script), str(port)],
        cwd=ROOT, env={**os.environ, "MYELIN_ORIGINS": ""}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}/"
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            urllib.request.urlopen(url).close()
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "the scripted assistant did not start"
            time.sleep(0.2)
    yield url
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()


@pytest.fixture(scope="session")
def browser(server):
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is missing: pip install playwright")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_chat(browser, server):
    """Opens the demo page in a browser of its own; whatever the page complains of fails the test."""
    contexts, complaints = [], []

    def watch(page):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))

    def make(width=1000, height=800, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(WAITS_WITHIN * 1000)
        contexts.append(context)
        context.on("page", watch)
        return Chat(context.new_page(), server).open()

    yield make
    for context in contexts:
        context.close()
    assert not [text for text in complaints if not any(words in text for words in NETWORK)]


@pytest.fixture
def chat(open_chat):
    return open_chat()


@pytest.fixture
def turns(server):
    """How many turns the assistant has had."""
    return lambda: json.load(urllib.request.urlopen(f"{server}turns"))


@pytest.fixture(scope="session")
def states():
    return STATES
