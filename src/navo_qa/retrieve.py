"""A question to its passages: dense, lexical or both, within the filters, with the named meeting first.

Query -> legs (rows and scores) -> fuse -> prefer the dates and places named -> smooth -> diversify -> list[Hit]
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from navo_qa.cite.papers import named_papers
from navo_qa.collection import Collection, Listing
from navo_qa.encode import Encoder
from navo_qa.errors import EmptyQuestion, InvalidCharacter, InvalidDates, InvalidTopK, QuestionTooLong, UnknownFilter
from navo_qa.index.base import LexicalIndex, VectorIndex
from navo_qa.index.clauses import Weights
from navo_qa.index.sentences import SentenceIndex
from navo_qa.index.snapshot import Snapshot
from navo_qa.settings import MAX_QUESTION, MAX_TOP_K
from navo_qa.smooth import Shares, smooth, standing
from navo_qa.text.analyse import fold
from navo_qa.text.dates import find_dates, latest
from navo_qa.types import Hit, Mode, Query
from navo_qa.vectors import inner

WITHOUT_LEXICON = Weights(translation=0.0, synonym=0.0, phrase=0.0)
PLACE = 0.5  # how surely a place alone names the meeting there; a month with its year counts 0.9

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


class Retriever(Protocol):
    """Finds passages for a query."""

    def search(self, query: Query) -> list[Hit]:
        """Return at most `query.k` hits, best first, ranks from 1. Raises QueryError."""
        ...


class Leg(Protocol):
    """One way of scoring passages; a HybridRetriever is made of legs."""

    name: str

    def rank(self, text: str, k: int, rows: Rows | None) -> tuple[Scores, Rows]:
        """Return the scores and rows of the k best passages among `rows` (None for all), best first."""
        ...

    def fill(self, text: str, rows: Rows) -> Scores:
        """Return the scores of rows that another leg brought and this one did not."""
        ...


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How the legs are joined, chosen on the dev questions; `eval/report.md` shows what each choice brings.

    fusion: "scores" adds z-scores over the pool of candidates, "rrf" adds reciprocal ranks.
    dense, lexical: the legs' weights. depth: candidates that each leg brings.
    sentences: the share of its nearest sentence in a passage's dense score.
    lexicon: whether words of the question also stand for their translations and synonyms.
    rerank: whether the reader's view of the first passages orders them anew.
    preference: what a passage of a meeting named in the question gains, in standard deviations of the fused score.
    before, document, length, asks: what a passage's surroundings are worth, see `smooth.Shares`.
    """

    fusion: Literal["scores", "rrf"] = "scores"
    dense: float = 0.7
    lexical: float = 0.3
    sentences: float = 0.3
    lexicon: bool = True
    depth: int = 200
    preference: float = 1.5
    before: float = 0.15
    document: float = 0.3
    length: float = 0.3
    asks: float = 0.5
    rerank: bool = True

    @property
    def shares(self) -> Shares:
        """What of its surroundings a passage's score takes."""
        return Shares(self.before, self.document, self.length, self.asks)


class DenseLeg:
    """Inner product of the question's vector with a passage's, mixed with that of its nearest sentence."""

    name = "dense"

    def __init__(self, index: VectorIndex, sentences: SentenceIndex, encoder: Encoder, share: float) -> None:
        self._index = index
        self._sentences = sentences
        self._encoder = encoder
        self._share = share

    def rank(self, text: str, k: int, rows: Rows | None) -> tuple[Scores, Rows]:
        """Return the scores and rows of the k nearest passages, ordered by the mixed score."""
        if rows is None and k >= len(self._index):
            found = np.arange(len(self._index))
        else:
            _, (found,) = self._index.search(self._encoder.encode_queries([text]), min(k, len(self._index)), rows)
            found = found[found >= 0]  # FAISS pads short results with row -1
        scores = self.fill(text, found)
        order = np.lexsort((found, -scores))
        return scores[order], found[order]

    def fill(self, text: str, rows: Rows) -> Scores:
        """Return the mixed scores of these rows."""
        (query,) = self._encoder.encode_queries([text])
        whole = inner(self._index.vectors(rows), query)
        if not self._share:
            return np.asarray(whole, np.float32)
        return np.asarray((1 - self._share) * whole + self._share * self._sentences.nearest(query, rows), np.float32)


