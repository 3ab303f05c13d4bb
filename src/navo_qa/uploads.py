"""Files that came in by the API: kept in the index folder, read apart, added to the index one upload after the other.

DIR/uploads/                  what was taken in, which every later build reads too
DIR/uploads/.incoming/<id>/   what is on its way; a folder of a service that died is removed by the next
"""

from __future__ import annotations

import logging
import queue
import re
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from navo_qa.build import UPLOADS, BuildSummary, Wanted, build
from navo_qa.chunk import Chunking
from navo_qa.encode import Encoder
from navo_qa.errors import (
    URN,
    EmptyFile,
    FileProblem,
    IndexProblem,
    InvalidUpload,
    NavoError,
    NotFound,
    UnknownUploadType,
    UploadsWaiting,
    WriteFailed,
)
from navo_qa.index.snapshot import open_snapshot
from navo_qa.ingest import READERS, read_task
from navo_qa.ingest.cache import CACHE, ReadCache
from navo_qa.ingest.parallel import Apart
from navo_qa.ingest.sniff import ending_of, safe_name

INCOMING = ".incoming"
MOST_WAITING = 4  # uploads that wait or are worked on
REMEMBERED = 20
SECONDS = 600.0  # for one file to be read

State = Literal["waiting", "reading", "indexing", "done", "failed"]
FileState = Literal["waiting", "indexed", "copy", "failed"]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class UploadedFile:
    """One file of an upload: what was sent, and what became of it."""

    name: str
    size: int
    path: Path
    state: FileState = "waiting"
    document_id: str | None = None
    title: str | None = None
    sha256: str | None = None
    replaced: str | None = None
    detail: str | None = None
    problem: str | None = None

    def fail(self, detail: str, problem: str | None) -> None:
        """Take note of why the file was not taken in; problem: the urn of the error's kind."""
        self.state, self.detail, self.problem = "failed", self.named(detail), problem

    def named(self, detail: str) -> str:
        """Return the sentence with this file as it was sent, and without the folders of the others."""
        others = re.compile(rf"{re.escape(str(self.path.parent.parent))}/\d+/")
        return others.sub("", detail.replace(str(self.path), self.name))


@dataclass(slots=True)
class Upload:
    """Files that were sent together, and how far they are. `over` is set when nothing more happens to them."""

    id: str
    files: list[UploadedFile]
    replace: bool
    state: State = "waiting"
    progress: float = 0.0
    detail: str | None = None
    problem: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished: datetime | None = None
    over: threading.Event = field(default_factory=threading.Event)


