"""The reader without a network: whole sentences, in their passages, the likeliest first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from navo_qa.pipeline import Pipeline
from navo_qa.reader import Reading, SentenceReader
from navo_qa.types import Query
from surroundings import around, hit

TEXT = "Kop boven de alinea\n\nDe top is in Ankara. Nederland trok EUR 250 mln. uit voor munitie. Er was een diner."


def test_the_sentence_that_says_it_comes_first() -> None:
    """Spans are whole sentences at their offsets in the document."""
    spans = SentenceReader(around()).read("Hoeveel trok Nederland uit voor munitie?", [hit(TEXT)]).spans
    best = TEXT[spans[0].span.start - 100 : spans[0].span.end - 100]
    assert best == "Nederland trok EUR 250 mln. uit voor munitie."
    scores = [found.span.score for found in spans]
    assert scores[0] > scores[1] and all(0 <= score <= 1 for score in scores)


def test_a_heading_is_no_answer() -> None:
    """A heading repeats the question's words and answers nothing."""
    spans = SentenceReader(around()).read("Kop boven de alinea", [hit(TEXT, heading="Kop boven de alinea")]).spans
    assert all(found.span.start > 100 + len("Kop boven de alinea") for found in spans)


def test_no_passages_no_spans() -> None:
    """Nothing found, nothing to read."""
    assert SentenceReader(around()).read("Hoeveel?", []) == Reading((), ())


@given(question=st.text(min_size=1, max_size=60), text=st.text(min_size=1, max_size=400), start=st.integers(0, 10**6))
@settings(deadline=None, max_examples=100)
def test_spans_lie_in_their_passage(question: str, text: str, start: int) -> None:
    """Whatever the text, offsets are exact and scores are chances."""
    for found in SentenceReader(around()).read(question, [hit(text, start)]).spans:
        span = found.span
        assert start <= span.start < span.end <= start + len(text)
        assert text[span.start - start : span.end - start].strip()
        assert 0 <= span.score <= 1


def test_every_sentence_of_the_corpus_can_be_cited(hashed: Pipeline) -> None:
    """Whatever the reader finds, its citation is the document's own slice."""
    hits = hashed.search(Query("Oekraïne", 100))
    for found in hashed.reader.read("Wat deed Nederland?", hits).spans:
        made = hashed.cite(found.span, hits)
        assert hashed.document(made.document_id).text[made.start : made.end] == made.quote
