// The engine panel: fed by the server's events, which are asked for only while it is open and seen.

import { events, getJson, request } from "./api.js";
import { $ } from "./dom.js";
import { NeuronMap } from "./neuronmap.js";
import { drawSpark } from "./spark.js";
import { bytes, millis, number, percent } from "./stats.js";
import { setSetting } from "./store.js";
import { drawTimes, timesInWords, total } from "./times.js";

const AGAIN_MILLIS = 2000;
const RATES = 60;
const rates = [];
let feed = null;
let placement = null;
let map;
let times = [];

export function start() {
  map = new NeuronMap($("map"), $("layer"));
  document.addEventListener("visibilitychange", follow);
}

export function toggle(open = $("panel").hidden) {
  $("panel").hidden = !open;
  document.body.classList.toggle("with-panel", open);
  $("panel-open").setAttribute("aria-expanded", open);
  setSetting("panel", open);
  follow();
}

/** Draws again, as after a change of colours. */
export function redraw() {
  map.draw();
  drawSpark($("spark"), rates);
  drawTimes($("times"), times);
}

function follow() {
  const wanted = !$("panel").hidden && !document.hidden;
  if (!wanted) {
    feed?.abort();
    feed = null;
  } else if (!feed) {
    feed = new AbortController();
    listen(feed.signal);
  }
}

async function listen(signal) {
  while (!signal.aborted) {
    try {
      placement = null;
      const response = await request("api/engine/events", { signal });
      for await (const data of events(response)) await take(JSON.parse(data));
      say("The server ended its report.");
    } catch (error) {
      if (!signal.aborted) say(error.message);
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLIS));
  }
}

function say(text) {
  $("panel-error").textContent = text;
  $("panel-error").hidden = !text;
}

async function take(event) {
  if (placement?.epoch !== event.epoch) {
    placement = await getJson("api/engine/placement");
    map.place(placement);
    $("engine-summary").textContent = `${placement.model}: ${placement.summary}`;
  }
  say("");
  showFigures(event);
  showMemory(event);
  showTimes(event);
  map.update(event.layers, times);
}

function showFigures(event) {
  rates.push(event.tokens_per_second);
  if (rates.length > RATES) rates.shift();
  drawSpark($("spark"), rates);
  $("rate").textContent = number(event.tokens_per_second, event.tokens_per_second < 100 ? 1 : 0);
  $("ttft").textContent = event.time_to_first_token_ms > 0 ? millis(event.time_to_first_token_ms) : "–";
  $("texts").textContent = event.waiting ? `${event.running} + ${event.waiting} waiting` : `${event.running} of ${placement.parallel}`;
  // Between two answers the last figures stay.
  if (event.active_share != null) $("active").textContent = percent(event.active_share);
  if (event.prompt_tokens) $("known").textContent = percent(event.cached_tokens / event.prompt_tokens);
  if (!placement.layers.some((layer) => layer.hot)) $("hits").textContent = "none";
  else if (event.hit_share != null) $("hits").textContent = percent(event.hit_share);
  if (event.batch_size != null) $("batch").textContent = number(event.batch_size, event.batch_size % 1 ? 1 : 0);
  showRecall(event);
  if (event.bytes_per_token != null) $("bytes").textContent = bytes(event.bytes_per_token);
}

/** Recall says nothing without how much was predicted. */
function showRecall({ recall, predicted_share: predicted }) {
  $("recall-tile").hidden = recall == null;
  $("recall").textContent = percent(recall);
  $("predicted").textContent = `of the active, naming ${percent(predicted)}`;
}

function showTimes(event) {
  if (event.times.length) times = event.times;
  if (!times.length) return;
  drawTimes($("times"), times);
  const all = total(times);
  document.querySelectorAll(".gpu-time").forEach((item) => { item.hidden = !all.gpu_ms; });
  $("times-text").textContent = `A token takes ${timesInWords(all)} in all layers.`;
}

function showMemory(event) {
  meter("kv", event.kv_used + event.kv_cached, event.kv_pages, `${event.kv_used} in use, ${event.kv_cached} kept, of ${event.kv_pages} pages`);
  meter("ram", event.memory_used_bytes, event.memory_bytes, `${bytes(event.memory_used_bytes)} of ${bytes(event.memory_bytes)}`);
  $("vram-row").hidden = !event.device_bytes;
  $("vram-text").textContent = bytes(event.device_bytes);
}

function meter(id, value, most, text) {
  $(id).value = most ? value / most : 0;
  $(`${id}-text`).textContent = text;
}
