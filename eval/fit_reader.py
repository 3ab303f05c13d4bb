"""Fit the judge of a reader's network on dev questions: which stretch to give, how sure, in which order passages come.

    python eval/fit_reader.py FOLDER CORPUS=GOLD [CORPUS=GOLD …] [--wider CORPUS=GOLD …] [--near CORPUS=GOLD …]

FOLDER holds the network (`onnx/`, `tokenizer.json`); its `reader.json` is written. Each CORPUS is indexed and the dev
questions of its GOLD asked. Those near, of which nearly half are near misses, more than people ask, take part in how
sure alone: their text must be new to the network (`eval/gold/near-*.jsonl`, and the letters that
`embeddings/recipe/held_letters.py` writes). Those wider, over documents of other kinds, take part in all but the choice
of the threshold: a chance is to mean the same there. Prints a table for dev, and with --test for the test split, which
is shown and never fitted.

First the weights of what is seen at first sight, which pick the sentences for a second look; then, on the stretches
in those, the weights of all signs. Both maximise the sum over questions of log(sum over stretches of P(stretch)·
F1(stretch) + [unanswerable]·P(none)), with P as in `reader/judge.py`; passages likewise, by relevance. Surety:
logistic, on whether the stretch chosen is right, then Platt's calibration.
Threshold: the lowest at which at most one in ten answers given is wrong, if that still answers 85% of the answerable
questions of the first sets. Else the middle of those that do and keep silent for 80% of all that have no answer, for a
margin on both sides; else the highest that does. All shares are of questions unseen: the dev questions are dealt in
five by the fact they ask for, and each fifth is judged as fitted to the rest; those tables are printed as "unseen".
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import torch

from navo_qa.build import build
from navo_qa.encode import load_encoder
from navo_qa.evaluation import evidence, gold
from navo_qa.evaluation.answers import exact_match, is_right, token_f1
from navo_qa.evaluation.relevance import overlaps
from navo_qa.pipeline import READ, Pipeline
from navo_qa.reader import SpanReader
from navo_qa.reader.agreement import agreement
from navo_qa.reader.hub import plain_judge
from navo_qa.reader.judge import CLOSER, FILE, FIRST, RANKING, SIGNS, SURETY, Judge, with_answers
from navo_qa.reader.network import Look, Network, OnnxNetwork
from navo_qa.types import Query

WRONG = 0.1  # share of given answers that may be wrong
LEAST = 0.85  # share of answerable questions to be answered all the same
SILENT = 0.8  # share of questions without an answer to be met with silence
FOLDS = 5

Item, Made = TypeVar("Item"), TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as the reader saw it.

    signs (n, len(FIRST)) at first sight, (n, len(SIGNS)) of stretches in the running; ranking (m, len(RANKING) - 1);
    passages, f1, exact, right (n,) of each stretch; relevant (m,) of passages; agreement (n, n) of stretches in the
    running; second_look: from scores at first sight (n,) to the numbers of the stretches that stay in the running, with
    their signs and agreement.
    """

    language: str
    fact: str
    answerable: bool
    signs: np.ndarray
    ranking: np.ndarray
    passages: np.ndarray
    f1: np.ndarray
    exact: np.ndarray
    right: np.ndarray
    relevant: np.ndarray
    second_look: Callable[[np.ndarray], tuple[Sequence[int], np.ndarray, np.ndarray]]
    agreement: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))


class Remembering:
    """A network that reads nothing twice: which sentences get a second look differs little from fold to fold."""

    def __init__(self, network: Network) -> None:
        self.name, self._network = network.name, network
        self._seen: dict[tuple[str, str, str], Look] = {}

    def look(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Look]:
        """Return what the network says of each (context, text), in order."""
        new = [each for each in dict.fromkeys(passages) if (question, *each) not in self._seen]
        for each, look in zip(new, self._network.look(question, new) if new else [], strict=True):
            self._seen[question, *each] = look
        return [self._seen[question, *each] for each in passages]


def look(corpus: Path, questions: Path, split: str, network: Network, indexes: Path) -> list[Seen]:
    """Return what the reader sees of each question of the split. indexes: where one of each corpus is kept."""
    folder = indexes / hashlib.sha256(str(corpus.resolve()).encode()).hexdigest()[:16]
    build([corpus], folder, load_encoder(), wait=True)
    pipeline = Pipeline.open(folder, reader="sentences")
    pipeline = Pipeline(pipeline.snapshot, pipeline.encoder, network=(network, unfitted("unfitted")))
    documents = {document.id: document for document in pipeline.documents()}
    asked = evidence.questions(gold.read(questions), documents, split)
    return each(lambda question: _seen(pipeline, question), asked)


