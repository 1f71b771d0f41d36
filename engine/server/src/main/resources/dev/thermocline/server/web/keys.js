// Keys that work everywhere on the page.

import { answering, stop } from "./answer.js";
import { path } from "./conversation.js";
import { $, el } from "./dom.js";
import { edit } from "./messages.js";
import { openNew, shown } from "./session.js";
import { open as openSettings } from "./settings.js";

const KEYS = [
  ["Enter", "send"],
  ["Shift Enter", "new line"],
  ["Escape", "stop the answer, close a drawer"],
  ["Ctrl Shift O", "new conversation"],
  ["Ctrl K", "search conversations"],
  ["Ctrl Shift E", "engine panel"],
  ["Ctrl ,", "settings"],
  ["Alt ↑", "edit your last message"],
  ["/", "to the message field"],
  ["?", "this help"],
];

export function start({ togglePanel, openSidebar, closeDrawers }) {
  $("keys-list").append(...KEYS.flatMap(([keys, text]) => [el("dt", {}, ...keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, text)]));
  $("keys-open").addEventListener("click", () => $("keys").showModal());
  const control = {
    K: () => { openSidebar(); $("search").focus(); },
    ",": openSettings,
  };
  const controlShift = { O: () => { openNew(); $("input").focus(); }, E: togglePanel };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const action = chord(event, control, controlShift) ?? plain(event, closeDrawers);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function chord(event, control, controlShift) {
  if (event.altKey && event.key === "ArrowUp") return editLast;
  if (!(event.ctrlKey || event.metaKey)) return undefined;
  return (event.shiftKey ? controlShift : control)[event.key.toUpperCase()];
}

function plain({ key, target, ctrlKey, metaKey, altKey }, closeDrawers) {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (key === "Escape") return answering(shown()) ? () => stop(shown()) : closeDrawers;
  if (target.closest("input, textarea, select")) return undefined;
  return { "/": () => $("input").focus(), "?": () => $("keys").showModal() }[key];
}

function editLast() {
  const last = path(shown()).findLast((node) => node.role === "user");
  if (last) edit(last);
}
