"""The network that reads question and passage together: what it says of every token, run by onnxruntime alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from navo_qa.encode import batches_by_length, encodable
from navo_qa.errors import UnknownReader

BATCH_TOKENS = 512  # padded tokens a batch: small enough to stay in cache, a quarter faster than 4,096
MODEL = "onnx/model_int8.onnx"
SEPARATOR = " | "
Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Look:
    """What the network says of one passage.

    start, end: float32 (n,), how likely an answer starts or ends at a token; "no answer" is 0. places: int64 (n, 2),
    each token's characters in the passage. relevance: above 0 where the passage rather answers than not.
    """

    start: Logits
    end: Logits
    places: NDArray[np.int64]
    relevance: float


class Network(Protocol):
    """Reads passages for a question; `name` is what loads it again."""

    name: str

    def look(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Look]:
        """Return what it says of each (context, text), in order."""
        ...


class OnnxNetwork:
    """A reader as `embeddings/recipe` exports it.

    folder: `tokenizer.json`, which cuts pairs at the network's length, and `onnx/model_int8.onnx` with inputs
    input_ids, attention_mask and token_type_ids int64 (batch, tokens), outputs start_logits and end_logits float32
    (batch, tokens) and relevance float32 (batch,).
    """

    def __init__(self, folder: Path, name: str, *, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.name = name
        if not (folder / MODEL).exists() or not (folder / "tokenizer.json").exists():
            raise UnknownReader(name, f"{folder} holds no {MODEL} and tokenizer.json")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare Exceptions for a damaged file
            raise UnknownReader(name, f"{folder} is damaged: {(str(error).splitlines() or ['?'])[0][:150]}") from error
        self._tokenizer.no_padding()

    def look(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Look]:
        """Return what it says of each (context, text), in order."""
        asked = encodable(question)[:400]
        above = [f"{context}{SEPARATOR}" if context else "" for context, _ in passages]
        pairs = [(asked, encodable(top + text)) for top, (_, text) in zip(above, passages, strict=True)]
        encodings = self._tokenizer.encode_batch(pairs)
        looks: dict[int, Look] = {}
        for batch in batches_by_length([len(each.ids) for each in encodings], BATCH_TOKENS):
            ids, mask, types = (
                np.zeros((len(batch), max(len(encodings[i].ids) for i in batch)), np.int64) for _ in "123"
            )
            for row, i in enumerate(batch):
                n = len(encodings[i].ids)
                ids[row, :n], mask[row, :n], types[row, :n] = encodings[i].ids, 1, encodings[i].type_ids
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            starts, ends, relevance = self._session.run(["start_logits", "end_logits", "relevance"], feeds)
            for row, i in enumerate(batch):
                shift = len(above[i])
                offsets = np.array(encodings[i].offsets, np.int64).reshape(-1, 2)
                kept = (
                    (np.array(encodings[i].type_ids) == 1) & (offsets[:, 0] >= shift) & (offsets[:, 1] > offsets[:, 0])
                )
                n = len(offsets)
                looks[i] = Look(
                    starts[row, :n][kept], ends[row, :n][kept], offsets[kept] - shift, float(relevance[row])
                )
        return [looks[i] for i in range(len(passages))]


def file_fingerprint(folder: Path) -> str:
    """Return a hash of the network's file, to tell versions apart."""
    return hashlib.sha256((folder / MODEL).read_bytes()).hexdigest()[:16]
