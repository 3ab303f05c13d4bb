"""The whole path behind one object: open an index, ask a question, get an answer that anyone can check."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from navo_qa.encode import Encoder, EncoderChoice, RememberingEncoder, load_encoder
from navo_qa.errors import DamagedIndex, EncoderMismatch
from navo_qa.index.snapshot import Snapshot, open_snapshot
from navo_qa.reader import THRESHOLD, Reader, SentenceReader, Sentences
from navo_qa.retrieve import RetrievalSettings, Retriever, retriever
from navo_qa.text.language import language
from navo_qa.types import Answer, Citation, Document, Hit, Passage, Query, Span


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
    ) -> None:
        self.snapshot = snapshot
        self.encoder = RememberingEncoder(encoder)
        self.settings = settings or RetrievalSettings()
        self.threshold = THRESHOLD if threshold is None else threshold
        self.retriever: Retriever = retriever(snapshot, self.encoder, self.settings)
        self.reader: Reader = SentenceReader(self.encoder, self._sentences)

    @classmethod
    def open(
        cls, index: Path, encoder: EncoderChoice | str | None = None, *, threshold: float | None = None
    ) -> Pipeline:
        """Return the pipeline over the index's current snapshot.

        encoder: None for the one that the index was built with.
        Raises IndexProblem where the index cannot be opened, EncoderMismatch where the encoder is another one.
        """
        snapshot = open_snapshot(index)
        return cls(snapshot, matching_encoder(snapshot, encoder), threshold=threshold)

    def with_retrieval(self, settings: RetrievalSettings) -> Pipeline:
        """Return a pipeline over the same snapshot and encoder that retrieves by these settings."""
        return Pipeline(self.snapshot, self.encoder, settings=settings, threshold=self.threshold)

    def search(self, query: Query | str) -> list[Hit]:
        """Return the passages for the query, best first. Raises QueryError."""
        return self.retriever.search(_query(query))

    def ask(self, query: Query | str) -> Answer:
        """Return the passages and the answer that the corpus gives, or None for its text. Raises QueryError."""
        query = _query(query)
        timings = Timings()
        with timings.step("total"):
            with timings.step("retrieve"):
                hits = self.retriever.search(query)
            with timings.step("read"):
                spans = self.reader.read(query.text, hits)
        answer = self._answer(query, hits, spans[:1])
        answer = replace(answer, timings_ms=timings.ms)
        return answer if answer.confidence >= self.threshold else self.withheld(answer)

    def _answer(self, query: Query, hits: Sequence[Hit], spans: Sequence[Span]) -> Answer:
        """Return the answer that the first span gives, however unsure."""
        made = tuple(self.cite(span, hits) for span in spans)
        return Answer(
            question=query.text,
            language=language(query.text),
            text=made[0].quote if made else None,
            confidence=spans[0].score if spans else 0.0,
            citations=made,
            hits=tuple(hits),
            sentence=self._sentence(made[0]) if made else None,
        )

    def _sentence(self, made: Citation) -> Citation:
        """Return the citation of the sentence around another's quote, of several where it crosses them."""
        passage = self.passage(made.passage_id)
        spans, _ = self._sentences(passage)
        crossed = [
            (start, end)
            for start, end in spans
            if passage.start + start < made.end and passage.start + end > made.start
        ]
        start = min([made.start, *(passage.start + start for start, _ in crossed)])
        end = max([made.end, *(passage.start + end for _, end in crossed)])
        return citation(self.document(made.document_id), passage, start, end)

    def withheld(self, answer: Answer) -> Answer:
        """Return the answer unsaid, kept as what came nearest."""
        return answer.withheld(self.document(answer.citations[0].document_id).date if answer.citations else None)

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

    Raises DamagedIndex if the passage is not the document's own slice: what is not there is never cited.
    """
    start, end = passage.start if start is None else start, passage.end if end is None else end
    if document.text[passage.start : passage.end] != passage.text:
        raise DamagedIndex(document.id, f'passage "{passage.id}" is no slice of its document')
    return Citation(
        document_id=document.id,
        title=document.title,
        passage_id=passage.id,
        page=passage.page,
        paragraph=passage.paragraph,
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


def _query(query: Query | str) -> Query:
    return Query(query) if isinstance(query, str) else query
