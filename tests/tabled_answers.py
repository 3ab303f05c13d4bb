"""A small index with a table, and an answer that is a cell of it."""

from __future__ import annotations

from pathlib import Path

from navo_qa.build import build
from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.types import Answer, Hit, Query, Span

HEAD, ROW = "Fonds | 2026 | 2027", "Luchtverdediging | 120 | 145"
MARKDOWN = """# Voortgang van de fondsen 🎣

De tabel geeft bedragen in miljoenen euro's.

| Fonds | 2026 | 2027 |
|---|---|---|
| Luchtverdediging | 120 | 145 |
| Mijnenruiming | 12 | – |

De Kamer hoort in het najaar meer.
"""


def tabled_index(folder: Path, *others: str) -> Path:
    """Write and index the document, and others; return the index."""
    (folder / "corpus").mkdir()
    for name, text in zip(("voortgang", *map(str, range(len(others)))), (MARKDOWN, *others), strict=True):
        (folder / "corpus" / f"{name}.md").write_text(text, "utf-8")
    build([folder / "corpus"], folder / "index", HashingEncoder())
    return folder / "index"


def cell(index: Path) -> tuple[Pipeline, Answer]:
    """An answer that says "145"."""
    pipeline = Pipeline.open(index, reader="sentences")
    (document,) = pipeline.documents()
    (hit,) = pipeline.search(Query("luchtverdediging 2027", 1))
    start = document.text.index("145")
    return pipeline, _answer(pipeline, hit, Span(document.id, start, start + 3, 0.8))


def _answer(pipeline: Pipeline, hit: Hit, span: Span) -> Answer:
    made = pipeline.cite(span, [hit])
    sentence, head = pipeline.around(made)
    return Answer("Hoeveel in 2027?", "nl", made.quote, 0.8, (made,), (hit,), sentence=sentence, head=head)