def each(function: Callable[[Item], Made], items: Sequence[Item]) -> list[Made]:
    """Return what the function makes of each, in order, on all cores: the network reads without Python's lock."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))


def unfitted(name: str) -> Judge:
    """Return a judge that takes a second look and is fitted to nothing."""
    plain = plain_judge(name)
    return plain.model_copy(update={"weights": plain.weights | dict.fromkeys(CLOSER, 1.0)})


def _seen(pipeline: Pipeline, question: evidence.Question) -> Seen:
    reader = pipeline.reader
    assert isinstance(reader, SpanReader)  # noqa: S101
    hits = pipeline.search(Query(question.text, READ))
    found = reader.first_sight(question.text, hits)
    f1, exact, right = [], [], []
    for c in found.stretches:
        passage = hits[c.passage].passage
        quote = passage.text[c.start : c.end]
        where = passage.start + c.start, passage.start + c.end, passage.document_id
        there = overlaps(*where, question.evidence)
        f1.append(token_f1(quote, question.answers) if there else 0.0)
        exact.append(exact_match(quote, question.answers) if there else 0.0)
        right.append(float(there and is_right(quote, question.answers, at_evidence=False)))
    relevant = [
        float(overlaps(hit.passage.start, hit.passage.end, hit.passage.document_id, question.evidence)) for hit in hits
    ]
    passages = np.array([c.passage for c in found.stretches], int)
    parts = (np.array(part, float) for part in (f1, exact, right, relevant))

    def second_look(scores: np.ndarray) -> tuple[Sequence[int], np.ndarray, np.ndarray]:
        left, kept = reader.second_look(question.text, found, scores)
        return kept, left.signs, agreement(left.stretches, [hit.passage.text for hit in hits])

    return Seen(
        question.lang, question.cluster, question.answerable, found.signs, found.ranking, passages, *parts, second_look
    )


def in_the_running(judge: Judge, seen: Sequence[Seen]) -> list[Seen]:
    """Return the questions, seen at first sight, with the stretches alone that the judge takes a second look at."""
    return each(lambda s: _only(s, *s.second_look(judge.first_logits(s.signs))), seen)


def _only(s: Seen, kept: Sequence[int], signs: np.ndarray, agreed: np.ndarray) -> Seen:
    rows = np.array(kept, int)
    cut = {name: getattr(s, name)[rows] for name in ("passages", "f1", "exact", "right")}
    return replace(s, **cut, signs=signs, agreement=agreed)


def fit_spans(seen: Sequence[Seen], size: int, ridge: float = 0.0001) -> np.ndarray:
    """Return the weights of the first `size` of SIGNS."""
    n = len(seen)
    signs = torch.tensor(np.concatenate([s.signs[:, :size] for s in seen]))
    owner = torch.tensor(np.repeat(np.arange(n), [len(s.signs) for s in seen]))
    worth = torch.tensor(np.concatenate([(s.f1 * (s.f1 >= 0.5) + s.exact * 0.5) * s.answerable for s in seen]))
    known = torch.zeros(n, dtype=torch.float64).index_add(0, owner, worth) > 0
    gain = torch.log(worth.clamp_min(1e-9))

    def loss(w: torch.Tensor) -> torch.Tensor:
        logits = signs @ w
        top = torch.zeros(n, dtype=torch.float64).scatter_reduce(0, owner, logits.detach(), "amax")
        every = top + torch.log(_sums(torch.exp(logits - top[owner]), owner, n) + torch.exp(-top))
        right = top + torch.log(_sums(torch.exp(logits + gain - top[owner]), owner, n).clamp_min(1e-300))
        return (every - torch.where(known, right, 0.0)).mean() + ridge * (w[1:] ** 2).sum()  # where none is: silence

    return minimise(loss, size)


def _sums(values: torch.Tensor, owner: torch.Tensor, n: int) -> torch.Tensor:
    return torch.zeros(n, dtype=values.dtype).index_add(0, owner, values)


def ranked(judge: Judge, s: Seen) -> np.ndarray:
    """Return the signs of the question's passages, float64 (m, len(RANKING)); it is in the running."""
    return with_answers(s.ranking, judge.logits(s.signs), s.passages.tolist())


def fit_ranking(judge: Judge, seen: Sequence[Seen], ridge: float = 0.01) -> np.ndarray:
    """Return the weights of RANKING."""
    rows = [
        (torch.tensor(ranked(judge, s)), torch.tensor(s.relevant))
        for s in seen
        if 0 < s.relevant.sum() < len(s.relevant)
    ]

    def loss(w: torch.Tensor) -> torch.Tensor:
        each = [
            torch.logsumexp(ranking @ w, 0) - torch.logsumexp((ranking @ w)[relevant > 0], 0)
            for ranking, relevant in rows
        ]
        return torch.stack(each).mean() + ridge * (w**2).sum()

    return minimise(loss, len(RANKING))


