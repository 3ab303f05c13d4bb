"""Distillation: the student's vector of a Dutch text is pulled to the teacher's vector of its English translation."""

import hashlib
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from data import SHARE, Pair, number_twin
from loop import Pace, Run, Score
from model import DIM, Encoder, Floats, batches, device, teacher

log = logging.getLogger("recipe")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a distillation run may change."""

    pace: Pace = Pace(minutes=45.0, steps=None, embeddings_rate=8e-4, layers_rate=1.5e-4)
    batch: int = 128
    limit: int = 200
    most_tokens: int = 5120
    english_every: int = 4
    floor: float = 0.45


class Corpus:
    """Pairs with token ids of both sides, the teacher's vectors, and a number twin for pairs that hold a number."""

    def __init__(self, pairs: Sequence[Pair], encoder: Encoder, taught: Encoder, limit: int, seed: int = 0) -> None:
        rng = random.Random(seed)
        official = [i for i, p in enumerate(pairs) if SHARE.get(p.source, 1.0) >= 0.5]
        twins = {i: twin for i in official if (twin := number_twin(pairs[i], rng))}
        self.twin = {i: len(pairs) + k for k, i in enumerate(twins)}
        self.pairs = [*pairs, *twins.values()]
        self.drawable = len(pairs)
        self.english = encoder.tokens([p.english for p in self.pairs], limit)
        self.dutch = encoder.tokens([p.dutch for p in self.pairs], limit)
        self.lengths = [len(row) for row in self.dutch]
        self.taught = taught
        self.kept = torch.full((len(self.pairs), DIM), torch.nan, dtype=torch.float16)
        self.same = np.unique([p.english for p in self.pairs], return_inverse=True)[1]
        self.close = np.full(len(self.pairs), np.nan, np.float32)

    def target(self, rows: Sequence[int]) -> Tensor:
        """Return the teacher's vectors of some pairs, float32 (len(rows), 384); each is encoded once."""
        missing = [i for i in rows if self.kept[i, 0].isnan()]
        if missing:
            self.kept[missing] = torch.from_numpy(self.taught.encode([self.pairs[i].english for i in missing])).half()
        return self.kept[list(rows)].float().to(device())

    def draw(self, rng: random.Random, floor: float) -> list[int]:
        """Return one pass: each pair as often as its source's share says, those known to be misaligned left out."""
        chosen = []
        for i, pair in enumerate(self.pairs[: self.drawable]):
            share = SHARE.get(pair.source, 1.0)
            if not self.close[i] < floor:
                chosen += [i] * (int(share) + (rng.random() < share % 1))
        return chosen


def teacher_vectors(texts: Sequence[str], out: Path) -> Floats:
    """Return the teacher's vectors, float32 (len(texts), 384); each text is encoded once and kept in `out`."""
    keys = np.array([_key(text) for text in texts], np.uint64)
    path = out / "teacher.npz"
    known, vectors = np.zeros(0, np.uint64), np.zeros((0, DIM), np.float16)
    if path.exists():
        with np.load(path) as kept:
            known, vectors = kept["keys"], kept["vectors"]
    _, first = np.unique(keys, return_index=True)
    missing = first[~np.isin(keys[first], known)]
    if len(missing):
        started = time.monotonic()
        found = teacher().encode([texts[i] for i in missing], limit=256).astype(np.float16)
        known, vectors = np.concatenate([known, keys[missing]]), np.concatenate([vectors, found])
        np.savez(path, keys=known, vectors=vectors)
        log.info("teacher: %d texts in %.0f s", len(missing), time.monotonic() - started)
    order = np.argsort(known)
    return vectors[order[np.searchsorted(known[order], keys)]].astype(np.float32)


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def pair_loss(student: Tensor, target: Tensor, same: Tensor) -> Tensor:
    """Return 5·(1 − cos) + InfoNCE of both directions + 0.5·KL of in-batch similarities (temperatures 0.05 and 0.1).

    same: bool (n, n), pairs with equal English text, which are no negatives of each other.
    InfoNCE: van den Oord et al. 2018. Similarities: relational distillation, Park et al., CVPR 2019.
    """
    n = len(student)
    other = same & ~torch.eye(n, dtype=torch.bool, device=same.device)
    closeness = 5 * (1 - (student * target).sum(-1)).mean()
    logits = (student @ target.T / 0.05).masked_fill(other, -1e4)
    order = torch.arange(n, device=logits.device)
    nearest = 0.5 * (F.cross_entropy(logits, order) + F.cross_entropy(logits.T, order))
    self_mask = torch.eye(n, dtype=torch.bool, device=same.device)
    theirs = (target @ target.T / 0.1).masked_fill(self_mask, -1e4).log_softmax(-1)
    ours = (student @ student.T / 0.1).masked_fill(self_mask, -1e4).log_softmax(-1)
    relation = F.kl_div(ours, theirs, reduction="batchmean", log_target=True)
    return closeness + nearest + 0.5 * relation


def step_loss(encoder: Encoder, corpus: Corpus, batch: list[int], english_every: int) -> Tensor:
    """Return the loss of one batch: all of it in Dutch, one in `english_every` in English as well."""
    rows = batch + [corpus.twin[i] for i in batch if i in corpus.twin][: len(batch) // 4]
    back = rows[:: max(1, english_every)]
    vectors = encoder.embed([corpus.dutch[i] for i in rows] + [corpus.english[i] for i in back])
    target = corpus.target(rows)
    key = torch.from_numpy(corpus.same[rows]).to(vectors.device)
    dutch, english = vectors[: len(rows)], vectors[len(rows) :]
    with torch.no_grad():
        corpus.close[rows] = (dutch * target).sum(-1).cpu().numpy()
    loss = pair_loss(dutch, target, key[:, None] == key[None])
    keep = 5 * (1 - (english * target[:: max(1, english_every)]).sum(-1)).mean()
    return loss + keep * len(back) / len(rows) * 2


def distill(encoder: Encoder, corpus: Corpus, out: Path, settings: Settings, score: Score) -> None:
    """Train until the schedule ends; write distilled.pt. A cut-off run resumes from distill.state.

    Once the student has seen 400 batches, pairs it finds less alike than `floor` count as misaligned.
    """
    run = Run("distill", encoder, out, settings.pace)
    extra = run.resume()
    if len(extra.get("close", ())) == len(corpus.close):  # else the pairs have changed since
        corpus.close[:] = extra["close"].numpy()
    while run.progress < 1:
        rng = random.Random(settings.pace.seed * 1000 + run.passes)
        run.passes += 1
        floor = settings.floor if run.step > 400 else -1.0
        drawn = corpus.draw(rng, floor)
        log.info("pass %d: %d pairs drawn, %d left out", run.passes, len(drawn), int((corpus.close < floor).sum()))
        for batch in batches(drawn, corpus.lengths, settings.batch, settings.most_tokens, rng):
            run.advance(step_loss(encoder, corpus, batch, settings.english_every))
            run.tend(score, {"close": torch.from_numpy(corpus.close)})
            if run.progress >= 1:
                break
    write_misaligned(corpus, out / "misaligned.tsv", settings.floor)
    run.finish(out / "distilled.pt", score)


def write_misaligned(corpus: Corpus, path: Path, floor: float) -> None:
    """Write the pairs left out as misaligned, `source<TAB>english<TAB>dutch`; contrast leaves them out as well."""
    pairs = (pair for pair, close in zip(corpus.pairs, corpus.close, strict=True) if close < floor)
    path.write_text("".join(f"{p.source}\t{p.english}\t{p.dutch}\n" for p in pairs), encoding="utf8")
