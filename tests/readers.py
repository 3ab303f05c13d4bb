"""Readers for tests of reading in other processes, which must be able to import them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from navo_qa.errors import FileProblem
from navo_qa.ingest import read_task
from navo_qa.ingest.catalogue import CatalogueRow
from navo_qa.types import Document, Kind, sha256


def deadly(path: Path, row: CatalogueRow | None) -> Document | FileProblem:
    """Die on one file, as a bug in a native library does."""
    if path.stem == "dood":
        os._exit(11)
    return read_task(path, row)


def huge(path: Path, row: CatalogueRow | None) -> Document | FileProblem:
    """Return two million characters, whatever the file holds."""
    text = path.stem + " " * 2_000_000
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(path.stem, path.stem, Kind.OTHER, "nl", text, sha256(text), path.name, path.name, digest)
