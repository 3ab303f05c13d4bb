"""The whole path behind one object: open an index, ask a question, get an answer that anyone can check."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from navo_qa.choose import choose, members
from navo_qa.chunk import context, row_heads
from navo_qa.encode import Encoder, EncoderChoice, RememberingEncoder, load_encoder
from navo_qa.errors import DamagedIndex, EncoderMismatch
from navo_qa.index.snapshot import Snapshot, open_snapshot
from navo_qa.reader import (
    Found,
    LoadedReader,
    Reader,
    ReaderChoice,
    Reading,
    Sentences,
    Surroundings,
    load_network,
    load_reader,
)
from navo_qa.retrieve import RetrievalSettings, Retriever, named_documents, retriever
from navo_qa.text.language import language
from navo_qa.text.tables import heads
from navo_qa.types import Alternative, Answer, Citation, Document, Hit, Passage, Query, Span

READ = 8  # passages that are read for an answer; four more took half as long again for 0.004 of F1 on dev questions


@dataclass(slots=True)
class Timings:
    """Milliseconds spent in each step of one question."""

    ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block under the name."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.ms[name] = round(self.ms.get(name, 0.0) + (time.perf_counter() - start) * 1000, 3)


class Pipeline:
    """An opened index with its encoder, retriever and reader; safe to ask from several threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        *,
        settings: RetrievalSettings | None = None,
        threshold: float | None = None,
        network: LoadedReader | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.encoder = RememberingEncoder(encoder)
        self.settings = settings or RetrievalSettings()
        self.network = network
        self.retriever: Retriever = retriever(snapshot, self.encoder, self.settings)
        self.reader: Reader = load_reader(
            Surroundings(self._sentences, self._heads, self._context, self._named, self.encoder), network
        )
        self.threshold = self.reader.threshold if threshold is None else threshold

    @classmethod
    def open(
        cls,
        index: Path,
        encoder: EncoderChoice | str | None = None,
        *,
        reader: ReaderChoice | str | None = None,
        threshold: float | None = None,
    ) -> Pipeline:
        """Return the pipeline over the index's current snapshot.

        encoder: None for the one that the index was built with. reader: None for the bundled one.
        Raises IndexProblem where the index cannot be opened, EncoderMismatch where the encoder is another one,
        UnknownReader where there is no such reader.
        """
        snapshot = open_snapshot(index)
        choice = reader if isinstance(reader, ReaderChoice) else ReaderChoice(reader)
        return cls(snapshot, matching_encoder(snapshot, encoder), threshold=threshold, network=load_network(choice))

    def with_retrieval(self, settings: RetrievalSettings) -> Pipeline:
        """Return a pipeline over the same snapshot, encoder and reader that retrieves by these settings."""
        return Pipeline(self.snapshot, self.encoder, settings=settings, threshold=self.threshold, network=self.network)

    def search(self, query: Query | str) -> list[Hit]:
        """Return the passages for the query, best first. Raises QueryError."""
        return self.retriever.search(_query(query))

    def ask(self, query: Query | str, *, read: int = READ) -> Answer:
        """Return the passages and the answer that the corpus gives, or None for its text. Raises QueryError.

        read: how many passages are read for it, however few are asked for.
        """
        query = _query(query)
        timings = Timings()
        with timings.step("total"):
            with timings.step("retrieve"):
                hits = self.retriever.search(replace(query, k=max(query.k, read)) if query.k > 0 else query)
            with timings.step("read"):
                reading = self.reader.read(query.text, hits[:read])
            rest = tuple(hits[read:])
            ordered = reading.hits if self.settings.rerank else tuple(hits[:read])
            reading = replace(reading, hits=(*ordered, *rest))
            answer = self._answer(query, reading)
        answer = replace(answer, timings_ms=timings.ms)
        return answer if answer.confidence >= self.threshold else self.withheld(answer)

    def withheld(self, answer: Answer) -> Answer:
        """Return the answer unsaid, kept as what came nearest."""
        return answer.withheld(self._day(answer.citations[0].document_id) if answer.citations else None)

    def _answer(self, query: Query, reading: Reading) -> Answer:
        """Return the answer that the reading gives, however unsure."""
        answer = Answer(query.text, language(query.text), None, 0.0, (), _first(reading.hits, query.k, None))
        named = bool(self._named(query.text))
        choice = choose(
            reading.spans, lambda found: self._said(found, reading.hits), self._day, self.threshold, named=named
        )
        if choice is None:
            return answer
        made = tuple(self.cite(found.span, reading.hits) for found in (choice.span, *choice.same))
        quote, start = made[0].quote, made[0].start
        sentence, head = self.around(made[0])
        return replace(
            answer,
            text=quote,
            confidence=choice.chance,
            citations=made,
            hits=_first(reading.hits, query.k, made[0].passage_id),
            sentence=sentence,
            head=head,
            parts=tuple((start + left, start + right) for left, right in members(query.text, quote)),
            also=tuple(self._alternative(found, reading.hits) for found in choice.other),
        )

    def _alternative(self, found: Found, hits: Sequence[Hit]) -> Alternative:
        made = self.cite(found.span, hits)
        return Alternative(made.quote, found.alone, self._day(made.document_id), (made,), *self.around(made))

    def _said(self, found: Found, hits: Sequence[Hit]) -> str:
        return self.cite(found.span, hits).quote

    def _day(self, document_id: str) -> date | None:
        return self.document(document_id).date

    def _context(self, passage: Passage) -> str:
        return context(self.document(passage.document_id), passage)

    def _heads(self, passage: Passage) -> list[str | None]:
        return row_heads(self.document(passage.document_id), passage, self._sentences(passage)[0])

    def _named(self, question: str) -> dict[str, float]:
        listings = self.snapshot.collection.listings()
        return {listing.id: gain for listing, gain in named_documents(question, listings, date.today())}

    def around(self, made: Citation) -> tuple[Citation, tuple[int, int] | None]:
        """Return the citation of the sentence around another's quote, of several where it crosses them.

        With it where the head stands, if the sentence is a table's row.
        """
        passage = self.passage(made.passage_id)
        spans, _ = self._sentences(passage)
        crossed = [
            (start, end)
            for start, end in spans
            if passage.start + start < made.end and passage.start + end > made.start
        ]
        start = min([made.start, *(passage.start + start for start, _ in crossed)])
        end = max([made.end, *(passage.start + end for _, end in crossed)])
        document = self.document(made.document_id)
        return citation(document, passage, start, end), heads(document).get(start)

    def cite(self, span: Span, hits: Sequence[Hit]) -> Citation:
        """Return the citation of a span that lies in one of the hits. Raises DamagedIndex if it does not."""
        for hit in hits:
            passage = hit.passage
            if passage.document_id == span.document_id and passage.start <= span.start < span.end <= passage.end:
                return citation(self.document(span.document_id), passage, span.start, span.end)
        raise DamagedIndex(self.snapshot.folder, f"a span of {span.document_id} lies in no passage")

    def _sentences(self, passage: Passage) -> Sentences:
        return self.snapshot.sentences.sentences(self.snapshot.collection.row(passage.id))

    def documents(self) -> list[Document]:
        """Return every document, in the corpus's order."""
        return [self.document(listing.id) for listing in self.snapshot.collection.listings()]

    def document(self, document_id: str) -> Document:
        """Return the document. Raises NotFound."""
        return self.snapshot.collection.document(document_id)

    def passage(self, passage_id: str) -> Passage:
        """Return the passage. Raises NotFound."""
        return self.snapshot.collection.passage(passage_id)


