"""Publishing: how does a finished folder become the current snapshot, whoever dies or builds meanwhile?"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from navo_qa.errors import BuildInProgress, DamagedIndex, IndexNotFound, WriteFailed
from navo_qa.index.snapshot import CURRENT, SNAPSHOTS, current

LOCK = "build.lock"
BUILDING = ".building-"

_DISK = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EACCES, errno.EPERM, errno.EROFS,
    errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG,
}  # fmt: skip


@contextmanager
def workplace(index_dir: Path, wait: bool) -> Iterator[Path]:
    """Yield an empty folder to build a snapshot in, gone afterwards unless it was published; one build at a time.

    Raises BuildInProgress where another process builds and `wait` is false; WriteFailed where the disk takes no more.
    """
    with _translated(index_dir), _locked(index_dir, wait):
        snapshots = index_dir / SNAPSHOTS
        snapshots.mkdir(exist_ok=True)
        _prune(index_dir)
        folder = snapshots / f"{BUILDING}{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def building(index_dir: Path) -> bool:
    """Return whether a process that still lives is building a snapshot of this index."""
    for folder in (index_dir / SNAPSHOTS).glob(f"{BUILDING}*"):
        owner = folder.name.removeprefix(BUILDING)
        try:
            os.kill(int(owner), 0)
        except PermissionError:
            return True
        except (ProcessLookupError, OverflowError, ValueError):
            continue
        return True
    return False


def publish(index_dir: Path, folder: Path, name: str) -> None:
    """Make the folder the current snapshot under this name; names sort by time.

    Everything is on the disk before the name is, and the name before the pointer: a crash leaves the old or the new.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)
    published = folder.with_name(name)
    folder.rename(published)
    _sync(published.parent)
    pointer = index_dir / f"{CURRENT}.new"
    pointer.write_text(name + "\n", "ascii")
    _sync(pointer)
    pointer.replace(index_dir / CURRENT)
    _sync(index_dir)
    _prune(index_dir)


def _prune(index_dir: Path) -> None:
    """Remove what dead builds left, and every snapshot but the current one and the one before it.

    The one before stays for whoever has read the pointer and is about to open it.
    """
    snapshots = sorted((index_dir / SNAPSHOTS).iterdir())
    kept = [path.name for path in snapshots if not path.name.startswith(BUILDING)]
    with suppress(IndexNotFound, DamagedIndex):
        name = current(index_dir)
        kept = [other for other in kept if other <= name][-2:]
    for path in snapshots:
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(index_dir: Path, wait: bool) -> Iterator[None]:
    """Hold the folder's lock, which the kernel lets go of when its holder dies."""
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BuildInProgress(index_dir, _owner(lock)) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield


def _owner(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read(200).strip() or "another process"


@contextmanager
def _translated(index_dir: Path) -> Iterator[None]:
    """Turn what a full or closed disk makes the libraries raise into WriteFailed."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK and error.errno is not None:
            raise
        raise WriteFailed(index_dir, error.strerror or str(error)) from error
    except (sqlite3.OperationalError, DamagedIndex) as error:
        raise WriteFailed(index_dir, str(error)) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
