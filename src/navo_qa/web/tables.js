// Tables as documents are read, "Fonds | 2026 | 2027", each row a paragraph: shown as tables, their text unchanged.
// What is a row, a cell and a head is as in `text/tables.py`.

import { cutter, make, marked, size } from "./dom.js";

const VALUE = /^(?:(?:€|\$|£|EUR|USD|GBP|ca\.?|[–−-])\s*)*\d/;
const COUNTED = /^(?:(?:19|20)\d\d\b(?![.,]\d)|\d{1,2}(?:e|ste|de|st|nd|rd|th)\b)/;
const LONGEST_HEAD = 300;

export const isRow = (text) => ` ${text} `.includes(" | ") && !/^\[[^\]\n]{1,9}\] /.test(text);

const said = (row) => row.split(/(?<=\s|^)\|(?=\s|$)/).map((cell) => cell.trim());

// Does a table's first row say what its columns are?
function isHead(row, below) {
  if (row.length > LONGEST_HEAD || !/[\p{L}\p{N}]/u.test(row)) return false;
  if (said(row).length === 2) {
    const second = below.map((other) => said(other)[1]).filter(Boolean);
    if (!second.length || !second.every((cell) => VALUE.test(cell))) return false;
  }
  return said(row).every((cell) => !VALUE.test(cell) || COUNTED.test(cell));
}

// Return nodes for [from, to) of a text whose paragraphs empty lines part, rows that follow each other in a table.
// above: what stands over the columns of a table that the text begins in the middle of, if it does.
export function tabled(text, [from, to], layers, above = null) {
  const cut = cutter(text);
  const nodes = [];
  let rows = [];
  let done = from; // up to where nodes stand for the text
  let start = from;
  const flush = (end) => {
    const middle = rows[0]?.start === 0 && above !== null;
    if (rows.length > 1 || middle) {
      const head = middle ? { text: above, start: 0, cut: cutter(above), layers: [] } : null;
      // without the empty line before it
      nodes.push(...marked(cut, [done, Math.max(done, rows[0].start - 2)], layers), table(rows, head));
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
// head: the row over them, where that stands further up, false for none; otherwise the first row may be one.
export function table(rows, head = null) {
  const headed = head === null ? isHead(rows[0].text, rows.slice(1).map(({ text }) => text)) : Boolean(head);
  const made = (head ? [head, ...rows] : rows).map(({ text, start, cut, layers }, i) => {
    const tag = i === 0 && headed ? "th" : "td";
    return make("tr", {}, cells(text, start).map((span) =>
      make(tag, { dir: "auto", scope: tag === "th" ? "col" : null }, marked(cut, span, layers))));
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
