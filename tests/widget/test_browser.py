"""What a person can see and do, by pointer, by keyboard and with a screen reader."""

from __future__ import annotations

import itertools

import pytest

from bot.knowledge import load

pytestmark = [pytest.mark.browser]

STATES = [
    "welcome", "consent", "body map", "scale", "yes or no", "several", "choice", "dangers", "result", "result so far", "answer",
    "summary", "urgent", "many dangers", "nothing for it", "soon", "unknown kind", "picture", "menu", "dialog",
]  # fmt: skip
LOOKS = {
    "light": {"width": 1000, "height": 800},
    "dark": {"width": 1000, "height": 800, "color_scheme": "dark"},
    "phone": {"width": 320, "height": 640},
    "dark phone": {"width": 320, "height": 640, "color_scheme": "dark"},
}


# --- accessibility of every state ------------------------------------------------------------------


def problems(chat):
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(chat.page, options={"runOnly": {"type": "tag", "values": tags}}).response["violations"]
    return [(problem["id"], node["target"], node["failureSummary"]) for problem in found for node in problem["nodes"]]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_overflows(open_chat, state, look):
    chat = open_chat(**LOOKS[look]).reaches(state)
    assert problems(chat) == []
    assert wider_than_the_screen(chat) == []
    assert smaller_than_a_fingertip(chat) == []


def wider_than_the_screen(chat):
    return chat.page.evaluate(
        """() => {
          const root = document.querySelector('myelin-chat').shadowRoot;
          const wide = [document.documentElement, root.querySelector('.log'), root.querySelector('.panel')];
          return wide.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className || e.tagName);
        }"""
    )


def smaller_than_a_fingertip(chat):
    """Controls under 44 by 44 pixels. Links in a sentence are exempt; places of the map are in the list too."""
    return chat.page.evaluate(
        """() => {
          const root = document.querySelector('myelin-chat').shadowRoot;
          const all = [...root.querySelectorAll('button, .chip, .box, summary, textarea')];
          return all.filter((e) => e.offsetParent && !e.getAttribute('aria-disabled'))
            .map((e) => [e.textContent || e.ariaLabel, e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([name]) => name);
        }"""
    )


def test_it_is_usable_at_twice_the_text_size(open_chat):
    chat = open_chat(width=640, height=512)
    chat.page.evaluate("document.documentElement.style.fontSize = '200%'")
    chat.reaches("body map")
    assert wider_than_the_screen(chat) == [] and chat.one("textarea").is_visible()


def test_calm_for_people_who_want_less_motion(open_chat):
    chat = open_chat(reduced_motion="reduce").says("hello")
    running = chat.page.evaluate("document.getAnimations({subtree: true}).length")
    moving = chat.one(".assistant").first.evaluate("(e) => getComputedStyle(e).animationName")
    assert running == 0 and moving == "none"


# --- by keyboard alone -------------------------------------------------------------------------------


def tab_to(chat, name, key="Tab"):
    """Tabs until the control of this name has focus; every stop on the way has a visible focus."""
    for _ in range(30):
        chat.page.keyboard.press(key)
        if chat.focused() == name:
            return
    raise AssertionError(f"{name!r} cannot be reached by {key}")


def press(chat, name, key="Tab"):
    tab_to(chat, name, key)
    chat.page.keyboard.press("Enter")
    chat.settled()


