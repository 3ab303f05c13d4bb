// The reader: a document opened at a passage, beside the results, or over them on a phone.

import { copy } from "./copy.js";
import { cutter, find, highlight, make, marked, recall, remember, size } from "./dom.js";
import { about, word } from "./language.js";
import * as picture from "./picture.js";
import { go, state } from "./route.js";
import { call, path } from "./service.js";
import { isRow, table } from "./tables.js";

const wide = matchMedia("(min-width: 68rem)");

let shown = null; // {document, at}
let opener = null;
let turn = 0;

export const isOpen = () => !find("#reader").hidden;
const covers = () => isOpen() && !wide.matches;

// Open an answer's document unasked, where there is room beside it and nobody closed it before.
export function suggest({ document_id: id, start, end, citation: { sha256: sha } }) {
  if (wide.matches && recall("reader") !== "closed") open(id, [start, end], { sha, focus: false });
}

// Open a document, at a stretch of it or at its beginning. sha: of the text that the stretch was counted in; where
// that has been replaced since, its permanent link tells more. What nobody asked for stays closed then.
export async function open(id, at, { sha = "", focus = true } = {}) {
  const own = ++turn;
  const pane = find("#reader");
  if (focus && !pane.contains(document.activeElement)) opener = document.activeElement;
  if (pane.hidden) pane.replaceChildren(make("p", { className: "soft waiting", textContent: word("reading") }));
  pane.hidden = false;
  document.body.classList.add("reading");
  cover();
  try {
    const document = await call(path("documents", id)); // asked each time: a build may have replaced it (the browser keeps it, by its ETag)
    if (own !== turn) return;
    if (at && sha && document.sha256 !== sha) {
      if (focus) location.replace(`/d/${encodeURIComponent(id)}?${new URLSearchParams({ sha256: sha })}#${at.join("-")}`);
      else close();
      return;
    }
    shown = { document, at };
  } catch (problem) {
    if (own !== turn) return;
    shown = null;
    const text = problem.kind === "absent" ? word("absent") : problem.kind === "gone" ? word("gone") : problem.message;
    pane.replaceChildren(make("header", {}, make("h2", { id: "reader-title", tabIndex: -1, textContent: text }), closing()));
    return;
  }
  render();
  if (focus) (find("#reader .picture:not([hidden])") ?? find("#reader .page-text")).focus({ preventScroll: true });
}

