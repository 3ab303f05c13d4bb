"""Passages to an answer: which stretch says it, and does any?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from navo_qa.errors import UnknownReader
from navo_qa.reader.base import Found, Reader, Reading, Sentences, Surroundings
from navo_qa.reader.judge import Judge
from navo_qa.reader.network import MODEL, Network, OnnxNetwork
from navo_qa.reader.sentences import SentenceReader
from navo_qa.reader.spans import SpanReader

__all__ = [
    "Found",
    "LoadedReader",
    "Reader",
    "ReaderChoice",
    "Reading",
    "SentenceReader",
    "Sentences",
    "SpanReader",
    "Surroundings",
    "load_network",
    "load_reader",
]

BUNDLED = "navo-reader"
SENTENCES = "sentences"
FOLDER = "navo-reader-nl-en"


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """Which reader, and how to run it.

    name: None for the bundled one where it is installed, else "sentences"; "navo-reader"; "sentences"; a folder that
    the recipe exported; or an extractive model of transformers, by folder or hub name, "MODEL+CROSSENCODER" with a
    cross-encoder of sentence-transformers that reranks. threads: 0 takes every core. download: whether a hub may be
    asked.
    """

    name: str | None = None
    threads: int = 0
    download: bool = False


LoadedReader = tuple[Network, Judge]


def load_network(choice: ReaderChoice) -> LoadedReader | None:
    """Return the network chosen with its judge, None for "sentences". Raises UnknownReader."""
    bundled = bundled_folder()
    name = choice.name or (BUNDLED if bundled else SENTENCES)
    if name == SENTENCES:
        return None
    if name == BUNDLED:
        if bundled is None:
            raise UnknownReader(name, "the bundled reader is not part of this installation")
        return OnnxNetwork(bundled, name, threads=choice.threads), Judge.load(bundled)
    if os.path.exists(os.path.join(name, MODEL)):
        return OnnxNetwork(Path(name), name, threads=choice.threads), Judge.load(Path(name))
    from navo_qa.reader.hub import hub_network

    return hub_network(name, choice.download, choice.threads)


def load_reader(around: Surroundings, loaded: LoadedReader | None) -> Reader:
    """Return the reader over the passages' surroundings that the network and its judge make."""
    return SentenceReader(around) if loaded is None else SpanReader(*loaded, around)


def bundled_folder() -> Path | None:
    """Return the folder of the bundled reader: inside the installed package, or in a checkout; None without it."""
    package = Path(__file__).parents[1]
    places = (package / "models" / FOLDER, package.parents[1] / "embeddings" / FOLDER)
    return next((place for place in places if (place / MODEL).exists()), None)
