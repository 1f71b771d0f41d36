// The list of conversations, and their ways in and out as files.

import { imported, matches } from "./conversation.js";
import { $, announce, ask, download, el, iconButton } from "./dom.js";
import { all, keep, open, openNew, remove, rename, session, shown, tell } from "./session.js";
import { answering, stop } from "./answer.js";

export function start(closeDrawers) {
  session.addEventListener("list", draw);
  session.addEventListener("shown", draw);
  $("search").addEventListener("input", draw);
  $("new-chat").addEventListener("click", () => { openNew(); closeDrawers(); $("input").focus(); });
  $("conversations").addEventListener("click", (event) => {
    if (event.target.closest("a")) closeDrawers();
  });
  $("export-all").addEventListener("click", () => exportFile(all(), "thermocline-conversations.json"));
  $("import").addEventListener("click", () => $("import-file").click());
  $("import-file").addEventListener("change", importFile);
}

function draw() {
  const found = all().filter((conversation) => matches(conversation, $("search").value));
  $("conversations").replaceChildren(...found.map(entry));
  if (!found.length) {
    $("conversations").append(el("li", { className: "note" }, $("search").value ? "Nothing found" : "No conversations yet"));
  }
}

function entry(conversation) {
  const title = conversation.title || "Untitled";
  const link = el("a", { href: `#${conversation.id}`, title }, title);
  if (conversation === shown()) link.setAttribute("aria-current", "page");
  return el("li", {}, link,
    iconButton("edit", `Rename ${title}`, async () => {
      const name = await ask("Rename conversation", conversation.title, "Rename");
      if (name?.trim()) await rename(conversation, name.trim());
    }),
    iconButton("down", `Export ${title}`, () => exportFile([conversation], `${fileName(title)}.json`)),
    iconButton("bin", `Delete ${title}`, async () => {
      if ((await ask(`Delete “${title}”?`, null, "Delete")) === null) return;
      if (answering(conversation)) stop(conversation);
      await remove(conversation);
    }));
}

const fileName = (title) => title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "conversation";

function exportFile(conversations, name) {
  download(name, JSON.stringify({ format: "thermocline-conversations", version: 1, conversations }, null, 1));
}

async function importFile(event) {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  try {
    const conversations = imported(await file.text());
    for (const conversation of conversations) await keep(conversation);
    tell("list");
    announce(`Imported ${conversations.length} conversations`);
    if (conversations.length) open(conversations[0].id);
  } catch (error) {
    await ask(`${file.name} was not imported: ${error.message}`, null);
  }
}
