// A small curve.

import { prepare } from "./canvas.js";

export function drawSpark(canvas, values) {
  const { context, width, height, color } = prepare(canvas);
  const most = Math.max(1, ...values);
  const x = (i) => (width * (i + 1)) / Math.max(values.length, 30);
  const y = (value) => height - 2 - ((height - 4) * value) / most;
  context.beginPath();
  context.moveTo(x(0), height);
  values.forEach((value, i) => context.lineTo(x(i), y(value)));
  context.lineTo(x(values.length - 1), height);
  context.fillStyle = color("--accent");
  context.globalAlpha = 0.18;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  values.forEach((value, i) => (i ? context.lineTo(x(i), y(value)) : context.moveTo(x(i), y(value))));
  context.strokeStyle = color("--accent");
  context.lineWidth = 1.5;
  context.stroke();
}
