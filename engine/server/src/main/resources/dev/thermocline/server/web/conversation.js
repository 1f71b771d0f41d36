// A conversation is a tree of messages: an edit or another answer is a sibling, and `leaf` names the branch shown.

export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(10)), (b) => b.toString(16).padStart(2, "0")).join("");

export function create() {
  const now = Date.now();
  return { id: newId(), title: "", system: "", created: now, updated: now, nodes: {}, leaf: null };
}

/** Adds a message after `parent` (null: a first one) and shows its branch. */
export function add(conversation, parent, role, content, files = []) {
  const node = { id: newId(), parent, role, content, at: Date.now() };
  if (files.length) node.files = files;
  conversation.nodes[node.id] = node;
  conversation.leaf = node.id;
  conversation.updated = node.at;
  if (!conversation.title && role === "user") conversation.title = titleOf(content || files[0]?.name || "");
  return node;
}

function titleOf(content) {
  const line = content.trim().split("\n")[0];
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}

/** The messages of the branch that is shown, first to last. */
export function path(conversation, leaf = conversation.leaf) {
  const nodes = [];
  for (let id = leaf; id; id = conversation.nodes[id].parent) nodes.unshift(conversation.nodes[id]);
  return nodes;
}

/** The message and what stands in its place on other branches, oldest first. */
export function siblings(conversation, node) {
  return children(conversation, node.parent);
}

function children(conversation, parent) {
  return Object.values(conversation.nodes).filter((n) => n.parent === parent).sort((a, b) => a.at - b.at);
}

/** Shows the newest branch through a message. */
export function show(conversation, node) {
  let last = node;
  for (let next = [node]; next.length; next = children(conversation, last.id)) last = next.at(-1);
  conversation.leaf = last.id;
}

/** Whether all words of a query are in the title or a message. */
export function matches(conversation, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const text = [conversation.title, ...Object.values(conversation.nodes).map((n) => n.content)].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A message's text with its files before it, each in a fence longer than any inside. */
function whole({ content, files = [] }) {
  const parts = files.map(({ name, text: body }) => {
    const longest = Math.max(2, ...(body.match(/`{3,}/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longest + 1);
    return `${name}:\n${fence}\n${body}\n${fence}`;
  });
  return [...parts, content].filter(Boolean).join("\n\n");
}

/** What is sent to the server for an answer after `parent`. */
export function messages(conversation, parent) {
  const list = path(conversation, parent).map((node) => ({ role: node.role, content: whole(node) })).filter((m) => m.content);
  if (conversation.system.trim()) list.unshift({ role: "system", content: conversation.system });
  return list;
}

const text = (value) => (typeof value === "string" ? value : "");
const time = (value) => (Number.isFinite(value) ? value : Date.now());

/** Conversations of an exported file, each checked and with an id of its own; throws where it is none. */
export function imported(json) {
  const list = JSON.parse(json)?.conversations;
  if (!Array.isArray(list)) throw new Error("expected a file exported by this page");
  return list.map(readOne);
}

function readOne(raw) {
  const conversation = { ...create(), title: text(raw?.title), system: text(raw?.system), created: time(raw?.created), updated: time(raw?.updated) };
  const given = raw?.nodes ?? {};
  for (const [id, node] of Object.entries(given)) {
    if (!["user", "assistant"].includes(node?.role)) throw new Error(`unknown role ${JSON.stringify(node?.role)}`);
    const parent = node.parent === null ? null : text(node.parent);
    if (parent !== null && !Object.hasOwn(given, parent)) throw new Error(`message ${id} follows an unknown one`);
    conversation.nodes[id] = { id, parent, role: node.role, content: text(node.content), at: time(node.at) };
    if (Array.isArray(node.files)) {
      conversation.nodes[id].files = node.files.map((file) => ({ name: text(file?.name), text: text(file?.text) }));
    }
    if (node.reasoning) conversation.nodes[id].reasoning = text(node.reasoning);
  }
  for (const id of Object.keys(conversation.nodes)) checkRooted(conversation, id);
  if (raw?.leaf && Object.hasOwn(conversation.nodes, raw.leaf)) conversation.leaf = raw.leaf;
  else if (Object.keys(conversation.nodes).length) show(conversation, children(conversation, null).at(-1));
  return conversation;
}

function checkRooted(conversation, id) {
  let steps = Object.keys(conversation.nodes).length;
  for (let at = id; at; at = conversation.nodes[at].parent) {
    if (steps-- === 0) throw new Error("messages follow each other in a circle");
  }
}
