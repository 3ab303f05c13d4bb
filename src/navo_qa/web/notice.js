// What people meet when there is nothing to show: no index, one being built, no documents, no service, no luck.

import { find, make } from "./dom.js";
import { word } from "./language.js";

export const clear = () => find("#notice").replaceChildren();

// Show a notice: a title, a sentence, perhaps a command to type and a button.
export function show({ title, text = "", command, action, busy = false, alert = false }) {
  find("#notice").replaceChildren(make("div", { className: `notice${busy ? " busy" : ""}`, role: alert ? "alert" : "status" },
    make("h2", { textContent: title }),
    text ? make("p", { textContent: text }) : "",
    command ? make("pre", { tabIndex: 0, "aria-label": title }, make("code", { textContent: command })) : "",
    action ? make("button", { type: "button", textContent: action.name, on: { click: action.run } }) : ""));
}

// Show what went wrong; again: what to do when "try again" is pressed.
export function showProblem(problem, again) {
  const action = { name: word("again"), run: again };
  if (problem.kind === "cancelled") show({ title: word("cancelled"), action });
  else if (problem.kind === "gone") show({ title: word("gone"), text: word("gone_why"), action, alert: true });
  else if (problem.kind === "no-index") show({ title: word("no_index"), text: word("no_index_why"), command: word("command"), action });
  else show({ title: word("wrong"), text: problem.message, action, alert: true });
}

export const building = () => show({ title: word("building"), text: word("building_why"), busy: true });
export const empty = () => show({ title: word("empty"), text: word("empty_why"), command: word("command") });
