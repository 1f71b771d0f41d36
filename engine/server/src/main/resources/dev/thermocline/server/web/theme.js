// Light, dark, or as the system has it.

import { $, setIcon } from "./dom.js";
import { setSetting, setting } from "./store.js";

const ORDER = ["auto", "light", "dark"];
const ICONS = { auto: "auto", light: "sun", dark: "moon" };
const WORDS = { auto: "Colours of the system", light: "Light", dark: "Dark" };

export function start(changed) {
  apply(setting("theme", "auto"));
  $("theme").addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(document.documentElement.dataset.theme) + 1) % ORDER.length];
    setSetting("theme", next);
    apply(next);
    changed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

function apply(theme) {
  document.documentElement.dataset.theme = ORDER.includes(theme) ? theme : "auto";
  const now = document.documentElement.dataset.theme;
  setIcon($("theme"), ICONS[now]);
  $("theme").title = WORDS[now];
  $("theme").setAttribute("aria-label", WORDS[now]);
}