def test_a_whole_interview_by_keyboard(chat):
    keyboard = chat.page.keyboard
    tab_to(chat, "TEXTAREA")
    keyboard.type("My left thigh burns on the outside")
    keyboard.press("Enter")
    chat.settled()
    assert chat.focused() == "TEXTAREA", "focus stays where the person is"
    press(chat, "Yes", "Shift+Tab")
    assert chat.focused() == "Yes", "a pressed answer keeps the focus"
    chat.page.wait_for_timeout(300)
    tab_to(chat, "Side of the hip")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    keyboard.press(" ")
    assert chat.one(".boxes label:has(:checked)").all_inner_texts() == ["Outer side of the thigh"]
    press(chat, "Done")
    press(chat, "6")
    press(chat, "Why do you ask?")
    press(chat, "Yes")
    tab_to(chat, "INPUT")
    keyboard.press(" ")
    press(chat, "Done")
    press(chat, "Vegetarian")
    words = " ".join(chat.texts())
    assert "What to do" in words and "Nerve trouble from low B12" in words
    said = chat.one(".person .bubble").all_inner_texts()
    assert said[1:] == [
        "Yes", "Outer side of the thigh", "6", "Why do you ask?", "Yes", "An operation on the stomach", "Vegetarian",
    ]  # fmt: skip
    press(chat, "Summary for my doctor")
    tab_to(chat, "Copy", "Shift+Tab")


def test_the_conversation_is_one_stop_with_arrow_keys(chat):
    chat.says("hello").says("result so far").says("hologram")
    items = chat.one(".items > li")
    assert (
        chat.page.evaluate(
            "document.querySelector('myelin-chat').shadowRoot.querySelectorAll('.items > li[tabindex=\"0\"]').length"
        )
        == 1
    )
    items.last.focus()
    keyboard = chat.page.keyboard
    keyboard.press("Home")
    assert "hello" in chat.focused()
    keyboard.press("ArrowUp")
    assert "hello" in chat.focused()
    keyboard.press("ArrowDown")
    assert "Hello, I'm Myelin" in chat.focused()
    keyboard.press("End")
    assert "A kind nobody knows" in chat.focused()
    keyboard.press("Escape")
    assert chat.focused() == "TEXTAREA"


def test_old_controls_are_reached_through_their_message_only(chat):
    chat.reaches("answer").says("hello")
    link = chat.one(".items a").first
    assert link.get_attribute("tabindex") == "-1"
    chat.one(
        ".items > li",
    ).filter(has=chat.page.locator("a")).first.focus()
    assert link.get_attribute("tabindex") is None


def test_the_menu_opens_closes_and_gives_focus_back(chat):
    press_menu = chat.one("header .icon")
    press_menu.focus()
    chat.page.keyboard.press("Enter")
    assert press_menu.get_attribute("aria-expanded") == "true"
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "Result so far"
    chat.page.keyboard.press("Escape")
    assert press_menu.get_attribute("aria-expanded") == "false" and chat.focused() == "Menu"


# --- answers -----------------------------------------------------------------------------------------


def test_answered_chips_stay_say_so_and_do_nothing(chat):
    chat.says("hello").presses("Yes")
    chips = chat.one(".controls[data-settled] .chip")
    assert {chip.get_attribute("aria-disabled") for chip in chips.all()} == {"true"}
    assert "Your answer: Yes." in chat.one(".controls[data-settled]").first.text_content()
    before = len(chat.texts())
    chips.first.click(force=True)
    chat.settled()
    assert len(chat.texts()) == before


@pytest.mark.parametrize("answer", ["Yes", "yes"])
def test_a_typed_answer_marks_the_chip_too(chat, answer):
    chat.says("hello").says(answer)
    assert chat.one(".chip.chosen").all_inner_texts() == ["Yes"]


def test_map_and_list_are_one_control(chat):
    chat.reaches("body map")
    place = chat.one("[aria-label=Front] [data-place=outer_thigh]")
    place.locator(".reach").first.click()
    chat.one("label").filter(has_text="Foot or toes").click()
    assert place.get_attribute("aria-checked") == "true"
    feet = chat.one("[data-place=foot]")
    assert [foot.get_attribute("aria-checked") for foot in feet.all()] == ["true", "true"]
    chat.one("[aria-label=Back] [data-place=foot] .reach").first.click()
    chat.presses("Done")
    assert chat.one(".person .bubble").last.inner_text() == "Outer side of the thigh"