class LexicalLeg:
    """BM25 over the passages' words."""

    name = "lexical"

    def __init__(self, index: LexicalIndex) -> None:
        self._index = index

    def rank(self, text: str, k: int, rows: Rows | None) -> tuple[Scores, Rows]:
        """Return the scores and rows of the k passages that hold the question's words best."""
        return self._index.search(text, k, rows)

    def fill(self, text: str, rows: Rows) -> Scores:
        """Return zeros: what the leg did not bring holds none of the words, or hardly any."""
        return np.zeros(len(rows), np.float32)


class HybridRetriever:
    """Passages by several legs at once; a query's mode picks one of them or all."""

    def __init__(self, collection: Collection, legs: Sequence[tuple[Leg, float]], settings: RetrievalSettings) -> None:
        self._collection = collection
        self._legs = legs
        self._settings = settings

    def search(self, query: Query) -> list[Hit]:
        """Return at most `query.k` hits, best first, ranks from 1. Raises QueryError."""
        checked(query, self._collection)
        allowed = self._collection.rows(query.filters)
        if allowed is not None and not len(allowed):
            return []
        legs = [(leg, weight) for leg, weight in self._legs if query.mode in (Mode.HYBRID, leg.name)]
        pool, by_leg = self._pool(query, legs, allowed)
        if not len(pool):
            return []
        fused = _fuse(by_leg, [weight for _, weight in legs], self._settings.fusion)
        fused = fused + self._preferred(query.text, pool) * self._settings.preference * float(fused.std() or 1.0)
        fused = smooth(fused, pool, standing(pool, self._collection), self._settings.shares)
        order = np.lexsort((pool, -fused))
        if query.per_document is None:
            order = order[: query.k]
        return self._hits(query, [(int(pool[i]), float(fused[i]), by_leg[:, i]) for i in order], legs)

    def _pool(
        self, query: Query, legs: Sequence[tuple[Leg, float]], allowed: Rows | None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows that any leg brings, ascending, and every leg's scores of them (legs, rows)."""
        depth = max(self._settings.depth, query.k)
        ranked = [leg.rank(query.text, depth, allowed) for leg, _ in legs]
        pool = np.unique(np.concatenate([rows for _, rows in ranked]))
        by_leg = np.zeros((len(legs), len(pool)), np.float32)
        for i, ((leg, _), (scores, rows)) in enumerate(zip(legs, ranked, strict=True)):
            places = np.searchsorted(pool, rows)
            by_leg[i, places] = scores
            if len(rows) < len(pool):
                rest = np.delete(np.arange(len(pool)), places)
                by_leg[i, rest] = leg.fill(query.text, pool[rest])
        return pool, by_leg

    def _preferred(self, text: str, pool: Rows) -> NDArray[np.float32]:
        """Return from 0 to 1 how surely the question names each row's meeting, by date or place."""
        gains = np.zeros(len(pool), np.float32)
        for listing, gain in named_documents(text, self._collection.listings(), date.today()):
            gains[(pool >= listing.rows.start) & (pool < listing.rows.stop)] = gain
        return gains

    def _hits(
        self, query: Query, ranked: list[tuple[int, float, NDArray[np.float32]]], legs: Sequence[tuple[Leg, float]]
    ) -> list[Hit]:
        hits: list[Hit] = []
        taken: Counter[str] = Counter()
        passages = self._collection.passages([row for row, _, _ in ranked])
        for passage, (_, score, by_leg) in zip(passages, ranked, strict=True):
            taken[passage.document_id] += 1
            if query.per_document is not None and taken[passage.document_id] > query.per_document:
                continue
            scores = {leg.name: float(value) for (leg, _), value in zip(legs, by_leg, strict=True)}
            hits.append(Hit(passage, score, len(hits) + 1, scores))
            if len(hits) == query.k:
                break
        return hits


def retriever(snapshot: Snapshot, encoder: Encoder, settings: RetrievalSettings) -> HybridRetriever:
    """Return the retriever over an opened index that the settings describe."""
    dense = DenseLeg(snapshot.vectors, snapshot.sentences, encoder, settings.sentences)
    words = snapshot.lexical if settings.lexicon else snapshot.lexical.weighing(WITHOUT_LEXICON)
    legs: list[tuple[Leg, float]] = [(dense, settings.dense), (LexicalLeg(words), settings.lexical)]
    return HybridRetriever(snapshot.collection, legs, settings)


def checked(query: Query, collection: Collection) -> None:
    """Do nothing where the query can be answered as asked. Raises QueryError, one of its kinds."""
    if len(query.text) > MAX_QUESTION:
        raise QuestionTooLong(len(query.text), MAX_QUESTION)
    if bad := re.search("[\0\ud800-\udfff]", query.text):
        raise InvalidCharacter(bad[0])
    if not any(character.isalnum() for character in query.text):
        raise EmptyQuestion()
    if not 1 <= query.k <= MAX_TOP_K:
        raise InvalidTopK("top_k", query.k, MAX_TOP_K)
    if query.per_document is not None and not 1 <= query.per_document <= MAX_TOP_K:
        raise InvalidTopK("per_document", query.per_document, MAX_TOP_K)
    filters = query.filters
    if filters.date_from and filters.date_to and filters.date_from > filters.date_to:
        raise InvalidDates.reversed(filters.date_from, filters.date_to)
    known = {listing.id for listing in collection.listings()} if filters.document_ids else set()
    for document_id in filters.document_ids:
        if document_id not in known:
            raise UnknownFilter("document", document_id, sorted(known))


def named_documents(text: str, listings: Sequence[Listing], today: date) -> list[tuple[Listing, float]]:
    """Return the documents that the question names, each with how surely, from above 0 to 1.

    `"Wat werd in mei 2025 in Antalya besproken?"` names what met in Antalya, and what met in May 2025;
    `"Welk verslag gaat over kst-28676-493?"` names what is or refers to 28676, nr. 493, however that is spelt there.
    """
    words = f" {' '.join(fold(text).split())} "
    dated = [(listing, *days) for listing in listings if (days := _days(listing))]
    gains: dict[str, float] = {}
    for mention in find_dates(text, today):
        whole = latest(mention, [end for _, _, end in dated], today)
        for listing, start, end in dated:
            if whole.covers(start, end):
                gains[listing.id] = max(gains.get(listing.id, 0.0), whole.certainty)
    papers = set(named_papers(text))
    for listing in listings:
        if papers.intersection((*listing.references, listing.paper)):
            gains[listing.id] = gains.get(listing.id, 0.0) + 1.0
        if listing.place and _names(words, listing.place):
            gains[listing.id] = gains.get(listing.id, 0.0) + PLACE
    top = max(gains.values(), default=1.0)
    return [(listing, gains[listing.id] / max(top, 1.0)) for listing in listings if listing.id in gains]


def _days(listing: Listing) -> tuple[date, date] | tuple[()]:
    start = listing.meeting_start or listing.letter_date
    return (start, listing.meeting_end or start) if start else ()


def _names(words: str, place: str) -> bool:
    """Return whether the folded words hold the place as whole words; "Brussel" is also "Brussels"."""
    folded = _folded(place)
    return folded in words and re.search(rf"(?<!\w){re.escape(folded)}(?:['’]?s)?(?!\w)", words) is not None


@functools.lru_cache(maxsize=4096)
def _folded(place: str) -> str:
    return " ".join(fold(place).split())


def _fuse(by_leg: NDArray[np.float32], weights: Sequence[float], fusion: str) -> NDArray[np.float32]:
    """Return one score a row from the legs' scores (legs, rows).

    scores: sum over legs of w * (s - mean) / deviation, over the pool.
    rrf: sum over legs of w / (60 + rank). Cormack et al., SIGIR 2009.
    """
    if fusion == "rrf":
        ranks = np.argsort(np.argsort(-by_leg, axis=1, kind="stable"), axis=1) + 1
        parts = np.where(by_leg != 0, 1.0 / (60 + ranks), 0.0)
    else:
        deviation = by_leg.std(axis=1, keepdims=True)
        parts = (by_leg - by_leg.mean(axis=1, keepdims=True)) / np.where(deviation > 1e-9, deviation, 1.0)
    return np.asarray(np.asarray(weights) @ parts, np.float32)
