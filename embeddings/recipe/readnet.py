"""The reader's network: the encoder's layers over question and passage together, and what it says of each token.

Scores of spans are normalised over all passages of a question together with "no answer", whose score is 0, so that
they can be compared across passages and a positive one speaks for an answer. Clark and Gardner, ACL 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from model import DIM, attention, autocast, device
from reading import Reading

LIMIT = 320  # tokens of question, context and passage together
SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Sheet:
    """One question and one passage as tokens: ids, types (1 from the context on), which tokens are the passage's.

    gold: pairs of first and last token of each answer. offsets: characters of the passage, for tokens of it.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]
    gold: list[tuple[int, int]]


class ReaderNet(nn.Module):
    """BERT over question and passage; start and end scores of tokens, and whether the passage is relevant."""

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.bert = backbone
        self.span = nn.Linear(DIM, 2)
        self.relevance = nn.Linear(DIM, 1)
        nn.init.normal_(self.span.weight, std=0.02)
        nn.init.normal_(self.relevance.weight, std=0.02)
        nn.init.constant_(self.span.bias, -3.0)  # most tokens are no answer

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return start and end (batch, tokens) and relevance (batch,), all float32 logits."""
        with autocast(exact=self.bert.dtype == torch.bfloat16):
            hidden = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        hidden = hidden.float()
        start, end = self.span(hidden).unbind(-1)
        return start, end, self.relevance(hidden[:, 0]).squeeze(-1)


def network(folder: Path, dropout: float = 0.0) -> ReaderNet:
    """Return a reader over the layers of the encoder in `folder`, its word embeddings frozen."""
    backbone = AutoModel.from_pretrained(
        folder, add_pooling_layer=False, dtype=torch.float32, attn_implementation=attention()
    )
    backbone.embeddings.word_embeddings.weight.requires_grad_(False)
    for name, module in backbone.named_modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0 if "attention.self" in name else dropout
    for layer in backbone.encoder.layer:
        layer.attention.self.dropout.p = 0.0
    return ReaderNet(backbone).to(device())


class Sheets:
    """Makes sheets of readings, by the encoder's tokenizer."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LIMIT, strategy="only_second")

    def lay(self, readings: Sequence[Reading]) -> list[list[Sheet]]:
        """Return a sheet for each text of each reading."""
        pairs = [(r.question[:400], above(t.context) + t.passage) for r in readings for t in r.texts]
        encodings = iter(self.tokenizer.encode_batch(pairs))
        return [
            [self._sheet(next(encodings), len(above(text.context)), answers)
             for text, answers in zip(r.texts, r.answers, strict=True)]
            for r in readings
        ]  # fmt: skip

    def _sheet(self, encoding: object, shift: int, answers: Sequence[tuple[int, int]]) -> Sheet:
        ids, types, offsets = encoding.ids, encoding.type_ids, encoding.offsets  # type: ignore[attr-defined]
        second = types.index(1)
        first = next((i for i in range(second, len(ids) - 1) if offsets[i][0] >= shift), len(ids) - 1)
        spots = [(a - shift, b - shift) for a, b in offsets[first:-1]]
        gold = []
        for start, end in answers:
            inside = [i for i, (a, b) in enumerate(spots) if a < end and b > start]
            if inside and spots[inside[-1]][1] >= end:
                gold.append((first + inside[0], first + inside[-1]))
        return Sheet(ids, types, first, spots, gold)


def above(context: str) -> str:
    """Return what is put before a passage to tell which letter it stands in."""
    return f"{context}{SEPARATOR}" if context else ""


def padded(sheets: Sequence[Sheet]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return ids, mask, types, and which tokens may be answers (float: 0, or -1e4), each (sheets, longest)."""
    width = max(len(s.ids) for s in sheets)
    ids, mask, types = (np.zeros((len(sheets), width), np.int64) for _ in range(3))
    barred = np.full((len(sheets), width), -1e4, np.float32)
    for i, s in enumerate(sheets):
        ids[i, : len(s.ids)], mask[i, : len(s.ids)], types[i, : len(s.ids)] = s.ids, 1, s.types
        barred[i, s.first : len(s.ids) - 1] = 0
    return tuple(torch.from_numpy(x).to(device()) for x in (ids, mask, types, barred))  # type: ignore[return-value]


def loss(net: ReaderNet, groups: Sequence[Sequence[Sheet]], answerable: Sequence[bool]) -> Tensor:
    """Return the mean over questions of -log p(start) - log p(end), and of the relevance of each passage.

    p runs over the tokens of all passages of a question and "no answer" (logit 0); of several right spans the
    probabilities are added. Relevance: cross-entropy of each passage, 1 where it holds an answer.
    """
    sheets = [s for group in groups for s in group]
    ids, mask, types, barred = padded(sheets)
    start, end, relevance = net(ids, mask, types)
    start, end = start + barred, end + barred
    total = start.new_zeros(())
    row = 0
    null = start.new_zeros(1)
    for group, known in zip(groups, answerable, strict=True):
        rows = range(row, row + len(group))
        row += len(group)
        gold = [(r, a, b) for r, s in zip(rows, group, strict=True) for a, b in s.gold]
        if known and not gold:
            continue  # its answer was cut off
        for scores, places in ((start, {(r, a) for r, a, _ in gold}), (end, {(r, b) for r, _, b in gold})):
            every = torch.cat([scores[rows.start : rows.stop].flatten(), null]).logsumexp(0)
            right = torch.stack([scores[r, i] for r, i in sorted(places)]).logsumexp(0) if places else null[0]
            total = total + every - right
    wanted = torch.tensor([float(bool(s.gold)) for s in sheets], device=relevance.device)
    weight = torch.where(wanted > 0, 1.0, 0.5)
    binary = F.binary_cross_entropy_with_logits(relevance, wanted, weight, reduction="sum") / len(groups)
    return total / len(groups) + 0.5 * binary