def test_done_without_a_choice_says_what_to_do(chat):
    chat.reaches("several")
    turn = len(chat.texts())
    chat.one("[data-live] .done").click()
    assert chat.one("[data-live] .problem").inner_text() and len(chat.texts()) == turn


def test_none_of_these_excludes_the_rest(chat):
    chat.reaches("several")
    boxes = chat.one("[data-live] .box")
    for title in ("An operation on the stomach", "Coeliac disease", "None of these"):
        boxes.filter(has_text=title).click()
    assert chat.one("[data-live] .box:has(:checked)").all_inner_texts() == ["None of these"]
    boxes.filter(has_text="Coeliac disease").click()
    assert chat.one("[data-live] .box:has(:checked)").all_inner_texts() == ["Coeliac disease"]


def test_not_sure_excludes_the_rest_too(chat):
    chat.reaches("dangers")
    boxes = chat.one("[data-live] .box")
    boxes.first.click()
    boxes.filter(has_text="Not sure").click()
    assert chat.one("[data-live] .box:has(:checked)").all_inner_texts() == ["Not sure"]
    boxes.first.click()
    assert chat.one("[data-live] .box:has(:checked)").count() == 1
    chat.presses("Done")
    assert chat.one(".person .bubble").last.inner_text() == load().questions["look_at_leg"].options[0].title


def test_a_long_list_of_dangers_is_compact_on_a_phone(open_chat):
    chat = open_chat(width=390, height=844).reaches("dangers")
    block = chat.one("[data-live] .choice").bounding_box()
    assert chat.one("[data-live] .box").count() == 8 and block["height"] < 560, "question and answers fit one screen"


@pytest.mark.parametrize("state", ["dangers", "body map"])
def test_done_is_always_in_sight_on_a_small_phone(open_chat, state):
    chat = open_chat(width=320, height=568).reaches(state)
    chat.one("[data-live] .choice").evaluate("(e) => e.scrollIntoView()")
    chat.page.wait_for_timeout(300)
    done, log = chat.one("[data-live] .done"), chat.one(".log").bounding_box()
    box = done.bounding_box()
    assert log["y"] < box["y"] and box["y"] + box["height"] <= log["y"] + log["height"]
    if state == "body map":
        chat.one("[data-live] .unfold").click()
    chat.one("[data-live] .box:visible").last.locator("input").check()
    done.click()
    assert chat.settled().one(".person .bubble").last.inner_text()


def test_on_a_phone_the_map_stands_for_the_list_which_opens_on_demand(open_chat):
    chat = open_chat(width=360, height=640).reaches("body map")
    assert chat.one("[data-live] .box:visible").all_inner_texts() == [], "every place is on the map"
    unfold = chat.one("[data-live] .unfold")
    unfold.click()
    assert unfold.get_attribute("aria-expanded") == "true" and chat.one("[data-live] .box:visible").count() == 10
    assert problems(chat) == []
    chat.one("[data-live] .box").filter(has_text="Groin").click()
    chat.one("[data-live] .done").click()
    assert chat.settled().one(".person .bubble").last.inner_text() == "Groin"


def test_on_a_wide_screen_the_list_stands_beside_the_map(chat):
    chat.reaches("body map")
    assert chat.one("[data-live] .box:visible").count() == 10 and not chat.one("[data-live] .unfold").is_visible()


def test_a_phone_puts_its_keyboard_away_and_shows_the_reply(open_chat):
    chat = open_chat(width=360, height=640, has_touch=True, is_mobile=True).says("hello")
    assert chat.focused() is None


def test_the_reply_to_a_long_message_is_in_sight(open_chat):
    chat = open_chat(width=320, height=568).says("my thigh burns and I want to tell you all about it " * 8)
    reply, log = chat.one(".items > li.assistant").first.bounding_box(), chat.one(".log").bounding_box()
    assert log["y"] <= reply["y"] < log["y"] + log["height"] / 2


