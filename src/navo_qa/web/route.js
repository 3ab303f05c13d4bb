// Where the page is: the state that the address holds, and who wants to know when it changes.

import { read, write } from "./address.js";

export let state = read();
const listeners = [];

export function onRoute(listener) {
  listeners.push(listener);
}

// Change the state and its address. replace: without a step for the back button.
export function go(changes, { replace = false } = {}) {
  const before = state;
  state = { ...state, ...changes };
  const address = write(state);
  if (address !== write(before)) history[replace ? "replaceState" : "pushState"](null, "", address);
  for (const listener of listeners) listener(state, before);
}

addEventListener("popstate", () => {
  const before = state;
  state = read();
  for (const listener of listeners) listener(state, before);
});
