// Time of each layer a token: the CPU's and its waiting as one bar, the GPU's beside it.

import { prepare } from "./canvas.js";
import { number } from "./stats.js";

const sum = (times, part) => times.reduce((all, time) => all + time[part], 0);

/** Milliseconds with enough digits to tell layers apart. */
export const fine = (value) => `${number(value, value < 0.0995 ? 3 : value < 9.95 ? 2 : 0)} ms`;

/** Where the time went, in words; the GPU only where it took any. */
export function timesInWords({ cpu_ms: cpu, gpu_ms: gpu, wait_ms: wait }) {
  return gpu ? `${fine(cpu)} CPU, ${fine(gpu)} GPU, ${fine(wait)} waiting` : `${fine(cpu)} CPU`;
}

export const total = (times) => ({ cpu_ms: sum(times, "cpu_ms"), gpu_ms: sum(times, "gpu_ms"), wait_ms: sum(times, "wait_ms") });

export function drawTimes(canvas, times) {
  if (!times?.length || !canvas.clientWidth) return;
  const { context, width, height, color } = prepare(canvas);
  const most = Math.max(...times.map((time) => Math.max(time.cpu_ms + time.wait_ms, time.gpu_ms)));
  const device = times.some((time) => time.gpu_ms);
  const column = width / times.length;
  const gap = column > 6 ? 2 : column > 3 ? 1 : 0;
  const bar = (column - gap) / (device ? 2 : 1);
  const rect = (name, left, from, value) => {
    context.fillStyle = color(name);
    context.fillRect(left, height * (1 - (from + value) / most), Math.max(bar, 0.5), (height * value) / most);
  };
  times.forEach((time, i) => {
    rect("--cold", i * column, 0, time.cpu_ms);
    rect("--faint", i * column, time.cpu_ms, time.wait_ms);
    if (device) rect("--hot", i * column + bar, 0, time.gpu_ms);
  });
}