def minimise(loss: object, size: int) -> np.ndarray:
    """Return the float64 (size,) that makes the loss least, by L-BFGS from zero."""
    w = torch.zeros(size, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=300, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        value = loss(w)  # type: ignore[operator]
        value.backward()
        return value

    optimiser.step(step)
    return w.detach().numpy()


def fit_surety(judge: Judge, seen: Sequence[Seen], ridge: float = 0.001) -> np.ndarray:
    """Return the weights of SURETY, by logistic regression on whether the stretch that it would give is right."""
    rows, right = [], []
    for s in seen:
        if len(s.signs):
            best = int(judge.worth(s.signs, s.agreement).argmax())
            rows.append(judge.signs_of_choice(s.signs, best, s.agreement[best]))
            right.append(s.right[best] if s.answerable else 0.0)
    x, y = torch.tensor(np.array(rows)), torch.tensor(right, dtype=torch.float64)
    return minimise(
        lambda w: torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y) + ridge * (w[1:] ** 2).sum(),
        len(SURETY),
    )


def calibrated(judge: Judge, seen: Sequence[Seen]) -> Judge:
    """Return the judge with a slope and an offset to its surety, so that chances mean what they say here."""
    chance, _, _, right = given(judge, seen).T
    chance = chance.clip(1e-6, 1 - 1e-6)
    odds, wanted = torch.tensor(np.log(chance / (1 - chance))), torch.tensor(right)
    slope, offset = minimise(
        lambda w: (
            torch.nn.functional.binary_cross_entropy_with_logits(torch.exp(w[0]) * odds + w[1], wanted)
            + 1e-3 * w[0] ** 2
        ),
        2,
    )
    weights = {name: round(float(np.exp(slope)) * weight, 4) for name, weight in judge.surety.items()}
    weights["bias"] = round(weights["bias"] + float(offset), 4)
    return judge.model_copy(update={"surety": weights})


def given(judge: Judge, seen: Sequence[Seen]) -> np.ndarray:
    """Return float64 (n, 4): of the stretch chosen for each question its chance, F1, exact match and rightness."""
    rows = np.zeros((len(seen), 4))
    for row, s in zip(rows, seen, strict=True):
        if len(s.signs):
            best = int(judge.worth(s.signs, s.agreement).argmax())
            row[:] = judge.chance(s.signs, best, s.agreement[best]), s.f1[best], s.exact[best], s.right[best]
    return rows


def threshold(told: np.ndarray, answerable: np.ndarray, first: np.ndarray) -> float:
    """Return the threshold that ships. told: what `given` tells of each question; first: is it of the first sets?"""
    chance, *_, right = told.T
    options = np.round(np.arange(0.05, 0.96, 0.01), 2)
    enough = [t for t in options if (chance[first & answerable] >= t).mean() >= LEAST]
    for t in enough:
        if 1 - right[first & (chance >= t)].mean() <= WRONG:
            return float(t)
    silent = [t for t in enough if (chance[~answerable] < t).mean() >= SILENT]
    return float(np.round((silent[0] + silent[-1]) / 2, 2) if silent else max(enough, default=options[0]))


def fitted(name: str, asked: Sequence[Seen], near: Sequence[Seen]) -> Judge:
    """Return a judge, its threshold not yet chosen, calibrated on the questions asked alone."""
    judge = unfitted(name).model_copy(update={"first": named(FIRST, fit_spans(asked, len(FIRST)))})
    asked, near = in_the_running(judge, asked), in_the_running(judge, near)
    judge = judge.model_copy(update={"weights": named(SIGNS, fit_spans(asked, len(SIGNS)))})
    judge = judge.model_copy(update={"ranking": named(RANKING, fit_ranking(judge, asked))})
    judge = judge.model_copy(update={"surety": named(SURETY, fit_surety(judge, [*asked, *near]))})
    return calibrated(judge, asked)


def unseen(name: str, asked: Sequence[Seen], near: Sequence[Seen], seed: int = 0) -> tuple[list[Seen], np.ndarray]:
    """Return the questions asked, in order, and what `given` tells of each by a judge fitted without its fold."""
    facts = sorted({s.fact for s in asked})
    fold = dict(
        zip(np.random.default_rng(seed).permutation(facts), (i % FOLDS for i in range(len(facts))), strict=False)
    )
    shown, told = list(asked), np.zeros((len(asked), 4))
    for number in range(FOLDS):
        mine = [i for i, s in enumerate(asked) if fold[s.fact] == number]
        judge = fitted(name, [s for s in asked if fold[s.fact] != number], near)
        left = in_the_running(judge, [asked[i] for i in mine])
        told[mine] = given(judge, left)
        for i, s in zip(mine, left, strict=True):
            shown[i] = s
    return shown, told


