// Sources in the style that was chosen here: asked of the service once a quotation, written wherever they stand.

import { make, recall, remember } from "./dom.js";
import { language, word } from "./language.js";
import { call, passageId } from "./service.js";

export const STYLES = ["leidraad", "house", "plain", "apa"];
export let style = STYLES.includes(recall("style")) ? recall("style") : "leidraad";

const known = new Map(); // key of a citation -> {style: {language: text}}
const written = new WeakMap(); // element -> citation

const key = (passage, start, end) => `${start}-${end} ${passage}`;
const keyOf = (citation) => key(passageId(citation), citation.start_char_index, citation.end_char_index);

// Return the source in the chosen style; until the service has said, in full as it came with the passage.
export function sourceText(citation) {
  return known.get(keyOf(citation))?.[style]?.[language] ?? citation.formatted[language];
}

export const both = (quoted, citation) => `${quoted} (${sourceText(citation)})`;

// Return an element that holds the source, and follows the chosen style.
export function source(citation) {
  const element = make("bdi", { className: "source", textContent: sourceText(citation) });
  written.set(element, citation);
  return element;
}

// Learn how these are cited, each on the pages of its own words, and write it. What the service does not know stays as it is.
export async function learn(citations) {
  const own = new Map(citations.map((one) => [keyOf(one), one]));
  const missing = [...own.values()].filter((one) => !known.has(keyOf(one))).slice(0, 200);
  if (missing.length) {
    const refused = await cited(missing).then(() => [], (problem) => ([404, 422].includes(problem.status) ? missing : []));
    // One that is no longer there refuses them all: ask for each by itself.
    if (refused.length > 1) await Promise.allSettled(refused.map((one) => cited([one])));
  }
  rewrite();
}

async function cited(wanted) {
  const stretches = wanted.map((one) => ({ passage_id: passageId(one), start: one.start_char_index, end: one.end_char_index }));
  const { citations } = await call("/v1/citations", { body: { stretches, styles: STYLES } });
  for (const one of citations) known.set(key(one.passage_id, one.start, one.end), one.formatted);
}

function rewrite() {
  for (const element of document.querySelectorAll(".source")) {
    const citation = written.get(element);
    if (citation) element.textContent = sourceText(citation);
  }
}

// Return a choice of style; every one on the page follows.
export function chooser() {
  const options = STYLES.map((name) => make("option", { value: name, textContent: word(`style_${name}`) }));
  const select = make("select", { className: "style", "aria-label": word("style") }, ...options);
  select.value = style;
  select.addEventListener("change", () => {
    style = select.value;
    remember("style", style);
    for (const other of document.querySelectorAll("select.style")) other.value = style;
    rewrite();
  });
  return make("label", { className: "choice" }, make("span", { textContent: word("style") }), select);
}