def test_a_message_that_is_refused_for_its_length_is_given_back(chat):
    text = "my leg hurts " * 6000
    chat.one("textarea").fill(text)
    chat.one("textarea").press("Enter")
    chat.one(".waiting").get_by_text("too long").wait_for()
    assert chat.one("textarea").input_value() == text.strip()


def test_the_map_says_what_is_pointed_at_and_then_what_is_chosen(chat):
    chat.reaches("body map")
    chat.page.mouse.move(1, 1)
    caption, place = chat.one(".map-caption"), chat.one("[aria-label=Front] [data-place=outer_thigh]")
    assert caption.inner_text() == "Tap where it hurts. You can tap more than one place."
    place.locator(".reach").first.click()
    chat.one("[aria-label=Front] [data-place=foot] .reach").first.hover(force=True)
    assert caption.inner_text() == "Foot or toes"
    place.evaluate("(e) => e.blur()")
    chat.page.mouse.move(1, 1)
    assert caption.inner_text() == "Outer side of the thigh"


def test_progress_is_told(chat):
    chat.reaches("scale")
    assert chat.one("[data-live] .progress").inner_text() == "Question 2. About 10 more."


# --- what is shown -----------------------------------------------------------------------------------


def test_a_comparison_is_a_table_and_is_not_said_twice(chat):
    chat.reaches("answer")
    assert chat.one("table th[scope=row]").all_inner_texts() == ["Type of pain", "How it starts"]
    assert sum("Sharp, down one leg" in text for text in chat.texts()) == 1
    sources = chat.one(".sources a")
    assert sources.count() == 2 and sources.first.get_attribute("rel") == "noopener noreferrer"


def test_pictures_are_drawn_and_told(chat):
    chat.says("picture")
    drawing = chat.one("svg[role=img]")
    assert drawing.get_attribute("aria-label") == "Your B12 lies in the grey zone."
    assert drawing.locator("rect").count() == 3 and drawing.bounding_box()["width"] > 400
    chat.one("details summary").click()
    assert "grey zone" in chat.texts()[-1] and "grey zone" in chat.one("[aria-live=polite]").text_content()


def test_unknown_kinds_show_their_text(chat):
    assert "A kind nobody knows." in chat.says("hologram").texts()


def test_text_never_becomes_html(chat):
    chat.page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    chat.says("<img src=x onerror=alert(1)>").says("script")
    assert chat.one(".items img, .items script, .items b").count() == 0
    assert any("<img src=x onerror=alert(1)>" in text for text in chat.texts())


def test_markdown_is_bold_lists_and_links_only(chat):
    chat.reaches("answer")
    assert chat.one(".bubble strong").first.inner_text() == "nerves of the legs"
    assert chat.one(".bubble:has(table) > ul li").all_inner_texts() == ["one leg", "below the knee"]
    assert chat.one(".bubble p a").first.get_attribute("href") == "https://www.nhs.uk/conditions/sciatica/"


def test_the_summary_can_be_copied_downloaded_and_printed(open_chat):
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"]).reaches("summary")
    chat.one(".summary .chip").get_by_text("Copy").click()
    chat.one(".summary .chip").get_by_text("Copied").wait_for()
    assert chat.page.evaluate("navigator.clipboard.readText()").startswith("# Summary for a doctor")
    with chat.page.expect_download() as download:
        chat.one(".summary .chip").get_by_text("Download", exact=True).click()
    assert "tingling in both feet" in download.value.path().read_text(encoding="utf-8")
    chat.one(".summary .chip").get_by_text("Print").click()
    assert chat.one(".summary .chip").get_by_text("Download PDF").get_attribute("href").endswith("/summaries/x.pdf")


def test_replies_are_spoken_once_and_history_is_not(chat):
    chat.says("hello")
    spoken = chat.one("[aria-live=polite]")
    assert spoken.text_content().count("Is it OK if I use") == 1 and "2 answers to choose from" in spoken.text_content()
    chat.open()
    assert chat.one("[aria-live=polite]").text_content() == "" and len(chat.texts()) == 4


