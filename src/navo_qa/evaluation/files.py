"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from navo_qa.errors import InputError


class OutputError(InputError):
    """A place that cannot be written to."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} cannot be written ({error.strerror}); free space, or name another place")


def write_atomic(path: Path, text: str | Iterable[str]) -> None:
    """Write the text beside the path and move it there at once; whatever stops it, what was there still stands.

    Raises OutputError.
    """
    try:
        _write_atomic(path, text)
    except OSError as error:
        raise OutputError(path, error) from error


def remove(path: Path) -> None:
    """Remove the file. Raises OutputError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(path, error) from error


def _write_atomic(path: Path, text: str | Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
