// Has the memo's quotations checked, and writes under each entry what the source says of it.

import { entries, markdown } from "./basket.js";
import { find, make } from "./dom.js";
import { count, word } from "./language.js";
import { call } from "./service.js";

const AROUND = 8; // words that agree, shown on either side of those that do not

let turn = 0; // only the last check has something to say

function tell(text, kind = "") {
  const said = find("#verdict");
  if (!said) return;
  said.className = `said ${kind}`;
  said.textContent = text;
}

// Clear what was found of something, and with it what was said of the whole: it has been changed since.
export function clear(findings) {
  findings?.replaceChildren();
  if (!find("#verify")?.disabled) tell("");
}

// Return the button that checks, and the line that says what came of it.
export function verifier() {
  return make("div", { className: "verifier" },
    make("button", { type: "button", className: "main", id: "verify", textContent: word("verify"), on: { click: check } }),
    make("p", { className: "said", id: "verdict", role: "status" }));
}

async function check() {
  const own = ++turn;
  const memo = markdown();
  find("#verify").disabled = true;
  tell(word("verifying"));
  try {
    const { findings } = await call("/v1/verify", { body: { text: memo.text } });
    if (own !== turn) return;
    if (markdown().text !== memo.text) tell(word("changed_since"), "fault");
    else tell(summary(findings), write(findings, memo.spans));
  } catch (problem) {
    if (own !== turn) return;
    if (problem.kind === undefined) throw problem;
    tell(problem.kind === "gone" ? word("gone") : problem.message, "fault");
  } finally {
    const button = find("#verify");
    if (own === turn && button) button.disabled = false;
  }
}

function summary(findings) {
  const faults = findings.filter((finding) => !finding.sound).length;
  if (!findings.length) return word("nothing_to_verify");
  return faults ? count("not_verified", faults) : word("verified");
}

// Write each finding under the entry whose lines it stands in, else under the title; return the class of the whole.
function write(findings, spans) {
  const rest = new Set(findings);
  for (const { id } of entries()) {
    const [first, last] = spans.get(id);
    const own = findings.filter(({ line }) => line !== null && line >= first && line <= last);
    for (const one of own) rest.delete(one);
    under(`#entry-${CSS.escape(id)} .findings`, own);
  }
  under(".title + .findings", [...rest]);
  return findings.every((finding) => finding.sound) ? "sound" : "fault";
}

function under(place, own) {
  const once = own.filter((one, index, all) => !one.sound || all.findIndex((other) => alike(one, other)) === index);
  find(place)?.replaceChildren(...once.map(shown));
}

// Each paragraph of a quotation is found by itself; that all of them are sound is said once.
const alike = (one, other) => other.sound && other.verdict === one.verdict && other.note === one.note;

function shown(finding) {
  const { verdict, sound, difference, missing, source } = finding;
  const changed = !sound && difference.some((one) => one.op !== "equal");
  return make("div", { className: `finding ${sound ? "sound" : "fault"}` },
    make("p", {}, make("strong", { textContent: `${sound ? "✓" : "✗"} ${word(`verdict_${verdict}`)}` }),
      finding.note ? ` – ${word(`note_${finding.note}`)}` : ""),
    changed ? make("p", { className: "difference", dir: "auto" }, ...difference.map(stretch)) : "",
    missing.length ? make("p", {}, `${word("lacks")}: `, missing.map((one) => one.text).join(", ")) : "",
    !sound && !changed && source ? make("p", { dir: "auto" }, `${word("source_says")}: `, make("q", { textContent: source.text })) : "");
}

// One stretch of the difference: what the memo has struck out, what the source has underlined, what agrees cut short.
function stretch({ op, source, memo }, index, all) {
  const space = index && !/^[.,;:!?)\]]/.test(source || memo) ? " " : "";
  if (op === "equal") return make("span", { textContent: space + shortened(source, index === 0, index === all.length - 1) });
  return make("span", {}, space,
    memo ? make("del", { textContent: memo }) : "", memo && source ? " " : "",
    source ? make("ins", { textContent: source }) : "");
}

function shortened(text, first, last) {
  const own = text.split(" ");
  if (own.length <= 2 * AROUND + 2) return text;
  const [opening, closing] = [own.slice(0, AROUND).join(" "), own.slice(-AROUND).join(" ")];
  return first ? `… ${closing}` : last ? `${opening} …` : `${opening} … ${closing}`;
}
