// A canvas as sharp as the screen, in the page's colours.

export function prepare(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.clearRect(0, 0, width, height);
  const colors = new Map();
  const color = (name) => {
    if (!colors.has(name)) {
      // Only as a property's value does the browser resolve it for light or dark.
      canvas.style.color = `var(${name})`;
      colors.set(name, getComputedStyle(canvas).color);
    }
    return colors.get(name);
  };
  return { context, width, height, color };
}
