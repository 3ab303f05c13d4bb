// Asks a question and shows what comes of it, from the first skeleton to the last passage.

import * as address from "./address.js";
import * as answer from "./answer.js";
import { find, make } from "./dom.js";
import * as filters from "./filters.js";
import { count, word } from "./language.js";
import * as notice from "./notice.js";
import * as passages from "./passages.js";
import * as reader from "./reader.js";
import { go, state } from "./route.js";
import { call, documents } from "./service.js";
import { learn } from "./styles.js";
import * as timeline from "./timeline.js";

const PASSAGES = 8;
const SKELETON_AFTER = 200; // milliseconds
const SLOW_AFTER = 4_000;

let asking = null; // the controller of the question under way
let tell = null; // says again that it is
let found = null;

const say = (text) => { find("#status").textContent = text; };

export function reset() {
  asking?.abort();
  asking = tell = found = null;
  for (const id of ["#answer", "#passages"]) find(id).replaceChildren();
  timeline.clear();
  find("#answer").className = "";
  document.body.classList.remove("asked", "busy");
  document.title = "navo-qa";
  say("");
}

// Ask what the state says; an earlier question still under way is dropped.
export async function ask() {
  asking?.abort();
  const own = asking = new AbortController();
  document.body.classList.add("asked", "busy");
  document.title = `${state.q} – navo-qa`;
  notice.clear();
  found = null; // what was asked before must not stand under this question
  timeline.clear();
  tell = () => say(word("asking"));
  tell();
  const waits = [setTimeout(skeleton, SKELETON_AFTER), setTimeout(() => slow(own), SLOW_AFTER)];
  try {
    const body = address.body(state);
    const result = await call("/v1/query", { body: { ...body, top_k: PASSAGES }, signal: own.signal });
    if (asking !== own) return;
    for (const wait of waits) clearTimeout(wait); // the rest of the page may still be on its way
    found = result;
    tell = null;
    filters.learn(found.index);
    await show();
    timeline.ask(body, own.signal);
  } catch (problem) {
    if (asking !== own) return;
    if (problem.kind === undefined) throw problem;
    reset();
    document.body.classList.add("asked");
    notice.showProblem(problem, ask);
  } finally {
    for (const wait of waits) clearTimeout(wait);
    if (asking === own) document.body.classList.remove("busy");
  }
}

// Show again what was found, or that a question is under way, in the language of now.
export async function show() {
  if (!found) return tell?.();
  const showing = found;
  notice.clear();
  timeline.show();
  answer.show(found);
  document.body.classList.remove("busy");
  const known = await documents().catch(() => new Map());
  if (found !== showing) return undefined;
  passages.show(found, known);
  if (!found.passages.length) nothing();
  const said = found.answer ? word("said_answer", { answer: found.answer.text }) : word(found.passages.length ? "nothing_said" : "nothing");
  say(`${said}. ${count("said_passages", found.passages.length)}.`);
  if (state.view === "ask" && !state.read) {
    if (found.answer) reader.suggest(answer.excerpt(found.answer.citations[0]));
    else reader.close();
  }
  const citations = [...(found.answer?.citations ?? []), ...(found.nearest?.citations ?? []), ...found.passages.map((hit) => hit.citation)];
  return learn(citations);
}

function nothing() {
  const action = filters.filtered(state) ? { name: word("widen"), run: () => go(filters.NONE) } : undefined;
  notice.show({ title: word("nothing"), text: filters.filtered(state) ? word("nothing_why") : word("silence"), action });
}

function skeleton() {
  const lines = (...widths) => widths.map((width) => make("i", { className: `bone ${width}` }));
  find("#answer").className = "given";
  find("#answer").replaceChildren(make("div", { className: "skeleton", "aria-hidden": "true" }, lines("short", "tall", "long", "short")));
  find("#timeline").replaceChildren();
  find("#passages").replaceChildren(make("div", { className: "skeleton", "aria-hidden": "true" }, lines("long", "short", "long", "long", "short", "long", "long")));
}

function slow(own) {
  const action = () => ({ name: word("cancel"), run: () => own.abort() });
  tell = () => {
    notice.show({ title: word("asking"), text: word("slow"), busy: true, action: action() });
    say(word("slow"));
  };
  tell();
}
