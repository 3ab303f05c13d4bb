"""What can go wrong, as one tree; each message says what, where, and what to do.

    NavoError
    ├── InputError              a file, folder or catalogue that cannot be used
    │   ├── FileProblem         UnreadableFile, EmptyFile, BinaryFile, UnknownFormat, TooLarge, ChangedFile,
    │   │                       NeedsOcr, PagesNeedOcr
    │   ├── NoDocuments
    │   ├── DuplicateId
    │   ├── CatalogueError
    │   └── MemoError           InvalidMemo, UnknownMark, ConversionFailed
    ├── QueryError              a question or a filter that cannot be answered
    │   ├── EmptyQuestion, QuestionTooLong, InvalidCharacter, InvalidTopK, UnknownFilter, InvalidDates
    │   └── NotFound            no document or passage of that id; NoPageImage
    ├── EncoderError            UnknownEncoder, UnknownReader
    ├── UploadProblem           UploadOff, UploadForbidden, InvalidUpload, UnknownUploadType, UploadsWaiting
    ├── ServiceError            AddressInUse, InvalidSetting
    │   └── of another's service    RemoteProblem, Unreachable, UploadUnfinished; `navo_qa.client` raises them
    └── IndexProblem            an index folder that cannot be used
        ├── IndexNotFound, IndexVersion, DamagedIndex, EncoderMismatch, DimensionMismatch
        ├── BuildInProgress
        └── WriteFailed         a full disk, a folder without permission

The exit codes stand in `cli/__init__.py`, the HTTP status codes in `api/problems.py`: one table each.
"""

from __future__ import annotations

import re
from pathlib import Path

URN = "urn:navo-qa:"


class NavoError(Exception):
    """Everything navo-qa raises on purpose; `str(error)` is one clear sentence."""

    @classmethod
    def urn(cls) -> str:
        """Return the kind's name as interfaces give it: `EmptyFile -> "urn:navo-qa:empty-file"`."""
        return URN + re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


class InputError(NavoError):
    """A file, folder or catalogue that cannot be used."""


class FileProblem(InputError):
    """One file that cannot become a document; a build leaves it out and goes on."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = Path(path)

    def __reduce__(self) -> tuple[object, ...]:
        return _problem_again, (type(self), self.path, str(self))


class UnreadableFile(FileProblem):
    """The file cannot be opened or decoded."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(path, f"cannot be read ({reason}); check the file and its permissions")


class EmptyFile(FileProblem):
    """The file holds no text."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "holds no text; remove it or give it its text")


class BinaryFile(FileProblem):
    """The file's bytes are no text, whatever its name says."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "is not text but binary, whatever its name says; export it as text first")


class UnknownFormat(FileProblem):
    """No reader knows the file's ending."""

    def __init__(self, path: Path | str, known: list[str]) -> None:
        super().__init__(path, f"has a format that no reader knows; known are {', '.join(sorted(known))}")


class TooLarge(FileProblem):
    """The file is larger than a report can be."""

    def __init__(self, path: Path | str, size: int, limit: int) -> None:
        super().__init__(path, f"is {size / 1e6:.0f} MB, over the limit of {limit / 1e6:.0f} MB; split it")


class ChangedFile(FileProblem):
    """The file was written to while it was read."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "changed while it was read; build again when it is at rest")


class NeedsOcr(FileProblem):
    """The file is a scan, and what reads scans is not installed."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(
            path,
            f"is a scan, and {reason}; install tesseract-ocr and tesseract-ocr-nld (scripts/system-packages.sh does), "
            "then build again",
        )


class PagesNeedOcr(FileProblem):
    """Some pages of the file are pictures that could not be read; the others were read."""

    def __init__(self, path: Path | str, pages: tuple[int, ...]) -> None:
        named = f"page {pages[0]} is" if len(pages) == 1 else f"pages {', '.join(map(str, pages[:10]))} are"
        more = f" (and {len(pages) - 10} more)" if len(pages) > 10 else ""
        super().__init__(
            path,
            f"{named} scanned{more} and left out, since tesseract is not installed or failed on them; install "
            "tesseract-ocr and tesseract-ocr-nld (scripts/system-packages.sh does), then build again",
        )


