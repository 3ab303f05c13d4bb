// The memo: what was kept, with text of one's own around it; moved, checked and exported.

import * as basket from "./basket.js";
import { openExcerpt, toast } from "./copy.js";
import { find, make } from "./dom.js";
import { word } from "./language.js";
import { exporter } from "./export.js";
import { chooser, learn, source } from "./styles.js";
import { clear as clearFindings, verifier } from "./verify.js";

export function counted() {
  const number = basket.entries().filter((entry) => entry.quote !== null).length;
  find("#count").textContent = number || "";
}

export function show() {
  const entries = basket.entries();
  const head = make("header", { className: "head" }, make("h1", { textContent: word("memo") }), make("p", { className: "lead", textContent: word("memo_lead") }));
  if (!entries.length) {
    find("#view-memo").replaceChildren(head, make("div", { className: "notice" },
      make("h2", { textContent: word("memo_empty") }), make("p", { textContent: word("memo_empty_why") }),
      make("button", { type: "button", className: "plain", textContent: word("add_text"), on: { click: written } })));
    return;
  }
  const title = make("input", {
    type: "text", id: "memo-title", value: basket.title(), placeholder: word("memo_untitled"),
    on: { input: () => { basket.retitle(title.value); clearFindings(find(".title + .findings")); } },
  });
  find("#view-memo").replaceChildren(head,
    make("div", { className: "bench" }, verifier(), chooser(), exporter()),
    make("label", { className: "field title" }, make("span", { textContent: word("memo_title") }), title),
    make("div", { className: "findings", "aria-live": "polite" }),
    make("ol", { className: "entries" }, entries.map(entry)),
    make("div", { className: "tools" },
      make("button", { type: "button", textContent: word("add_text"), on: { click: written } }),
      make("button", { type: "button", textContent: word("empty_memo"), on: { click: emptied } })));
  learn(entries.filter((one) => one.citation).map((one) => one.citation));
}

function written() {
  const id = basket.addText();
  document.querySelector(`#entry-${CSS.escape(id)} textarea`)?.focus();
}

function emptied() {
  if (confirm(word("empty_memo_sure"))) undoable(basket.drop());
}

function undoable(back) {
  toast(word("dropped"), { name: word("undo"), run: back });
}

function entry(one, index, all) {
  const number = index + 1;
  const own = make("textarea", {
    rows: one.quote === null ? 3 : 1, value: one.text, "aria-label": `${word("own_text")} ${number}`, placeholder: word("own_text"),
    on: { input: () => { basket.change(one.id, { text: own.value }); stale(one.id); } },
  });
  const button = (name, act, run, disabled = false) => make("button", {
    type: "button", textContent: name, disabled, data: { act }, "aria-label": `${name} – ${word(one.quote === null ? "entry_text" : "entry", { n: number })}`, on: { click: run },
  });
  const moved = (by, act) => () => {
    basket.move(one.id, by);
    const same = document.querySelector(`#entry-${CSS.escape(one.id)} [data-act=${act}]:enabled`);
    (same ?? document.querySelector(`#entry-${CSS.escape(one.id)} textarea`))?.focus();
  };
  return make("li", { id: `entry-${one.id}` },
    own,
    one.quote === null ? null : quoted(one, number),
    make("div", { className: "findings", "aria-live": "polite" }),
    make("div", { className: "tools" },
      one.citation ? button(word("open"), "open", () => openExcerpt(one)) : null,
      button(word("up"), "up", moved(-1, "up"), index === 0),
      button(word("down"), "down", moved(1, "down"), index === all.length - 1),
      button(word("drop"), "drop", () => undoable(basket.drop(one.id)))));
}

function quoted(one, number) {
  const restore = make("button", {
    type: "button", className: "link", textContent: word("restore"), hidden: one.quote === one.original,
    on: { click: () => { field.value = one.original; field.dispatchEvent(new Event("input")); } },
  });
  const field = make("textarea", {
    className: "quoted", rows: 2, value: one.quote, "aria-label": word("entry", { n: number }), dir: "auto",
    on: { input: () => {
      basket.change(one.id, { quote: field.value });
      restore.hidden = field.value === one.original;
      stale(one.id);
    } },
  });
  return make("div", { className: "quotation" }, field,
    make("p", { className: "cited" }, one.citation ? source(one.citation) : one.document, " ", restore));
}

// What was found of an entry no longer holds once it has been changed.
function stale(id) {
  clearFindings(find(`#entry-${CSS.escape(id)} .findings`));
}

export function install(isShown) {
  basket.onBasket(() => {
    counted();
    if (isShown()) show();
  });
  counted();
}
