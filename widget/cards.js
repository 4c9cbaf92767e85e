// What a message looks like, by the kind of its machine-readable part. Unknown kinds are shown as their text.

import { el, link, markdown } from "./markdown.js";

const EMERGENCIES = ["emergency_now", "emergency_department"];

/** The message as a node. `tell` says something to screen readers; `base` is where files are fetched from. */
export function card(message, strings, tell, base) {
  const { text = "", custom = {}, image } = message;
  const make = KINDS[custom.kind];
  const body = make ? make(custom, text, strings, tell, base) : bubble(text, strings);
  if (image && /^(https?:\/\/|\/[^/])/.test(image)) {
    body.append(el("img", { src: new URL(image, base).href, alt: custom.alt || strings.picture, loading: "lazy" }));
  }
  return body;
}

/** Whether there is anything to show: a part for programs alone has no words. */
export function isShown({ text, custom, image, buttons }) {
  return Boolean(text || image || buttons?.length || KINDS[custom?.kind]);
}

function bubble(text, strings, kind = "") {
  return el("div", { class: `bubble ${kind}` }, markdown(text, strings));
}

function titled(kind, title, text, strings) {
  return el("div", { class: `bubble ${kind}` }, el("p", { class: "label" }, title), markdown(text, strings));
}

const KINDS = {
  understood: (custom, text, strings) => bubble(text, strings, "understood"),

  urgent: (custom, text, strings) => {
    const kind = EMERGENCIES.includes(custom.urgency) ? "urgent" : "soon";
    if (custom.further) return bubble(text, strings, kind); // its urgency is that of the card above it
    return titled(kind, strings.urgency[custom.urgency] || strings.banner_title, text, strings);
  },

  assessment: (custom, text, strings) => {
    if (custom.aside) return bubble(text, strings);
    const title = custom.complete ? strings.result_title : strings.result_so_far_title;
    const kind = EMERGENCIES.includes(custom.urgency) ? "urgent" : custom.urgency === "routine" ? "calm" : "soon";
    return titled(`result ${kind}`, [title, strings.urgency[custom.urgency]].filter(Boolean).join(": "), text, strings);
  },

  possibility: (custom, text, strings) => {
    const level = { strong: 3, possible: 2, less_likely: 1 }[custom.likelihood] || 0;
    const meter = el("span", { class: `meter level-${level}`, "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    const words = strings.likelihood[custom.likelihood] || custom.likelihood_title || "";
    return el(
      "div",
      { class: "bubble possibility" },
      el("h3", {}, custom.name),
      el("p", { class: "fit" }, meter, words),
      custom.supports?.length
        ? el("div", { class: "reasons" }, reasons("for", strings.supports, custom.supports), reasons("against", strings.against, custom.against))
        : el("div", { class: "reasons" }, el("p", {}, text.slice(text.indexOf("\n") + 1))),
    );
  },

  answer: (custom, text, strings) => {
    const node = bubble(text, strings);
    if (custom.table) node.append(table(custom.table));
    if (custom.source_list?.length) node.append(sources(custom.source_list, strings));
    node.classList.toggle("wide", Boolean(custom.table));
    return node;
  },

  picture: (custom, text, strings) => {
    const words = el("p", {}, custom.alt);
    if (!custom.shapes) return el("div", { class: "bubble" }, words);
    const drawing = el("div", { class: "drawing", tabindex: "0", role: "group", "aria-label": custom.title }, draw(custom));
    return el("div", { class: "bubble wide" }, drawing, el("details", {}, el("summary", {}, strings.in_words), words));
  },

  summary: (custom, text, strings, tell, base) => summary(custom, strings, tell, base),
};

/** The shapes of a picture. It has colours of its own, so it keeps its light ground in the dark too. */
function draw({ box, shapes, alt }) {
  const make = (tag, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const parts = shapes.map(([tag, attributes, words]) => make(tag, attributes, words));
  return make("svg", { viewBox: box, role: "img", "aria-label": alt }, ...parts);
}

function reasons(kind, title, said) {
  if (!said || !said.length) return null;
  const list = Array.isArray(said) ? el("ul", {}, ...said.map((reason) => el("li", {}, reason))) : el("p", {}, said);
  return el("div", { class: kind }, el("h4", {}, title), list);
}

// The roles say again what the elements are: narrow screens show rows as blocks, and browsers then forget it.
function table({ title, columns, rows }) {
  const head = columns.map((column) =>
    column
      ? el("th", { scope: "col", role: "columnheader" }, column)
      : el("td", { role: "cell", class: "corner" }),
  );
  const body = rows.map(([label, ...cells]) =>
    el(
      "tr",
      { role: "row" },
      el("th", { scope: "row", role: "rowheader" }, label),
      ...cells.map((cell, n) => el("td", { role: "cell", "data-column": columns[n + 1] }, cell)),
    ),
  );
  return el(
    "table",
    { role: "table" },
    title ? el("caption", {}, title) : null,
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...head)),
    el("tbody", { role: "rowgroup" }, ...body),
  );
}

function sources(list, strings) {
  const entries = list.map(({ title, publisher, url }) => {
    const name = url && /^https?:\/\//.test(url) ? link(url, title, strings) : title;
    return el("li", {}, name, publisher ? `, ${publisher}` : null);
  });
  const words = strings.sources.replace("{n}", list.length);
  return el("details", { class: "sources" }, el("summary", {}, words), el("ul", {}, ...entries));
}

function summary(custom, strings, tell, base) {
  const paper = el("div", { class: "paper" }, markdown(custom.markdown, strings, { headings: true }));
  const action = (title, click) => el("button", { type: "button", class: "chip", click }, title);
  const copy = action(strings.copy, async () => {
    await navigator.clipboard.writeText(custom.markdown);
    copy.textContent = strings.copied;
    tell(strings.copied);
  });
  const buttons = el(
    "div",
    { class: "chips", role: "group", "aria-label": strings.summary_title },
    navigator.clipboard ? copy : null,
    action(strings.print, () => print(paper, strings)),
    action(strings.download, () => download(custom.markdown, strings)),
    custom.pdf && /^\/[^/]/.test(custom.pdf)
      ? el("a", { class: "chip", href: new URL(custom.pdf, base).href, download: true }, strings.download_pdf)
      : null,
  );
  return el("div", { class: "bubble wide summary" }, paper, buttons);
}

/** Prints the paper alone, from a frame of its own. */
function print(paper, strings) {
  const frame = el("iframe", { class: "print", title: strings.print });
  paper.parentElement.append(frame);
  const page = frame.contentDocument;
  page.title = strings.summary_title;
  const sheet = new frame.contentWindow.CSSStyleSheet();
  sheet.replaceSync("body{font:12pt/1.45 system-ui,sans-serif;margin:2cm}h3{font-size:18pt}h4{font-size:13pt;margin-block:1em .3em}");
  page.adoptedStyleSheets = [sheet];
  page.body.append(page.importNode(paper, true));
  frame.contentWindow.addEventListener("afterprint", () => frame.remove());
  frame.contentWindow.print();
}

function download(text, strings) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  el("a", { href, download: strings.file_name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}
