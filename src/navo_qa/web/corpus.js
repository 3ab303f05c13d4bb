// The page about the corpus: what it holds, when the index was made and with what, and every document.

import { find, make } from "./dom.js";
import { day, decimal, dotted, kindOf, month, percent, when, word } from "./language.js";
import * as filters from "./filters.js";
import { go } from "./route.js";
import { call, documents } from "./service.js";
import { uploader } from "./upload.js";

const SHOWN = 100;

let form = null; // what adds documents: kept while this page is away, with what came of it
let renew = () => {};

// added: what to do once there are more documents.
export function install(added) {
  renew = added;
}

export async function show() {
  const section = find("#view-corpus");
  const head = make("header", { className: "head" }, make("h1", { textContent: word("corpus") }), make("p", { className: "lead", textContent: word("corpus_lead") }));
  if (!section.childElementCount) section.replaceChildren(head);
  let about = null;
  let listed;
  try {
    about = await call("/v1/about").catch((problem) => { if (problem.kind !== "absent") throw problem; return null; });
    await filters.learn(about?.index);
    listed = await documents();
  } catch (problem) {
    const text = problem.kind === "no-index" ? word("no_index") : problem.kind === "gone" ? word("gone") : problem.message;
    section.replaceChildren(head, make("div", { className: "notice", role: "alert" }, make("h2", { textContent: text })),
      adding(about));
    return;
  }
  section.replaceChildren(head, about?.ready ? figures(about) : "", list([...listed.values()]),
    adding(about), about?.ready ? making(about) : "");
}

// The form that adds documents; once they are in, everything is asked for anew.
function adding(about) {
  if (!about?.upload?.enabled) return "";
  form ??= uploader(about.upload, () => { renew(); show(); });
  return form;
}

function figures({ corpus }) {
  const fact = (name, value) => make("div", {}, make("dt", { textContent: word(name) }), make("dd", { textContent: value }));
  const span = corpus.date_from ? `${month(corpus.date_from)} – ${month(corpus.date_to)}` : "–";
  return make("div", { className: "figures" },
    make("dl", { className: "facts large" },
      fact("fact_documents", decimal(corpus.documents)), fact("fact_passages", decimal(corpus.passages)), fact("fact_period", span)),
    Object.keys(corpus.years).length > 1 ? bars(word("by_year"), Object.entries(corpus.years)) : "",
    bars(word("by_kind"), Object.entries(corpus.kinds).map(([kind, number]) => [word(`kind_${kind}`), number])));
}

// A small bar chart that is a list to whoever does not see it.
function bars(label, pairs) {
  const most = Math.max(...pairs.map(([, number]) => number));
  const rows = pairs.map(([name, number]) => {
    const bar = make("i", { "aria-hidden": "true" });
    bar.style.setProperty("--share", number / most);
    return make("li", {}, make("span", { textContent: name }), bar, make("b", { textContent: decimal(number) }));
  });
  return make("div", { className: "bars" }, make("h2", { textContent: label }), make("ul", {}, rows));
}

function making({ index, reader, threshold, version, corpus }) {
  const rows = [
    ["fact_built", day(index.built)], ["fact_encoder", word("dimensions", { name: index.encoder, n: index.dimensions })],
    ["fact_reader", reader], ["fact_threshold", threshold === null ? null : percent(threshold)],
    ["fact_engine", word("recall", { name: index.engine, recall: percent(index.recall) })],
    ["fact_characters", decimal(corpus.characters)], ["fact_languages", Object.keys(corpus.languages).join(", ")],
    ["fact_size", `${decimal(index.bytes / 1e6, 1)} MB`], ["fact_version", version], ["fact_snapshot", index.snapshot],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  return make("div", { className: "making" }, make("h2", { textContent: word("index_facts") }),
    make("dl", { className: "facts" }, rows.map(([name, value]) => make("div", {}, make("dt", { textContent: word(name) }), make("dd", { textContent: value })))));
}

function list(all) {
  const dated = (one) => one.meeting_start ?? one.letter_date ?? "";
  const sorted = all.sort((a, b) => dated(b).localeCompare(dated(a)) || a.title.localeCompare(b.title));
  const box = make("input", { type: "search", id: "find", placeholder: word("find_document"), "aria-label": word("find_document") });
  const rows = make("ul", { className: "documents" });
  const tally = make("p", { className: "soft", role: "status" });
  let most = SHOWN;
  const more = make("button", { type: "button", textContent: word("show_more"), on: { click: () => { most += SHOWN; fill(); } } });
  const fill = () => {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = sorted.filter((one) => wanted.every((part) => haystack(one).includes(part)));
    rows.replaceChildren(...found.slice(0, most).map(row));
    more.hidden = found.length <= most;
    tally.textContent = found.length ? "" : word("none_found");
  };
  box.addEventListener("input", fill);
  fill();
  return make("div", { className: "listing" }, all.length > 8 ? box : "", rows, tally, more);
}

const haystack = (one) => [one.title, one.meeting, one.place, one.source, ...one.references, when(one)].join(" ").toLowerCase();

function row(one) {
  const meta = [when(one), kindOf(one), one.place, one.meeting === one.title ? null : one.meeting];
  return make("li", {},
    make("button", { type: "button", className: "link", on: { click: () => go({ read: one.document_id, at: null }) } }, make("bdi", { textContent: one.title })),
    make("p", { className: "meta" }, dotted(meta)),
    one.references.length ? make("p", { className: "meta references" }, `${word("col_references")}: `, make("bdi", { textContent: one.references.join("; ") })) : "");
}
