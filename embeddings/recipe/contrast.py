"""Contrastive training: a question of either language is pulled to its passage and off all other passages."""

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from data import Record
from distill import Corpus, step_loss
from loop import Pace, Run, Score
from mine import Bank, neighbourhoods
from model import Encoder, batches

log = logging.getLogger("recipe")
TITLED, NAMED = 0.4, 0.15  # how often a letter's title, a record's topic stands above its passage


@dataclass(frozen=True, slots=True)
class Settings:
    """What a contrastive run may change."""

    pace: Pace = Pace(minutes=40.0, steps=None, embeddings_rate=5e-5, layers_rate=3e-5, warmup=10, score_minutes=10.0)
    groups: int = 32
    english_groups: int = 3
    near: int = 1
    pairs: int = 64
    limit: int = 200
    temperature: float = 0.05
    dropout: float = 0.0
    near_miss: bool = False
    teacher_weight: float = 1.0
    agreement_weight: float = 2.0


@dataclass(frozen=True, slots=True)
class Group:
    """Passages that answer the same questions (a record's Dutch and English), and a near miss of each language."""

    passages: tuple[str, ...]
    questions: tuple[tuple[str, ...], ...]
    near_miss: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    titled: float = 0.0  # how often the title stands above the passage


def record_groups(records: Sequence[Record]) -> list[Group]:
    """Return one group a record: its two passages, and each question in both languages."""
    return [
        Group(
            (r.dutch_passage, r.english_passage),
            tuple((q.dutch, q.english) for q in r.questions),
            tuple(x for pair in r.near_misses for x in pair if x),
            (r.topic, r.english_topic or r.topic),
            TITLED if r.letter else NAMED,
        )
        for r in records
    ]


