// Adds documents, where the service allows it.

import { make } from "./dom.js";
import { word } from "./language.js";

// Return the form that adds documents.
export function uploader() {
  return make("div", { className: "uploader", hidden: true }, make("h2", { textContent: word("upload") }));
}