def citation(document: Document, passage: Passage, start: int | None = None, end: int | None = None) -> Citation:
    """Return the citation of [start, end) of the document, by default of the whole passage.

    page, paragraph: those of its first character; where that is a heading, of the passage's first paragraph.
    Raises DamagedIndex if the passage is not the document's own slice: what is not there is never cited.
    """
    start, end = passage.start if start is None else start, passage.end if end is None else end
    if document.text[passage.start : passage.end] != passage.text:
        raise DamagedIndex(document.id, f'passage "{passage.id}" is no slice of its document')
    return Citation(
        document_id=document.id,
        title=document.title,
        passage_id=passage.id,
        page=document.page_of(start),
        paragraph=max(passage.paragraph, document.paragraph_of(start)),
        start=start,
        end=end,
        quote=document.text[start:end],
        sha256=document.sha256,
    )


def matching_encoder(snapshot: Snapshot, choice: EncoderChoice | str | None) -> Encoder:
    """Return the chosen encoder, by default the one the index was built with. Raises EncoderMismatch."""
    built = snapshot.manifest.encoder
    choice = choice if isinstance(choice, EncoderChoice) else EncoderChoice(choice)
    encoder = load_encoder(replace(choice, name=choice.name or built.name))
    if encoder.fingerprint != built.fingerprint or encoder.dim != built.dim:
        raise EncoderMismatch(built.name, built.dim, encoder.name, encoder.dim)
    return encoder


def _first(hits: Sequence[Hit], k: int, passage_id: str | None) -> tuple[Hit, ...]:
    """Return the first k hits; the passage that the answer stands in is always among them."""
    shown = list(hits[:k])
    if shown and passage_id is not None and all(hit.passage.id != passage_id for hit in shown):
        shown[-1:] = [replace(hit, rank=len(shown)) for hit in hits[k:] if hit.passage.id == passage_id][:1]
    return tuple(shown)


def _query(query: Query | str) -> Query:
    return Query(query) if isinstance(query, str) else query