export function close() {
  turn += 1;
  const pane = find("#reader");
  if (pane.hidden) return;
  pane.hidden = true;
  pane.replaceChildren();
  shown = null;
  document.body.classList.remove("reading");
  cover();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

// Close as whoever reads asks: it stays closed for the next answer too.
export function dismiss() {
  remember("reader", "closed");
  if (state.read) go({ read: "", at: null });
  else close();
}

// On a phone the reader covers the page: what lies under it cannot be reached.
function cover() {
  for (const under of [find("main"), find(".bar")]) under.inert = covers();
}

const closing = () => make("button", {
  type: "button", className: "plain round", "aria-label": word("close"), textContent: "×", data: { act: "close" }, on: { click: dismiss },
});

export function render() {
  if (!shown) return;
  const { document, at } = shown;
  const body = make("div", { className: "page-text", tabIndex: 0, role: "region", "aria-label": document.title, lang: document.language, dir: "auto" },
    blocks(document, at));
  const bar = make("div", { className: "reader-bar" }, contents(document, body), linking(document, at));
  find("#reader").replaceChildren(
    make("header", {},
      make("div", {},
        make("h2", { id: "reader-title", tabIndex: -1 }, make("bdi", { textContent: document.title })),
        make("p", { className: "meta" }, about(document))),
      closing()),
    bar, body);
  picture.install(document, at, bar, body);
  toMark(body);
}

function toMark(body) {
  const mark = body.querySelector("mark");
  if (mark) body.scrollTo({ top: mark.offsetTop - body.clientHeight / 3 });
}

// The text in blocks: headings, paragraphs, tables, notes, a line where a page begins; [start, end) of `at` marked.
function blocks(document, at) {
  const { heads = [] } = document;
  const headings = new Map((document.headings ?? []).map((heading) => [heading.start, heading.level]));
  const pages = [...(document.pages ?? [])];
  const stretches = at ? [at] : [];
  const cut = cutter(document.text);
  const papers = paperLinks(document);
  const nodes = [];
  let start = 0;
  let rows = [];
  const flush = () => {
    if (rows.length > 1) nodes.push(table(rows, heads.includes(rows[0].start)));
    else for (const { start: from, text, layers } of rows) nodes.push(make("p", { dir: "auto" }, marked(cut, [from, from + size(text)], layers)));
    rows = [];
  };
  for (const line of document.text.split("\n")) {
    const end = start + size(line);
    const note = /^\[\d+\]/.test(line) ? "note" : "";
    const level = headings.get(start);
    const layers = [{ stretches, wrap: highlight }, ...papers([start, end])];
    const row = line.trim() && !level && !note && isRow(line);
    if (line.trim() && !row || heads.includes(start)) flush();
    if (pages.length && pages[0].start <= start && line) {
      flush();
      nodes.push(make("div", { className: "folio", data: { page: pages[0].number }, textContent: word("page", { n: pages.shift().number }) }));
    }
    if (row) rows.push({ text: line, start, cut, layers });
    else if (line.trim()) {
      const tag = level ? `h${Math.min(level + 2, 6)}` : "p";
      nodes.push(make(tag, { className: note, id: level ? `heading-${start}` : "", dir: "auto" }, marked(cut, [start, end], layers)));
    }
    start = end + 1;
  }
  flush();
  return nodes;
}

// A layer for each paper that the text names and the corpus holds: a link that opens it here.
function paperLinks({ mentions = [] }) {
  const first = new Map(mentions.filter((mention) => mention.document_ids.length).reverse().map((mention) => [mention.start, mention]));
  const layers = [...first.values()].map(({ start, end, document_ids: [id] }) => ({
    stretches: [[start, end]],
    wrap: (nodes) => make("a", { href: `/d/${encodeURIComponent(id)}`, on: { click: (event) => { event.preventDefault(); go({ read: id, at: null }); } } }, ...nodes),
  }));
  return ([from, to]) => layers.filter(({ stretches: [[start, end]] }) => start < to && end > from);
}

// The headings to go to; none where the document has none.
function contents({ headings = [], text }, body) {
  const cut = cutter(text);
  const own = headings.filter((heading) => heading.level > 1);
  if (own.length < 2) return null;
  const select = make("select", { className: "contents", "aria-label": word("contents") },
    make("option", { value: "", textContent: word("contents") }),
    own.map((heading) => make("option", { value: heading.start, textContent: cut(heading.start, heading.end) })));
  select.addEventListener("change", () => {
    const heading = body.querySelector(`#heading-${select.value}`);
    if (heading) body.scrollTo({ top: heading.offsetTop - 16 });
  });
  select.addEventListener("blur", () => { select.value = ""; }); // and not sooner: the arrow keys go on from where they are
  return select;
}

function linking(document, at) {
  const [start, end] = at ?? [0, 0];
  const words = cutter(document.text)(start, end).split(/\s+/).filter(Boolean);
  const outline = words.length <= 14 ? words.join(" ") : `${words.slice(0, 6).join(" ")} … ${words.slice(-6).join(" ")}`;
  const query = new URLSearchParams(at ? { sha256: document.sha256, q: outline } : { sha256: document.sha256 });
  const address = `${location.origin}/d/${encodeURIComponent(document.document_id)}?${query}${at ? `#${start}-${end}` : ""}`;
  const ask = () => go({ view: "ask", document: document.document_id, read: "", at: null });
  return make("div", { className: "tools" },
    make("button", { type: "button", textContent: word("ask_here"), on: { click: ask } }),
    make("button", { type: "button", textContent: word("link"), on: { click: () => copy(address, "copied_link") } }));
}

wide.addEventListener("change", cover);
