// The picture of a PDF's page beside its text, with the passage framed in it; nothing where there are no pictures.

import { make, recall, remember } from "./dom.js";
import { word } from "./language.js";
import { path } from "./service.js";

// Add the choice between text and picture to the reader.
export function install(document, at, bar, body) {
  const pages = document.pages ?? [];
  if (!document.page_images || !pages.length) return;
  const first = Math.max(0, pages.findLastIndex((page) => at && page.start <= at[0]));
  const frame = make("div", { className: "picture", hidden: true, tabIndex: 0, role: "region", "aria-label": word("picture") });
  const tab = (name, pictured) => make("button", {
    type: "button", className: "chip", textContent: word(name), data: { pictured },
    on: { click: () => { remember("pictured", pictured); show(); } },
  });
  const tabs = [tab("text", "no"), tab("picture", "yes")];
  let at_page = first;

  const show = () => {
    const pictured = recall("pictured") === "yes";
    for (const one of tabs) one.setAttribute("aria-pressed", String((one.dataset.pictured === "yes") === pictured));
    frame.hidden = !pictured;
    body.hidden = pictured;
    if (pictured) frame.replaceChildren(...leaf());
  };

  const turn = (by) => make("button", {
    type: "button", className: "plain round", "aria-label": word(by < 0 ? "previous" : "next"), textContent: by < 0 ? "‹" : "›",
    disabled: !(at_page + by in pages), on: { click: () => { at_page += by; show(); } },
  });

  const leaf = () => {
    const number = pages[at_page].number;
    const query = new URLSearchParams({ width: 1200, ...(at ? { start: at[0], end: at[1] } : {}) });
    const image = make("img", {
      src: `${path("documents", document.document_id, "pages", number)}.png?${query}`,
      alt: word("picture_alt", { n: number, title: document.title }),
      on: { error: () => image.replaceWith(make("p", { className: "soft", textContent: word("no_picture") })) },
    });
    const said = make("span", { role: "status", textContent: word("page_of", { n: number, all: pages.length }) });
    return [make("div", { className: "turner" }, turn(-1), said, turn(1)), image];
  };

  const original = `${path("documents", document.document_id, "original")}#page=${pages[first].number}`;
  bar.prepend(make("div", { className: "group", role: "group", "aria-label": word("reader") }, tabs));
  bar.append(make("a", { href: original, target: "_blank", rel: "noopener", textContent: word("original") }));
  body.after(frame);
  show();
}
