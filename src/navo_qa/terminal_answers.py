"""What `ask` and `search` show: the answer marked in its sentence, its source as a link, the passages.

In a terminal it is set in colour, or without where NO_COLOR is set; through a pipe it is plain lines that do not wrap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from navo_qa.cite.links import link
from navo_qa.cite.styles import Language, plain
from navo_qa.pipeline import Pipeline, citation
from navo_qa.text.highlight import matches
from navo_qa.text.language import language as language_of
from navo_qa.text.printable import printable
from navo_qa.types import Alternative, Answer, Citation, Hit

UNLIKELY = 0.05  # confidence under which what came nearest is not worth a look

WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "answer": "Antwoord",
        "none": "Deze documenten geven geen antwoord op de vraag.",
        "nearest": "Het dichtst in de buurt komen:",
        "confidence": "zekerheid",
        "passages": "Passages",
        "nothing": "Geen passage gevonden binnen deze filters.",
        "also": "Andere documenten zeggen:",
        "undated": "zonder datum",
        "unsure": "Te onzeker voor een antwoord, maar misschien:",
    },
    "en": {
        "answer": "Answer",
        "none": "These documents do not answer the question.",
        "nearest": "What comes nearest:",
        "confidence": "confidence",
        "passages": "Passages",
        "nothing": "No passage found within these filters.",
        "also": "Other documents say:",
        "undated": "undated",
        "unsure": "Too unsure for an answer, but perhaps:",
    },
}


def show_answer(answer: Answer, pipeline: Pipeline, site: str, console: Console | None = None) -> None:
    """Print the answer in its sentence with its sources, or that there is none, and the passages.

    site: where the page is served, for the links.
    """
    page = _Page(pipeline, site, _language(answer.language), console or Console(soft_wrap=False))
    page.box(page.words["answer"], page.said(answer) if answer.text is not None else page.silence(answer))
    if answer.text is not None:
        heading = page.words["passages"]
    else:
        heading = page.words["nearest"] if answer.hits else page.words["nothing"]
    page.line(Text(f"\n{heading}", style="bold"))
    page.hits(answer.question, answer.hits)


def show_hits(question: str, hits: Sequence[Hit], pipeline: Pipeline, site: str) -> None:
    """Print the passages, best first, with each leg's score."""
    page = _Page(pipeline, site, _language(language_of(question)), Console(soft_wrap=False))
    if not hits:
        page.line(Text(page.words["nothing"]))
    page.hits(question, hits)


class _Page:
    """A console, and what every line on it needs to know."""

    def __init__(self, pipeline: Pipeline, site: str, language: Language, console: Console) -> None:
        self.words = WORDS[language]
        self._pipeline = pipeline
        self._site = site.rstrip("/")
        self._language: Language = language
        self._console = console

    def box(self, title: str, parts: Sequence[Text]) -> None:
        """Print the parts in a box, or through a pipe below their title."""
        if self._console.is_terminal:
            self._console.print(Panel(Group(*parts), title=title, title_align="left"))
        else:
            for part in (Text(title), *parts):
                self.line(part)

    def line(self, text: RenderableType) -> None:
        """Print a line, which through a pipe is not broken."""
        self._console.print(text, soft_wrap=not self._console.is_terminal)

    def said(self, answer: Answer) -> list[Text]:
        """Return the answer, the sentence that it stands in with the answer marked, its sources, and who differs."""
        made, around = answer.citations[0], answer.sentence
        text = self._pipeline.document(made.document_id).text
        parts = answer.parts or ((made.start, made.end),)
        whole = around is None or (around.start, around.end) == (made.start, made.end)
        lines = [Text(printable(text[start:end]), style="bold green" if not whole else "bold") for start, end in parts]
        if around is not None and not whole:
            sentence = Text(printable(around.quote))
            for start, end in parts:
                sentence.stylize("bold underline green", start - around.start, end - around.start)
            lines += [Text(), *self.head(answer), sentence]
        lines += [Text(), *(self.source(one) for one in answer.citations)]
        lines.append(Text(f"{self.words['confidence']} {answer.confidence:.0%}", style="dim"))
        if answer.also:
            lines += [Text(), Text(self.words["also"]), *self.others(answer.also)]
        return lines

    def head(self, answer: Answer | Alternative) -> list[Text]:
        """Return what stands over the columns, where the answer is in a table's row."""
        if not answer.head:
            return []
        text = self._pipeline.document(answer.citations[0].document_id).text
        return [Text(printable(text[slice(*answer.head)]), style="dim")]

    def silence(self, answer: Answer) -> list[Text]:
        """Return that there is no answer, and what was too unsure to be one, unless it hardly could be."""
        lines = [Text(self.words["none"])]
        if answer.nearest and answer.nearest.confidence >= UNLIKELY:
            lines += [Text(), Text(self.words["unsure"], style="dim"), *self.others([answer.nearest])]
        return lines

    def others(self, alternatives: Sequence[Alternative]) -> Iterator[Text]:
        """Yield what other documents say, each with its year, how sure that is and its source, which tells the day."""
        for other in alternatives:
            when = other.date.year if other.date else self.words["undated"]
            yield Text(f"{when}: {printable(other.text)}").append(f"  {other.confidence:.0%}", style="dim")
            around, made = other.sentence, other.citations[0]
            if around is not None and (around.start, around.end) != (made.start, made.end):
                sentence = Text(printable(around.quote))
                sentence.stylize("underline", made.start - around.start, made.end - around.start)
                yield from (Text("  ").append_text(line) for line in (*self.head(other), sentence))
            yield from (Text("  ").append_text(self.source(one)) for one in other.citations[:1])

    def source(self, made: Citation, style: str = "dim") -> Text:
        """Return the source of a quote, which leads to it where the terminal knows links."""
        document = self._pipeline.document(made.document_id)
        address = self._site + link(document, made.start, made.end)
        return Text(printable(plain(document, made, self._language)), style=Style.parse(style) + Style(link=address))

    def hits(self, question: str, hits: Sequence[Hit]) -> None:
        """Print the passages with the question's words marked."""
        for hit in hits:
            made = citation(self._pipeline.document(hit.passage.document_id), hit.passage)
            title = Text(f"{hit.rank:>2}. ", style="bold").append_text(self.source(made, "cyan"))
            body = Text(printable(hit.passage.text))
            for start, end in matches(question, hit.passage.text):
                body.stylize("bold yellow", start, end)
            scores = "  ".join(f"{name} {score:.3f}" for name, score in hit.scores.items())
            below = Text(f"{printable(hit.passage.id)}  {scores}", style="dim")
            if self._console.is_terminal:
                self._console.print(Text(), title, Padding(Group(body, below), (0, 0, 0, 4)), sep="\n")
            else:
                for part in (Text(), title, body, below):
                    self.line(part)


def _language(name: str) -> Language:
    return "en" if name == "en" else "nl"
