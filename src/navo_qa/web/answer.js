// The answer, large and marked inside its sentence; or an honest silence with what came nearest.

import { cutter, find, highlight, make, marked, size } from "./dom.js";
import { openExcerpt, tools } from "./copy.js";
import { day, percent, word } from "./language.js";
import { passageId } from "./service.js";
import { chooser, source } from "./styles.js";
import { table } from "./tables.js";

const UNLIKELY = 0.05; // confidence under which what came nearest is not worth a look

// Return what is quoted when a citation is: {quote, passage_id, ...}.
export function excerpt(citation, quote = citation.cited_text, start = citation.start_char_index) {
  return {
    quote, citation, passage_id: passageId(citation), document_id: citation.document_id,
    title: citation.document_title, start, end: start + size(quote),
  };
}

export function show({ answer, nearest, passages }) {
  const section = find("#answer");
  section.className = answer ? "given" : "silent";
  section.tabIndex = -1;
  section.dataset.stop = "";
  section.setAttribute("aria-labelledby", "answer-title");
  section.replaceChildren(...(answer ? given(answer) : passages.length ? silence(nearest) : []));
}

function given(answer) {
  const [citation, ...others] = answer.citations;
  return [
    make("header", {}, make("h2", { id: "answer-title", textContent: word("answer") }), confidence(answer.confidence)),
    ...quoted(answer, citation),
    make("div", { className: "row" }, make("p", { className: "cited" }, source(citation)), chooser()),
    tools(excerpt(citation), quotation(answer, citation)),
    others.length > 0 && elsewhere(others),
    answer.also?.length > 0 && alternatives(answer.also),
  ].filter(Boolean);
}

// What is copied and kept of an answer: the sentence that it stands in, since "EUR 35 mln." alone says little.
function quotation({ text, sentence }, citation) {
  return sentence && size(sentence.text) > size(text)
    ? excerpt(citation, sentence.text, sentence.start_char_index) : excerpt(citation);
}

// The answer by itself where it is a part of its sentence, and the sentence with the answer marked; a row in its table.
function quoted(answer, citation) {
  const { sentence, parts = [] } = answer;
  const whole = !sentence || size(sentence.text) <= size(answer.text) + 1;
  const length = whole || size(answer.text) > 160 ? "long" : size(answer.text) > 48 ? "middle" : "short";
  const { language: lang } = citation; // the document's, which need not be the page's
  const large = parts.length > 1
    ? make("ul", { className: `large ${length} parts`, dir: "auto", lang }, parts.map((part) => make("li", { textContent: part.text })))
    : make("p", { className: `large ${length}`, dir: "auto", lang, textContent: answer.text });
  if (whole && !answer.head) return [make("blockquote", { className: "whole" }, large)];
  const sentenced = make("blockquote", { className: "sentence", dir: "auto", lang }, inSentence(answer, parts.length > 1 ? parts : [citation]));
  return whole ? [sentenced] : [large, sentenced];
}

// The sentence with these stretches of it marked, a table's row below its head; by itself where nothing is known around it.
function inSentence({ text, sentence, head }, marks) {
  if (!sentence) return [text];
  const from = sentence.start_char_index;
  const stretches = marks.map((one) => [one.start_char_index - from, one.end_char_index - from]);
  const layers = [{ stretches, wrap: highlight }];
  if (!head) return marked(cutter(sentence.text), [0, size(sentence.text)], layers);
  const row = (text, own) => ({ text, start: 0, cut: cutter(text), layers: own });
  return [table([row(head.text, []), row(sentence.text, layers)], true)];
}

export function confidence(share) {
  const level = share >= 0.7 ? "high" : share >= 0.4 ? "middle" : "low";
  const filled = Math.max(1, Math.round(share * 5));
  const dots = [1, 2, 3, 4, 5].map((n) => make("i", { className: n <= filled ? "on" : "" }));
  const check = level === "low" ? `, ${word("confidence_check")}` : "";
  return make("p", { className: `confidence ${level}` },
    make("span", { className: "dots", "aria-hidden": "true" }, dots),
    make("span", {}, `${word(`confidence_${level}`)} `, make("span", { className: "number", textContent: `${percent(share)}${check}` })));
}

const opener = (citation) => make("button", {
  type: "button", className: "link", on: { click: () => openExcerpt(excerpt(citation)) },
}, make("bdi", { textContent: citation.document_title, lang: citation.language }));

function elsewhere(citations) {
  const list = citations.map((citation) => make("li", {}, opener(citation)));
  return make("div", { className: "elsewhere" }, make("h3", { textContent: word("also_here") }), make("ul", {}, list));
}

function alternatives(also) {
  const list = also.map((other) => make("li", {},
    make("span", { className: "when", textContent: other.date ? day(other.date) : word("no_year") }),
    make("q", { dir: "auto", lang: other.citations[0].language, textContent: other.text }),
    opener(other.citations[0])));
  return make("div", { className: "elsewhere" }, make("h3", { textContent: word("also") }), make("ul", {}, list));
}

function silence(nearest) {
  const nodes = [
    make("h2", { id: "answer-title", textContent: word("nothing_said") }),
    make("p", { textContent: word("silence") }),
  ];
  if (!nearest?.citations?.length || nearest.confidence < UNLIKELY) return nodes;
  const [citation] = nearest.citations;
  return [...nodes, make("div", { className: "nearest" },
    make("header", {}, make("h3", { textContent: word("nearest") }), confidence(nearest.confidence)),
    make("blockquote", { className: "sentence", dir: "auto", lang: citation.language }, inSentence(nearest, [citation])),
    make("p", { className: "cited" }, source(citation)),
    tools(excerpt(citation), quotation(nearest, citation)))];
}