def named(names: Sequence[str], weights: np.ndarray) -> dict[str, float]:
    """Return the weights by name, rounded."""
    return dict(zip(names, (round(float(w), 4) for w in weights), strict=True))


def table(name: str, judge: Judge, seen: Sequence[Seen], told: np.ndarray | None = None) -> None:
    """Print what the judge does with the questions; what is told of them is its own unless given."""
    chance, f1, exact, right = (given(judge, seen) if told is None else told).T
    answerable = np.array([s.answerable for s in seen])
    for lang in ("nl", "en"):
        mine = np.array([s.language == lang for s in seen])
        asked = [s for s, m in zip(seen, mine & answerable, strict=True) if m]
        known, not_known = chance[mine & answerable], chance[mine & ~answerable]
        apart = (known[:, None] > not_known[None]).mean() if len(not_known) else np.nan
        before = np.mean([reciprocal(s.ranking[:, 0], s.relevant) for s in asked])
        after = np.mean([reciprocal(judge.order(ranked(judge, s)), s.relevant) for s in asked])
        best = np.mean([s.f1.max(initial=0.0) for s in asked])
        scores = [f"{measure[mine & answerable].mean():.3f}" for measure in (f1, exact, right)]
        sys.stdout.write(
            f"{name} {lang} ({len(asked)}): F1 {scores[0]} of {best:.3f}, EM {scores[1]}, right {scores[2]}; "
            f"MRR {before:.3f} -> {after:.3f}; AUC against near misses {apart:.3f}\n"
        )
    for t in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, judge.threshold):
        answers = chance >= t
        sys.stdout.write(
            f"  at {t:.2f}: answered {answers[answerable].mean():.3f}, silent {(~answers[~answerable]).mean():.3f}, "
            f"wrong among given {1 - right[answers].mean():.3f}\n"
        )


def reciprocal(scores: np.ndarray, relevant: np.ndarray) -> float:
    """Return one over the rank of the first relevant passage, 0 without one."""
    order = np.argsort(-scores, kind="stable")
    ranks = np.flatnonzero(relevant[order])
    return 1 / (1 + ranks[0]) if len(ranks) else 0.0


def pairs(given: Sequence[str]) -> list[tuple[Path, Path]]:
    """Return the folders and gold files of CORPUS=GOLD."""
    return [(Path(corpus), Path(file)) for corpus, file in (each.split("=", 1) for each in given)]


def main() -> None:
    """Fit on dev, show dev and test, write reader.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="+", help="CORPUS=GOLD")
    parser.add_argument("--wider", nargs="*", default=[], help="CORPUS=GOLD to fit on, but for the threshold")
    parser.add_argument("--near", nargs="*", default=[], help="CORPUS=GOLD for how sure alone, full of near misses")
    parser.add_argument("--name", default="navo-reader")
    parser.add_argument("--test", action="store_true", help="show the test split too")
    parser.add_argument("--indexes", type=Path, help="a folder to keep the indexes in for another time")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        fit(options, options.indexes or Path(folder))


def fit(options: argparse.Namespace, indexes: Path) -> None:
    """Fit by the options. indexes: where an index of each corpus is kept."""
    network = Remembering(OnnxNetwork(options.folder, options.name, threads=1))
    asked, wider, near = (
        {file.stem: look(corpus, file, "dev", network, indexes) for corpus, file in pairs(given)}
        for given in (options.sets, options.wider, options.near)
    )
    dev = asked | wider
    every, misses = ([s for found in part.values() for s in found] for part in (dev, near))
    judge = fitted(options.name, every, misses)
    shown, told = unseen(options.name, every, misses)
    rest = sum(len(found) for found in asked.values())
    chosen = threshold(told, np.array([s.answerable for s in shown]), np.arange(len(shown)) < rest)
    judge = judge.model_copy(update={"threshold": chosen})
    (options.folder / FILE).write_text(judge.model_dump_json(indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(judge.model_dump_json(indent=1) + "\n")
    table("unseen", judge, shown[:rest], told[:rest])
    if wider:
        table("unseen, wider", judge, shown[rest:], told[rest:])
    for name, found in dev.items():
        table(f"dev {name}", judge, in_the_running(judge, found))
    for corpus, file in pairs([*options.sets, *options.wider]) if options.test else ():
        table(f"test {file.stem}", judge, in_the_running(judge, look(corpus, file, "test", network, indexes)))


if __name__ == "__main__":
    main()
