// The memo basket: kept in this browser, shared by its tabs, written as Markdown with [@passage-id] marks.

import { recall, remember } from "./dom.js";

const KEY = "memo";
const PLAIN_KEY = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_]|[:.#$%&+?<>~/-](?=[\p{L}\p{N}_]))*$/u;
const listeners = [];
let memo = load();

function load() {
  try {
    const kept = JSON.parse(recall(KEY) ?? "null");
    const entries = (kept?.entries ?? []).filter((entry) => typeof entry?.id === "string");
    return { title: String(kept?.title ?? ""), entries };
  } catch {
    return { title: "", entries: [] };
  }
}

export const title = () => memo.title;
export const entries = () => memo.entries;

export function onBasket(listener) {
  listeners.push(listener);
}

function keep(changed, { quietly = false } = {}) {
  memo = changed;
  remember(KEY, JSON.stringify(memo));
  if (!quietly) for (const listener of listeners) listener();
}

addEventListener("storage", (event) => {
  if (event.key !== `navo-qa.${KEY}`) return;
  memo = load();
  for (const listener of listeners) listener();
});

// Add an excerpt as an entry {id, text, quote, original, ...}; false where it is in already.
export function add({ quote, passage_id, document_id, title: document, start, end, citation }) {
  if (memo.entries.some((entry) => entry.passage_id === passage_id && entry.original === quote)) return false;
  const entry = { text: "", quote, original: quote, passage_id, document_id, document, start, end, citation };
  keep({ ...memo, entries: [...memo.entries, { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), ...entry }] });
  return true;
}

export function addText() {
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  keep({ ...memo, entries: [...memo.entries, { id, text: "", quote: null }] });
  return id;
}

// Change an entry while it is typed: quietly, so that what is being typed in stays.
export function change(id, changes) {
  keep({ ...memo, entries: memo.entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)) }, { quietly: true });
}

export function retitle(text) {
  keep({ ...memo, title: text }, { quietly: true });
}

export function move(id, by) {
  const list = [...memo.entries];
  const at = list.findIndex((entry) => entry.id === id);
  const to = Math.min(Math.max(at + by, 0), list.length - 1);
  list.splice(to, 0, ...list.splice(at, 1));
  keep({ ...memo, entries: list });
}

// Remove an entry, or all of them; return what puts them back into the memo as it is by then.
export function drop(id) {
  const { title: named, entries: before } = memo;
  const gone = before.filter((entry) => id === undefined || entry.id === id);
  const at = before.indexOf(gone[0]);
  keep(id === undefined ? { title: "", entries: [] } : { ...memo, entries: before.filter((entry) => entry.id !== id) });
  return () => keep({ title: memo.title || named, entries: [...memo.entries.slice(0, at), ...gone, ...memo.entries.slice(at)] });
}

// Return the memo as Markdown, and the lines [first, last] of each entry, counted from 1.
export function markdown() {
  const lines = [];
  const spans = new Map();
  if (memo.title.trim()) lines.push(`# ${memo.title.trim()}`, "");
  for (const { id, text, quote, passage_id: passage } of memo.entries) {
    const first = lines.length + 1;
    if (text.trim()) lines.push(...text.trim().split("\n"), "");
    if (quote !== null && quote.trim()) lines.push(...block(quote, passage), "");
    spans.set(id, [first, lines.length]);
  }
  return { text: lines.join("\n"), spans };
}

// What Markdown, as pandoc reads it, would take for more than the signs that they are.
const SIGNS = /[\\`*_[\]<>@#~^&|$"']|-{2,}|\.{3,}/g;
const FIRST = /^[-+:=]/; // of a list, a definition, a line below a heading
const NUMBER = /^(\(?(?:\d+|\p{L}|[ivxlcdm]+))([.)])(?=\s|$)/iu; // "2025. ", "a) ", "(iv) "

function block(quote, passage) {
  const escaped = (line) => line.replace(SIGNS, (signs) => signs.replace(/./g, "\\$&")).replace(FIRST, "\\$&").replace(NUMBER, "$1\\$2");
  const own = quote.trim().split("\n").map((line) => `> ${escaped(line.trim())}`.trim());
  own[own.length - 1] += ` [@${PLAIN_KEY.test(passage) ? passage : `{${passage}}`}]`;
  return own;
}
