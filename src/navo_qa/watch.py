"""Watches a folder: when files were added, changed or removed and are at rest, the index is built again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

Seen: TypeAlias = Mapping[str, tuple[int, int]]
"""The size and the time of change of each file by its path."""


def watch(paths: Sequence[Path], build: Callable[[], None], pause: Callable[[], bool]) -> None:
    """Build once, then again after every change that has come to rest: two looks a pause apart that see the same.

    pause: waits a while and returns whether to look again.
    """
    built: Seen | None = None
    before: Seen | None = None
    while True:
        now = look(paths)
        if now != built and now == before:
            build()
            built = now
        before = now
        if not pause():
            return


def look(paths: Sequence[Path]) -> Seen:
    """Return what stands in the folders; links to folders are not followed, and what vanishes meanwhile is not seen."""
    seen: dict[str, tuple[int, int]] = {}
    for path in paths:
        for folder, _, names in os.walk(path) if path.is_dir() else [(str(path.parent), [], [path.name])]:
            for name in names:
                if not name.startswith((".", "~$")):
                    file = os.path.join(folder, name)
                    try:
                        status = os.stat(file)
                    except OSError:
                        continue
                    seen[file] = (status.st_size, status.st_mtime_ns)
    return seen
