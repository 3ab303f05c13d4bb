// Marks the stretch that the address names, #120-260, in the document's text; only ever by text nodes.

import { recall } from "./dom.js";

const text = document.querySelector("#text"); // none where there is no such document
const whole = text?.textContent ?? "";

// Offsets count Unicode code points, JavaScript's strings count UTF-16 units: cut by code points.
function show() {
  const stretch = /^#(\d{1,9})-(\d{1,9})$/.exec(location.hash);
  if (!text || text.dataset.changed === "true" || !stretch) {
    document.querySelector("#now")?.scrollIntoView();
    return;
  }
  const points = Array.from(whole);
  const [start, end] = [Number(stretch[1]), Math.min(Number(stretch[2]), points.length)];
  if (start >= end) return;
  const mark = document.createElement("mark");
  mark.textContent = points.slice(start, end).join("");
  text.replaceChildren(points.slice(0, start).join(""), mark, points.slice(end).join(""));
  mark.scrollIntoView();
}

// A language that was chosen here before the browser's own: ask for the page in it.
function otherLanguage() {
  const chosen = recall("language");
  const query = new URLSearchParams(location.search);
  if (!["nl", "en"].includes(chosen) || chosen === document.documentElement.lang || query.has("lang")) return false;
  query.set("lang", chosen);
  location.replace(`${location.pathname}?${query}${location.hash}`);
  return true;
}

if (!otherLanguage()) {
  document.documentElement.classList.add("ready");
  addEventListener("hashchange", show);
  show();
}
