"""The reader: whole sentences, in their passages, the likeliest first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.encode import HashingEncoder
from navo_qa.pipeline import Pipeline
from navo_qa.reader import SentenceReader
from navo_qa.types import Hit, Passage, Query

TEXT = "Kop boven de alinea\n\nDe top is in Ankara. Nederland trok EUR 250 mln. uit voor munitie. Er was een diner."


def hit(text: str, start: int = 100, heading: str | None = None) -> Hit:
    """A hit of rank 1 on a passage that starts somewhere in its document."""
    return Hit(Passage("d-1", "d", start, start + len(text), text, 1, heading=heading), 1.0, 1)


def test_the_sentence_that_says_it_comes_first() -> None:
    """Spans are whole sentences at their offsets in the document."""
    spans = SentenceReader(HashingEncoder()).read("Hoeveel trok Nederland uit voor munitie?", [hit(TEXT)])
    best = TEXT[spans[0].start - 100 : spans[0].end - 100]
    assert best == "Nederland trok EUR 250 mln. uit voor munitie."
    assert spans[0].score > spans[1].score and all(0 <= span.score <= 1 for span in spans)


def test_a_heading_is_no_answer() -> None:
    """A heading repeats the question's words and answers nothing."""
    spans = SentenceReader(HashingEncoder()).read("Kop boven de alinea", [hit(TEXT, heading="Kop boven de alinea")])
    assert all(span.start > 100 + len("Kop boven de alinea") for span in spans)


def test_no_passages_no_spans() -> None:
    """Nothing found, nothing to read."""
    assert SentenceReader(HashingEncoder()).read("Hoeveel?", []) == []


@given(question=st.text(min_size=1, max_size=60), text=st.text(min_size=1, max_size=400), start=st.integers(0, 10**6))
@settings(deadline=None, max_examples=100)
def test_spans_lie_in_their_passage(question: str, text: str, start: int) -> None:
    """Whatever the text, offsets are exact and scores are chances."""
    for span in SentenceReader(HashingEncoder()).read(question, [hit(text, start)]):
        assert start <= span.start < span.end <= start + len(text)
        assert text[span.start - start : span.end - start].strip()
        assert 0 <= span.score <= 1


def test_every_sentence_of_the_corpus_can_be_cited(hashed: Pipeline) -> None:
    """Whatever the reader finds, its citation is the document's own slice."""
    hits = hashed.search(Query("Oekraïne", 100))
    for span in hashed.reader.read("Wat deed Nederland?", hits):
        made = hashed.cite(span, hits)
        assert hashed.document(made.document_id).text[made.start : made.end] == made.quote
