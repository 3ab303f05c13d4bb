// Makes elements, and cuts text by code points. Text from documents only ever becomes text nodes.

// Return an element. `on` holds listeners; names with a hyphen, and `role`, become attributes; the rest are properties.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (selector) => document.querySelector(selector);

// Offsets count Unicode code points, JavaScript's strings count UTF-16 units: cut by code points.
// Return what cuts [start, end) out of the text; only a text with surrogate pairs needs to be taken apart.
export function cutter(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (start, end) => text.slice(start, end);
  const points = Array.from(text);
  return (start, end) => points.slice(start, end).join("");
}

// Return the text's length in code points.
export function size(text) {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;
}

// Return nodes for [from, to), the stretches of each layer wrapped, the first layer outermost.
// layers: [{stretches: [[start, end], ...], wrap: (nodes) => node}]
export function marked(cut, [from, to], layers) {
  const [layer, ...inner] = layers;
  if (!layer) return from < to ? [cut(from, to)] : [];
  const nodes = [];
  let at = from;
  for (const [start, end] of [...layer.stretches].sort((a, b) => a[0] - b[0])) {
    const [left, right] = [Math.max(start, at), Math.min(end, to)];
    if (left >= right) continue;
    nodes.push(...marked(cut, [at, left], inner), layer.wrap(marked(cut, [left, right], inner)));
    at = right;
  }
  return [...nodes, ...marked(cut, [at, to], inner)];
}

export const highlight = (nodes) => make("mark", {}, ...nodes);
export const matching = (nodes) => make("span", { className: "match" }, ...nodes);

// Remember a choice of whoever reads; a browser that keeps nothing forgets it.
export function remember(name, value) {
  try {
    localStorage.setItem(`navo-qa.${name}`, value);
  } catch { /* storage is full or shut off */ }
}

export function recall(name) {
  try {
    return localStorage.getItem(`navo-qa.${name}`);
  } catch {
    return null;
  }
}
