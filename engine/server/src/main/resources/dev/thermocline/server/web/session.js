// The conversations there are and the one that is shown; whoever shows something listens here.

import { add, create } from "./conversation.js";
import * as store from "./store.js";

/**
 * Events: `list` (conversations came, went or were renamed), `shown` (another conversation or branch is shown),
 * `answer` (the answer `detail.node` grew, began or ended).
 */
export const session = new EventTarget();

const conversations = new Map();
let current = create();

export const tell = (type, detail) => session.dispatchEvent(new CustomEvent(type, { detail }));
export const shown = () => current;
export const get = (id) => conversations.get(id);
export const all = () => [...conversations.values()].sort((a, b) => b.updated - a.updated);

export async function start() {
  for (const conversation of await store.loadAll()) conversations.set(conversation.id, conversation);
  window.addEventListener("hashchange", () => openFromAddress());
  openFromAddress();
  tell("list");
}

function openFromAddress() {
  const named = conversations.get(location.hash.slice(1));
  if (named && named !== current) {
    current = named;
    tell("shown");
  } else if (!named && conversations.has(current.id)) {
    current = create();
    tell("shown");
  } else {
    tell("shown");
  }
}

/** Shows a conversation; the address names it, so it is shown again after a reload. */
export function open(id) {
  location.hash = id;
}

/** Shows an empty conversation, which is kept once it has a message. */
export function openNew() {
  if (location.hash) location.hash = "";
  else openFromAddress();
}

export async function keep(conversation) {
  const isNew = !conversations.has(conversation.id);
  conversations.set(conversation.id, conversation);
  if (isNew && conversation === current) history.pushState(null, "", `#${conversation.id}`);
  await store.save(conversation);
}

/** Adds a message to a conversation and keeps it. */
export async function append(conversation, parent, role, content, files) {
  const node = add(conversation, parent, role, content, files);
  await keep(conversation);
  tell("list");
  if (conversation === current) tell("shown");
  return node;
}

export async function rename(conversation, title) {
  conversation.title = title;
  await keep(conversation);
  tell("list");
}

export async function remove(conversation) {
  conversations.delete(conversation.id);
  await store.remove(conversation.id);
  if (conversation === current) {
    current = create();
    history.replaceState(null, "", location.pathname + location.search);
    tell("shown");
  }
  tell("list");
}
