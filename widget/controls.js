// What a person can press to answer. Every press sends the words that could be typed instead.

import { el } from "./markdown.js";

const ALONE = ["none", "not_sure"]; // "None of these" and "Not sure" go with no other answer

/** The answers to a message, or null if it offers none. `settle(text)` shows the answer and ends them. */
export function controls(message, strings, send) {
  const question = message.custom?.kind === "question" ? message.custom : null;
  const buttons = message.buttons || [];
  const titles = new Set((question?.options || []).map((option) => option.title));
  const node = el("div", { class: "controls" });
  const press = (text) => !node.dataset.settled && send(text);
  let answers = buttons;
  let steering = [];

  if (question) {
    answers = buttons.filter((title) => titles.has(title));
    steering = buttons.filter((title) => !titles.has(title));
    if (question.progress?.asked > 1 && !steering.includes(strings.result_so_far)) steering.push(strings.result_so_far);
    if (question.progress?.asked) node.append(progress(question.progress, strings));
  }
  if (question?.type === "multi_choice") node.append(multipleChoice(question, message.text, strings, press));
  else if (question?.type === "number" && question.id === "severity") node.append(scale(message.text, strings, press));
  else if (answers.length) node.append(row("chips", strings.answers_label, answers, press));
  if (steering.length) node.append(row("steer", strings.steer_label, steering, press));
  if (!node.childElementCount) return null;
  return { node, count: answers.length, settle: (text) => settle(node, text, strings) };
}

function row(kind, label, titles, press) {
  const chips = titles.map((title) => el("button", { type: "button", class: "chip", click: () => press(title) }, title));
  return el("div", { class: kind, role: "group", "aria-label": label }, ...chips);
}

function progress({ asked, expected }, strings) {
  const left = expected - asked;
  const text = left > 0 ? strings.progress : strings.progress_last;
  const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
  bar.firstChild.style.inlineSize = `${Math.min(100, Math.round((100 * asked) / Math.max(asked, expected, 1)))}%`;
  const words = text.replace("{asked}", asked).replace("{left}", left);
  return el("p", { class: "progress" }, bar, words);
}

function scale(label, strings, press) {
  const numbers = Array.from({ length: 11 }, (_, number) =>
    el("button", { type: "button", class: "chip", click: () => press(String(number)) }, String(number)),
  );
  return el(
    "div",
    { class: "scale" },
    el("div", { class: "steps", role: "group", "aria-label": label }, ...numbers),
    el("p", { class: "ends" }, el("span", {}, strings.scale_low), el("span", {}, strings.scale_high)),
  );
}

function multipleChoice(question, label, strings, press) {
  const chosen = new Set();
  const boxes = new Map();
  const problem = el("p", { class: "problem", role: "status" });
  let map = null;
  const toggle = (value) => {
    if (group.parentElement?.dataset.settled) return;
    if (chosen.has(value)) chosen.delete(value);
    else {
      if (ALONE.includes(value)) chosen.clear();
      else for (const other of ALONE) chosen.delete(other);
      chosen.add(value);
    }
    problem.textContent = "";
    show();
  };
  const show = () => {
    for (const [value, box] of boxes) box.checked = chosen.has(value);
    map?.update(chosen);
  };
  const done = () => {
    const titles = question.options.filter((option) => chosen.has(option.value)).map((option) => option.title);
    if (titles.length) press(titles.join(", "));
    else problem.textContent = strings.nothing_chosen;
  };
  const list = el("div", { class: "boxes", role: "group", "aria-label": question.id === "site" ? strings.map_list : label });
  for (const option of question.options) {
    const box = el("input", { type: "checkbox" });
    box.addEventListener("click", (event) => {
      if (group.parentElement?.dataset.settled) event.preventDefault();
    });
    box.addEventListener("change", () => toggle(option.value));
    boxes.set(option.value, box);
    list.append(el("label", { class: "box" }, box, el("span", {}, option.title)));
  }
  const group = el("div", { class: "choice" });
  if (question.id === "site") {
    import("./body-map.js").then(({ bodyMap }) => {
      map = bodyMap(question.options, strings, toggle);
      for (const place of map.places) boxes.get(place).parentElement.classList.add("mapped");
      group.prepend(map.node, unfold(list, strings));
      group.classList.add("with-map");
      if (group.parentElement?.dataset.settled) settleWithin(map.node);
      show();
    });
  }
  const finish = el("div", { class: "finish" }, problem, el("button", { type: "button", class: "chip done", click: done }, strings.done));
  group.append(list, finish);
  group.restore = (text) => {
    const told = text.toLowerCase().split(/\s*[,;]\s*/);
    for (const option of question.options) if (told.includes(option.title.toLowerCase())) chosen.add(option.value);
    show();
  };
  return group;
}

/** On a narrow screen the places of the map are listed only when asked for: map and list together are very long. */
function unfold(list, strings) {
  list.classList.add("folded");
  const button = el("button", { type: "button", class: "chip unfold", "aria-expanded": "false" }, strings.map_open_list);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-expanded", String(!list.classList.toggle("folded")));
  });
  return button;
}

function settleWithin(node) {
  for (const control of node.querySelectorAll("button, input, [role=checkbox]")) {
    control.setAttribute("aria-disabled", "true");
    control.setAttribute("tabindex", "-1");
  }
}

/** Answered controls stay where they are, so that nobody loses their place, but do nothing any more. */
function settle(node, text, strings) {
  if (node.dataset.settled) return;
  node.querySelector(".choice")?.restore(text);
  node.dataset.settled = "true";
  settleWithin(node);
  let found = false;
  for (const chip of node.querySelectorAll(".chip")) {
    const same = chip.textContent.toLowerCase() === text.trim().toLowerCase();
    chip.classList.toggle("chosen", same);
    found ||= same;
  }
  found ||= Boolean(node.querySelector("input:checked"));
  const words = found ? strings.chosen.replace("{answer}", text) : strings.not_chosen;
  node.append(el("span", { class: "hidden" }, words));
}
