// Tables as documents are read, "Fonds | 2026 | 2027", each row a paragraph: shown as tables, their text unchanged.

import { cutter, make, marked, size } from "./dom.js";

export const isRow = (text) => text.includes(" | ") || text.startsWith("| ");

// A first row says what the columns are where it holds no figures but years; as `text/tables.py` has it.
const isHead = (row) => (row.match(/\d+/g) ?? []).every((figure) => /^(?:19|20)\d\d$/.test(figure));

// Return nodes for [from, to) of a text whose paragraphs empty lines part, rows that follow each other in a table.
export function tabled(text, [from, to], layers) {
  const cut = cutter(text);
  const nodes = [];
  let rows = [];
  let done = from; // up to where nodes stand for the text
  let start = from;
  const flush = (end) => {
    if (rows.length > 1) {
      nodes.push(...marked(cut, [done, Math.max(done, rows[0].start - 2)], layers), table(rows)); // without the empty line
      done = end;
    }
    rows = [];
  };
  for (const paragraph of cut(from, to).split("\n\n")) {
    const end = start + size(paragraph);
    if (isRow(paragraph)) rows.push({ text: paragraph, start, cut, layers });
    else flush(start);
    start = end + 2;
  }
  flush(to);
  return [...nodes, ...marked(cut, [done, to], layers)];
}

// Return a table of rows: {text, start, cut, layers}, the text that begins at `start` of what is cut.
export function table(rows) {
  const made = rows.map(({ text, start, cut, layers }, i) => {
    const tag = i === 0 && isHead(text) ? "th" : "td";
    return make("tr", {}, cells(text, start).map((span) =>
      make(tag, { dir: "auto", scope: tag === "th" ? "col" : null }, marked(cut, span, layers))));
  });
  return make("div", { className: "table" }, make("table", {}, make("tbody", {}, made)));
}

// The span of each cell, in code points, without the space around it.
function cells(row, start) {
  const spans = [];
  for (const part of row.split("|")) {
    const left = start + size(part) - size(part.trimStart());
    spans.push([left, Math.max(left, left + size(part.trim()))]);
    start += size(part) + 1;
  }
  return spans;
}
