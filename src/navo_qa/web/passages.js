// The ranked passages: where each stands, its text with the answer and the question's words marked, its scores on demand.

import { excerpt } from "./answer.js";
import { tools } from "./copy.js";
import { cutter, find, highlight, make, matching, recall, remember, size } from "./dom.js";
import { about, count, decimal, dotted, word } from "./language.js";
import { tabled } from "./tables.js";

let scored = recall("scores") === "yes";

// known: a map of documents by id, for what a passage itself does not tell.
export function show({ answer, passages }, known) {
  const section = find("#passages");
  section.replaceChildren();
  if (!passages.length) return;
  section.classList.toggle("scored", scored);
  section.setAttribute("aria-labelledby", "passages-title");
  const toggle = make("button", {
    type: "button", className: "plain", id: "scores", textContent: word("scores"), "aria-pressed": String(scored),
    on: { click: () => {
      scored = !scored;
      remember("scores", scored ? "yes" : "no");
      toggle.setAttribute("aria-pressed", String(scored));
      section.classList.toggle("scored", scored);
    } },
  });
  section.append(
    make("header", {}, make("h2", { id: "passages-title", textContent: word(answer ? "passages" : "nearest_passages") }),
      make("span", { className: "soft", textContent: count("said_passages", passages.length) }), toggle),
    make("ol", {}, passages.map((hit) => make("li", {}, article(hit, answer, known.get(hit.document_id))))));
  for (const text of section.querySelectorAll(".clamped")) fold(text);
}

function article(hit, answer, document) {
  const cut = cutter(hit.text);
  const from = opening(hit);
  const inside = (answer?.citations ?? []).filter((citation) =>
    citation.document_id === hit.document_id && citation.start_char_index >= hit.start && citation.end_char_index <= hit.end);
  const layers = [
    { stretches: inside.map((citation) => [citation.start_char_index - hit.start, citation.end_char_index - hit.start]), wrap: highlight },
    { stretches: hit.matches ?? [], wrap: matching },
  ];
  const place = [pages(hit), word("paragraph", { n: hit.paragraph }), hit.heading === hit.title ? null : speaker(hit.heading)];
  const meta = document ? about(document, ...place) : dotted(place);
  const quote = cut(from, size(hit.text));
  const what = excerpt(hit.citation, quote, hit.start + from);
  return make("article", { tabIndex: -1, data: { stop: "", passage: hit.passage_id }, "aria-label": `${hit.rank}. ${hit.title}` },
    make("h3", {}, make("span", { className: "rank", textContent: hit.rank }), make("bdi", { textContent: hit.title, lang: hit.language })),
    make("p", { className: "meta" }, meta),
    make("div", { className: `passage${inside.length ? "" : " clamped"}`, dir: "auto", lang: hit.language },
      tabled(hit.text, [from, size(hit.text)], layers, hit.heads, hit.head)),
    scores(hit),
    tools(what));
}

// "blz. 3", "blz. 3–4"; none where the document has no pages.
function pages({ page, page_end: last }) {
  return page === null ? null : word("page", { n: last > page ? `${page}–${last}` : page });
}

// "Minister Ten Hove:" stands in the line without its colon.
const speaker = (heading) => heading?.replace(/\s*:$/, "") ?? null;

// A passage may open with its heading, which stands above it already: return where the text itself begins.
function opening({ text, heading }) {
  if (!heading || !text.startsWith(heading)) return 0;
  const rest = text.slice(heading.length);
  const blank = /^\s*\n\s*/.exec(rest)?.[0] ?? "";
  return blank && rest.length > blank.length ? size(heading + blank) : 0;
}

function scores(hit) {
  const parts = [["score_dense", hit.scores.dense], ["score_lexical", hit.scores.lexical], ["score_total", hit.score]];
  const shown = parts.filter(([, value]) => value !== undefined && value !== null);
  return make("dl", { className: "scores" }, shown.flatMap(([name, value]) => [
    make("dt", { textContent: word(name) }), make("dd", { textContent: decimal(value, 3) })]));
}

// A long passage shows its first lines; the button shows the rest.
function fold(text) {
  if (text.scrollHeight <= text.clientHeight + 4) {
    text.classList.remove("clamped");
    return;
  }
  const button = make("button", {
    type: "button", className: "link more", textContent: word("more"), "aria-expanded": "false",
    on: { click: () => {
      const folded = text.classList.toggle("clamped");
      button.textContent = word(folded ? "more" : "less");
      button.setAttribute("aria-expanded", String(!folded));
    } },
  });
  text.after(button);
}
