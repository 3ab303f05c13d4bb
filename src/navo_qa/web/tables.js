// Tables as documents are read, "Fonds | 2026 | 2027", each row a paragraph: shown as tables, their text unchanged.
// Which rows are heads the service says; what is a row and a cell is as in `text/tables.py`.

import { cutter, make, marked, size } from "./dom.js";

export const isRow = (text) => ` ${text} `.includes(" | ") && !/^\[[^\]\n]{1,9}\] /.test(text);

// Return nodes for [from, to) of a text whose paragraphs empty lines part, rows that follow each other in a table.
// heads: where rows begin that are heads; above: the head of a table that the text begins in the middle of, if it does.
export function tabled(text, [from, to], layers, heads, above = null) {
  const cut = cutter(text);
  const nodes = [];
  let rows = [];
  let done = from; // up to where nodes stand for the text
  let start = from;
  const flush = (end) => {
    const headed = rows[0]?.start === 0 && above !== null;
    if (rows.length > 1 || headed) {
      // without the empty line before it
      nodes.push(...marked(cut, [done, Math.max(done, rows[0].start - 2)], layers));
      if (headed) rows.unshift({ text: above, start: 0, cut: cutter(above), layers: [] });
      nodes.push(table(rows, headed || heads.includes(rows[0].start)));
      done = end;
    }
    rows = [];
  };
  for (const paragraph of cut(from, to).split("\n\n")) {
    const end = start + size(paragraph);
    if (!isRow(paragraph) || heads.includes(start)) flush(start);
    if (isRow(paragraph)) rows.push({ text: paragraph, start, cut, layers });
    start = end + 2;
  }
  flush(to);
  return [...nodes, ...marked(cut, [done, to], layers)];
}

// Return a table of rows: {text, start, cut, layers}, the text that begins at `start` of what is cut.
// headed: whether the first row stands over the columns.
export function table(rows, headed) {
  const made = rows.map(({ text, start, cut, layers }, i) => {
    const tag = headed && !i ? "th" : "td";
    return make("tr", {}, cells(text, start).map((span) =>
      make(tag, { dir: "auto", scope: headed && !i ? "col" : null }, marked(cut, span, layers))));
  });
  return make("div", { className: "table" }, make("table", {}, make("tbody", {}, made)));
}

// The span of each cell, in code points, without the space around it.
function cells(row, start) {
  const spans = [];
  for (const part of row.split(/(?<=\s|^)\|(?=\s|$)/)) {
    const left = start + size(part) - size(part.trimStart());
    spans.push([left, Math.max(left, left + size(part.trim()))]);
    start += size(part) + 1;
  }
  return spans;
}
