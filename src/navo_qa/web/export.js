// Makes a file of the memo: a document with real footnotes, or its sources for a reference manager.

import { entries, markdown, title } from "./basket.js";
import { toast } from "./copy.js";
import { make, recall, remember } from "./dom.js";
import { language, word } from "./language.js";
import { call, download } from "./service.js";
import { style } from "./styles.js";

const FORMS = ["docx", "odt", "pdf", "html", "md"];
const SOURCES = { ris: "ris", bibtex: "bib", "csl-json": "json" };

// Return the choice of a form and the button that exports.
export function exporter() {
  const options = [...FORMS, ...Object.keys(SOURCES)].map((form) => make("option", { value: form, textContent: word(`form_${form}`) }));
  const select = make("select", { id: "form", on: { change: () => remember("form", select.value) } }, ...options);
  if (options.some((option) => option.value === recall("form"))) select.value = recall("form");
  const said = make("p", { className: "said", role: "status" });
  const button = make("button", { type: "button", className: "main", textContent: word("export") });
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.classList.remove("fault");
    said.textContent = word("exporting");
    try {
      const name = `${named()}.${SOURCES[select.value] ?? select.value}`;
      save(await made(select.value), name);
      said.textContent = "";
      toast(word("exported", { file: name }));
    } catch (problem) {
      said.classList.add("fault");
      said.textContent = problem.kind === "gone" ? word("gone") : problem.message;
    }
    button.disabled = false;
  });
  return make("div", { className: "exporter" },
    make("label", { className: "choice" }, make("span", { textContent: word("format") }), select), button, said);
}

async function made(form) {
  if (form in SOURCES) {
    const ids = [...new Set(entries().map((entry) => entry.passage_id).filter(Boolean))];
    const { exports } = await call("/v1/citations", { body: { passage_ids: ids, styles: [form] } });
    return new Blob([exports[form]], { type: "text/plain" });
  }
  return download("/v1/memos", { body: { markdown: markdown().text, form, style, language } });
}

// The file's name: the memo's title without what no file system takes.
function named() {
  return title().trim().replace(/[^\p{L}\p{N} ._-]+/gu, "").trim().slice(0, 60) || "memo";
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
