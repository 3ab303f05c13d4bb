"""What is asked of the service, and what becomes of its response: the same for both clients."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx

from navo_qa.client import holdings, memos, results, uploads
from navo_qa.client.results import Filters, Language, Mode
from navo_qa.client.uploads import Sent
from navo_qa.client.wire import read
from navo_qa.errors import InvalidCharacter, RemoteProblem

T = TypeVar("T")

Style = Literal["leidraad", "house", "plain", "apa", "bibtex", "ris", "csl-json"]
Form = Literal["docx", "odt", "pdf", "html", "md"]
By = Literal["year", "document"]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and how its response is read."""

    method: Literal["GET", "POST"]
    path: str
    read: Callable[[httpx.Response], T]
    body: Mapping[str, Any] | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    files: Sequence[tuple[str, tuple[str, bytes]]] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Return what httpx sends along: parameters, and JSON or a form with files."""
        form = {"files": self.files, "data": self.fields} if self.files else {}
        return {"params": self.params or None, "json": self.body, **form}


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """A page of documents; `next` is None on the last."""

    documents: tuple[results.Document, ...]
    next: str | None


def about() -> Call[holdings.About]:
    """Return the call for what the service holds."""
    return Call("GET", "/v1/about", _as(holdings.About))


def ask(
    question: str, top_k: int, mode: Mode, filters: Filters | None, per_document: int | None
) -> Call[results.Query]:
    """Return the call for an answer."""
    return Call("POST", "/v1/query", _as(results.Query), _query(question, top_k, mode, filters, per_document))


def search(
    question: str, top_k: int, mode: Mode, filters: Filters | None, per_document: int | None
) -> Call[results.Search]:
    """Return the call for passages."""
    return Call("POST", "/v1/search", _as(results.Search), _query(question, top_k, mode, filters, per_document))


def timeline(question: str, by: By, mode: Mode, filters: Filters | None) -> Call[results.Timeline]:
    """Return the call for the same question over time."""
    body = {"question": _checked(question), "by": by, "mode": mode, "filters": (filters or Filters()).body()}
    return Call("POST", "/v1/timeline", _as(results.Timeline), body)


def documents(after: str | None, limit: int) -> Call[DocumentsPage]:
    """Return the call for a page of documents."""
    params: dict[str, str | int] = {"limit": limit} | ({} if after is None else {"after": after})
    return Call("GET", "/v1/documents", _as(DocumentsPage), params=params)


def document(document_id: str) -> Call[results.DocumentText]:
    """Return the call for a document."""
    return Call("GET", f"/v1/documents/{_part(document_id)}", _as(results.DocumentText))


def passage(passage_id: str) -> Call[results.Passage]:
    """Return the call for a passage."""
    return Call("GET", f"/v1/passages/{_part(passage_id)}", _as(results.Passage))


def page(document_id: str, number: int, start: int | None, end: int | None) -> Call[results.Page]:
    """Return the call for a page's size and rectangles."""
    path = f"/v1/documents/{_part(document_id)}/pages/{number}"
    return Call("GET", path, _as(results.Page), params=_stretch(start, end))


def page_image(document_id: str, number: int, width: int, start: int | None, end: int | None) -> Call[bytes]:
    """Return the call for a page's picture."""
    path = f"/v1/documents/{_part(document_id)}/pages/{number}.png"
    return Call("GET", path, _file(), params={"width": width, **_stretch(start, end)})


def cite(passage_ids: Sequence[str], styles: Sequence[Style], languages: Sequence[Language]) -> Call[memos.Citations]:
    """Return the call for citations."""
    body = {"passage_ids": [*passage_ids], "styles": [*styles], "languages": [*languages]}
    return Call("POST", "/v1/citations", _as(memos.Citations), body)


def verify(memo: str | bytes, filename: str) -> Call[memos.Verification]:
    """Return the call that checks a memo: Markdown, or a file's bytes whose name says what they are."""
    if isinstance(memo, str):
        body = {"text": memo, "filename": filename}
    else:
        body = {"content_base64": base64.b64encode(memo).decode(), "filename": filename}
    return Call("POST", "/v1/verify", _as(memos.Verification), body)


def memo(markdown: str, form: Form, style: Style, language: Language, missing: Literal["stop", "mark"]) -> Call[bytes]:
    """Return the call that makes a memo."""
    body = {"markdown": markdown, "form": form, "style": style, "language": language, "missing": missing}
    return Call("POST", "/v1/memos", _file(html=form == "html"), body)


def upload(files: Iterable[Sent], replace: bool) -> Call[uploads.Upload]:
    """Return the call that sends documents. Raises UnreadableFile."""
    sent = [("files", uploads.content(file)) for file in files]
    return Call("POST", "/v1/documents", _as(uploads.Upload), files=sent, fields={"replace": str(replace).lower()})


def recent_uploads() -> Call[uploads.Uploads]:
    """Return the call for the last uploads."""
    return Call("GET", "/v1/uploads", _as(uploads.Uploads))


def upload_state(upload_id: str) -> Call[uploads.Upload]:
    """Return the call for how far an upload is."""
    return Call("GET", f"/v1/uploads/{_part(upload_id)}", _as(uploads.Upload))


def _query(question: str, top_k: int, mode: Mode, filters: Filters | None, per_document: int | None) -> dict[str, Any]:
    body = {"question": _checked(question), "top_k": top_k, "mode": mode, "filters": (filters or Filters()).body()}
    return body | ({} if per_document is None else {"per_document": per_document})


def _checked(question: str) -> str:
    """Return the question. Raises InvalidCharacter where it cannot be sent: half a surrogate pair is no text."""
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise InvalidCharacter(question[error.start]) from error
    return question


def _as(kind: type[T]) -> Callable[[httpx.Response], T]:
    def parsed(response: httpx.Response) -> T:
        try:
            found: T | None = read(kind, response.json())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _foreign(response) from error
        if found is None:
            raise _foreign(response)
        return found

    return parsed


def _file(*, html: bool = False) -> Callable[[httpx.Response], bytes]:
    def content(response: httpx.Response) -> bytes:
        if response.headers.get("content-type", "").startswith("text/html") != html:  # a proxy's page, say
            raise _foreign(response)
        return response.content

    return content


def _foreign(response: httpx.Response) -> RemoteProblem:
    return RemoteProblem(
        response.status_code,
        f"{response.request.url} answered with what this client does not know; check that a navo-qa serve of this "
        "version is at the address, and no other program or proxy",
        request_id=response.headers.get("x-request-id"),
    )


def _part(name: str) -> str:
    return quote(name, safe="")


def _stretch(start: int | None, end: int | None) -> dict[str, str | int]:
    return {name: value for name, value in (("start", start), ("end", end)) if value is not None}
