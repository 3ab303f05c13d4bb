// Has the memo's quotations checked, and writes under each entry what the source says of it.

import { entries, markdown } from "./basket.js";
import { make } from "./dom.js";
import { count, word } from "./language.js";
import { call } from "./service.js";

const AROUND = 8; // words that agree, shown on either side of those that do not

export function clear(item) {
  item?.querySelector(".findings")?.replaceChildren();
}

// Return the button that checks, and the line that says what came of it.
export function verifier() {
  const said = make("p", { className: "said", role: "status" });
  const button = make("button", { type: "button", className: "main", id: "verify", textContent: word("verify") });
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.className = "said";
    said.textContent = word("verifying");
    try {
      const memo = markdown();
      const { findings } = await call("/v1/verify", { body: { text: memo.text } });
      said.className = `said ${write(findings, memo.spans)}`;
      said.textContent = summary(findings);
    } catch (problem) {
      said.className = "said fault";
      said.textContent = problem.kind === "gone" ? word("gone") : problem.message;
    }
    button.disabled = false;
  });
  return make("div", { className: "verifier" }, button, said);
}

function summary(findings) {
  const faults = findings.filter((finding) => !finding.sound).length;
  if (!findings.length) return word("nothing_to_verify");
  return faults ? count("not_verified", faults) : word("verified");
}

// Write each finding under the entry whose lines it stands in; return the class of the whole.
function write(findings, spans) {
  for (const { id } of entries()) {
    const [first, last] = spans.get(id);
    const own = findings.filter(({ line }) => line !== null && line >= first && line <= last)
      .filter((one, index, all) => !one.sound || all.findIndex((other) => alike(one, other)) === index);
    document.querySelector(`#entry-${CSS.escape(id)} .findings`)?.replaceChildren(...own.map(shown));
  }
  return findings.every((finding) => finding.sound) ? "sound" : "fault";
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
