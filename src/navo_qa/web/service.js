// Asks the service, and turns whatever goes wrong into a Problem whose `kind` the page knows.

import { told } from "./language.js";

export class Problem extends Error {
  // kind: "gone", "no-index", "absent", "cancelled" or "other"; message: the service's sentence in the page's language, empty where it gave none
  constructor(kind, message = "", status = 0) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

async function reach(path, { body, method, signal, headers = {} } = {}) {
  const options = { method: method ?? (body === undefined ? "GET" : "POST"), signal, headers };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers = { ...headers, "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    throw new Problem(error.name === "AbortError" ? "cancelled" : "gone");
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const kind = problem.type === "urn:navo-qa:index-not-found" ? "no-index"
    : [404, 405].includes(response.status) ? "absent"
    : [502, 504].includes(response.status) ? "gone" : "other";
  throw new Problem(kind, sentence(problem.type, problem.detail ?? response.statusText), response.status);
}

// The problem in the page's language, with the file, or the marks in the memo, that the service names.
function sentence(type, detail) {
  const said = told(type, detail);
  if (said === detail) return said;
  return /^[a-z]/.test(said) ? `${detail.split(": ")[0]} ${said}.` : [said, ...(detail.match(/\[@[^\]]*\]/g) ?? [])].join(" ");
}

// Return the JSON that the service answers. Throws Problem.
export async function call(path, options) {
  const response = await reach(path, options);
  try {
    return await response.json();
  } catch (error) {
    throw new Problem(error.name === "AbortError" ? "cancelled" : "gone");
  }
}

// Return the file that the service makes, as a Blob. Throws Problem.
export async function download(path, options) {
  return (await reach(path, options)).blob();
}

export const path = (...parts) => `/v1/${parts.map(encodeURIComponent).join("/")}`;

let listed = null;

// Return a map of every document by its id, asked for once; at most 5,000 of them.
export function documents({ again = false } = {}) {
  if (again) listed = null;
  listed ??= list().catch((error) => {
    listed = null;
    throw error;
  });
  return listed;
}

async function list() {
  const found = new Map();
  let after = null;
  do {
    const page = await call(`/v1/documents?limit=1000${after ? `&after=${encodeURIComponent(after)}` : ""}`);
    for (const document of page.documents) found.set(document.document_id, document);
    after = page.next;
  } while (after && found.size < 5000);
  return found;
}

// The passage that a citation stands in: its address ends in the passage's id.
export function passageId(citation) {
  return decodeURIComponent(citation.url.replace(/^\/v1\/passages\//, ""));
}