class NoDocuments(InputError):
    """Nothing to index was found."""

    def __init__(self, places: list[str], known: list[str]) -> None:
        super().__init__(
            f"no readable document in {', '.join(places)}; give a folder or file ending in {', '.join(sorted(known))}"
        )


class DuplicateId(FileProblem):
    """Two different documents would get one id."""

    def __init__(self, path: Path | str, other: Path | str, document_id: str) -> None:
        super().__init__(
            path, f'would get the id "{document_id}", which {other} has; rename one, or give ids in catalogue.csv'
        )


class CatalogueError(InputError):
    """A line of catalogue.csv that cannot be used."""

    def __init__(self, path: Path | str, line: int, message: str) -> None:
        super().__init__(f"{path}, line {line}: {message}")


class MemoError(InputError):
    """A memo that cannot be read, checked or exported."""


class InvalidMemo(MemoError):
    """The file is no memo that can be read."""

    def __init__(self, name: Path | str, what: str) -> None:
        super().__init__(f"{name} {what}")


class UnknownMark(MemoError):
    """A citation mark names no passage of the index, or not the page that it stands on."""

    def __init__(self, marks: list[tuple[int | None, str, str]]) -> None:
        shown = "; ".join(f"line {line or '?'}: [@{mark[:100]}] {why}" for line, mark, why in marks[:10])
        more = f"; and {len(marks) - 10} more" if len(marks) > 10 else ""
        super().__init__(f"{shown}{more}; correct the marks, or export with --missing mark to make them visible")
        self.marks = marks


class ConversionFailed(MemoError):
    """The memo could not be made into the wanted format."""

    def __init__(self, form: str, reason: str) -> None:
        super().__init__(f"the memo cannot be made into {form} ({reason})")


class QueryError(NavoError):
    """A question or filter that cannot be answered as asked."""


class EmptyQuestion(QueryError):
    """Nothing was asked."""

    def __init__(self) -> None:
        super().__init__("the question is empty; ask something, in Dutch or English")


class QuestionTooLong(QueryError):
    """The question is longer than any question."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"the question has {length:,} characters, the limit is {limit:,}; shorten it")


class InvalidCharacter(QueryError):
    """A NUL or half a surrogate pair in the question: no keyboard makes one."""

    def __init__(self, character: str) -> None:
        super().__init__(f"the question holds the character U+{ord(character):04X}, which is no text; remove it")


class InvalidTopK(QueryError):
    """A number of passages outside the range."""

    def __init__(self, name: str, k: int, limit: int) -> None:
        super().__init__(f"{name} is {k}; give a number from 1 to {limit}")


class UnknownFilter(QueryError):
    """A filter that does not exist, or a value that it does not know."""

    def __init__(self, name: str, value: str, known: list[str]) -> None:
        more = f" and {len(known) - 10} more" if len(known) > 10 else ""
        super().__init__(f'{name} "{value[:100]}" is unknown; known are {", ".join(known[:10]) or "none"}{more}')


class InvalidDates(QueryError):
    """Dates the wrong way round, or no dates."""

    def __init__(self, message: str) -> None:
        super().__init__(message)

    @classmethod
    def reversed(cls, date_from: object, date_to: object) -> InvalidDates:
        """Return the error for a range that ends before it starts."""
        return cls(f"date_from {date_from} is later than date_to {date_to}; swap them")


class NotFound(QueryError):
    """No document or passage of that id in the index."""

    def __init__(self, what: str, wanted: str) -> None:
        super().__init__(f'no {what} "{wanted[:100]}" in this index; check the id, or list what there is')


class NoPageImage(NotFound):
    """No picture of that page: the document is no PDF, its original is not kept, or it has fewer pages."""

    def __init__(self, document_id: str, why: str) -> None:
        QueryError.__init__(
            self, f'no page of "{document_id[:100]}" can be shown: {why}; its text is at /v1/documents/{{id}}'
        )


class UploadProblem(NavoError):
    """Documents sent to the service that it does not take in."""


class UploadOff(UploadProblem):
    """The service takes no documents in."""

    def __init__(self) -> None:
        super().__init__("this service takes no documents in; whoever runs it turns that on with NAVO_QA_UPLOAD=1")


class UploadForbidden(UploadProblem):
    """A page of another site sent documents."""

    def __init__(self) -> None:
        super().__init__("documents may only be sent from this service's own page, or by a program; open that page")


class InvalidUpload(UploadProblem):
    """The request is no upload."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the upload cannot be taken in: {why}")


