"""What was asked of what, when and where: what the figures of a report hold for."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import navo_qa
from navo_qa.evaluation.evidence import Question
from navo_qa.evaluation.gold import Gold
from navo_qa.pipeline import Pipeline
from navo_qa.reader import BUNDLED, bundled_folder
from navo_qa.reader.network import MODEL, file_fingerprint

Fact = tuple[str, str]


def asked_of(read: Gold, asked: Sequence[Question], split: str | None) -> Fact:
    """Return which questions were asked, and how many of each sort."""
    answerable = sum(question.answerable for question in asked)
    languages = ", ".join(
        f"{sum(q.lang == lang for q in asked)} {lang}" for lang in sorted({question.lang for question in asked})
    )
    facts = len({question.cluster for question in asked})
    return (
        "gold questions",
        f"{read.path.name} (SHA-256 {read.sha256[:12]}…), split {split or 'all'}: {len(asked)} questions over "
        f"{facts} facts ({languages}), {answerable} answerable, {len(asked) - answerable} not",
    )


def index_fact(opened: tuple[str, Pipeline]) -> Fact:
    """Return what an index holds, and by what it is searched and read."""
    name, pipeline = opened
    manifest = pipeline.snapshot.manifest
    return (
        f"index {name}",
        f"{manifest.counts.documents} documents, {manifest.counts.passages} passages, "
        f"encoder {_without_folders(manifest.encoder.name)} "
        f"({manifest.encoder.dim} dimensions), vectors {manifest.vectors.engine}, "
        f"reader {_without_folders(pipeline.reader.name)}, threshold {pipeline.threshold:g}",
    )


def circumstances(k: int) -> Iterator[Fact]:
    """Yield how many passages were asked for where that limits a measure, then when and on what the run was made."""
    if k < 10:
        yield "found", f"{k} passages a question, so measures at 10 see no more than these"
    yield "made", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC with navo-qa {navo_qa.__version__}"
    busy = f"load average {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    yield (
        "machine",
        ", ".join(
            filter(None, (f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}", busy))
        ),
    )


def reader_of(pipeline: Pipeline) -> list[str]:
    """Return all that tells one reader from another: its name, its judge, and its file where there is one."""
    if pipeline.network is None:
        return [pipeline.reader.name]
    network, judge = pipeline.network
    folder = bundled_folder() if network.name == BUNDLED else Path(network.name)
    file = file_fingerprint(folder) if folder is not None and (folder / MODEL).exists() else ""
    return [network.name, judge.model_dump_json(), file]


def _without_folders(model: str) -> str:
    """Return the model's name, without where on this machine it lies: a report is read elsewhere."""
    return Path(model).name if Path(model).is_absolute() else model
