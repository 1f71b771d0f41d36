// Sampling parameters, the key and the system prompt, in a dialog.

import { setKey } from "./api.js";
import { $, el } from "./dom.js";
import { get, keep, shown } from "./session.js";
import { setSetting, setting } from "./store.js";

const FIELDS = [
  { name: "temperature", label: "Temperature", min: 0, max: 2, step: 0.05, help: "0 takes the most likely token" },
  { name: "top_k", label: "Top k", min: 0, step: 1, help: "draw from the k most likely; 0 from all" },
  { name: "top_p", label: "Top p", min: 0, max: 1, step: 0.01, help: "draw from those that make up this probability" },
  { name: "min_p", label: "Min p", min: 0, max: 1, step: 0.01, help: "leave out those less likely than this share of the first" },
  { name: "repeat_penalty", label: "Repeat penalty", min: 0.01, max: 100, step: 0.01, help: "above 1 avoids what was just said" },
  { name: "frequency_penalty", label: "Frequency penalty", min: -2, max: 2, step: 0.1, shown: 0, help: "grows with each use of a token" },
  { name: "presence_penalty", label: "Presence penalty", min: -2, max: 2, step: 0.1, shown: 0, help: "for any token used already" },
  { name: "max_tokens", label: "Longest answer", min: 1, step: 1, shown: "as fits", help: "tokens" },
  { name: "seed", label: "Seed", step: 1, shown: "random", help: "the same seed gives the same text" },
];

let values = setting("sampling", {});
let longest = null;

/** Parameters that were set, as the API names them. */
export const sampling = () => ({ ...(longest ? { max_tokens: longest } : {}), ...values, ...(stops().length ? { stop: stops() } : {}) });

const stops = () => setting("stop", "").split("\n").filter(Boolean);

export function start(onKey) {
  setKey(setting("key", ""));
  $("api-key").value = setting("key", "");
  $("api-key").addEventListener("change", (event) => {
    setSetting("key", event.target.value.trim());
    setKey(event.target.value.trim());
    onKey();
  });
  $("sampling").append(...FIELDS.map(field), stopField());
  $("settings-reset").addEventListener("click", reset);
  $("settings-open").addEventListener("click", open);
  $("system").addEventListener("change", saveSystem);
}

function field({ name, label, help, shown: placeholder = "", ...limits }) {
  const input = el("input", {
    type: "number", id: `set-${name}`, ...limits, placeholder: String(placeholder), value: values[name] ?? "",
    "aria-describedby": `help-${name}`,
    onchange: () => {
      const number = input.value === "" || !input.checkValidity() ? undefined : Number(input.value);
      if (number === undefined) delete values[name];
      else values[name] = number;
      setSetting("sampling", values);
    },
  });
  return el("label", { className: "field" }, label, input, el("small", { id: `help-${name}` }, help));
}

function stopField() {
  const area = el("textarea", { id: "set-stop", rows: 2, value: setting("stop", ""), placeholder: "none",
    onchange: () => setSetting("stop", area.value) });
  return el("label", { className: "field whole" }, "Stop at", area, el("small", {}, "a text per line ends the answer"));
}

/**
 * Shows in the empty fields what will be taken: the server's own values, and for a model that continues texts, which
 * would go on to the end of its context, a quarter of that, so that there is room for more.
 */
export function showDefaults({ default_generation_settings: defaults, chat_template_is_fallback: continues, n_ctx: context }) {
  longest = continues ? Math.max(16, Math.floor(context / 4)) : null;
  for (const [name, value] of Object.entries({ ...defaults, max_tokens: longest ?? "as fits" })) {
    const input = $(`set-${name}`);
    if (input) input.placeholder = value;
  }
}

function reset() {
  values = {};
  setSetting("sampling", values);
  setSetting("stop", "");
  for (const { name } of FIELDS) $(`set-${name}`).value = "";
  $("set-stop").value = "";
}

export function open() {
  $("system").value = shown().system;
  $("settings").showModal();
}

function saveSystem() {
  const conversation = shown();
  conversation.system = $("system").value;
  if (get(conversation.id)) keep(conversation);
}