class UnknownUploadType(UploadProblem):
    """No reader reads what was sent, whatever its name says."""

    def __init__(self, names: list[str], known: list[str]) -> None:
        super().__init__(f"{', '.join(names[:5])}: no reader reads what it holds; known are {', '.join(sorted(known))}")


class UploadsWaiting(UploadProblem):
    """Too many uploads wait."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} uploads are being worked on already; try again in a minute")


class EncoderError(NavoError):
    """An encoder that cannot be used."""


class UnknownEncoder(EncoderError):
    """No encoder of that name is on this machine."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f'encoder "{name}" cannot be loaded ({reason}); '
            "give a bundled name, a model folder, or a hub name, which NAVO_QA_DOWNLOAD=1 fetches"
        )


class UnknownReader(EncoderError):
    """No reader of that name is on this machine."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f'reader "{name}" cannot be loaded ({reason}); give "navo-reader", "sentences", or the name or folder of '
            "a question-answering model, which NAVO_QA_DOWNLOAD=1 fetches from a hub"
        )


class ServiceError(NavoError):
    """The service cannot run as it was set."""


class AddressInUse(ServiceError):
    """The address to listen on is not to be had."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {host}:{port} ({reason}); give another --port, or 0 for a free one")


class InvalidSetting(ServiceError):
    """An environment variable that cannot be used."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the setting {name} cannot be used ({reason}); correct it or remove it")


class RemoteProblem(ServiceError):
    """A service answered a client with a problem: its status, its sentence, its kind, and the request's id."""

    def __init__(
        self, status: int, detail: str, kind: str = "about:blank", request_id: str | None = None, errors: object = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.request_id = request_id
        self.errors = errors


class Unreachable(ServiceError):
    """No service answers at the address."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"no answer from {url} ({reason}); start it with: navo-qa serve, or check the address")


class UploadUnfinished(ServiceError):
    """A service still works on an upload after all the time that a client had for it."""

    def __init__(self, upload_id: str, seconds: float) -> None:
        super().__init__(f'upload "{upload_id}" is not done after {seconds:g} s; wait longer, or ask with upload_state')
        self.upload_id = upload_id


class IndexProblem(NavoError):
    """An index folder that cannot be used."""


class IndexNotFound(IndexProblem):
    """The folder holds no finished index."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(f"no index in {folder}; make one with: navo-qa build CORPUS --index {folder}")


class IndexVersion(IndexProblem):
    """The index was written by another version of navo-qa."""

    def __init__(self, folder: Path | str, found: object, expected: object) -> None:
        super().__init__(f"index {folder} has format {found}, this version reads {expected}; build it again")


class DamagedIndex(IndexProblem):
    """A file of the index is missing or is not what was written."""

    def __init__(self, folder: Path | str, what: str) -> None:
        super().__init__(f"index {folder} is damaged: {what}; build it again")


class EncoderMismatch(IndexProblem):
    """The index was built with another encoder than the one asked for."""

    def __init__(self, built: str, built_dim: int, opened: str, opened_dim: int) -> None:
        if (built, built_dim) == (opened, opened_dim):
            super().__init__(f'index built with another version of "{built}" than this one; build it again')
        else:
            super().__init__(
                f'index built with "{built}" ({built_dim}), opened with "{opened}" ({opened_dim}); '
                "rebuild it or open it with the first"
            )


class DimensionMismatch(IndexProblem):
    """A vector of another dimension than the index's."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"the index holds vectors of {expected} dimensions, got {found}; use the index's encoder")


class BuildInProgress(IndexProblem):
    """Another process is writing the same index."""

    def __init__(self, folder: Path | str, owner: str) -> None:
        super().__init__(f"{folder} is being built by {owner}; wait for it, or build with --wait")


class WriteFailed(IndexProblem):
    """The index could not be written; the one that was there still stands."""

    def __init__(self, folder: Path | str, reason: str) -> None:
        super().__init__(
            f"{folder} cannot be written ({reason}); free space or check permissions; the earlier index still stands"
        )


def _problem_again(kind: type[FileProblem], path: Path, message: str) -> FileProblem:
    """Return a problem that comes from another process: each class takes other arguments than its message."""
    problem = kind.__new__(kind, message)
    problem.args = (message,)
    problem.path = path
    return problem
