"""The files that documents were read from, as far as pages of them can be shown: PDF.

    DIR/originals/<sha256 of the file>.pdf

They stand beside the snapshots, named after what they hold: a file that two snapshots need is kept once, and one that
is not what its name says is not used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from navo_qa.types import Document

ORIGINALS = "originals"
SUFFIX = ".pdf"


def has_original(document: Document) -> bool:
    """Return whether the document was read from a file that would be kept."""
    return document.file.lower().endswith(SUFFIX)


def keep(index_dir: Path, files: Mapping[str, Path], wanted: Collection[str]) -> None:
    """Copy the files whose hash is wanted, and drop the copies that are not. Raises OSError where the disk is full.

    files: by the hash that they had when they were read; one that has gone or changed since is not kept.
    """
    folder = index_dir / ORIGINALS
    for digest in wanted:
        kept, file = folder / f"{digest}{SUFFIX}", files.get(digest)
        if file is None or file.suffix.lower() != SUFFIX or kept.exists() or not file.is_file():
            continue
        folder.mkdir(exist_ok=True)
        half = folder / f".{os.getpid()}"
        try:
            shutil.copyfile(file, half)
        except FileNotFoundError:
            continue
        if _sha256(half) == digest:
            half.replace(kept)
        else:
            half.unlink()
    for kept in folder.iterdir() if folder.is_dir() else ():
        if kept.stem not in wanted:
            kept.unlink(missing_ok=True)


def is_kept(index_dir: Path, document: Document) -> bool:
    """Return whether the index keeps the file that the document was read from."""
    return (index_dir / ORIGINALS / f"{document.file_sha256}{SUFFIX}").is_file()


def original(index_dir: Path, document: Document) -> bytes | None:
    """Return the bytes of the file that the document was read from, or None where they are not kept."""
    try:
        content = (index_dir / ORIGINALS / f"{document.file_sha256}{SUFFIX}").read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == document.file_sha256 else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