# --- red flags -----------------------------------------------------------------------------------------


def test_the_banner_stays_until_help_is_arranged(chat):
    chat.says("numb down below")
    banner = chat.one("[role=alert]")
    assert "Emergency" in banner.inner_text() and banner.locator("a").first.get_attribute("href") == "tel:999"
    chat.says("what now")
    assert banner.locator("a").count() == 3
    chat.open()
    assert banner.locator("a").count() == 3, "also after a reload"
    banner.get_by_text("Help is arranged").click()
    chat.settled()
    assert banner.inner_text() == ""


def test_what_is_urgent_is_in_sight_at_once(open_chat):
    chat = open_chat(width=320, height=640).says("numb down below")
    card, log = chat.one(".bubble.urgent").first.bounding_box(), chat.one(".log").bounding_box()
    assert log["y"] <= card["y"] < log["y"] + log["height"] / 2


def test_several_dangers_have_one_heading(chat):
    chat.says("many dangers")
    assert chat.one(".bubble.urgent .label").all_inner_texts() == ["Emergency: call now"]
    assert chat.one(".bubble.urgent").count() == 2 and chat.one(".bubble.soon").count() == 1


def test_the_banner_follows_the_country(chat):
    chat.says("numb down below").says("I'm in England")
    assert chat.one("[role=alert] a").all_inner_texts() == ["Call 999"]


def test_a_possibility_without_reasons_says_so(chat):
    chat.says("nothing for it")
    assert chat.one(".possibility .reasons").all_inner_texts() == ["So far nothing speaks clearly for it."]


def test_the_alert_is_raised_once(chat):
    chat.page.evaluate(
        "window.changes = 0; new MutationObserver(() => window.changes++)"
        ".observe(document.querySelector('myelin-chat').banner, {childList: true, subtree: true})"
    )
    chat.says("numb down below").says("what now").says("and now")
    assert chat.page.evaluate("window.changes") == 1


def test_a_lesser_urgency_has_no_banner(chat):
    chat.says("one leg is swollen")
    assert chat.one("[role=alert]").inner_text() == "" and "Today" in chat.texts()[-1]


# --- the connection --------------------------------------------------------------------------------------


def test_a_message_waits_for_the_connection_and_is_sent_once(chat, turns):
    before = turns()
    chat.page.context.set_offline(True)
    chat.one("textarea").fill("hello")
    chat.one("textarea").press("Enter")
    chat.one(".notice").get_by_text("No connection").wait_for()
    assert chat.one(".waiting").is_visible()
    assert problems(chat) == []
    chat.page.wait_for_timeout(1500)
    chat.page.context.set_offline(False)
    chat.settled()
    assert turns() == before + 1 and chat.one(".person").count() == 1 and len(chat.texts()) == 4
    assert chat.one(".notice").inner_text() == "" and chat.one(".waiting").count() == 0


@pytest.mark.parametrize("failure", ["reply lost", "server error", "busy"])
def test_a_reply_that_is_lost_is_asked_for_again_without_a_second_turn(chat, turns, failure):
    before, broken = turns(), itertools.count()

    def flaky(route):
        if next(broken) > 1:
            return route.continue_()
        if failure == "reply lost":
            route.fetch()
            return route.abort()
        headers = {"Retry-After": "1"} if failure == "busy" else {}
        return route.fulfill(status=429 if failure == "busy" else 503, headers=headers, body="{}")

    chat.page.route("**/webhooks/web/message", flaky)
    chat.says("hello")
    assert turns() == before + 1 and next(broken) == 3
    assert chat.one(".person").count() == 1 and len(chat.texts()) == 4


