// Asks the API and shows what comes back. Text from documents only ever becomes text nodes.

const WORDS = {
  nl: {
    answer: "Antwoord", none: "Deze documenten geven geen antwoord op de vraag.", nearest: "Wat het dichtst in de buurt komt",
    passages: "Passages", nothing: "Geen passage gevonden binnen deze filters.", asking: "Bezig met zoeken…", sure: "zekerheid",
    quote: "Kopieer citaat", cite: "Kopieer bron", open: "Open in document", copied: "Gekopieerd",
    gone: "De dienst antwoordt niet. Draait navo-qa nog?", other: "English",
    empty: "Er is nog geen index. Maak er een met: navo-qa build MAP",
    examples: ["Hoeveel trok Nederland in december 2025 uit voor PURL?", "Wie was gastheer in Antalya?", "Waarom moet UCAP volgens Nederland worden geïntensiveerd?"],
  },
  en: {
    answer: "Answer", none: "These documents do not answer the question.", nearest: "What comes nearest",
    passages: "Passages", nothing: "No passage found within these filters.", asking: "Searching…", sure: "confidence",
    quote: "Copy quote", cite: "Copy source", open: "Open in document", copied: "Copied",
    gone: "The service does not answer. Is navo-qa still running?", other: "Nederlands",
    empty: "There is no index yet. Make one with: navo-qa build FOLDER",
    examples: ["How much did the Netherlands pledge to PURL in December 2025?", "Who hosted the meeting in Oslo?", "When is the Ankara summit?"],
  },
};

const form = document.querySelector("#ask");
const [statusLine, answer, passages, examples, source] =
  ["#status", "#answer", "#passages", "#examples", "#source"].map((id) => document.querySelector(id));
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("nl") ? "nl" : "en");
let asked = 0;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function translate() {
  const words = WORDS[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-nl]")) element.textContent = element.dataset[language];
  const other = document.querySelector("#switch");
  other.textContent = words.other;
  other.lang = language === "nl" ? "en" : "nl";
  examples.replaceChildren(...words.examples.map((text) => {
    const button = make("button", { type: "button", textContent: text });
    button.addEventListener("click", () => { form.elements.q.value = text; form.requestSubmit(); });
    return make("li", {}, button);
  }));
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(WORDS[language].gone);
  }
  const body = await response.json();
  if (response.ok) return body;
  throw new Error(body.type === "urn:navo-qa:index-not-found" ? WORDS[language].empty : body.detail);
}

function say(text, isError = false) {
  statusLine.textContent = text;
  statusLine.classList.toggle("error", isError);
}

function parameters() {
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const filters = {};
  if (fields.from) filters.date_from = fields.from;
  if (fields.to) filters.date_to = fields.to;
  if (fields.kind) filters.kinds = [fields.kind];
  if (fields.document) filters.document_ids = [fields.document];
  return { fields, body: { question: fields.q, top_k: 8, filters } };
}

async function ask() {
  const turn = ++asked;
  const { fields, body } = parameters();
  history.replaceState(null, "", `?${new URLSearchParams(fields)}`);
  examples.hidden = true;
  say(WORDS[language].asking);
  try {
    const found = await call("/v1/query", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (turn !== asked) return; // a later question has been asked meanwhile
    say("");
    showAnswer(found);
    showPassages(found);
  } catch (error) {
    if (turn !== asked) return;
    answer.replaceChildren();
    passages.replaceChildren();
    say(error.message, true);
  }
}

function showAnswer({ answer: given, passages: hits }) {
  const words = WORDS[language];
  const title = make("h2", { textContent: words.answer });
  if (!given) {
    answer.replaceChildren(title, make("p", { textContent: hits.length ? words.none : words.nothing }));
    return;
  }
  const [citation] = given.citations;
  answer.replaceChildren(
    title,
    make("blockquote", { textContent: given.text }),
    make("p", { className: "source", textContent: `${citation.formatted[language]} · ${words.sure} ${Math.round(given.confidence * 100)}%` }),
    tools(citation),
  );
}

function showPassages({ answer: given, passages: hits }) {
  const words = WORDS[language];
  passages.replaceChildren();
  if (!hits.length) return;
  passages.append(make("h2", { textContent: given ? words.passages : words.nearest }));
  for (const hit of hits) {
    const inside = given?.citations.find((c) => c.document_id === hit.document_id && c.start_char_index >= hit.start && c.end_char_index <= hit.end);
    const stretch = inside ? [inside.start_char_index - hit.start, inside.end_char_index - hit.start] : [0, 0];
    passages.append(make("article", { id: hit.passage_id },
      make("h3", { textContent: `${hit.rank}. ${hit.citation.formatted[language]}` }),
      marked("p", hit.text, stretch),
      tools(hit.citation)));
  }
}

// Offsets count Unicode code points, JavaScript's strings count UTF-16 units: cut by code points.
function marked(tag, text, [start, end]) {
  const points = Array.from(text);
  const parts = [points.slice(0, start), points.slice(start, end), points.slice(end)].map((part) => part.join(""));
  const element = make(tag, {}, parts[0]);
  if (parts[1]) element.append(make("mark", { textContent: parts[1] }), parts[2]);
  else element.textContent = text;
  return element;
}

function tools(citation) {
  const words = WORDS[language];
  const copy = (label, text) => {
    const button = make("button", { type: "button", className: "quiet", textContent: label });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = label; }, 1500);
    });
    return button;
  };
  const open = make("button", { type: "button", className: "quiet", textContent: words.open });
  open.addEventListener("click", () => showSource(citation));
  return make("div", { className: "tools" },
    copy(words.quote, `“${citation.cited_text}”`), copy(words.cite, citation.formatted[language]), open);
}

async function showSource(citation) {
  try {
    const whole = await call(`/v1/documents/${encodeURIComponent(citation.document_id)}`);
    document.querySelector("#source-title").textContent = whole.title;
    const text = marked("div", whole.text, [citation.start_char_index, citation.end_char_index]);
    document.querySelector("#source-text").replaceChildren(text);
    source.showModal();
    text.querySelector("mark")?.scrollIntoView({ block: "center" });
  } catch (error) {
    say(error.message, true);
  }
}

async function listDocuments() {
  const select = form.elements.document;
  try {
    const { documents } = await call("/v1/documents?limit=1000");
    for (const known of documents) select.append(make("option", { value: known.document_id, textContent: known.title }));
  } catch (error) {
    say(error.message, true);
  }
}

form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
document.querySelector("#switch").addEventListener("click", () => {
  language = language === "nl" ? "en" : "nl";
  localStorage.setItem("language", language);
  translate();
  if (answer.childElementCount) ask();
});

translate();
await listDocuments();
const given = new URLSearchParams(location.search);
for (const [name, value] of given) if (form.elements[name]) form.elements[name].value = value;
if (given.get("q")) ask();
