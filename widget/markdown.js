// A tiny part of Markdown as DOM nodes. No text ever becomes HTML.

const INLINE = /\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/g;
const BULLET = /^\s*[-•*]\s+(.*)$/;
const HEADING = /^(#{1,3})\s+(.*)$/;

/** An element with properties, attributes (values that are strings) and children. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(key, value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A link that opens beside the talk and tells the other site nothing. */
export function link(href, text, strings) {
  const hidden = el("span", { class: "hidden" }, ` ${strings.opens_new_tab}`);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text, hidden);
}

function inline(text, strings) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(from, match.index));
    if (match[1]) nodes.push(el("strong", {}, match[1]));
    else nodes.push(link(match[3] || match[4], match[2] || match[4], strings));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** Paragraphs, line breaks, bullet lists, bold, links; with `headings` also headings and rules. */
export function markdown(text, strings, { headings = false } = {}) {
  const out = document.createDocumentFragment();
  let list = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const bullet = line.match(BULLET);
    const heading = headings && line.match(HEADING);
    if (bullet) {
      paragraph = null;
      if (!list) out.append((list = el("ul")));
      list.append(el("li", {}, ...inline(bullet[1], strings)));
      continue;
    }
    if (!line.trim()) {
      paragraph = null;
      if (!headings) list = null;
      continue;
    }
    list = null;
    if (heading) {
      paragraph = null;
      out.append(el(`h${heading[1].length + 2}`, {}, ...inline(heading[2], strings)));
    } else if (headings && /^-{3,}$/.test(line.trim())) {
      paragraph = null;
      out.append(el("hr"));
    } else if (paragraph) {
      paragraph.append(el("br"), ...inline(line, strings));
    } else {
      out.append((paragraph = el("p", {}, ...inline(line, strings))));
    }
  }
  return out;
}
