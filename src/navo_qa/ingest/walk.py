"""Which files does a corpus hold? Each once, however often it is named or linked to."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from navo_qa.errors import FileProblem, UnreadableFile
from navo_qa.ingest.catalogue import CATALOGUE, read_catalogue

RECORD = "metadata.xml"  # what is known of a publication, beside it: metadata.xml or NAME.metadata.xml


def files(paths: Sequence[Path]) -> Iterator[Path | FileProblem]:
    """Yield each file of a corpus once, however often it is named or linked to."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        yield from _walk(path, seen, named=True)


def _walk(path: Path, seen: set[tuple[int, int]], *, named: bool) -> Iterator[Path | FileProblem]:
    try:
        status = path.stat()
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        children = sorted(path.iterdir()) if stat.S_ISDIR(status.st_mode) else None
    except OSError as error:
        yield UnreadableFile(path, error.strerror or str(error))
        return
    if children is None:
        yield path
        return
    for child in children:
        if not passed_over(child):
            yield from _walk(child, seen, named=False)
    if named or (path / CATALOGUE).is_file():
        yield from _missing(path, {child.name for child in children})


def passed_over(path: Path) -> bool:
    """Return whether a folder's file is no document: hidden, a lock, a catalogue, a README, a publication's record."""
    name = path.name.lower()
    record = name == RECORD or name.endswith(f".{RECORD}")
    return name.startswith((".", "~$")) or path.name == CATALOGUE or path.stem.lower() == "readme" or record


def _missing(folder: Path, names: set[str]) -> Iterator[FileProblem]:
    """Yield a problem for each row of a folder's catalogue that names no file in it."""
    path = folder / CATALOGUE
    stems = {Path(name).stem for name in names}
    for key in read_catalogue(path) if path.is_file() else ():
        if key not in names and key not in stems:
            yield UnreadableFile(folder / key, f"named in {CATALOGUE}, but there is no such file")
