// <myelin-chat>: the chat as one element. Attributes: inline, server, strings, theme (light or dark). See docs/widget.md.

import { card, isShown } from "./cards.js";
import { Connection, Rejected } from "./connection.js";
import { controls } from "./controls.js";
import { el } from "./markdown.js";
import { sheet } from "./styles.js";

const NEAR_END = 80; // pixels from the end within which new messages are scrolled to
const GAP = 12; // pixels left above what is scrolled to
const SPOKEN_KEPT = 20; // paragraphs in the live region
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  logo: "M3 17c3-1 3-9 6-9s2 8 6 8 3-9 6-10",
  send: "M12 20V5M5 12l7-7 7 7",
  menu: "M5 7h14M5 12h14M5 17h14",
  close: "M6 6l12 12M18 6L6 18",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  down: "M12 5v14M6 13l6 6 6-6",
  phone: "M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
};

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

class MyelinChat extends HTMLElement {
  async connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open", delegatesFocus: false }).adoptedStyleSheets = [sheet];
    const words = new URL(this.getAttribute("strings") || "strings.json", this.hasAttribute("strings") ? document.baseURI : import.meta.url);
    this.strings = await (await fetch(words)).json();
    this.base = new URL(this.getAttribute("server") || new URL(import.meta.url).origin, document.baseURI).href;
    this.shown = new Map(); // message id to list item
    this.live = []; // controls that still wait for an answer
    this.pinned = "null"; // what the banner shows
    this.build();
    this.connect();
    await this.restore();
    this.dispatchEvent(new Event("ready"));
  }

  // --- the parts ---------------------------------------------------------------------------------

  build() {
    const { strings } = this;
    const inline = this.hasAttribute("inline");
    this.banner = el("div", { class: "banner", role: "alert" });
    this.notice = el("div", { class: "notice", role: "status" });
    this.list = el("ol", { class: "items" });
    this.typing = el("div", { class: "typing", "aria-hidden": "true", hidden: true }, el("span", {}, el("i"), el("i"), el("i")));
    this.welcome = this.buildWelcome();
    this.log = el(
      "div",
      { class: "log", role: "group", "aria-label": strings.transcript_label, keydown: (event) => this.walk(event) },
      this.welcome,
      this.list,
      this.typing,
      el("p", { class: "hidden" }, strings.transcript_end),
    );
    this.log.addEventListener("focusin", (event) => this.activate(event.target.closest(".items > li")));
    this.log.addEventListener("scroll", () => this.atEnd() && (this.newer.hidden = true), { passive: true });
    this.newer = el("button", { type: "button", class: "newer", hidden: true, click: () => this.scrollTo(this.log.scrollHeight) }, icon("down"), strings.new_messages);
    this.spoken = el("div", { class: "hidden", "aria-live": "polite", "aria-atomic": "false" });
    this.dialog = this.buildDialog();
    this.panel = el(
      "section",
      { class: "panel", tabindex: "-1", "aria-label": strings.panel_label, hidden: !inline },
      this.buildHeader(inline),
      this.banner,
      this.notice,
      el("div", { class: "middle" }, this.log, this.newer),
      this.buildComposer(),
      this.spoken,
      this.dialog,
    );
    this.shadowRoot.append(this.panel);
    if (!inline) {
      this.launcher = el("button", { type: "button", class: "launcher", "aria-expanded": "false", click: () => this.open() }, icon("chat"), strings.open);
      this.shadowRoot.prepend(this.launcher);
    }
  }

  buildHeader(inline) {
    const { strings } = this;
    const items = strings.menu_items.map(({ title, send }) =>
      el("button", { type: "button", click: () => this.choose(() => this.send(send)) }, title),
    );
    items.push(el("button", { type: "button", class: "danger", click: () => this.choose(() => this.dialog.showModal()) }, strings.erase));
    this.menu = el("div", { class: "menu", id: "menu", role: "group", "aria-label": strings.menu_label, hidden: true }, ...items);
    this.menuButton = el(
      "button",
      { type: "button", class: "icon", "aria-expanded": "false", "aria-controls": "menu", "aria-label": strings.menu, click: () => this.showMenu(this.menu.hidden) },
      icon("menu"),
    );
    const close = inline ? null : el("button", { type: "button", class: "icon", "aria-label": strings.close, click: () => this.close() }, icon("close"));
    const header = el(
      "header",
      {},
      el("span", { class: "logo" }, icon("logo")),
      el("div", { class: "title" }, el("h2", {}, strings.name), el("p", {}, strings.tagline)),
      el("div", { class: "menu-holder", keydown: (event) => event.key === "Escape" && this.showMenu(false, true) }, this.menuButton, this.menu),
      close,
    );
    this.shadowRoot.addEventListener("click", (event) => !event.target.closest(".menu-holder") && this.showMenu(false));
    return header;
  }

  buildWelcome() {
    const { strings } = this;
    const starters = strings.starters.map((text) => el("button", { type: "button", class: "chip", click: () => this.send(text) }, text));
    return el(
      "div",
      { class: "welcome", hidden: true },
      el("h3", {}, strings.welcome_title),
      el("p", {}, strings.welcome_text),
      el("p", { class: "safety" }, strings.welcome_safety),
      el("div", { class: "chips", role: "group", "aria-label": strings.starters_label }, ...starters),
    );
  }

  buildComposer() {
    const { strings } = this;
    this.input = el("textarea", {
      id: "input",
      rows: "1",
      placeholder: strings.input_hint,
      autocomplete: "off",
      enterkeyhint: "send",
      input: () => this.fit(),
      keydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          this.submit();
        } else if (event.key === "Escape" && this.launcher && !this.input.value) this.close();
      },
    });
    return el(
      "form",
      {
        class: "composer",
        submit: (event) => {
          event.preventDefault();
          this.submit();
        },
      },
      el("label", { for: "input", class: "hidden" }, strings.input_label),
      el("div", { class: "field" }, this.input, el("button", { class: "send", "aria-label": strings.send }, icon("send"))),
      el("p", { class: "footnote" }, strings.footnote),
    );
  }

  buildDialog() {
    const { strings } = this;
    const button = (title, kind, act) => el("button", { type: "button", class: `chip ${kind}`, click: () => (this.dialog.close(), act()) }, title);
    return el(
      "dialog",
      { "aria-labelledby": "erase-title", "aria-describedby": "erase-text" },
      el("h3", { id: "erase-title" }, strings.erase_title),
      el("p", { id: "erase-text" }, strings.erase_text),
      el("div", { class: "chips" }, button(strings.erase_no, "", () => {}), button(strings.erase_yes, "danger", () => this.erase())),
    );
  }

  // --- the talk ------------------------------------------------------------------------------------

  connect() {
    this.connection = new Connection(`${this.base.replace(/\/$/, "")}/webhooks/web`);
    const on = (type, act) => this.connection.addEventListener(type, ({ detail }) => act(detail));
    on("reply", (reply) => this.receive(reply));
    on("trouble", ({ message, busy }) => this.trouble(message, busy));
    on("recovered", () => this.recovered());
    on("renewed", () => this.setNotice(this.strings.session_ended));
    on("rejected", ({ message, status }) => this.rejected(message, status));
    this.tabs = new BroadcastChannel(this.connection.key);
    this.tabs.addEventListener("message", ({ data }) => {
      if (data.erased) this.wipe();
      else this.receive(data, true);
    });
  }

  async restore() {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const { messages, state } = await this.connection.history();
        this.add(messages);
        this.setUrgent(state.urgent);
        this.setNotice("");
        break;
      } catch (error) {
        if (error instanceof Rejected) {
          this.setNotice(this.strings.session_ended);
          break;
        }
        this.setNotice(this.strings.history_failed);
        await new Promise((resolve) => setTimeout(resolve, Math.min(30, 2 ** attempt) * 1000));
      }
    }
    const unsent = this.connection.outbox;
    for (const message of unsent) message.again = true;
    this.add(unsent.map(({ id, text }) => ({ id, text, from: "person" })));
    this.welcome.hidden = this.shown.size > 0;
    this.showTyping();
    this.connection.pump();
    this.log.scrollTop = this.log.scrollHeight;
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fit();
    if (this.byTouch()) this.input.blur(); // the keyboard of a phone would hide the reply
    this.send(text);
  }

  send(text) {
    const { id } = this.connection.send(text);
    this.add([{ id, text, from: "person" }]);
    this.setHint(null);
    this.showTyping();
    this.scrollTo(this.log.scrollHeight);
  }

  receive({ message, messages, state }, elsewhere = false) {
    const follow = !elsewhere || this.atEnd();
    if (messages.some(({ custom }) => custom?.kind === "erased")) {
      this.tabs.postMessage({ erased: true });
      return this.wipe();
    }
    if (!elsewhere) this.tabs.postMessage({ message: { id: message.id, text: message.text }, messages, state });
    this.shown.get(message.id)?.querySelector(".waiting")?.remove();
    const added = this.add([{ id: message.id, text: message.text, from: "person" }, ...messages]);
    for (const item of added) this.tell(item);
    if (state) this.setUrgent(state.urgent); // unknown while the server cannot read the talk
    this.showTyping();
    if (follow) this.scrollTo(this.startOf(message, added).offsetTop - GAP);
    else this.newer.hidden = false;
  }

  /** Where reading goes on: at what is urgent, else at the message, or below it if it fills the view. */
  startOf(message, added) {
    const urgent = added.find(({ custom }) => custom?.kind === "urgent");
    if (urgent) return this.shown.get(urgent.id);
    const own = this.shown.get(message.id);
    const fills = own.offsetHeight > this.log.clientHeight / 3;
    return fills && added.length ? this.shown.get(added[0].id) : own;
  }

  /** Shows what is not shown yet and returns the messages of the assistant among it. */
  add(messages) {
    const added = [];
    for (const message of messages) {
      if (this.shown.has(message.id) || !isShown(message)) continue;
      const person = message.from === "person";
      const item = person ? this.personItem(message) : this.assistantItem(message);
      this.shown.set(message.id, item);
      this.list.append(item);
      if (!person) added.push(message);
    }
    if (messages.length) this.welcome.hidden = true;
    this.activate(this.list.lastElementChild);
    return added;
  }

  personItem({ text }) {
    for (const { settle, item } of this.live) {
      settle(text);
      delete item.dataset.live;
    }
    this.live = [];
    return el("li", { class: "person", tabindex: "-1" }, el("span", { class: "hidden" }, this.strings.you_said), el("div", { class: "bubble" }, text));
  }

  assistantItem(message) {
    const { strings } = this;
    const first = !this.list.lastElementChild?.classList.contains("assistant");
    const item = el(
      "li",
      { class: `assistant${first ? " first" : ""}`, tabindex: "-1" },
      first ? el("span", { class: "logo" }, icon("logo")) : null,
      el("span", { class: "hidden" }, strings.assistant_said),
      card(message, strings, (text) => this.speak(text), this.base),
    );
    const answers = controls(message, strings, (text) => this.send(text));
    if (answers) {
      item.append(answers.node);
      item.dataset.live = "true";
      this.live.push({ ...answers, item });
    }
    message.count = answers?.count;
    const { kind, type } = message.custom || {};
    if (kind === "question") this.setHint(type === "number" ? strings.input_hint_number : null, type);
    return item;
  }

  trouble(message, busy) {
    const { strings } = this;
    this.setNotice(busy ? strings.busy : strings.offline, () => this.connection.wake());
    const item = this.shown.get(message.id);
    if (item && !item.querySelector(".waiting")) item.append(el("p", { class: "waiting" }, strings.waiting));
    this.showTyping(false);
  }

  recovered() {
    this.setNotice("");
    this.speak(this.strings.online);
  }

  rejected(message, status) {
    const words = status === 413 ? this.strings.too_long : this.strings.refused;
    if (status === 413 && !this.input.value) this.input.value = message.text;
    const item = this.shown.get(message.id);
    item?.append(el("p", { class: "waiting" }, words));
    this.speak(words);
    this.showTyping();
  }

  erase() {
    if (this.connection.token) this.send(this.strings.erase_send);
    else this.wipe();
  }

  wipe() {
    this.connection.forget();
    this.list.replaceChildren();
    this.shown.clear();
    this.live = [];
    this.setUrgent(null);
    this.showTyping();
    this.welcome.hidden = false;
    this.setNotice(this.strings.erased);
  }

  // --- what is pinned --------------------------------------------------------------------------------

  setUrgent(urgent) {
    const { strings } = this;
    const pinned = JSON.stringify(urgent || null);
    if (pinned === this.pinned) return; // an alert that is raised again with every reply is soon not heard
    this.pinned = pinned;
    this.banner.replaceChildren();
    if (!urgent) return;
    const calls = urgent.call.map(({ number, label }) =>
      el("a", { class: "chip call", href: `tel:${number}` }, icon("phone"), /call/i.test(label) ? label : strings.call.replace("{number}", label)),
    );
    this.banner.append(
      el("p", { class: "banner-title" }, strings.urgency[urgent.urgency] || strings.banner_title),
      el("p", {}, urgent.act),
      el("div", { class: "chips" }, ...calls, el("button", { type: "button", class: "chip", click: () => this.send(strings.help_arranged) }, strings.help_arranged)),
    );
  }

  setNotice(text, retry) {
    if (this.notice.firstChild?.textContent === text) return;
    this.notice.replaceChildren();
    if (!text) return;
    this.notice.append(el("p", {}, text));
    if (retry) this.notice.append(el("button", { type: "button", class: "chip", click: retry }, this.strings.try_now));
  }

  setHint(hint, type) {
    this.input.placeholder = hint || this.strings.input_hint;
    this.input.inputMode = type === "number" ? "numeric" : "text";
  }

  showTyping(on = this.connection.outbox.length > 0) {
    this.typing.hidden = !on;
  }

  // --- screen readers, keyboard, scrolling -------------------------------------------------------------

  tell(message) {
    const words = [message.text || message.custom?.alt || "", message.custom?.table?.title].filter(Boolean).join(" ");
    const choices = message.count ? this.strings.choices.replace("{n}", message.count) : "";
    this.speak(`${this.strings.assistant_said} ${words.replace(/\*\*|^#+ /gm, "")} ${choices}`);
  }

  speak(text) {
    this.spoken.append(el("p", {}, text));
    while (this.spoken.childElementCount > SPOKEN_KEPT) this.spoken.firstChild.remove();
  }

  /** One message at a time is in the tab order, with what can be pressed in it; a pending question always is. */
  activate(item) {
    if (!item) return;
    for (const other of this.list.children) {
      const active = other === item;
      other.tabIndex = active ? 0 : -1;
      const reachable = active || other.dataset.live;
      for (const control of other.querySelectorAll("a, button, input, summary, .drawing")) {
        if (control.getAttribute("aria-disabled")) continue;
        if (reachable && !control.matches(".drawing")) control.removeAttribute("tabindex");
        else control.tabIndex = reachable ? 0 : -1;
      }
    }
  }

  walk(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      return this.input.focus();
    }
    const items = [...this.list.children];
    const at = items.indexOf(event.target);
    if (at < 0) return;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  scrollTo(top) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  }

  fit() {
    this.input.style.blockSize = "auto";
    this.input.style.blockSize = `${this.input.scrollHeight}px`;
  }

  showMenu(on, focus = false) {
    this.menu.hidden = !on;
    this.menuButton.setAttribute("aria-expanded", String(on));
    if (focus) this.menuButton.focus();
  }

  choose(act) {
    this.showMenu(false, true);
    act();
  }

  open() {
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
    this.log.scrollTop = this.log.scrollHeight;
    (this.byTouch() ? this.panel : this.input).focus();
  }

  byTouch() {
    return matchMedia("(pointer: coarse)").matches;
  }

  close() {
    this.panel.hidden = true;
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
  }
}

customElements.define("myelin-chat", MyelinChat);
