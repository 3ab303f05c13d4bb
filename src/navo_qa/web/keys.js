// Keys for everything, and the list of them. Single keys can be switched off (WCAG 2.1.4).

import { find, make, recall, remember } from "./dom.js";
import { word } from "./language.js";
import * as reader from "./reader.js";
import { go, state } from "./route.js";

const ACTS = { c: "quote", s: "source", b: "both", m: "add" };
const LIST = [
  ["/", "key_box"], ["j k ↓ ↑", "key_move"], ["Enter", "key_open"], ["c", "key_copy"], ["s", "key_source"],
  ["b", "key_both"], ["m", "key_add"], ["?", "key_help"], ["Esc", "key_escape"],
];

let current = null;

const stops = () => [...document.querySelectorAll("[data-stop]")].filter((stop) => stop.childElementCount && stop.offsetParent);

// The answer or passage that keys are for: the one with the focus, else the last one visited, else the first.
function here() {
  const list = stops();
  const focused = document.activeElement?.closest("[data-stop]");
  return focused ?? (list.includes(current) ? current : null);
}

function move(by) {
  const list = stops();
  if (!list.length) return;
  const at = list.indexOf(here());
  current = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
}

function act(name) {
  const stop = here() ?? stops()[0];
  stop?.querySelector(`[data-act="${name}"]`)?.click();
}

function typing(target) {
  return target.closest("textarea, select, [contenteditable], input:not([type=checkbox])") !== null;
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { key, target } = event;
  if (key === "Escape") return escape(target, event);
  const box = find("#question");
  if (target === box && key === "ArrowDown" && box.selectionStart === box.value.length && stops().length) {
    event.preventDefault();
    return move(1);
  }
  if (typing(target) || find("dialog[open]")) return undefined;
  const run = single(event);
  if (!run) return undefined;
  event.preventDefault();
  return run();
}

// Return what a single key does here, if anything.
function single({ key, target }) {
  if (key === "Enter") return target.matches("[data-stop]") ? () => act("open") : null;
  if (target.closest(".page-text, .picture, pre, #timeline ol")) {
    if (key.startsWith("Arrow")) return null; // these scroll by themselves
  }
  if (key === "ArrowDown" || key === "ArrowUp") return find("#view-ask").hidden || !stops().length ? null : () => move(key === "ArrowDown" ? 1 : -1);
  if (recall("keys") === "off") return null;
  if (key === "/") return toBox;
  if (key === "?") return show;
  if (find("#view-ask").hidden) return null;
  if (key === "j" || key === "k") return () => move(key === "j" ? 1 : -1);
  return key in ACTS ? () => act(ACTS[key]) : null;
}

function toBox() {
  if (state.view !== "ask") go({ view: "ask", read: "", at: null });
  find("#question").focus();
  find("#question").select();
}

function escape(target, event) {
  if (find("dialog[open]")) return; // the dialog closes itself
  if (reader.isOpen()) {
    event.preventDefault();
    reader.dismiss();
  } else if (typing(target)) target.blur();
}

export function show() {
  const dialog = find("#keys");
  const choice = make("input", {
    type: "checkbox", checked: recall("keys") !== "off",
    on: { change: (event) => remember("keys", event.target.checked ? "on" : "off") },
  });
  const caps = (keys) => keys.split(" ").flatMap((key) => [make("kbd", { textContent: key }), " "]);
  dialog.replaceChildren(
    make("header", {}, make("h2", { id: "keys-title", textContent: word("keys") }),
      make("button", { type: "button", className: "plain round", "aria-label": word("close"), textContent: "×", on: { click: () => dialog.close() } })),
    make("dl", {}, LIST.map(([keys, name]) => make("div", {}, make("dt", {}, caps(keys)), make("dd", { textContent: word(name) })))),
    make("label", { className: "check" }, choice, make("span", { textContent: word("keys_on") })),
    make("p", { className: "soft", textContent: word("help_answer") }));
  dialog.showModal();
}

export function install() {
  addEventListener("keydown", pressed);
  find("#help").addEventListener("click", show);
  document.addEventListener("focusin", (event) => { current = event.target.closest("[data-stop]") ?? current; });
}
