"""From the words on the command line to systems that can be asked.

A configuration is a mode and what differs from the shipped retrieval settings: "hybrid", "hybrid,preference=0",
"hybrid,fusion=rrf,lexical=0.5". An index is a folder, or "name=folder" where several encoders are compared.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from navo_qa.build import build
from navo_qa.encode import Encoder, EncoderChoice
from navo_qa.errors import NavoError, QueryError
from navo_qa.ingest import read_corpus
from navo_qa.pipeline import Pipeline, matching_encoder
from navo_qa.reader import ReaderChoice
from navo_qa.retrieve import RetrievalSettings
from navo_qa.settings import settings_now
from navo_qa.types import Answer, Document, Mode, Query

SHIPPED = ("hybrid", "dense", "lexical")
SIZES = (5, 20, 0)


class ConfigurationError(QueryError):
    """An option of an evaluation that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A mode of retrieval and its settings, under the name by which it was asked for."""

    name: str
    mode: Mode
    settings: RetrievalSettings

    @classmethod
    def read(cls, spec: str) -> Configuration:
        """Return the configuration that "mode,field=value,…" describes.

        Raises ConfigurationError if the mode or a field is unknown, or a value is not one of the field's.
        """
        mode, *changes = (part.strip() for part in spec.split(","))
        if mode not in list(Mode):
            raise ConfigurationError(f'configuration "{spec}": mode "{mode}" is unknown; known are {", ".join(Mode)}')
        pairs = ([part.strip() for part in change.partition("=")] for change in changes)
        settings: dict[str, Any] = {field: _value(spec, field, value) for field, _, value in pairs}
        return cls(spec, Mode(mode), replace(RetrievalSettings(), **settings))


class Configured:
    """A pipeline asked in one configuration: a System that also tells what it withheld.

    The pipeline runs once, without a threshold, and its own threshold is applied to the answer here, as reading twice
    would double an evaluation's time; a test holds that this is what the pipeline itself answers.
    """

    def __init__(self, pipeline: Pipeline, configuration: Configuration) -> None:
        self._mode = configuration.mode
        self._threshold = pipeline.threshold
        self._forced = fresh(pipeline, configuration.settings, threshold=0.0)
        self._last: tuple[Query, Answer] | None = None

    def ask(self, query: Query) -> Answer:
        """Return the answer as it ships."""
        answer = self._forced.ask(replace(query, mode=self._mode))
        self._last = (query, answer)
        return answer if answer.confidence >= self._threshold else self._forced.withheld(answer)

    def candidate(self, query: Query) -> Answer:
        """Return the answer as it would be if it might not keep silent."""
        if self._last is not None and self._last[0] == query:
            return self._last[1]
        return self._forced.ask(replace(query, mode=self._mode))


def named(index: str) -> tuple[str, Path]:
    """Return the name and folder of "name=folder", or of a folder alone under its own name."""
    name, mark, folder = index.partition("=")
    return (
        (name, Path(folder))
        if mark and "/" not in name and not Path(index).is_dir()
        else (Path(index).name, Path(index))
    )


def opened_index(folder: Path) -> Pipeline:
    """Return the pipeline over an index with its own encoder, by the NAVO_QA_ settings. Raises IndexProblem."""
    settings = settings_now()
    reader = ReaderChoice(settings.reader, threads=settings.threads, download=settings.download)
    return Pipeline.open(folder, _choice(), reader=reader, threshold=settings.threshold)


def opened_indexes(indexes: Sequence[str]) -> list[tuple[str, Pipeline]]:
    """Return the name and pipeline of each index. Raises ConfigurationError, IndexProblem, EncoderError."""
    folders = list(map(named, indexes))
    if not folders:
        raise ConfigurationError("no index to ask; give one with --index DIR")
    if len(dict(folders)) < len(folders):
        raise ConfigurationError("two indexes have one name; give names with --index NAME=DIR")
    opened = []
    for name, folder in folders:
        with naming(name if len(folders) > 1 else ""):
            opened.append((name, opened_index(folder)))
    return opened


@contextmanager
def naming(index: str) -> Iterator[None]:
    """Let an error say of which index it is, where that has a name."""
    try:
        yield
    except NavoError as error:
        if index:
            error.args = (f'index "{index}": {error}',)
        raise


def fresh(pipeline: Pipeline, settings: RetrievalSettings, threshold: float | None = None) -> Pipeline:
    """Return a pipeline over the same snapshot that remembers no question, so that its times are its own."""
    encoder = matching_encoder(pipeline.snapshot, _choice())
    return Pipeline(pipeline.snapshot, encoder, settings=settings, threshold=threshold, network=pipeline.network)


def corpus(paths: Sequence[Path]) -> dict[str, Document]:
    """Return the documents of files and folders, by id. Raises InputError where nothing can be read."""
    return {found.id: found for found in read_corpus(paths) if isinstance(found, Document)}


def files_in(folder: Path) -> list[Path]:
    """Return the folder's files, in an order that chance gave them once. Raises ConfigurationError for none."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    if not files:
        raise ConfigurationError(f"{folder} holds no files; give a folder of documents that hold no answer")
    random.Random(0).shuffle(files)  # noqa: S311 - an order, not a secret
    return files


def diluted(
    paths: Sequence[Path], files: Sequence[Path], index: Path, encoder: Encoder, sizes: Sequence[int] = SIZES
) -> Iterator[tuple[int, Pipeline]]:
    """Yield how many documents stand beside the corpus's, and the index of both, for more and more of the files.

    sizes: how many files to add, each time; 0 stands for all of them. A file that is no document, or a copy of one,
    adds none. Each build embeds only what the one before had not.
    """
    yielded = 0
    for size in sorted({min(size, len(files)) or len(files) for size in sizes}):
        read = build([*paths, *files[:size]], index, encoder).read
        added = len({read[path] for path in files[:size] if path in read})
        if added > yielded:
            yielded = added
            yield added, opened_index(index)


def _choice() -> EncoderChoice:
    settings = settings_now()
    return EncoderChoice(threads=settings.threads, download=settings.download)


def _value(spec: str, field: str, value: str) -> str | float | bool:
    hints = get_type_hints(RetrievalSettings)
    if field not in {known.name for known in fields(RetrievalSettings)}:
        raise ConfigurationError(f'configuration "{spec}": "{field}" is unknown; known are {", ".join(hints)}')
    hint = hints[field]
    if get_origin(hint) is Literal:
        if value in get_args(hint):
            return value
        raise ConfigurationError(f'configuration "{spec}": {field} is one of {", ".join(get_args(hint))}')
    if hint is bool:
        if value in ("on", "off", "true", "false"):
            return value in ("on", "true")
        raise ConfigurationError(f'configuration "{spec}": {field} is on or off')
    try:
        number = int(value) if hint is int else float(value)
    except ValueError:
        number = math.nan
    wanted = "a whole number above 0" if hint is int else "a number"
    if not math.isfinite(number) or (hint is int and number < 1):
        raise ConfigurationError(f'configuration "{spec}": {field} needs {wanted}, not "{value}"')
    return number
