// The field one writes in: sending, stopping, text files.

import { answer, answering, stop } from "./answer.js";
import { $, announce, ask, el, iconButton } from "./dom.js";
import { append, session, shown } from "./session.js";
import { chosen } from "./models.js";

const MOST_FILE_BYTES = 2 << 20;
const LONG_PASTE = 4000;
let files = [];

export function start() {
  const input = $("input");
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  $("stop").addEventListener("click", () => stop(shown()));
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    // A key that ends the composition of a character is no key of ours.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  input.addEventListener("paste", paste);
  $("attach").addEventListener("click", () => $("attach-file").click());
  $("attach-file").addEventListener("change", async (event) => {
    await attach([...event.target.files]);
    event.target.value = "";
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => { event.preventDefault(); attach([...event.dataTransfer.files]); });
  session.addEventListener("shown", showButtons);
  session.addEventListener("answer", showButtons);
}

function grow() {
  const input = $("input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight + 2, 240)}px`;
}

function showButtons() {
  const busy = Boolean(answering(shown()));
  const held = document.activeElement === $("stop");
  $("send").hidden = busy;
  $("stop").hidden = !busy;
  if (!busy && held) $("input").focus();
}

async function send() {
  const conversation = shown();
  const content = $("input").value;
  if (answering(conversation) || (!content.trim() && !files.length)) return;
  const sent = files;
  files = [];
  showFiles();
  $("input").value = "";
  grow();
  const node = await append(conversation, conversation.leaf, "user", content, sent);
  await answer(conversation, node.id, chosen());
}

async function paste(event) {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    await attach([...event.clipboardData.files]);
    return;
  }
  const text = event.clipboardData.getData("text/plain");
  if (text.length < LONG_PASTE) return;
  event.preventDefault();
  files.push({ name: "pasted.txt", text });
  showFiles();
}

async function attach(list) {
  for (const file of list) {
    try {
      files.push({ name: file.name, text: await read(file) });
    } catch (error) {
      await ask(`${file.name} was not attached: ${error.message}`, null);
    }
  }
  showFiles();
  $("input").focus();
}

async function read(file) {
  if (file.size > MOST_FILE_BYTES) throw new Error(`it has ${file.size} bytes, more than ${MOST_FILE_BYTES}`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (text.includes("\0")) throw new TypeError();
    return text;
  } catch {
    throw new Error("it is not a text in UTF-8");
  }
}

function showFiles() {
  $("attachments").replaceChildren(...files.map((file) =>
    el("span", { className: "chip" }, `${file.name} (${file.text.length.toLocaleString("en")})`,
      iconButton("close", `Remove ${file.name}`, () => { files = files.filter((f) => f !== file); showFiles(); }))));
  if (files.length) announce(`${files.length} files attached`);
}
