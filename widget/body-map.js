// The lower body from the front and from behind. Places are the values of the question `site`.

const SVG = "http://www.w3.org/2000/svg";

// One half, right of the midline; the other half is its mirror image. Units are those of the view box.
const OUTLINE =
  "M0 0H41C45 16 57 38 61 64C64 88 60 122 54 154C50 178 46 196 45 214C44 228 47 238 49 252C52 272 49 298 43 324" +
  "C39 344 37 356 37 366C38 377 47 386 51 392C53 398 47 401 39 401H21C14 401 13 393 14 385C15 377 16 370 15 362" +
  "C13 340 9 312 8 284C7 262 10 240 10 222C10 204 7 180 5 154C4 132 3 114 2 99L0 97";

// What is outside of the outline is not seen but can be pressed, so that narrow places are easy to meet.
const VIEWS = {
  front: {
    hip: "M90 14C64 16 46 20 34 30C34 44 37 60 43 77L90 84Z",
    groin: "M0 70C14 64 26 56 34 44C36 58 39 68 43 77C34 88 26 98 18 106L0 112Z",
    outer_thigh: "M43 77L90 84V208H33C38 168 44 130 43 77Z",
    front_thigh: "M43 77C44 130 38 168 33 208H20C19 170 18 138 18 106C26 98 34 88 43 77Z",
    inner_thigh: "M0 112L18 106C18 138 19 170 20 208H0Z",
    knee: "M0 208H90V248H0Z",
    shin: "M0 248H90V360H0Z",
    foot: "M0 360H90V410H0Z",
  },
  back: {
    lower_back: "M0 0H90V20C50 24 30 30 0 40Z",
    hip: "M90 20C70 22 56 24 46 28C44 50 48 74 56 92L90 98Z",
    buttock: "M0 40C20 34 34 31 46 28C44 50 48 74 56 92C42 112 18 116 0 108Z",
    back_thigh: "M0 108C18 116 42 112 56 92L90 98V208H0Z",
    knee: "M0 208H90V242H0Z",
    calf: "M0 242H90V350H0Z",
    foot: "M0 350H90V410H0Z",
  },
};

let drawn = 0;

function svg(name, attributes, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** The shape and its mirror image, a little broader than life so that places are easy to meet. */
function bothHalves(d, attributes = {}) {
  return [1.35, -1.35].map((x) => svg("path", { d, transform: `scale(${x} 1)`, ...attributes }));
}

function figure(view, places, strings, toggle, say) {
  const clip = `myelin-outline-${(drawn += 1)}`;
  const body = svg("g", {});
  const regions = [];
  for (const [place, d] of Object.entries(VIEWS[view])) {
    if (!places.has(place)) continue;
    const region = svg(
      "g",
      { class: "place", role: "checkbox", "aria-checked": "false", "aria-label": places.get(place), tabindex: "-1" },
      ...bothHalves(d, { class: "reach" }),
      svg("g", { "clip-path": `url(#${clip})` }, ...bothHalves(d)),
    );
    region.dataset.place = place;
    region.addEventListener("click", () => toggle(place));
    for (const event of ["pointerenter", "focus"]) region.addEventListener(event, () => say(places.get(place)));
    for (const event of ["pointerleave", "blur"]) region.addEventListener(event, () => say());
    regions.push(region);
    body.append(region);
  }
  regions[0]?.setAttribute("tabindex", "0");
  body.addEventListener("keydown", (event) => {
    const at = regions.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (at < 0 || (!step && event.key !== " " && event.key !== "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!step) return toggle(event.target.dataset.place);
    const next = regions[(at + step + regions.length) % regions.length];
    event.target.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  const picture = svg(
    "svg",
    { viewBox: "-92 -4 184 410", role: "group", "aria-label": strings[`map_${view}`] },
    svg("defs", {}, svg("clipPath", { id: clip }, ...bothHalves(OUTLINE))),
    svg("g", { class: "skin", "aria-hidden": "true" }, ...bothHalves(OUTLINE)),
    body,
    svg("g", { class: "edge", "aria-hidden": "true" }, ...bothHalves(OUTLINE)),
  );
  return { picture, regions };
}

/** The map as a node, a function that shows which places are chosen, and the places that are on it. */
export function bodyMap(options, strings, toggle) {
  const places = new Map(options.map((option) => [option.value, option.title]));
  const caption = document.createElement("p");
  caption.className = "map-caption";
  caption.setAttribute("aria-hidden", "true");
  caption.textContent = strings.map_hint;
  const node = document.createElement("div");
  node.className = "map";
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", strings.map_label);
  const all = [];
  let titles = [];
  const say = (title) => (caption.textContent = title || titles.join(", ") || strings.map_hint);
  for (const view of Object.keys(VIEWS)) {
    const { picture, regions } = figure(view, places, strings, toggle, say);
    const label = document.createElement("span");
    label.className = "map-view";
    label.setAttribute("aria-hidden", "true");
    label.textContent = strings[`map_${view}`];
    const side = document.createElement("div");
    side.className = "map-side";
    side.append(picture, label);
    node.append(side);
    all.push(...regions);
  }
  node.append(caption);
  const update = (chosen) => {
    titles = options.filter((option) => chosen.has(option.value)).map((option) => option.title);
    say();
    for (const region of all) region.setAttribute("aria-checked", String(chosen.has(region.dataset.place)));
  };
  return { node, update, places: new Set(all.map((region) => region.dataset.place)) };
}
