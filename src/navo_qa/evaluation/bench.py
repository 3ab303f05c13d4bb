"""How fast and how large? Each figure measured on this machine, now, and said with how it was measured.

cold start      wall time of `navo-qa ask` as a new process: interpreter, index, encoder, one answer
warm            time of one question after another in one process, every question another
searching       time to find passages without an answer, beside encoding the question alone, in turns
reading         time to read the first passages for a question, beside encoding the same passages, in turns
build           reading, chunking, encoding and indexing the corpus into a new folder; then again with nothing changed
size            bytes of the index's current snapshot; the process's largest resident memory
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import navo_qa
from navo_qa.build import build
from navo_qa.evaluation.configure import fresh, opened_index
from navo_qa.pipeline import Pipeline
from navo_qa.types import Mode, Query

STARTS = 3
READINGS, PASSAGES = 20, 10
WARM = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure."""

    name: str
    value: float
    unit: str
    note: str = ""


def bench(index: Path, questions: Sequence[str], corpus: Sequence[Path] = ()) -> list[Figure]:
    """Return every figure; the build is measured where a corpus is given."""
    pipeline = opened_index(index)
    figures = [*_size(pipeline), *_cold(index, questions[0]), *_warm(pipeline, questions)]
    figures += [*_searching(pipeline, questions), *_reading(pipeline, questions)]
    if corpus:
        figures += _build(pipeline, corpus)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return [*figures, Figure("largest memory", peak / 1e6, "MB", "resident, this process")]


def machine() -> dict[str, str]:
    """Return what the figures hold for."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    versions = {"navo-qa": navo_qa.__version__, "python": platform.python_version()}
    return versions | {"cores": str(os.cpu_count()), "machine": platform.machine(), "load average": load}


def _size(pipeline: Pipeline) -> Iterator[Figure]:
    counts = pipeline.snapshot.manifest.counts
    total = sum(path.stat().st_size for path in pipeline.snapshot.folder.rglob("*") if path.is_file())
    yield Figure("passages", counts.passages, "passages", f"of {counts.documents} documents")
    yield Figure("index size", total / 1e6, "MB", f"{total / max(1, counts.passages) / 1e3:.1f} kB a passage")


def _cold(index: Path, question: str) -> Iterator[Figure]:
    times = []
    for _ in range(STARTS):
        started = time.perf_counter()
        command = [sys.executable, "-m", "navo_qa.cli", "ask", "--index", str(index), "--json", "--", question]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        times.append(time.perf_counter() - started)
    yield Figure("cold start", float(np.median(times)), "s", f"median of {STARTS} new processes")


def _warm(pipeline: Pipeline, questions: Sequence[str]) -> Iterator[Figure]:
    asked = list(dict.fromkeys(questions))[: WARM + 1]
    for mode in Mode:
        one = fresh(pipeline, pipeline.settings)
        one.ask(Query(asked[0], mode=mode))
        times = [_timed(one, Query(question, mode=mode)) for question in asked[1:] or asked]
        note = f"{len(times)} different questions, passages and answer"
        yield Figure(f"warm {mode} p50", float(np.percentile(times, 50)), "ms", note)
        yield Figure(f"warm {mode} p95", float(np.percentile(times, 95)), "ms", note)


def _searching(pipeline: Pipeline, questions: Sequence[str]) -> Iterator[Figure]:
    one = fresh(pipeline, pipeline.settings)
    searching, encoding = [], []
    for question in list(dict.fromkeys(questions))[: WARM + 1]:
        started = time.perf_counter()
        one.search(Query(question, PASSAGES))
        between = time.perf_counter()
        one.encoder.encode_passages([question])  # a question's own vector would be remembered
        searching.append((between - started) * 1000)
        encoding.append((time.perf_counter() - between) * 1000)
    note = f"{len(searching)} different questions, {PASSAGES} passages, no answer"
    p50, alone = (float(np.median(times[1:] or times)) for times in (searching, encoding))
    yield Figure("searching p50", p50, "ms", note)
    yield Figure("encoding the question p50", alone, "ms", "the same questions, in turns")
    yield Figure("searching / encoding", p50 / alone, "x", "ratio of medians")


def _reading(pipeline: Pipeline, questions: Sequence[str]) -> Iterator[Figure]:
    one = fresh(pipeline, pipeline.settings)
    reading, encoding = [], []
    for question in list(dict.fromkeys(questions))[:READINGS]:
        hits = one.search(Query(question, PASSAGES))
        started = time.perf_counter()
        one.reader.read(question, hits)
        between = time.perf_counter()
        one.encoder.encode_passages([hit.passage.text for hit in hits])
        reading.append((between - started) * 1000)
        encoding.append((time.perf_counter() - between) * 1000)
    note = f"{len(reading)} questions, {PASSAGES} passages each, reader {one.reader.name}"
    yield Figure("reading p50", float(np.percentile(reading, 50)), "ms", note)
    yield Figure("encoding the same p50", float(np.percentile(encoding, 50)), "ms", "the same passages, in turns")
    yield Figure("reading / encoding", float(np.percentile(np.array(reading) / encoding, 50)), "x", "median of ratios")


def _timed(pipeline: Pipeline, query: Query) -> float:
    started = time.perf_counter()
    pipeline.ask(query)
    return (time.perf_counter() - started) * 1000


def _build(pipeline: Pipeline, corpus: Sequence[Path]) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        first = build(corpus, Path(folder) / "index", pipeline.encoder)
        again = build(corpus, Path(folder) / "index", pipeline.encoder)
    yield Figure(
        "build rate", first.passages / first.seconds, "passages/s", f"{first.passages} in {first.seconds:.1f} s"
    )
    yield Figure("build again", again.seconds, "s", "nothing changed")
