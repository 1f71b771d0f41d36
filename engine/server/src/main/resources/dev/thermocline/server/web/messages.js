// The messages of the branch that is shown.

import { answer, answering } from "./answer.js";
import { path, show, siblings } from "./conversation.js";
import { $, copy, el, icon, iconButton } from "./dom.js";
import { render } from "./markdown.js";
import { append, keep, session, shown, tell } from "./session.js";
import { open as openSettings } from "./settings.js";
import { stats } from "./stats.js";

const views = new Map();
const waiting = new Set();
let model = () => undefined;

export function start(chosenModel) {
  model = chosenModel;
  session.addEventListener("shown", showAll);
  session.addEventListener("answer", ({ detail }) => {
    if (detail.conversation !== shown()) return;
    later(detail.node);
    if (answering(shown())) return;
    // The answer has ended: the buttons of all messages can be used again.
    path(shown()).forEach(later);
    drawWaiting();
  });
  $("scroll").addEventListener("scroll", () => ($("to-end").hidden = atEnd()));
  $("to-end").addEventListener("click", toEnd);
}

/** An answer is drawn once a frame, however many tokens come in between. */
function later(node) {
  if (!waiting.size) requestAnimationFrame(drawWaiting);
  waiting.add(node);
}

function drawWaiting() {
  const follow = atEnd();
  for (const node of waiting) if (views.has(node.id)) update(node);
  waiting.clear();
  if (follow) toEnd();
}

const atEnd = () => $("scroll").scrollHeight - $("scroll").scrollTop - $("scroll").clientHeight < 60;

function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
}

function showAll() {
  const nodes = path(shown());
  const ids = new Set(nodes.map((node) => node.id));
  for (const [id, view] of views) {
    if (ids.has(id)) continue;
    view.root.remove();
    views.delete(id);
  }
  for (const node of nodes) {
    if (!views.has(node.id)) views.set(node.id, create(node));
    $("messages").append(views.get(node.id).root);
    update(node);
  }
  $("welcome").hidden = nodes.length > 0;
  toEnd();
}

function create(node) {
  const view = {
    thinking: el("details", { className: "thinking", hidden: true }, el("summary", {}, "Thinking"), el("div", { className: "text" })),
    text: el("div", { className: "text" }),
    error: el("div", { className: "error", role: "alert", hidden: true }),
    foot: el("footer"),
  };
  const name = node.role === "user" ? "You" : node.model || "Answer";
  view.name = el("h3", {}, name);
  view.root = el("article", { className: `message ${node.role}` }, view.name, ...(node.files ?? []).map(fileView), view.thinking, view.text, view.error, view.foot);
  view.root.dataset.id = node.id;
  return view;
}

function fileView({ name, text }) {
  return el("details", { className: "file" }, el("summary", {}, `${name} (${text.length.toLocaleString()} characters)`), el("pre", {}, text));
}

function update(node) {
  const view = views.get(node.id);
  const busy = answering(shown())?.node === node;
  if (node.role === "assistant") view.name.textContent = node.model || "Answer";
  if (view.content !== node.content) {
    view.content = node.content;
    if (node.role === "user") view.text.textContent = node.content;
    else render(view.text, node.content);
  }
  showThinking(node, view, busy);
  showError(node, view);
  view.root.classList.toggle("busy", busy);
  view.root.setAttribute("aria-busy", busy);
  view.foot.replaceChildren(...(busy ? [stats(node)] : [branches(node), ...actions(node), stats(node)]).filter(Boolean));
}

function showThinking(node, view, busy) {
  view.thinking.hidden = !node.reasoning;
  if (!node.reasoning) return;
  view.thinking.firstChild.textContent = busy && !node.content ? "Thinking …" : "Thoughts";
  if (view.reasoning !== node.reasoning) render(view.thinking.lastChild, (view.reasoning = node.reasoning));
}

function showError({ error }, view) {
  if (view.error.hidden === !error) return;
  view.error.hidden = !error;
  if (!error) return;
  view.error.replaceChildren(el("p", {}, error.message), el("small", {}, error.about));
  if (error.status === 401) {
    view.error.append(el("button", { type: "button", onclick: () => { openSettings(); $("api-key").focus(); } }, "Enter the API key"));
  }
}

function branches(node) {
  const all = siblings(shown(), node);
  if (all.length < 2) return null;
  const at = all.indexOf(node);
  const turn = (step, name, label) => {
    const button = iconButton(name, label, () => {
      show(shown(), all[at + step]);
      keep(shown());
      tell("shown");
    });
    button.disabled = !all[at + step] || Boolean(answering(shown()));
    return button;
  };
  return el("span", { className: "branches" }, turn(-1, "left", "Earlier branch"), el("span", {}, `${at + 1}/${all.length}`), turn(1, "right", "Later branch"));
}

function actions(node) {
  const copyButton = iconButton("copy", "Copy", () => copy(node.content, copyButton));
  const list = [copyButton, iconButton("edit", "Edit, as a new branch", () => edit(node))];
  if (node.role === "assistant") {
    list.push(iconButton("again", "Another answer", () => answer(shown(), node.parent, model())));
  }
  return list;
}

/** Puts an editor in a message's place; what is saved becomes a sibling of the message. */
export function edit(node) {
  const { root, text } = views.get(node.id);
  if (root.classList.contains("editing") || answering(shown())) return;
  const area = el("textarea", { value: node.content, "aria-label": "Edit message" });
  const done = () => {
    root.classList.remove("editing");
    editor.remove();
  };
  const save = async () => {
    done();
    const copyOf = await append(shown(), node.parent, node.role, area.value, node.files);
    if (node.role === "user") await answer(shown(), copyOf.id, model());
  };
  const editor = el(
    "form",
    { className: "editor", onsubmit: (event) => { event.preventDefault(); save(); } },
    area,
    el("div", { className: "row end" },
      el("button", { type: "button", className: "plain", onclick: done }, "Cancel"),
      el("button", { className: "accent" }, icon("check"), node.role === "user" ? "Send" : "Save")),
  );
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); done(); }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
  root.classList.add("editing");
  text.after(editor);
  area.rows = Math.min(16, area.value.split("\n").length + 2);
  area.focus();
}
