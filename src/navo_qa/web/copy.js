// Copies quotes and sources, says so, and builds the row of buttons that does.

import { add } from "./basket.js";
import { find, make } from "./dom.js";
import { word } from "./language.js";
import { go } from "./route.js";
import { both, sourceText } from "./styles.js";

let fading = 0;

// Say something at the foot of the page, for a while, with perhaps a button to take it back.
export function toast(text, action) {
  const shown = find("#toast");
  shown.replaceChildren(make("span", { textContent: text }));
  if (action) {
    const act = () => { shown.replaceChildren(); action.run(); };
    shown.append(make("button", { type: "button", className: "plain", textContent: action.name, on: { click: act } }));
  }
  clearTimeout(fading);
  fading = setTimeout(() => shown.replaceChildren(), action ? 10_000 : 4_000);
}

export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard for a page that came over plain HTTP: the old way, with a field of its own.
    const field = make("textarea", { value: text, className: "unseen", readOnly: true });
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus({ preventScroll: true });
    if (!done) return toast(word("not_copied"));
  }
  return toast(word(said));
}

// An excerpt is a quote with where it stands: {quote, passage_id, document_id, title, start, end, citation}.
export function openExcerpt(excerpt) {
  go({ read: excerpt.document_id, at: [excerpt.start, excerpt.end], sha: excerpt.citation.sha256 });
}

// Return the buttons of an excerpt; keys.js finds them by data-act. kept: what is copied and kept, where that is more.
export function tools(excerpt, kept = excerpt) {
  const button = (act, name, label, run) => make("button", {
    type: "button", textContent: name, "aria-label": label, data: { act }, on: { click: run },
  });
  const quoted = `“${kept.quote}”`;
  return make("div", { className: "tools" },
    button("open", word("open"), null, () => openExcerpt(excerpt)),
    button("add", word("add"), null, () => toast(word(add(kept) ? "added" : "already"))),
    make("div", { className: "group", role: "group", "aria-label": word("copy") },
      make("span", { textContent: word("copy"), "aria-hidden": "true" }),
      button("quote", word("copy_quote"), word("copy_quote_label"), () => copy(quoted, "copied_quote")),
      button("source", word("copy_source"), word("copy_source_label"), () => copy(sourceText(kept.citation), "copied_source")),
      button("both", word("copy_both"), word("copy_both_label"), () => copy(both(quoted, kept.citation), "copied_both"))));
}
