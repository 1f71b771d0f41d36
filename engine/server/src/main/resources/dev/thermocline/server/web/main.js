// Joins the parts of the page.

import * as composer from "./composer.js";
import { $, setIcon } from "./dom.js";
import * as keys from "./keys.js";
import * as messages from "./messages.js";
import * as models from "./models.js";
import * as panel from "./panel.js";
import * as session from "./session.js";
import * as settings from "./settings.js";
import * as sidebar from "./sidebar.js";
import { setting } from "./store.js";
import * as theme from "./theme.js";

const narrow = matchMedia("(max-width: 900px)");

for (const button of document.querySelectorAll("[data-icon]")) {
  setIcon(button, button.dataset.icon);
  if (!button.textContent.trim()) button.title = button.getAttribute("aria-label");
}

function drawer(open) {
  document.body.classList.toggle("drawer", open);
  $("sidebar-open").setAttribute("aria-expanded", open);
  showVeil();
}

function togglePanel(open) {
  panel.toggle(open);
  showVeil();
}

// On a narrow screen drawers lie over the conversation; touching what is beside them closes them.
function showVeil() {
  $("veil").hidden = !(narrow.matches && (document.body.classList.contains("drawer") || !$("panel").hidden));
}

function closeDrawers() {
  drawer(false);
  if (narrow.matches && !$("panel").hidden) togglePanel(false);
}

theme.start(panel.redraw);
settings.start(models.load);
panel.start();
messages.start(models.chosen);
composer.start();
sidebar.start(closeDrawers);
models.start();
keys.start({ togglePanel: () => togglePanel(), openSidebar: () => drawer(true), closeDrawers });

$("sidebar-open").addEventListener("click", () => drawer(!document.body.classList.contains("drawer")));
$("sidebar-close").addEventListener("click", () => drawer(false));
$("panel-open").addEventListener("click", () => togglePanel());
$("panel-close").addEventListener("click", () => togglePanel(false));
$("veil").addEventListener("click", closeDrawers);
narrow.addEventListener("change", showVeil);
if (setting("panel", false) && !narrow.matches) togglePanel(true);

await session.start();
if (!narrow.matches) $("input").focus();
document.body.classList.add("ready");
