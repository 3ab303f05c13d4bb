// The same question by year: what each year's documents answer, on a line.

import { excerpt } from "./answer.js";
import { openExcerpt } from "./copy.js";
import { find, make } from "./dom.js";
import { count, day, percent, word } from "./language.js";
import { call } from "./service.js";

let missing = false; // a service without this door has no timeline

let found = null;

export function clear() {
  found = null;
  show();
}

// Ask and show it; where there are fewer than two years there is nothing to compare.
export async function ask(body, signal) {
  if (missing) return;
  try {
    found = await call("/v1/timeline", { body: { ...body, by: "year" }, signal });
  } catch (problem) {
    missing = problem.kind === "absent";
    return;
  }
  show();
}

// Show what was found, in the language of now.
export function show() {
  const { points, truncated } = found ?? { points: [] };
  const section = find("#timeline");
  section.replaceChildren();
  if (points.length < 2 || !points.some((point) => point.answer)) return;
  section.setAttribute("aria-labelledby", "timeline-title");
  section.append(
    make("h2", { id: "timeline-title", textContent: word("timeline") }),
    make("ol", { tabIndex: 0, "aria-labelledby": "timeline-title" }, points.map(point)),
    truncated ? make("p", { className: "soft", textContent: word("timeline_more") }) : "");
}

function point({ year, date, documents, answer, nearest }) {
  const citation = answer?.citations[0] ?? nearest?.citation;
  const text = answer ? answer.text : word("timeline_none");
  const said = make("span", { className: "said", dir: "auto", textContent: text });
  return make("li", { className: answer ? "answered" : "" },
    make("span", { className: "year", textContent: year ?? word("timeline_undated") }),
    answer && citation
      ? make("button", { type: "button", on: { click: () => openExcerpt(excerpt(citation)) } }, said)
      : said,
    make("span", { className: "soft", textContent: [
      answer && date ? day(date, { day: "numeric", month: "short" }) : count("timeline_documents", documents),
      answer ? percent(answer.confidence) : "",
    ].filter(Boolean).join(" · ") }));
}
