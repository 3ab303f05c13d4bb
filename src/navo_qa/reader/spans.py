"""The reader that ships: passages read with the question, reranked, and the minimal span that answers, if any does."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from navo_qa.cite.facts import missing
from navo_qa.reader.agreement import agreement
from navo_qa.reader.asked import Sort, asked_for, asks_for_many
from navo_qa.reader.base import Found, Reading, Surroundings
from navo_qa.reader.candidates import Candidate, candidates
from navo_qa.reader.closer import SENTENCES, Closer, Home, Read, homes, look_closer, shortlist
from navo_qa.reader.judge import CLOSER, FIRST, RANKING, Floats, Judge, with_answers
from navo_qa.reader.network import Look, Network
from navo_qa.reader.rows import Rows
from navo_qa.reader.sentences import overlap
from navo_qa.reader.terms import Terms
from navo_qa.reader.typed import exactly, fits
from navo_qa.text.analyse import analyse
from navo_qa.types import Hit, Span
from navo_qa.vectors import inner

_NOTE = re.compile(r"\[\d+\]\s")
_ASKS = re.compile(r"\?[\s)\]\"”’'»]*$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of a question: the stretches that may answer with their signs, and the passages' signs.

    homes: the sentences they stand in. signs: float64 (stretches, len(FIRST)) at first sight, then of those left in the
    running (stretches, len(SIGNS)). ranking: float64 (passages read, len(RANKING) - 1), all but the last.
    """

    passages: list[Read]
    stretches: list[Candidate]
    homes: list[Home]
    signs: Floats
    ranking: Floats
    relevance: list[float]


