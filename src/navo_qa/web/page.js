// Puts the page together: the question box, the three views, language, theme, and what the address says.

import { asksTheSame } from "./address.js";
import { ask, reset, show as showAgain } from "./ask.js";
import * as corpus from "./corpus.js";
import { find, make, recall, remember } from "./dom.js";
import * as filters from "./filters.js";
import * as keys from "./keys.js";
import { count, examples, language, month, onLanguage, switchLanguage, translate, word } from "./language.js";
import * as memo from "./memo.js";
import * as notice from "./notice.js";
import * as reader from "./reader.js";
import { go, onRoute, state } from "./route.js";
import { call, documents } from "./service.js";

const POLL = 2_500; // milliseconds between looks at a build under way
const THEMES = ["auto", "light", "dark"];

const form = find("#ask");
const box = find("#question");
let limit = 2_000;
let service = null; // what /v1/about says

function showView() {
  for (const view of ["ask", "memo", "corpus"]) find(`#view-${view}`).hidden = state.view !== view;
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.body.dataset.view = state.view;
  if (state.view === "memo") memo.show();
  if (state.view === "corpus") corpus.show();
}

// Follow the address from one state to the next.
function follow(now, before) {
  if (now.view !== before.view) {
    showView();
    if (now.view !== "ask" && !now.read) reader.close();
    scrollTo({ top: 0 });
  }
  filters.show();
  if (!asksTheSame(now, before)) {
    if (now.q !== before.q) fill(now.q);
    if (now.q) ask();
    else leave();
  }
  const moved = ["read", "at", "sha"].some((name) => String(now[name]) !== String(before[name]));
  if (now.read && moved) reader.open(now.read, now.at, now);
  else if (!now.read && before.read) reader.close();
}

function leave() {
  reset();
  if (!state.read) reader.close();
  notice.clear();
  stand();
}

function fill(text) {
  box.value = text;
  measure();
}

// The box grows with the question, and says so where that is longer than the service takes.
function measure() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 240)}px`;
  const letters = Array.from(box.value.trim()).length;
  const over = letters > limit;
  find("#letters").textContent = over ? word("too_long", { n: letters, limit }) : letters > limit * 0.8 ? word("letters", { n: letters, limit }) : "";
  find("#letters").classList.toggle("fault", over);
  box.setAttribute("aria-invalid", String(over));
  return !over;
}

function submit(event) {
  event.preventDefault();
  const q = box.value.trim();
  if (!q || !measure()) return box.focus();
  if (matchMedia("(pointer: coarse)").matches) box.blur();
  const same = q === state.q && state.view === "ask";
  scrollTo({ top: 0 });
  go({ q, view: "ask", read: "", at: null });
  if (same) ask();
  return undefined;
}

function showExamples() {
  const buttons = examples().map((text) => make("li", {}, make("button", {
    type: "button", textContent: text, on: { click: () => { fill(text); form.requestSubmit(); } },
  })));
  find("#examples").replaceChildren(make("h2", { textContent: word("examples_label") }), make("ul", {}, buttons),
    make("p", { className: "soft", id: "holds", textContent: holds() }));
}

function holds() {
  const { corpus: held } = service ?? {};
  if (!held) return "";
  const documents = count("documents", held.documents);
  return held.date_from ? word("holds", { documents, from: month(held.date_from), to: month(held.date_to) }) : word("holds_undated", { documents });
}

// Look at the service, and say what people need to know where it cannot answer yet.
async function stand() {
  try {
    service = await call("/v1/about");
  } catch (problem) {
    if (problem.kind === "absent") return;
    if (problem.kind === "gone" && !state.q) notice.showProblem(problem, begin);
    return;
  }
  filters.learn(service.index);
  limit = service.limits?.question_characters ?? limit;
  find("#version").textContent = `navo-qa ${service.version}`;
  find("#holds").textContent = holds();
  if (service.ready && service.corpus?.documents === 0) notice.empty();
  else if (!service.ready && service.building) {
    notice.building();
    setTimeout(async () => { if ((await wait())) begin(); }, POLL);
  } else if (!service.ready && !state.q) documents().catch((problem) => notice.showProblem(problem, begin));
}

async function wait() {
  for (;;) {
    const now = await call("/v1/about").catch(() => null);
    if (now && !now.building) return true;
    await new Promise((resolve) => { setTimeout(resolve, POLL); });
  }
}

function begin() {
  notice.clear();
  filters.load({ again: true }).catch(() => filters.show());
  if (state.q) ask();
  return stand();
}

function themed() {
  const theme = recall("theme") || "auto";
  const button = find("#theme");
  button.title = word(`theme_${theme}`);
  button.setAttribute("aria-label", word(`theme_${theme}`));
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function speak() {
  find("#language").textContent = word("other_language");
  find("#language").lang = language === "nl" ? "en" : "nl";
  themed();
  showExamples();
  measure();
}

function install() {
  form.addEventListener("submit", submit);
  box.addEventListener("input", measure);
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width) return; // its own growing is no news
    width = box.clientWidth;
    requestAnimationFrame(measure);
  }).observe(box);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const link of document.querySelectorAll("[data-view], .name")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (link.dataset.view) go({ view: link.dataset.view, read: "", at: null });
      else go({ view: "ask", q: "", read: "", at: null, ...filters.NONE });
    });
  }
  find("#language").addEventListener("click", switchLanguage);
  find("#theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(recall("theme") || "auto") + 1) % THEMES.length];
    remember("theme", next === "auto" ? "" : next);
    themed();
  });
  onLanguage(() => { speak(); filters.show(); showView(); showAgain(); reader.render(); });
  onRoute(follow);
  keys.install();
  memo.install(() => state.view === "memo");
  corpus.install(begin);
}

translate();
install();
speak();
fill(state.q);
showView();
document.documentElement.classList.add("ready");
if (!state.q && state.view === "ask" && matchMedia("(pointer: fine)").matches) box.focus();
begin();
if (state.read) reader.open(state.read, state.at, state);