class Uploads:
    """Takes files in and works on one upload at a time, in a thread of its own.

    encoder: the one that the index is, or will be, built with.
    """

    def __init__(self, index_dir: Path, most_files: int, encoder: Callable[[], Encoder]) -> None:
        self.index_dir = index_dir
        self.most_files = most_files
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: dict[str, Upload] = {}
        self._waiting: queue.Queue[Upload | None] = queue.Queue()
        self._worker: threading.Thread | None = None
        self._reader = Apart(read_task)

    def accept(self, sent: Sequence[tuple[str, bytes]], replace: bool) -> Upload:
        """Take in files by name and content; they are worked on later.

        Raises InvalidUpload, UnknownUploadType or EmptyFile where no file can be read, UploadsWaiting, WriteFailed.
        """
        if not sent or len(sent) > self.most_files:
            raise InvalidUpload(f"it has {len(sent)} files; send 1 to {self.most_files} at a time, as `files`")
        with self._lock:
            if sum(upload.finished is None for upload in self._known.values()) >= MOST_WAITING:
                raise UploadsWaiting(MOST_WAITING)
            upload = Upload(uuid.uuid4().hex, [], replace)
            self._known[upload.id] = upload
        try:
            self._store(upload, sent)
        except BaseException:
            self._forget(upload)
            raise
        self._start()
        self._waiting.put(upload)
        return upload

    def get(self, upload_id: str) -> Upload:
        """Return an upload. Raises NotFound."""
        try:
            return self._known[upload_id]
        except KeyError:
            raise NotFound("upload", upload_id) from None

    def recent(self) -> list[Upload]:
        """Return the last uploads, the newest first."""
        return list(reversed(self._known.values()))[:REMEMBERED]

    def close(self) -> None:
        """Finish the upload that is worked on and stop; those that wait are dropped."""
        worker = self._worker
        if worker is not None:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put(None)
            worker.join()
            self._worker = None

    def _store(self, upload: Upload, sent: Sequence[tuple[str, bytes]]) -> None:
        """Write the files that can be read to the disk; the others are failed at once."""
        folder = self.index_dir / UPLOADS / INCOMING / upload.id
        try:
            for number, (name, content) in enumerate(sent):
                shown = _shown(name)
                ending = ending_of(content, name)
                path = folder / str(number) / safe_name(name, ending or ".none")
                file = UploadedFile(shown, len(content), path)
                upload.files.append(file)
                if not content:
                    file.fail(str(EmptyFile(shown)), EmptyFile.urn())
                elif ending is None:
                    file.fail(str(UnknownUploadType([shown], list(READERS))), UnknownUploadType.urn())
                else:
                    path.parent.mkdir(parents=True)
                    path.write_bytes(content)
        except OSError as error:
            raise WriteFailed(self.index_dir, error.strerror or str(error)) from error
        if all(file.state == "failed" for file in upload.files):
            unknown = [file.name for file in upload.files if file.size]
            raise UnknownUploadType(unknown, list(READERS)) if unknown else EmptyFile(upload.files[0].name)

    def _forget(self, upload: Upload) -> None:
        with self._lock:
            self._known.pop(upload.id, None)
        shutil.rmtree(self.index_dir / UPLOADS / INCOMING / upload.id, ignore_errors=True)

    def _start(self) -> None:
        with self._lock:
            if self._worker is None:
                for dead in (self.index_dir / UPLOADS / INCOMING).glob("*"):
                    if dead.name not in self._known:
                        shutil.rmtree(dead, ignore_errors=True)
                self._worker = threading.Thread(target=self._work, name="uploads", daemon=True)
                self._worker.start()

    def _work(self) -> None:
        while (upload := self._waiting.get()) is not None:
            try:
                self._read(upload)
                self._index(upload)
                upload.state = "done"
            except NavoError as error:
                upload.state, upload.detail, upload.problem = "failed", str(error), error.urn()
            except Exception as error:
                log.exception("upload %s failed", upload.id)
                upload.state, upload.detail = (
                    "failed",
                    f"the upload failed ({type(error).__name__}); the log tells more",
                )
            for file in upload.files:
                if file.state == "waiting":
                    file.fail(upload.detail or f"{file.name}: was not taken in", upload.problem)
            upload.progress, upload.finished = 1.0, datetime.now(UTC)
            shutil.rmtree(self.index_dir / UPLOADS / INCOMING / upload.id, ignore_errors=True)
            if self._waiting.empty():
                self._reader.close()
            upload.over.set()
            with self._lock:
                for old in list(self._known.values())[:-REMEMBERED]:
                    if old.finished:
                        del self._known[old.id]

    def _read(self, upload: Upload) -> None:
        """Read each file in a process of its own, and remember it: the build then needs not read it again."""
        upload.state = "reading"
        waiting = [file for file in upload.files if file.state == "waiting"]
        try:
            with ReadCache(self.index_dir / CACHE) as cache:
                for done, file in enumerate(waiting):
                    upload.progress = 0.6 * done / len(waiting)
                    key, known = cache.find(file.path, None)
                    found = known or self._reader.read(file.path, None, SECONDS)
                    if isinstance(found, FileProblem):
                        file.fail(str(found), found.urn())
                    elif known is None and key and not found.unread:
                        cache.put(key, found)
        except sqlite3.OperationalError as error:
            raise WriteFailed(self.index_dir, str(error)) from error

    def _index(self, upload: Upload) -> None:
        waiting = [file for file in upload.files if file.state == "waiting"]
        if not waiting:
            upload.detail = "no file of it could be read"
            return
        upload.state, upload.progress = "indexing", 0.6

        def hear(stage: str, done: int, total: int | None, pages: int = 0) -> None:
            first = {"read": 0.6, "encode": 0.65, "words": 0.95}[stage]
            upload.progress = max(
                upload.progress, first + (0.3 if stage == "encode" else 0.04) * done / (total or done)
            )

        summary = build(
            [file.path for file in waiting],
            self.index_dir,
            self._encoder(),
            chunking=_chunking(self.index_dir),
            wanted=Wanted(add=True, replace=upload.replace or None),
            wait=True,
            progress=hear,
        )
        for file in waiting:
            self._settle(file, summary)

    def _settle(self, file: UploadedFile, summary: BuildSummary) -> None:
        """Take note of what became of a file, and keep it where later builds read it."""
        said = [problem for problem in summary.problems if problem.path == file.path]
        copy = next((copy for copy in summary.copies if copy.path == file.path), None)
        document_id = summary.read.get(file.path)
        if copy is not None:
            file.state, file.document_id = "copy", copy.document_id
            file.detail = f'{file.name}: its text is there already, as "{copy.document_id}"'
            file.problem = f"{URN}copy"
        elif document_id is None and said:
            file.fail(str(said[0]), said[0].urn())
        elif document_id is None:
            file.fail(f"{file.name}: is an earlier version of a document that is there", f"{URN}earlier-version")
        else:
            alike = [{doubt.id, doubt.other} - {document_id} for doubt in summary.doubts]
            others = sorted(min(other) for other in alike if len(other) == 1)
            file.state, file.document_id = "indexed", document_id
            if said:
                file.detail, file.problem = file.named(str(said[0])), said[0].urn()
            elif others:
                file.detail = f'{file.name}: looks like another version of "{others[0]}"; both are searched'
                file.problem = f"{URN}look-alike"
            by = [version.id for version in summary.replaced if version.replaced_by == document_id]
            file.replaced = by[0] if by else None
            file.path.replace(self.index_dir / UPLOADS / file.path.name)
        if file.document_id is not None:
            snapshot = open_snapshot(self.index_dir)
            document = snapshot.collection.document(file.document_id)
            file.title, file.sha256 = document.title, document.sha256
            snapshot.close()


def _chunking(index_dir: Path) -> Chunking | None:
    """Return how the index that is there was chunked."""
    try:
        snapshot = open_snapshot(index_dir)
    except IndexProblem:
        return None
    parameters = snapshot.manifest.chunking.parameters
    snapshot.close()
    return Chunking(**parameters)  # type: ignore[arg-type]


def _shown(name: str) -> str:
    """Return a name as it can be shown in a line."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c if c.isprintable() else "_" for c in last)[:200] or "document"