class SpanReader:
    """A network's view of question and passage, judged together with what retrieval and patterns know."""

    def __init__(self, network: Network, judge: Judge, around: Surroundings) -> None:
        self.name = network.name
        self.threshold = judge.threshold
        self._network, self._judge, self._around = network, judge, around

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Return the passages in the reader's order, and the likeliest span of each document, likeliest first."""
        if not hits:
            return Reading((), ())
        first = self.first_sight(question, hits)
        seen, _ = self.second_look(question, first, self._judge.first_logits(first.signs))
        agreed = agreement(seen.stretches, [hit.passage.text for hit in hits])
        everything = np.arange(len(agreed))
        documents = np.array([hits[c.passage].passage.document_id for c in seen.stretches], object)
        spans, done = [], set[str]()
        for i in np.argsort(-self._judge.worth(seen.signs, agreed), kind="stable"):
            if (document_id := documents[i]) in done:
                continue
            done.add(document_id)
            own = np.flatnonzero(documents == document_id)
            chance, alone = (
                self._judge.chance(seen.signs[rows], int(np.flatnonzero(rows == i)[0]), agreed[rows, i])
                for rows in (everything, own)
            )
            spans.append(Found(_span(hits[seen.stretches[i].passage], seen.stretches[i], chance), alone))
        return Reading(self._reranked(hits, seen, self._judge.logits(seen.signs)), tuple(spans))

    def first_sight(self, question: str, hits: Sequence[Hit]) -> Evidence:
        """Return what speaks for a stretch or a passage once all passages were read."""
        sort = asked_for(question)
        passages = [self._read(hit) for hit in hits]
        looks = self._network.look(question, [(each.context, each.text) for each in passages])
        figure, asked = sort in (Sort.AMOUNT, Sort.NUMBER, Sort.PERCENTAGE), set(analyse(question))
        rows = [
            Rows(hit.passage.text, read.sentences, self._around.heads(hit.passage))
            for hit, read in zip(hits, passages, strict=True)
        ]
        found = [
            candidate
            for i, (hit, look) in enumerate(zip(hits, looks, strict=True))
            for candidate in candidates(
                i, hit.passage.text, look, sort, exactly(question, hit.passage.text), many=asks_for_many(question)
            )
            if not rows[i].of_another_year(candidate.start, question)
            and not (figure and rows[i].of_another_row(candidate.start, asked))
        ]
        signs = _Signs(question, hits, looks, found, rows, self._around)
        best = [max((c.score for c in found if c.passage == i), default=-20.0) for i in range(len(hits))]
        ranking = [
            (score, _clipped(look.relevance), _clipped(top), first)
            for score, look, top, first in zip(
                _standardised([hit.score for hit in hits]), looks, best, _in_first_document(hits), strict=True
            )
        ]
        return Evidence(
            passages,
            found,
            homes(passages, found),
            np.array([signs.of(candidate) for candidate in found], float).reshape(-1, len(FIRST)),
            np.array(ranking, float).reshape(-1, len(RANKING) - 1),
            [look.relevance for look in looks],
        )

    def second_look(self, question: str, seen: Evidence, scores: Floats) -> tuple[Evidence, list[int]]:
        """Return what is left in the running after a second look, and which of the stretches those are.

        scores: float64 (stretches,), by which the sentences for it are chosen. Without one all stay.
        """
        kept = list(range(len(seen.stretches)))
        closer = [Closer()] * len(kept)
        if self._judge.looks_closer and kept:
            chosen = shortlist(seen.passages, seen.stretches, seen.homes, scores, SENTENCES)
            kept = [i for i, home in enumerate(seen.homes) if home in set(chosen)]
            tell = look_closer(self._network, question, seen.passages, chosen)
            closer = [tell(seen.stretches[i], seen.homes[i]) for i in kept]
        rows = np.array([_of_closer(look) for look in closer], float).reshape(-1, len(CLOSER))
        left = replace(
            seen,
            stretches=[seen.stretches[i] for i in kept],
            homes=[seen.homes[i] for i in kept],
            signs=np.concatenate([seen.signs[kept], rows], axis=1),
        )
        return left, kept

    def _read(self, hit: Hit) -> Read:
        spans, _ = self._around.sentences(hit.passage)
        return Read(self._around.context(hit.passage), hit.passage.text, spans, hit.passage.document_id)

    def _reranked(self, hits: Sequence[Hit], seen: Evidence, logits: Floats) -> tuple[Hit, ...]:
        scores = self._judge.order(with_answers(seen.ranking, logits, [c.passage for c in seen.stretches]))
        order = np.argsort(-scores, kind="stable")
        return tuple(
            replace(
                hits[i],
                score=float(scores[i]),
                rank=rank,
                scores={**hits[i].scores, "rerank": 1 / (1 + math.exp(-_clipped(seen.relevance[i])))},
            )
            for rank, i in enumerate(order, 1)
        )


