"""How well does a reader read? Spans, silence and reranking on held-out questions, as the product would ask them."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from reading import Asked, Reading, Shelf
from readnet import ReaderNet, Sheet, Sheets, padded

LONGEST = 40  # tokens of a span
TOKENS = 6144

Found = tuple[float, int, int]  # score, first and last character of the passage


@torch.inference_mode()
def run(net: ReaderNet, sheets: Sequence[Sheet]) -> Iterator[tuple[int, np.ndarray, np.ndarray, float]]:
    """Yield number, start scores, end scores and relevance of each sheet, in batches of like length."""
    net.eval()
    order = sorted(range(len(sheets)), key=lambda i: len(sheets[i].ids))
    at = 0
    while at < len(order):
        size = 1
        while at + size < len(order) and (size + 1) * len(sheets[order[at + size]].ids) <= TOKENS:
            size += 1
        chosen = order[at : at + size]
        at += size
        ids, mask, types, barred = padded([sheets[i] for i in chosen])
        start, end, relevance = net(ids, mask, types)
        for row, i in enumerate(chosen):
            n = len(sheets[i].ids)
            yield i, (start + barred)[row, :n].numpy(), (end + barred)[row, :n].numpy(), float(relevance[row])
    net.train()


def best_span(sheet: Sheet, start: np.ndarray, end: np.ndarray) -> Found:
    """Return the best span of a sheet: start + end, at most LONGEST tokens."""
    scores = start[:, None] + end[None, :]
    n = len(start)
    i, j = np.indices((n, n), sparse=True)
    scores = np.where((j >= i) & (j < i + LONGEST), scores, -1e9)
    a, b = divmod(int(scores.argmax()), n)
    a, b = a - sheet.first, b - sheet.first
    if not 0 <= a <= b < len(sheet.offsets):
        return -1e4, 0, 0
    return float(scores[a + sheet.first, b + sheet.first]), sheet.offsets[a][0], sheet.offsets[b][1]


def dev_readings(asked: Sequence[Asked], shelf: Shelf, others: int = 4) -> list[tuple[str, Asked, Reading]]:
    """Return each question of both languages over its Dutch passage and the texts most like it."""
    return [
        (language, a, Reading(question, (a.texts[0], *(shelf.texts[row] for row in shelf.near[question][:others])),
                              (a.answers[0], *(() for _ in range(others))), a.answerable))
        for a in asked
        for language, question in zip(("nl", "en"), a.versions, strict=True)
    ]  # fmt: skip


def score(net: ReaderNet, sheets: Sheets, dev: Sequence[tuple[str, Asked, Reading]]) -> dict[str, float]:
    """Return F1 and EM of answerable questions, AUC of the score against near misses, MRR of the relevance, each by
    the question's language.
    """
    laid = sheets.lay([reading for *_, reading in dev])
    flat = [s for group in laid for s in group]
    spans: list[Found] = [(0, 0, 0)] * len(flat)
    relevance = np.zeros(len(flat))
    for i, start, end, relevant in run(net, flat):
        spans[i], relevance[i] = best_span(flat[i], start, end), relevant
    found: dict[str, list[float]] = {}
    scores: dict[str, tuple[list[float], list[float]]] = {"nl": ([], []), "en": ([], [])}
    row = 0
    for (language, asked, reading), group in zip(dev, laid, strict=True):
        mine, ranks = spans[row : row + len(group)], relevance[row : row + len(group)]
        row += len(group)
        best = max(range(len(mine)), key=lambda i: mine[i][0])
        scores[language][0 if asked.answerable else 1].append(mine[best][0])
        if not asked.answerable:
            continue
        _, a, b = mine[best]
        given = reading.texts[best].passage[a:b]
        wanted = [reading.texts[0].passage[s:e] for s, e in asked.answers[0]]
        found.setdefault(f"f1 {language}", []).append(max(f1(given, w) for w in wanted))
        found.setdefault(f"em {language}", []).append(float(words(given) in map(words, wanted)))
        found.setdefault(f"mrr {language}", []).append(1 / (1 + int((ranks > ranks[0]).sum())))
        found.setdefault(f"top {language}", []).append(float(best == 0))
    figures = {name: float(np.mean(values)) for name, values in found.items()}
    return figures | {f"auc {language}": auc(*sides) for language, sides in scores.items()}


def f1(given: str, wanted: str) -> float:
    """Return token F1, on words folded to lower case."""
    a, b = words(given), words(wanted)
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b)) if common else 0.0


def words(text: str) -> list[str]:
    """Return the words of an answer without articles and punctuation."""
    cleaned = "".join(c if c.isalnum() or c in ".,%€-" else " " for c in text.casefold()).split()
    return [w for w in (word.strip(".,-") for word in cleaned) if w and w not in {"de", "het", "een", "the", "a", "an"}]


def auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return how often an answerable question scores above an unanswerable one."""
    if not right or not wrong:
        return float("nan")
    r, w = np.asarray(right)[:, None], np.asarray(wrong)[None, :]
    return float(((r > w) + 0.5 * (r == w)).mean())
