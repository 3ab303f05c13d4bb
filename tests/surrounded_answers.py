"""An answer with all that can stand around it: its sentence, its parts, and another document's answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from navo_qa.pipeline import Pipeline, citation
from navo_qa.types import Alternative, Answer

DOCUMENT = "verslag-ifmm-antalya-2025"
QUESTION = "Hoeveel maakte Nederland vrij voor UCAP?"


def said(pipeline: Pipeline, words: str) -> Answer:
    """An answer that says these words of the report of Antalya, in their sentence."""
    document = pipeline.document(DOCUMENT)
    start = document.text.index(words)
    passage = next(p for p in pipeline.snapshot.collection.passages_of(DOCUMENT) if p.start <= start < p.end)
    made = citation(document, passage, start, start + len(words))
    first = document.text.rindex(". ", 0, start) + 2
    last = document.text.index(". ", start) + 1
    around = citation(document, passage, first, last)
    hits = tuple(pipeline.search(QUESTION)[:2])
    return Answer(QUESTION, "nl", words, 0.8, (made,), hits, sentence=around)


def surrounded(pipeline: Pipeline) -> Answer:
    """The same of a sum of money, as a list of two parts, with a rival."""
    answer = said(pipeline, "EUR 100 miljoen")
    (made,) = answer.citations
    parts = ((made.start, made.start + 3), (made.start + 4, made.end))
    other = Alternative("EUR 10 miljoen", 0.4, date(2023, 5, 31), answer.citations)
    return replace(answer, parts=parts, also=(other,))
