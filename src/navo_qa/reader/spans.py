"""The reader that ships: passages read with the question, reranked, and the minimal span that answers, if any does."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from navo_qa.cite.facts import missing
from navo_qa.reader.asked import asked_for
from navo_qa.reader.base import Found, Reading, Surroundings
from navo_qa.reader.candidates import Candidate, candidates
from navo_qa.reader.closer import SENTENCES, Closer, Home, Read, homes, look_closer, shortlist
from navo_qa.reader.judge import RANKING, SIGNS, Floats, Judge
from navo_qa.reader.network import Look, Network
from navo_qa.reader.sentences import overlap
from navo_qa.reader.terms import Terms
from navo_qa.reader.typed import exactly, fits
from navo_qa.text.analyse import analyse
from navo_qa.text.language import language
from navo_qa.types import Hit, Span

_NOTE = re.compile(r"\[\d+\]\s")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of a question: the stretches that may answer with their signs, and the passages' signs.

    homes: the sentences they stand in. signs: float64 (stretches, len(SIGNS)). ranking: float64 (passages read,
    len(RANKING)).
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
        seen = self.evidence(question, hits)
        logits = self._judge.logits(seen.signs)
        everything = np.arange(len(logits))
        documents = np.array([hits[c.passage].passage.document_id for c in seen.stretches], object)
        spans, done = [], set[str]()
        for i in np.argsort(-logits, kind="stable"):
            if (document_id := documents[i]) in done:
                continue
            done.add(document_id)
            own = np.flatnonzero(documents == document_id)
            chance, alone = (self._chance(seen, int(i), rows, hits) for rows in (everything, own))
            spans.append(Found(_span(hits[seen.stretches[i].passage], seen.stretches[i], chance), alone))
        return Reading(self._reranked(hits, seen), tuple(spans))

    def _chance(self, seen: Evidence, chosen: int, rows: NDArray[np.int64], hits: Sequence[Hit]) -> float:
        """Return the chance of the chosen stretch among those in these rows."""
        among = agreement([seen.stretches[i] for i in rows], seen.stretches[chosen], hits)
        return self._judge.chance(seen.signs[rows], int(np.flatnonzero(rows == chosen)[0]), among)

    def evidence(self, question: str, hits: Sequence[Hit], most: int = SENTENCES) -> Evidence:
        """Return everything that speaks for a stretch or a passage.

        Stretches outside the sentences that get a second look, `most` and a few, are out of the running.
        """
        sort = asked_for(question)
        passages = [self._read(hit) for hit in hits]
        looks = self._network.look(question, [(each.context, each.text) for each in passages])
        found = [
            candidate
            for i, (hit, look) in enumerate(zip(hits, looks, strict=True))
            for candidate in candidates(i, hit.passage.text, look, sort, exactly(question, hit.passage.text))
        ]
        signs = _Signs(question, hits, looks, found, self._around)
        best = [max((c.score for c in found if c.passage == i), default=-20.0) for i in range(len(hits))]
        at = homes(passages, found)
        rows = [signs.of(candidate) for candidate in found]
        closer = [Closer()] * len(found)
        if self._judge.looks_closer and found:
            chosen = shortlist(passages, found, at, self._judge.first_logits(np.array(rows)), most)
            kept = [i for i, home in enumerate(at) if home in set(chosen)]
            found, at, rows = [found[i] for i in kept], [at[i] for i in kept], [rows[i] for i in kept]
            tell = look_closer(self._network, question, passages, chosen)
            closer = [tell(candidate, home) for candidate, home in zip(found, at, strict=True)]
        rows = [row + _of_closer(seen) for row, seen in zip(rows, closer, strict=True)]
        ranking = [
            (score, _clipped(look.relevance), _clipped(top))
            for score, look, top in zip(_standardised([hit.score for hit in hits]), looks, best, strict=True)
        ]
        return Evidence(
            passages,
            found,
            at,
            np.array(rows, float).reshape(-1, len(SIGNS)),
            np.array(ranking, float).reshape(-1, len(RANKING)),
            [look.relevance for look in looks],
        )

    def _read(self, hit: Hit) -> Read:
        spans, _ = self._around.sentences(hit.passage)
        return Read(self._around.context(hit.passage), hit.passage.text, spans, hit.passage.document_id)

    def _reranked(self, hits: Sequence[Hit], seen: Evidence) -> tuple[Hit, ...]:
        scores = self._judge.order(seen.ranking)
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
        around: Surroundings,
    ) -> None:
        self._hits, self._looks, self._found = hits, looks, found
        self._sort = asked_for(question)
        self._words = set(analyse(question))
        self._numbers = set(_digits(question))
        self._english = float(language(question) == "en")
        self._named = around.named(question)
        (query,) = around.encoder.encode_queries([question])
        self._sentences = []
        self._absent = [_absent(question, f"{around.context(hit.passage)}\n{hit.passage.text}") for hit in hits]
        for hit in hits:
            spans, vectors = around.sentences(hit.passage)
            self._sentences.append(list(zip(spans, (vectors @ query).tolist(), strict=True)))
        self._terms = Terms(
            question, [hits[i].passage.text[a:b] for i, row in enumerate(self._sentences) for (a, b), _ in row]
        )
        every = [likeness for row in self._sentences for _, likeness in row]
        self._mean, self._deviation = float(np.mean(every)), float(np.std(every)) or 1.0
        self._retrieval = _standardised([hit.score for hit in hits])
        self._texts = [hits[c.passage].passage.text[c.start : c.end].casefold() for c in found]

    def of(self, candidate: Candidate) -> tuple[float, ...]:
        """Return the signs of one stretch, those of FIRST."""
        hit = self._hits[candidate.passage]
        text = hit.passage.text
        quote = text[candidate.start : candidate.end]
        around = [
            (likeness, text[start:end])
            for (start, end), likeness in self._sentences[candidate.passage]
            if start < candidate.end and end > candidate.start
        ]
        if around and _NOTE.match(around[0][1]):  # a note says where to read on what its passage tells
            around = [(likeness, text[start:end]) for (start, end), likeness in self._sentences[candidate.passage]]
        sentence = " ".join(part for _, part in around)
        nearest = max((likeness for likeness, _ in around), default=0.0)
        gain = self._named.get(hit.passage.document_id, 0.0)
        return (
            1.0,
            _clipped(candidate.score),
            _clipped(self._looks[candidate.passage].relevance),
            1 / hit.rank,
            _clipped(candidate.score - self._rival(candidate, quote.casefold())),
            fits(self._sort, quote),
            float(candidate.typed),
            float(candidate.exact),
            nearest,
            (nearest - self._mean) / self._deviation,
            overlap(self._words, sentence),
            self._terms.share(sentence),
            self._terms.repeated(quote),
            self._retrieval[candidate.passage],
            math.log(max(1, len(quote))) / 5,
            self._english,
            gain,
            float(bool(self._named) and not gain),
            float(bool(self._numbers & set(_digits(quote)))),
            *self._absent[candidate.passage],
        )

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


def agreement(found: Sequence[Candidate], chosen: Candidate, hits: Sequence[Hit]) -> Floats:
    """Return the token F1 of each stretch with the chosen one where it overlaps it or says the same, else 0."""

    def words(c: Candidate) -> list[str]:
        return re.findall(r"\w+", hits[c.passage].passage.text[c.start : c.end].casefold())

    wanted = words(chosen)
    made = np.zeros(len(found))
    for i, each in enumerate(found):
        said = words(each)
        overlapping = each.passage == chosen.passage and each.start < chosen.end and each.end > chosen.start
        if said and (overlapping or said == wanted):
            made[i] = 2 * sum((Counter(said) & Counter(wanted)).values()) / (len(said) + len(wanted))
    return made


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


def _clipped(score: float) -> float:
    return max(-20.0, min(20.0, score))


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)
