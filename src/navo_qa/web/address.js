// The state that an address holds, so that it can be shared and the back button works.
//   ?q=…&from=…&to=…&kind=report&kind=agenda&document=…&read=DOCUMENT&at=120-260&sha=…&view=memo|corpus
// sha: of the text that `at` counts in; a build may have replaced it since.

const VIEWS = ["ask", "memo", "corpus"];
const DAY = /^[1-9]\d{3}-\d{2}-\d{2}$/;

// Return the state that the page's address says; what makes no sense is left out.
export function read(search = location.search) {
  const fields = new URLSearchParams(search);
  const day = (name) => (isDay(fields.get(name) ?? "") ? fields.get(name) : "");
  const at = /^(\d{1,9})-(\d{1,9})$/.exec(fields.get("at") ?? "");
  return {
    view: VIEWS.includes(fields.get("view")) ? fields.get("view") : "ask",
    q: (fields.get("q") ?? "").trim(),
    from: day("from"),
    to: day("to"),
    kinds: fields.getAll("kind").filter((kind) => ["report", "agenda", "letter", "other"].includes(kind)),
    document: fields.get("document") ?? "",
    read: fields.get("read") ?? "",
    sha: /^[0-9a-f]{64}$/.test(fields.get("sha") ?? "") ? fields.get("sha") : "",
    at: at && Number(at[1]) < Number(at[2]) ? [Number(at[1]), Number(at[2])] : null,
  };
}

// 30 February is a day to Date, namely 2 March.
function isDay(text) {
  const date = new Date(`${text}T00:00Z`);
  return DAY.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

// Return the address of a state, without what is empty.
export function write(state) {
  const fields = new URLSearchParams();
  if (state.view !== "ask") fields.set("view", state.view);
  for (const name of ["q", "from", "to"]) if (state[name]) fields.set(name, state[name]);
  for (const kind of state.kinds) fields.append("kind", kind);
  if (state.document) fields.set("document", state.document);
  if (state.read) fields.set("read", state.read);
  if (state.read && state.at) fields.set("at", state.at.join("-"));
  if (state.read && state.at && state.sha) fields.set("sha", state.sha);
  const search = fields.toString();
  return search ? `?${search}` : location.pathname;
}

// Return the body of a question in this state.
export function body(state) {
  const filters = {};
  if (state.from) filters.date_from = state.from;
  if (state.to) filters.date_to = state.to;
  if (state.kinds.length) filters.kinds = state.kinds;
  if (state.document) filters.document_ids = [state.document];
  return { question: state.q, filters };
}

export const asksTheSame = (a, b) => JSON.stringify(body(a)) === JSON.stringify(body(b));
