// Figures in words, and the line of them under an answer.

import { el } from "./dom.js";

export const number = (value, digits = 0) =>
  value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });

export const percent = (share) => (share == null ? "–" : share === 0 ? "0 %" : `${number(share * 100, share < 0.0995 ? 1 : 0)} %`);

export function bytes(value) {
  if (value == null) return "–";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${number(value, value < 10 && unit ? 1 : 0)} ${units[unit]}`;
}

export const millis = (value) => (value < 1000 ? `${number(value)} ms` : `${number(value / 1000, 1)} s`);

/** Tokens a second between the first and the last of an answer; null before there are two. */
export function rate({ tokens, firstMillis, lastMillis }) {
  return tokens > 1 && lastMillis > firstMillis ? ((tokens - 1) * 1000) / (lastMillis - firstMillis) : null;
}

const ENDS = { length: "ended at the limit of tokens", stopped: "stopped" };

export function stats(node) {
  if (node.role !== "assistant" || !node.tokens) return null;
  const parts = [`${number(node.tokens)} tokens`];
  const speed = rate(node);
  if (speed) parts.push(`${number(speed, speed < 100 ? 1 : 0)} tok/s`);
  if (node.firstMillis != null) parts.push(`first after ${millis(node.firstMillis)}`);
  if (node.usage) parts.push(`prompt ${number(node.usage.prompt)}${node.usage.cached ? ` (${number(node.usage.cached)} known)` : ""}`);
  if (ENDS[node.finish]) parts.push(ENDS[node.finish]);
  return el("span", { className: "stats" }, parts.join(" · "));
}
