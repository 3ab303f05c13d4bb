// Filters by year and date, kind and document; what is on stands beside as chips that take it off.

import { find, make } from "./dom.js";
import { day, word } from "./language.js";
import { go, state } from "./route.js";
import { documents } from "./service.js";

const KINDS = ["report", "agenda", "letter", "other"];
export const NONE = { from: "", to: "", kinds: [], document: "" };

export const filtered = (of) => Boolean(of.from || of.to || of.kinds.length || of.document);

let known = new Map();
let open = false;
let snapshot = null;
let picked = null; // the document that the arrow keys are at, until Enter or until the filters are left

// Learn which documents there are, and write the filters.
export async function load(options) {
  known = await documents(options);
  show();
  return known;
}

// Change the filters; the document that the arrow keys are at comes along.
function change(changes) {
  const document = picked ?? state.document;
  picked = null;
  go({ document, ...changes });
}

find("#filters").addEventListener("focusout", ({ relatedTarget }) => {
  if (picked !== null && !relatedTarget?.closest("#filters")) change({});
});

// Learn which index answers: where it is another than before, the documents are asked for anew.
export function learn(index) {
  const before = snapshot;
  snapshot = index?.snapshot ?? snapshot;
  return before === null || before === snapshot ? null : load({ again: true }).catch(() => null);
}

// Write the filters anew; who is at one of them stays there.
export function show() {
  const place = find("#filters");
  place.hidden = known.size === 0 && !filtered(state);
  const dates = document.activeElement?.closest("#filters .dates");
  if (dates) return around(dates);
  const at = reached().indexOf(document.activeElement);
  const details = make("details", { open, on: { toggle: () => { open = details.open; } } },
    make("summary", { textContent: word("filters") }), fields());
  place.replaceChildren(details, chips());
  if (at >= 0) (reached()[at] ?? reached().at(-1)).focus({ preventScroll: true });
  return undefined;
}

const reached = () => [...document.querySelectorAll("#filters :is(summary, button, select)")];

// Write all but the dates: a field that is taken away while a day is typed in it loses what is typed next.
function around(dates) {
  const written = [...fields().children];
  const at = written.findIndex((one) => one.className === "dates");
  for (const old of [...dates.parentElement.children]) if (old !== dates) old.remove();
  dates.before(...written.slice(0, at));
  dates.after(...written.slice(at + 1));
  for (const field of dates.querySelectorAll("input")) if (field.value !== state[field.name]) field.value = state[field.name];
  find("#filters .chips").replaceWith(chips());
}

function fields() {
  const date = (name, label) => make("label", {}, make("span", { textContent: word(label) }), make("input", {
    type: "date", name, value: state[name], min: "1000-01-01", max: "9999-12-31", // "0202" is a year half typed
    on: { change: ({ target }) => { if (target.validity.valid) change({ [name]: target.value }); } },
  }));
  const present = KINDS.filter((kind) => [...known.values()].some((one) => one.kind === kind) || state.kinds.includes(kind));
  return make("div", { className: "fields" },
    toggles(word("years"), years(), (year) => state.from === `${year}-01-01` && state.to === `${year}-12-31`,
      (year, on) => change(on ? { from: `${year}-01-01`, to: `${year}-12-31` } : { from: "", to: "" }), String),
    make("div", { className: "dates" }, date("from", "from"), date("to", "to")),
    toggles(word("kind"), present, (kind) => state.kinds.includes(kind),
      (kind, on) => change({ kinds: on ? [...state.kinds, kind] : state.kinds.filter((one) => one !== kind) }),
      (kind) => word(`kind_${kind}`)),
    choice());
}

function toggles(label, values, isOn, turn, name) {
  if (values.length < 2) return null;
  return make("fieldset", {}, make("legend", { textContent: label }), values.map((value) => make("button", {
    type: "button", className: "chip", textContent: name(value), "aria-pressed": String(isOn(value)),
    on: { click: () => turn(value, !isOn(value)) },
  })));
}

const yearOf = (one) => (one.meeting_start ?? one.letter_date ?? "").slice(0, 4);

function years() {
  const found = [...new Set([...known.values()].map(yearOf).filter(Boolean))].sort();
  return found.slice(-12);
}

// The documents by year, the latest first. The arrow keys choose none of those that they pass.
function choice() {
  let passing = false;
  const keyed = (event) => {
    passing = ![" ", "Enter"].includes(event.key) && !event.altKey; // those open the list
    if (event.key !== "Enter" || picked === null) return;
    event.preventDefault();
    change({});
  };
  const chosen = () => {
    picked = select.value;
    if (!passing) change({});
  };
  const select = make("select", { name: "document", on: { pointerdown: () => { passing = false; }, keydown: keyed, change: chosen } },
    make("option", { value: "", textContent: word("all") }));
  const groups = Map.groupBy ? Map.groupBy(known.values(), yearOf) : new Map([["", [...known.values()]]]);
  for (const year of [...groups.keys()].sort().reverse()) {
    const options = groups.get(year).map((one) => make("option", { value: one.document_id, textContent: one.title }));
    select.append(make("optgroup", { label: year || word("no_year") }, options));
  }
  select.value = picked ?? state.document;
  return make("label", { className: "wide" }, make("span", { textContent: word("document") }), select);
}

function chips() {
  const chip = (text, changes) => make("button", {
    type: "button", className: "chip on", "aria-label": word("remove", { what: text }), on: { click: () => change(changes) },
  }, make("bdi", { textContent: text }), make("span", { "aria-hidden": "true", textContent: "×" }));
  const shown = [];
  if (state.from) shown.push(chip(word("since", { day: day(state.from) }), { from: "" }));
  if (state.to) shown.push(chip(word("until", { day: day(state.to) }), { to: "" }));
  for (const kind of state.kinds) shown.push(chip(word(`kind_${kind}`), { kinds: state.kinds.filter((one) => one !== kind) }));
  if (state.document) {
    const one = known.get(state.document);
    shown.push(chip(one ? one.title : state.document, { document: "" }));
  }
  if (shown.length > 1) shown.push(make("button", { type: "button", className: "link", textContent: word("clear"), on: { click: () => change(NONE) } }));
  return make("div", { className: "chips" }, shown);
}
