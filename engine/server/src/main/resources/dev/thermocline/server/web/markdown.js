// Markdown to elements: parsed by marked, made harmless by DOMPurify, code with a button that copies it.

import { Marked } from "./marked.esm.js";
import DOMPurify from "./purify.es.mjs";
import { copy, el, icon } from "./dom.js";

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    // Indented text is prose: stories and poems indent, models fence their code.
    code() {},
  },
  renderer: {
    // HTML is shown as the model wrote it, but for the line breaks that tables are given.
    html({ text }) {
      return /^<br\s*\/?>$/i.test(text) ? "<br>" : el("span", { textContent: text }).innerHTML;
    },
    // Nothing is loaded from elsewhere: an image becomes a link to it.
    image({ href, text }) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = text || href;
      return link.outerHTML;
    },
  },
});

const ALLOWED = {
  FORBID_TAGS: ["style", "form", "button", "select", "textarea", "img", "picture", "video", "audio", "source", "svg", "math"],
  FORBID_ATTR: ["style", "id", "name", "class"],
  ADD_ATTR: ["start"],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

/**
 * Shows a growing text: blocks that are as before stay as they are, so a selection survives and a long answer costs
 * no more than its last paragraph.
 */
export function render(target, text) {
  const tokens = marked.lexer(text.replace(/^\s+/, "")).filter((token) => token.type !== "space");
  const known = target.blocks ?? (target.blocks = []);
  let same = 0;
  while (same < tokens.length && same < known.length && tokens[same].raw === known[same].raw) same++;
  for (const block of known.splice(same)) block.node.remove();
  for (const token of tokens.slice(same)) {
    const node = el("div", { className: "block" });
    node.append(token.type === "code" ? code(token) : harmless([token]));
    target.append(node);
    known.push({ raw: token.raw, node });
  }
}

function harmless(tokens) {
  const fragment = DOMPurify.sanitize(marked.parser(tokens), ALLOWED);
  for (const link of fragment.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  for (const table of fragment.querySelectorAll("table")) {
    const frame = el("div", { className: "table", tabIndex: 0 });
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const pre of fragment.querySelectorAll("pre")) {
    pre.replaceWith(code({ text: pre.textContent.replace(/\n$/, ""), lang: "" }));
  }
  return fragment;
}

function code({ text, lang }) {
  const language = (lang ?? "").match(/^\S*/)[0];
  const button = el("button", { type: "button", className: "plain", onclick: () => copy(text, button) }, icon("copy"), "Copy");
  return el(
    "figure",
    { className: "code" },
    el("figcaption", {}, el("span", {}, language), button),
    el("pre", { tabIndex: 0 }, el("code", {}, text)),
  );
}
