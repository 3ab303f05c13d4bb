"""Documents that are sent to the service: what they hold, what becomes of them, and how long they are waited for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from navo_qa.errors import UnreadableFile, UploadUnfinished

LONGEST = 2.0  # seconds between two looks

Sent: TypeAlias = Path | tuple[str, bytes]
"""A file to send: where it is, or its name and what it holds."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file: "indexed" as `document_id`, a "copy" of it, "failed", or still "waiting"; `detail` is one sentence."""

    name: str
    bytes: int
    state: Literal["waiting", "indexed", "copy", "failed"]
    document_id: str | None
    title: str | None
    url: str | None
    replaced: str | None
    detail: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """How far an upload is: `progress` from 0 to 1, `finished` when nothing more happens to it."""

    upload_id: str
    url: str
    state: Literal["waiting", "reading", "indexing", "done", "failed"]
    progress: float
    detail: str | None
    problem: str | None
    created: datetime
    finished: datetime | None
    files: tuple[UploadedFile, ...]


@dataclass(frozen=True, slots=True)
class Uploads:
    """The last uploads, the newest first."""

    uploads: tuple[Upload, ...]


def content(file: Sent) -> tuple[str, bytes]:
    """Return the name of a file and what it holds. Raises UnreadableFile."""
    try:
        name, held = file if isinstance(file, tuple) else (Path(file).name, Path(file).read_bytes())
    except OSError as error:
        raise UnreadableFile(str(file), error.strerror or str(error)) from error
    return name.encode(errors="replace").decode(), held  # what a disk has for no letter cannot be sent


def pauses(upload_id: str, wait: float) -> Iterator[float]:
    """Yield the seconds until the next look, twice as many each time. Raises UploadUnfinished after `wait` seconds."""
    end, pause = time.monotonic() + wait, 0.1
    while (left := end - time.monotonic()) > 0:
        yield min(pause, left)
        pause = min(2 * pause, LONGEST)
    raise UploadUnfinished(upload_id, wait)
