// Which models there are, what the server says of itself, and how much of the context is used.

import { getJson } from "./api.js";
import { answering } from "./answer.js";
import { path } from "./conversation.js";
import { $, el } from "./dom.js";
import { session, shown } from "./session.js";
import { showDefaults } from "./settings.js";
import { number } from "./stats.js";
import { setSetting, setting } from "./store.js";
import { showWelcome } from "./welcome.js";

const AGAIN_MILLIS = 1000;
let models = [];
let props = null;

export const chosen = () => $("model").value || "default";

export function start() {
  $("model").addEventListener("change", () => {
    setSetting("model", chosen());
    showContext();
  });
  session.addEventListener("shown", showContext);
  session.addEventListener("answer", ({ detail }) => {
    if (detail.conversation === shown()) showContext();
    if (!answering(detail.conversation)) refreshModels().catch(() => {});
  });
  load();
}

/** Reads models and defaults; tries again while the server is loading or away. */
export async function load() {
  try {
    await refreshModels();
    props = await getJson("props");
    showDefaults(props);
    showWelcome(props);
    $("banner").hidden = true;
    showContext();
  } catch (error) {
    $("banner").hidden = false;
    $("banner").textContent = error.message;
    if (error.status === 503 || error.status === 0) setTimeout(load, AGAIN_MILLIS);
  }
}

async function refreshModels() {
  models = (await getJson("v1/models")).data;
  const before = $("model").value || setting("model");
  $("model").replaceChildren(...models.map(({ id }) => el("option", { value: id }, id)));
  $("model").value = models.some(({ id }) => id === before) ? before : models[0]?.id;
}

const contextLength = () => models.find(({ id }) => id === chosen())?.meta?.n_ctx ?? (props?.model === chosen() ? props.n_ctx : null);

/** What the conversation takes of the context: as the server counted it last, and what came since. */
function showContext() {
  const nodes = path(shown());
  const counted = nodes.findLast((node) => node.usage);
  const live = answering(shown())?.node;
  const used = (counted ? counted.usage.prompt + counted.usage.completion : 0) + (live && !live.usage ? (live.tokens ?? 0) : 0);
  const length = contextLength();
  const known = Boolean(length && used);
  $("context").hidden = !known;
  $("context-text").textContent = known ? `${number(used)} of ${number(length)} tokens of context` : "";
  if (!known) return;
  const share = Math.min(1, used / length);
  $("context").setAttribute("aria-valuemax", length);
  $("context").setAttribute("aria-valuenow", used);
  $("context-fill").style.width = `${share * 100}%`;
  $("context").classList.toggle("full", share > 0.9);
}