class _Signs:
    """What speaks for a stretch, in the order of FIRST; what is the same for all of them is looked up once."""

    def __init__(
        self,
        question: str,
        hits: Sequence[Hit],
        looks: Sequence[Look],
        found: Sequence[Candidate],
        rows: Sequence[Rows],
        around: Surroundings,
    ) -> None:
        self._hits, self._looks, self._found, self._rows = hits, looks, found, rows
        self._sort = asked_for(question)
        self._words = set(analyse(question))
        self._numbers = set(_digits(question))
        self._named = around.named(question)
        (query,) = around.encoder.encode_queries([question])
        self._sentences = []
        for hit in hits:
            spans, vectors = around.sentences(hit.passage)
            self._sentences.append(list(zip(spans, inner(vectors, query).tolist(), strict=True)))
        self._contexts = [around.context(hit.passage) for hit in hits]
        self._missing = functools.cache(functools.partial(_absent, question))
        self._terms = Terms(
            question, [hits[i].passage.text[a:b] for i, row in enumerate(self._sentences) for (a, b), _ in row]
        )
        every = [likeness for row in self._sentences for _, likeness in row]
        self._mean, self._deviation = float(np.mean(every)), float(np.std(every)) or 1.0
        self._retrieval, self._first = _standardised([hit.score for hit in hits]), _in_first_document(hits)
        self._texts = [hits[c.passage].passage.text[c.start : c.end].casefold() for c in found]

    def of(self, candidate: Candidate) -> tuple[float, ...]:
        """Return the signs of one stretch, those of FIRST."""
        hit, rows = self._hits[candidate.passage], self._rows[candidate.passage]
        quote = hit.passage.text[candidate.start : candidate.end]
        around, before = self._around(candidate)
        sentences = [sentence for _, sentence in around]
        sentence = " ".join(sentences)
        terms = self._terms.share(*sentences)
        nearest = max((likeness for likeness, _ in around), default=0.0)
        gain = self._named.get(hit.passage.document_id, 0.0)
        return (
            1.0,
            _clipped(candidate.score),
            _clipped(self._looks[candidate.passage].relevance),
            _clipped(candidate.score - self._rival(candidate, quote.casefold())),
            fits(self._sort, quote),
            float(candidate.typed),
            float(candidate.exact),
            (nearest - self._mean) / self._deviation,
            overlap(self._words, sentence),
            terms,
            self._terms.share(*before, *sentences) - terms,
            float(bool(_ASKS.search(sentence))),
            self._terms.repeated(quote),
            self._retrieval[candidate.passage],
            self._first[candidate.passage],
            math.log(max(1, len(quote))) / 5,
            gain,
            float(bool(self._named) and not gain),
            float(bool(self._numbers & set(_digits(quote)))),
            *self._missing(rows.alone(candidate.start, self._contexts[candidate.passage])),
        )

    def _around(self, candidate: Candidate) -> tuple[list[tuple[float, str]], list[str]]:
        """Return the sentences that the stretch stands in with their likeness, and the one before them, if any.

        A row of a table begins with what stands over the stretch.
        """
        text = self._hits[candidate.passage].passage.text
        every = self._sentences[candidate.passage]
        numbers = [i for i, ((a, b), _) in enumerate(every) if a < candidate.end and b > candidate.start]
        if numbers and _NOTE.match(text[slice(*every[numbers[0]][0])]):
            numbers = list(range(len(every)))  # a note says where to read on what its passage tells
        before = [text[slice(*every[i][0])] for i in range(max(0, numbers[0] - 1), numbers[0])] if numbers else []
        return [(every[i][1], self._rows[candidate.passage].said(i, candidate.start)) for i in numbers], before

    def _rival(self, candidate: Candidate, quote: str) -> float:
        """Return the score of the best stretch that says something else."""
        return max(
            (
                other.score
                for other, text in zip(self._found, self._texts, strict=True)
                if text not in quote
                and quote not in text
                and not (
                    other.passage == candidate.passage and other.start < candidate.end and other.end > candidate.start
                )
            ),
            default=-20.0,
        )


def _of_closer(seen: Closer) -> tuple[float, ...]:
    """Return the signs of CLOSER."""
    return tuple(_clipped(score) for score in (seen.span, seen.best, seen.relevance))


def _absent(question: str, passage: str) -> tuple[float, float]:
    """Return how many names, and how many dates and figures, of the question the passage does not hold."""
    kinds = [fact.kind for fact in missing(question, passage)]
    names = kinds.count("name")
    return float(min(3, names)), float(min(2, len(kinds) - names))


def _span(hit: Hit, candidate: Candidate, chance: float) -> Span:
    start = hit.passage.start
    return Span(hit.passage.document_id, start + candidate.start, start + candidate.end, chance)


def _standardised(scores: Sequence[float]) -> list[float]:
    values = np.asarray(scores, float)
    return list((values - values.mean()) / (float(values.std()) or 1.0))


def _in_first_document(hits: Sequence[Hit]) -> list[float]:
    """Return 1.0 for each hit in the document that the first is in, else 0.0."""
    return [float(hit.passage.document_id == hits[0].passage.document_id) for hit in hits]


def _clipped(score: float) -> float:
    return max(-20.0, min(20.0, score))


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)
