// Adds documents, where the service allows it: chosen or dropped, sent, and followed until they take part.

import { make } from "./dom.js";
import { decimal, onLanguage, told, word } from "./language.js";
import { call } from "./service.js";

const POLL = 1_000; // milliseconds
const PATIENCE = 6; // looks in a row that may fail, each after twice the wait
const MARKS = { waiting: "…", indexed: "✓", copy: "=", failed: "✗" };

// Return the form that adds documents. offer: {max_bytes, max_files, types}; done: what to do once they are in.
export function uploader(offer, done) {
  const said = make("p", { className: "said", role: "status" });
  const files = make("ul", { className: "uploads" });
  const lead = make("p", { className: "soft", id: "upload-lead" });
  let now = null; // how far it is
  const tell = () => {
    lead.textContent = word("upload_lead", { size: decimal(offer.max_bytes / 1e6), n: offer.max_files });
    if (now) show(now, said, files);
  };
  tell();
  onLanguage(tell);
  const choice = make("input", { type: "file", id: "files", multiple: true, accept: offer.types.join(","), "aria-describedby": "upload-lead" });
  const replace = make("input", { type: "checkbox" });
  const button = make("button", { type: "button", className: "main", textContent: word("upload_send"), data: { word: "upload_send" } });
  const send = async (chosen) => {
    if (!chosen.length) { said.textContent = word("upload_none"); return; }
    button.disabled = true;
    now = null;
    said.className = "said";
    said.textContent = word("uploading");
    try {
      const ended = await follow(await sent(chosen, replace.checked), (far) => { now = far; tell(); });
      said.classList.add(ended.state === "done" && ended.files.every((one) => one.state !== "failed") ? "sound" : "fault");
      if (ended.files.some((one) => one.state === "indexed")) done();
    } catch (problem) {
      now = null;
      said.classList.add("fault");
      said.textContent = problem.kind === "gone" ? word("gone") : problem.message;
    }
    choice.value = "";
    button.disabled = false;
  };
  button.addEventListener("click", () => send([...choice.files]));
  return make("div", { className: "uploader", on: {
    dragover: (event) => event.preventDefault(),
    drop: (event) => { event.preventDefault(); send([...event.dataTransfer.files]); },
  } },
    make("h2", { textContent: word("upload"), data: { word: "upload" } }), lead,
    make("div", { className: "verifier" },
      make("label", { className: "unseen", htmlFor: "files", textContent: word("upload_choose"), data: { word: "upload_choose" } }), choice, button),
    make("label", { className: "check" }, replace, make("span", { textContent: word("upload_replace"), data: { word: "upload_replace" } })),
    said, files);
}

function sent(chosen, replacing) {
  const body = new FormData();
  for (const file of chosen) body.append("files", file);
  if (replacing) body.append("replace", "true");
  return call("/v1/documents", { body });
}

async function follow(upload, tell) {
  let now = upload;
  let failed = 0;
  tell(now);
  while (now.state !== "done" && now.state !== "failed") {
    await new Promise((resolve) => { setTimeout(resolve, POLL * 2 ** failed); });
    try {
      now = await call(`/v1/uploads/${encodeURIComponent(now.upload_id)}`);
      failed = 0;
      tell(now);
    } catch (problem) {
      failed += 1;
      if (problem.kind === "absent" || failed > PATIENCE) throw problem;
    }
  }
  return now;
}

function show({ state, progress, detail, problem, files }, said, list) {
  const number = (wanted) => decimal(files.filter((one) => one.state === wanted).length);
  const failed = number("failed") === "0" ? "" : ` ${word("upload_failed", { n: number("failed") })}`;
  said.textContent = state === "done" ? word("uploaded", { n: number("indexed") }) + failed
    : state === "failed" ? told(problem, detail) ?? word("wrong") : `${word("uploading")} ${Math.round(progress * 100)}%`;
  list.replaceChildren(...files.map((one) => make("li", { className: one.state },
    `${MARKS[one.state] ?? ""} `, make("bdi", { textContent: one.name }), one.detail ? ` – ${told(one.problem, without(one.name, one.detail))}` : "")));
}

// A problem names its file first, which stands there already.
const without = (name, detail) => (detail.startsWith(`${name}: `) ? detail.slice(name.length + 2) : detail);
