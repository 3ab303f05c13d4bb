"""Readers for tests of reading in other processes, which must be able to import them."""

from __future__ import annotations

import os
from pathlib import Path

from navo_qa.errors import FileProblem
from navo_qa.ingest import read_task
from navo_qa.ingest.catalogue import CatalogueRow
from navo_qa.types import Document


def deadly(path: Path, row: CatalogueRow | None) -> Document | FileProblem:
    """Die on one file, as a bug in a native library does."""
    if path.stem == "dood":
        os._exit(11)
    return read_task(path, row)
