// The neuron map: a row for each layer, a cell for each group of neurons, at the right the share that is active.

import { prepare } from "./canvas.js";
import { number, percent } from "./stats.js";
import { timesInWords } from "./times.js";

const LABEL = 26;
const BARS = 72;
const FADE = 0.6;
const FORGET = 0.98;

export const decode = (base64) => Uint8Array.from(atob(base64 ?? ""), (c) => c.charCodeAt(0));

export class NeuronMap {
  #canvas;
  #words;
  #layers = [];

  #times = [];
  #selected = 0;
  // The most active group of late is drawn brightest: shares of a tenth and of a hundredth should both show.
  #most = 0;

  /** @param words where a selected layer is put into words */
  constructor(canvas, words) {
    this.#canvas = canvas;
    this.#words = words;
    canvas.addEventListener("click", (event) => this.#select(Math.floor(event.offsetY / this.#rowHeight())));
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.#select(this.#selected + step);
    });
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** Takes where the neurons are. */
  place({ layers }) {
    this.#layers = layers.map((layer) => {
      const hot = decode(layer.hot_groups);
      return { ...layer, hotGroups: hot, known: decode(layer.frequency), heat: new Float32Array(hot.length), now: null };
    });
    this.#canvas.style.height = `${Math.min(480, Math.max(layers.length * 14, 96))}px`;
    this.#select(Math.min(this.#selected, layers.length - 1));
  }

  /** Takes what happened since the event before; a dense model reports no layers but times. */
  update(reports, times) {
    this.#times = times;
    this.#layers.forEach((layer, i) => {
      const report = reports.length === this.#layers.length ? reports[i] : null;
      const activity = report?.activity ? decode(report.activity) : null;
      for (let g = 0; g < layer.heat.length; g++) {
        const fresh = activity?.length === layer.heat.length ? activity[g] / 255 : 0;
        layer.heat[g] = Math.max(fresh, layer.heat[g] * FADE);
      }
      if (report?.tokens) layer.now = report;
    });
    this.#most = Math.max(this.#most * FORGET, ...this.#layers.map((layer) => Math.max(...layer.heat)));
    this.draw();
    this.#describe();
  }

  #rowHeight() {
    return this.#canvas.clientHeight / Math.max(1, this.#layers.length);
  }

  #select(row) {
    this.#selected = Math.max(0, Math.min(row, this.#layers.length - 1));
    this.draw();
    this.#describe();
  }

  #describe() {
    const layer = this.#layers[this.#selected];
    if (!layer) return;
    const parts = [`Layer ${this.#selected}: ${number(layer.neurons)} neurons, ${number(layer.hot)} on the GPU, attention on the ${layer.attention.toUpperCase()}`];
    if (layer.now) {
      parts.push(`${percent(layer.now.active_share)} active, ${percent(layer.now.tested_share)} tested`);
      if (layer.hot && layer.now.hit_share != null) parts.push(`${percent(layer.now.hit_share)} of the active on the GPU`);
      const { recall, predicted_share: predicted } = layer.now;
      if (recall != null) parts.push(`its predictor finds ${percent(recall)} of the active, naming ${percent(predicted)}`);
    }
    const time = this.#times[this.#selected];
    if (time) parts.push(`${timesInWords(time)} a token`);
    const text = `${parts.join("; ")}.`;
    if (this.#words.textContent !== text) this.#words.textContent = text;
  }

  draw() {
    if (!this.#layers.length || !this.#canvas.clientWidth) return;
    const view = prepare(this.#canvas);
    const height = view.height / this.#layers.length;
    view.context.font = "10px system-ui, sans-serif";
    view.context.textBaseline = "middle";
    this.#layers.forEach((layer, i) => {
      this.#drawLabel(view, i, height);
      this.#drawCells(view, layer, i * height, height);
      this.#drawShare(view, layer, i * height, height);
    });
  }

  #drawLabel({ context, color }, i, height) {
    const selected = i === this.#selected;
    if (height < 10 && !selected && i % Math.ceil(12 / height)) return;
    context.globalAlpha = 1;
    context.fillStyle = color(selected ? "--accent" : "--faint");
    context.fillText(selected ? `▸${i}` : String(i), selected ? 0 : 7, (i + 0.5) * height);
  }

  #drawCells({ context, width, color }, layer, top, height) {
    const cell = (width - LABEL - BARS) / layer.heat.length;
    const gap = cell > 4 ? 1 : 0;
    for (let g = 0; g < layer.heat.length; g++) {
      const hot = layer.hotGroups[g] / 255;
      const fill = (name, alpha) => {
        context.globalAlpha = alpha;
        context.fillStyle = color(name);
        context.fillRect(LABEL + g * cell, top + 0.5, Math.max(cell - gap, 0.5), Math.max(height - 1, 1));
      };
      fill("--idle", 1);
      const base = layer.known.length ? 0.12 + 0.3 * Math.sqrt(layer.known[g] / 255) : 0.18;
      const heat = this.#most ? (layer.heat[g] / this.#most) ** 2 : 0;
      const alpha = Math.min(1, base + (1 - base) * heat);
      if (hot < 1) fill("--cold", alpha);
      if (hot > 0) fill("--hot", Math.max(alpha, 0.35) * hot);
    }
  }

  #drawShare({ context, width, color }, layer, top, height) {
    const share = layer.now?.active_share;
    const left = width - BARS + 6;
    const most = BARS - 46;
    context.globalAlpha = 1;
    context.fillStyle = color("--idle");
    context.fillRect(left, top + height / 2 - 2, most, 4);
    if (share == null) return;
    context.fillStyle = color("--accent");
    context.fillRect(left, top + height / 2 - 2, Math.max(1, most * share), 4);
    if (height < 10) return;
    context.fillStyle = color("--faint");
    context.fillText(percent(share), left + most + 4, top + height / 2);
  }
}