def test_a_message_not_yet_sent_survives_a_reload(chat, turns):
    before = turns()
    chat.page.route("**/webhooks/web/message", lambda route: route.abort())
    for text in ("first", "second"):
        chat.one("textarea").fill(text)
        chat.one("textarea").press("Enter")
    chat.one(".notice").get_by_text("No connection").wait_for()
    chat.page.unroute("**/webhooks/web/message")
    chat.open().settled()
    assert chat.one(".person .bubble").all_inner_texts() == ["first", "second"]
    assert turns() == before + 2


def test_messages_keep_their_order(chat):
    for text in ("one", "two", "three"):
        chat.one("textarea").fill(text)
        chat.one("textarea").press("Enter")
    chat.settled()
    chat.open()
    assert chat.one(".person .bubble").all_inner_texts() == ["one", "two", "three"]


def test_a_reload_shows_the_talk_and_the_pending_question(chat):
    chat.reaches("scale")
    before = chat.texts()
    chat.open()
    assert chat.texts() == before and chat.one(".controls:not([data-settled])").count() == 1
    chat.presses("6")
    assert "Do your feet tingle" in chat.texts()[-1]


def test_a_session_that_is_no_longer_valid_is_replaced(chat):
    chat.says("hello")
    chat.page.evaluate("localStorage.setItem(localStorage.key(0), 'forged.1.token')")
    chat.open()
    assert chat.texts() == [] and "new one" in chat.one(".notice").inner_text()
    assert len(chat.says("hello again").texts()) == 4


# --- several tabs, deletion ----------------------------------------------------------------------------


def second_tab(chat):
    return type(chat)(chat.page.context.new_page(), chat.url).open()


def test_tabs_show_the_same_talk(chat):
    other = second_tab(chat)
    chat.says("hello")
    other.comes_to(chat.texts())
    other.presses("Yes")
    chat.comes_to(other.texts())
    assert chat.one(".controls:not([data-settled])").count() == 1
    assert len(chat.page.context.storage_state()["origins"][0]["localStorage"]) == 1


def test_deletion_asks_first_and_leaves_nothing(chat):
    other = second_tab(chat)
    chat.says("my secret")
    chat.opens("header .icon")
    chat.opens(".menu .danger")
    chat.one("dialog .chip").get_by_text("Keep it").click()
    assert "my secret" in chat.texts()
    chat.opens("header .icon")
    chat.opens(".menu .danger")
    chat.one("dialog .chip").get_by_text("Delete my data").click()
    chat.settled()
    assert chat.texts() == [] and "deleted" in chat.one(".notice").inner_text()
    other.comes_to([])
    assert "secret" not in chat.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    chat.open()
    assert chat.texts() == [] and chat.one(".welcome").is_visible()


# --- on another page ---------------------------------------------------------------------------------


def test_the_launcher_opens_the_chat_and_gets_the_focus_back(open_chat, server):
    chat = open_chat()
    page = '<!doctype html><html lang="en"><title>Clinic</title><main><h1>Clinic</h1></main><myelin-chat></myelin-chat>'
    page += '<script type="module" src="/widget/myelin-chat.js"></script>'
    chat.page.route("**/clinic", lambda route: route.fulfill(content_type="text/html", body=page))
    chat.page.goto(f"{server}clinic")
    launcher = chat.one(".launcher")
    launcher.wait_for()
    assert problems(chat) == [] and not chat.one(".panel").is_visible()
    launcher.click()
    assert chat.focused() == "TEXTAREA" and problems(chat) == []
    chat.says("hello")
    chat.one("header .icon").last.click()
    assert not chat.one(".panel").is_visible() and "Chat with Myelin" in chat.focused()


def test_colours_can_be_set_by_the_page(chat):
    chat.page.evaluate("document.querySelector('myelin-chat').style.setProperty('--myelin-accent', 'rgb(90, 20, 120)')")
    assert chat.one(".send").evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(90, 20, 120)"


def test_axe_sees_into_the_widget(chat):
    chat.page.evaluate("document.querySelector('myelin-chat').style.setProperty('--myelin-muted', '#ddd')")
    assert "color-contrast" in {problem[0] for problem in problems(chat)}