def english_groups(passages: Sequence[tuple[str, list[str]]]) -> list[Group]:
    """Return one group an English passage; questions under 20 characters say too little and are left out."""
    groups = [Group((text,), tuple((q,) for q in asked if len(q) >= 20)) for text, asked in passages]
    return [group for group in groups if group.questions]


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts of one batch with their group; `twins` are places of questions that translate each other."""

    passages: list[tuple[str, int]]
    questions: list[tuple[str, int]]
    near: list[tuple[str, int]]
    twins: list[tuple[int, int]]


class Questions:
    """Batches of groups: texts chosen at random, passages varied, and the loss."""

    def __init__(self, encoder: Encoder, domain: list[Group], english: list[Group], settings: Settings) -> None:
        self.encoder, self.settings = encoder, settings
        self.groups = [*domain, *english]
        self.domain = range(len(domain))
        self.english = range(len(domain), len(self.groups))
        entries = [(text, key) for key, group in enumerate(self.groups) for text in group.passages]
        self.row = {entry: i for i, entry in enumerate(entries)}
        self.bank = Bank(encoder, [t for t, _ in entries], [k for _, k in entries])

    def draw(self, rng: random.Random) -> Iterator[list[int]]:
        """Yield batches of group numbers for one pass over the domain; English groups fill up each batch."""
        size, near = self.settings.groups, self.settings.near
        others = neighbourhoods(self.english, self.bank, self.settings.english_groups, near, rng) or [[]]
        for i, batch in enumerate(neighbourhoods(self.domain, self.bank, size, near, rng)):
            yield batch + others[i % len(others)]

    def loss(self, batch: list[int], rng: random.Random) -> Tensor:
        """Return the two-way contrastive loss of one batch, and keep the bank up to date."""
        asked = self._choose(batch, rng)
        p, q, n = self._embed([asked.passages, asked.questions, asked.near])
        pk, qk, nk = (self._keys(part) for part in (asked.passages, asked.questions, asked.near))
        whole = [i for i, entry in enumerate(asked.passages) if entry in self.row]
        loss = question_loss(q, qk, p, pk, self.settings.temperature)
        loss = loss + passage_loss(p, pk, torch.cat([q, n]), torch.cat([qk, nk]), len(q), self.settings.temperature)
        self.bank.refresh([self.row[asked.passages[i]] for i in whole], p[whole])
        return loss + self.settings.agreement_weight * agreement(q, asked.twins)

    def _choose(self, batch: list[int], rng: random.Random) -> Asked:
        chosen = Asked([], [], [], [])
        for key in batch:
            group = self.groups[key]
            side = 0 if rng.random() < 0.7 else len(group.passages) - 1
            chosen.passages.append((vary(group, side, rng), key))
            for versions in rng.sample(group.questions, min(3, len(group.questions))):
                if len(versions) == 2:
                    chosen.twins.append((len(chosen.questions), len(chosen.questions) + 1))
                chosen.questions.extend((version, key) for version in versions)
            if group.near_miss and self.settings.near_miss:
                chosen.near.append((rng.choice(group.near_miss), key))
        return chosen

    def _embed(self, parts: list[list[tuple[str, int]]]) -> tuple[Tensor, ...]:
        """Return the vectors of each part; texts of like length run together, so that padding stays small."""
        rows = self.encoder.tokens([text for part in parts for text, _ in part], self.settings.limit)
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        cuts = [sum(len(row) <= most for row in rows) for most in (0, 14, 20, 32, 80, 120, self.settings.limit)]
        chunks = [order[a:b] for a, b in zip(cuts, cuts[1:], strict=False) if a < b]
        embedded = [self.encoder.embed([rows[i] for i in chunk]) for chunk in chunks]
        back = torch.from_numpy(np.argsort(order)).to(embedded[0].device)
        return torch.split(torch.cat(embedded)[back], [len(part) for part in parts])

    def _keys(self, part: list[tuple[str, int]]) -> Tensor:
        return torch.tensor([key for _, key in part], dtype=torch.long, device=self.bank.keys.device)


def contrast(questions: Questions, corpus: Corpus, out: Path, score: Score) -> None:
    """Train until the schedule ends; write contrast.pt. Each step distils pairs too, so nothing is forgotten."""
    encoder, settings = questions.encoder, questions.settings
    set_dropout(encoder.network, settings.dropout)
    run = Run("contrast", encoder, out, settings.pace)
    run.resume()
    pairs: Iterator[list[int]] = iter(())
    while run.progress < 1:
        rng = random.Random(settings.pace.seed * 1000 + run.passes)
        run.passes += 1
        for batch in questions.draw(rng):
            drawn = next(pairs, None)
            if drawn is None:
                pairs = batches(corpus.draw(rng, -1.0), corpus.lengths, settings.pairs, 2560, rng)
                drawn = next(pairs)
            loss = questions.loss(batch, rng) + settings.teacher_weight * step_loss(encoder, corpus, drawn, 3)
            run.advance(loss)
            run.tend(score)
            if run.progress >= 1:
                break
    run.finish(out / "contrast.pt", score)


def set_dropout(network: nn.Module, rate: float) -> None:
    """Set dropout on the hidden states; attention keeps none, which its fast kernel needs on a CPU."""
    for name, module in network.named_modules():
        if isinstance(module, nn.Dropout) and "attention.self" not in name:
            module.p = rate


def vary(group: Group, side: int, rng: random.Random) -> str:
    """Return one of the group's passages, now and then under its title, as an index with context would have it."""
    if rng.random() < group.titled:
        return f"{group.titles[side]}. {group.passages[side]}"
    return group.passages[side]


def question_loss(q: Tensor, qk: Tensor, p: Tensor, pk: Tensor, temperature: float) -> Tensor:
    """Return −log softmax of each question's own passage among the batch's passages."""
    own = (qk[:, None] == pk[None]).float()
    logits = q @ p.T / temperature
    return -((logits.log_softmax(1) * own).sum(1) / own.sum(1)).mean()


def passage_loss(p: Tensor, pk: Tensor, q: Tensor, qk: Tensor, answered: int, temperature: float) -> Tensor:
    """Return −log softmax of each passage's questions, one at a time, among others' questions and its near miss.

    The first `answered` questions have their answer in the passage of the same key; the rest are near misses.
    """
    logits = p @ q.T / temperature
    real = torch.arange(len(q), device=q.device) < answered
    own = (pk[:, None] == qk[None]) & real
    negative = logits.masked_fill(own, -1e4).logsumexp(1, keepdim=True)
    each = torch.logaddexp(logits, negative) - logits
    return (each * own).sum() / own.sum()


def agreement(q: Tensor, twins: list[tuple[int, int]]) -> Tensor:
    """Return 1 − cos between questions and their translations."""
    if not twins:
        return q.sum() * 0.0
    first, second = (torch.tensor(side, device=q.device) for side in zip(*twins, strict=True))
    return (1 - (q[first] * q[second]).sum(-1)).mean()
