// The interface's language: the browser's own, or the one that was chosen here; and dates and numbers in it.

import { make, recall, remember } from "./dom.js";
import en from "./words/en.js";
import nl from "./words/nl.js";
import problems from "./words/problems.js";

const WORDS = { nl, en };
const listeners = [];

export let language = ["nl", "en"].includes(recall("language")) ? recall("language") : own();

function own() {
  const wanted = navigator.languages?.length ? navigator.languages : [navigator.language];
  return wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS) ?? "en";
}

// Return the words for a key, with {name} filled in.
export function word(key, values = {}) {
  const text = WORDS[language][key];
  if (text === undefined) throw new Error(`no word for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Return what is wrong in the page's language. kind: "urn:navo-qa:…", or none; sentence: the service's own, English.
export function told(kind, sentence) {
  const known = language === "nl" && problems[(kind ?? "").replace("urn:navo-qa:", "")];
  return known || sentence;
}

// Return "1 document" or "5 documenten": the key's own words, or those of key + "_one".
export const count = (key, number) => word(number === 1 ? `${key}_one` : key, { n: decimal(number) });

export const examples = () => WORDS[language].examples;

export function onLanguage(listener) {
  listeners.push(listener);
}

// Fill every element of the page that names its words.
export function translate(root = document) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
}

export function switchLanguage() {
  language = language === "nl" ? "en" : "nl";
  remember("language", language);
  translate();
  for (const listener of listeners) listener(language);
}

const locale = () => ({ nl: "nl-NL", en: "en-GB" })[language];

export function decimal(number, digits = 0) {
  return number.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const percent = (share) => `${Math.round(share * 100)}%`;

// Return "3 december 2025" for "2025-12-03".
export function day(iso, form = { day: "numeric", month: "long", year: "numeric" }) {
  const date = new Date(`${iso.slice(0, 10)}T12:00:00Z`);
  return date.toLocaleDateString(locale(), { ...form, timeZone: "UTC" });
}

export const month = (iso) => day(iso, { month: "long", year: "numeric" });

// Return "14–15 mei 2025", "31 mei – 1 juni 2023" or one day.
export function days(from, to) {
  if (!to || from === to) return day(from);
  if (from.slice(0, 7) === to.slice(0, 7)) return `${Number(from.slice(8, 10))}–${day(to)}`;
  const short = from.slice(0, 4) === to.slice(0, 4) ? { day: "numeric", month: "long" } : undefined;
  return `${day(from, short)} – ${day(to)}`;
}

// Return what dates a document: its meeting's days, else its letter's.
export function when(known) {
  if (known.meeting_start) return days(known.meeting_start, known.meeting_end);
  return known.letter_date ? day(known.letter_date) : "";
}

// Return the document's kind in words; none where it is no kind that the page knows.
export const kindOf = (known) => (known.kind === "other" ? null : word(`kind_${known.kind}`));

// Return the meta line of a document: meeting, days, place, kind; only what is known.
export function about(known, ...more) {
  const parts = [known.meeting === known.title ? null : known.meeting, when(known), known.place, kindOf(known), ...more];
  return dotted(parts);
}

// Return nodes for the parts, " · " between them, each kept from turning the others' direction.
export function dotted(parts) {
  return parts.filter(Boolean).flatMap((part, index) => [index ? "\u00a0· " : "", make("bdi", { textContent: part })]);
}
