"""Measures of an encoder: bitext on FLORES, Spearman on STS, retrieval of held-out passages, probes, retention."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from data import Record

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Scores = NDArray[np.float32]
Ranks = NDArray[np.int64]
Records = Sequence[Record]


def bitext(encode: Encode, folder: Path) -> dict[str, float]:
    """Return the share of FLORES dev sentences whose translation is the nearest, each way."""
    files = [folder / f"flores-dev.{language}" for language in ("en", "nl")]
    english, dutch = (encode(path.read_text(encoding="utf8").splitlines()) for path in files)
    similar = english @ dutch.T
    right = np.arange(len(english))
    return {
        "bitext en-nl": float((similar.argmax(1) == right).mean()),
        "bitext nl-en": float((similar.argmax(0) == right).mean()),
    }


def sts(encode: Encode, folder: Path) -> dict[str, float]:
    """Return Spearman's rank correlation ×100 with the gold scores: English, Dutch, English–Dutch."""
    lines = (folder / "sts-dev.tsv").read_text(encoding="utf8").splitlines()
    rows = [line.split("\t") for line in lines]
    gold = [float(row[0]) for row in rows]
    en1, en2, nl1, nl2 = (encode([row[i] for row in rows]) for i in (1, 2, 3, 4))
    sides = {"sts en": (en1, en2), "sts nl": (nl1, nl2), "sts en-nl": (en1, nl2)}
    return {name: 100 * float(spearmanr((a * b).sum(1), gold).statistic) for name, (a, b) in sides.items()}


def ranks(queries: Scores, passages: Scores, gold: Sequence[int]) -> Ranks:
    """Return the rank (0 is first) of each query's own passage; a tie counts for it."""
    own = (queries * passages[list(gold)]).sum(1)
    return np.asarray((queries @ passages.T > own[:, None] + 1e-6).sum(1))


def mrr(rank: Ranks, k: int = 10) -> float:
    """Return the mean of 1 / (rank + 1) over queries, 0 beyond the first k."""
    return float(np.where(rank < k, 1 / (rank + 1), 0).mean())


def ndcg(rank: Ranks, k: int = 10) -> float:
    """Return nDCG@k where each query has one relevant passage: the mean of 1 / log2(rank + 2)."""
    return float(np.where(rank < k, 1 / np.log2(rank + 2), 0).mean())


def retrieval(encode: Encode, asked: Records, others: Records, english: bool = True) -> dict[str, float]:
    """Return MRR@10 and nDCG@10 of the asked records' questions among all Dutch passages, and English ones."""
    pool = [*asked, *others]
    gold = [i for i, record in enumerate(asked) for _ in record.questions]
    dutch = encode([q.dutch for r in asked for q in r.questions])
    ours = encode([q.english for r in asked for q in r.questions])
    passages = encode([r.dutch_passage for r in pool])
    found = {"nl": ranks(dutch, passages, gold), "en": ranks(ours, passages, gold)}
    if english:
        found["en on en"] = ranks(ours, encode([r.english_passage for r in pool]), gold)
    measures = (("mrr", mrr), ("ndcg", ndcg))
    return {f"{name} {leg}": measure(rank) for leg, rank in found.items() for name, measure in measures}


def probes(encode: Encode, path: Path) -> dict[str, float]:
    """Return, by kind, the share of `kind<TAB>query<TAB>match<TAB>other` lines where the match is the nearer."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf8").splitlines()]
    query, match, other = (encode([row[i] for row in rows]) for i in (1, 2, 3))
    right = (query * match).sum(1) > (query * other).sum(1)
    kinds = dict.fromkeys(row[0] for row in rows)
    return {f"probe {kind}": float(right[[row[0] == kind for row in rows]].mean()) for kind in kinds}


def retention(encode: Encode, reference: Encode, folder: Path) -> dict[str, float]:
    """Return how near English vectors stay to the teacher's: mean cosine, Spearman ×100 of all pair similarities."""
    texts = (folder / "flores-dev.en").read_text(encoding="utf8").splitlines()
    ours, theirs = encode(texts), reference(texts)
    upper = np.triu_indices(len(texts), 1)
    order = spearmanr((ours @ ours.T)[upper], (theirs @ theirs.T)[upper]).statistic
    return {"retention cosine": float((ours * theirs).sum(1).mean()), "retention order": 100 * float(order)}
