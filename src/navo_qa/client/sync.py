"""The client that waits for its answers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Literal, TypeVar

import httpx

from navo_qa import __version__
from navo_qa.client import calls, holdings, memos, results
from navo_qa.client.calls import By, Call, Form, Style
from navo_qa.client.results import Filters, Language, Mode
from navo_qa.client.retry import Retry, raise_for, unreachable
from navo_qa.client.uploads import Sent, Upload, pauses

T = TypeVar("T")


class Client:
    """Asks a service; safe to share between threads, and a context manager that closes its connections.

    timeout: seconds for each step of a request. retry: when to ask again; Retry(times=0) for never.
    """

    def __init__(self, url: str, *, timeout: float = 30.0, retry: Retry | None = None) -> None:
        self.url = url.rstrip("/")
        self._retry = retry or Retry()
        agent = {"User-Agent": f"navo-qa/{__version__}"}
        try:
            self._http = httpx.Client(base_url=self.url, timeout=timeout, headers=agent)
        except httpx.InvalidURL as error:
            raise unreachable(self.url, error) from error

    def about(self) -> holdings.About:
        """Return what the service holds and can do."""
        return self._send(calls.about())

    def ask(
        self,
        question: str,
        *,
        top_k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        per_document: int | None = None,
    ) -> results.Query:
        """Return the answer, or None for it, and the passages. Raises RemoteProblem, Unreachable."""
        return self._send(calls.ask(question, top_k, mode, filters, per_document))

    def search(
        self,
        question: str,
        *,
        top_k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        per_document: int | None = None,
    ) -> results.Search:
        """Return the passages, without reading them for an answer."""
        return self._send(calls.search(question, top_k, mode, filters, per_document))

    def timeline(
        self, question: str, *, by: By = "year", mode: Mode = "hybrid", filters: Filters | None = None
    ) -> results.Timeline:
        """Return what each year or document says to the question."""
        return self._send(calls.timeline(question, by, mode, filters))

    def documents(self, *, limit: int = 100) -> Iterator[results.Document]:
        """Yield every document, in the corpus's order; `limit` a request."""
        after: str | None = None
        while True:
            page = self._send(calls.documents(after, limit))
            yield from page.documents
            if (after := page.next) is None:
                return

    def document(self, document_id: str) -> results.DocumentText:
        """Return a document with its text. Raises RemoteProblem with status 404."""
        return self._send(calls.document(document_id))

    def passage(self, passage_id: str) -> results.Passage:
        """Return a passage with its citation."""
        return self._send(calls.passage(passage_id))

    def page(self, document_id: str, number: int, *, start: int | None = None, end: int | None = None) -> results.Page:
        """Return a page of a PDF, with the rectangles of a stretch of the document's text."""
        return self._send(calls.page(document_id, number, start, end))

    def page_image(
        self, document_id: str, number: int, *, width: int = 1000, start: int | None = None, end: int | None = None
    ) -> bytes:
        """Return a page of a PDF as a PNG, with a stretch of the document's text marked."""
        return self._send(calls.page_image(document_id, number, width, start, end))

    def cite(
        self,
        passage_ids: Sequence[str],
        *,
        styles: Sequence[Style] = ("leidraad",),
        languages: Sequence[Language] = ("nl", "en"),
    ) -> memos.Citations:
        """Return the sources of passages in official styles, and for reference managers."""
        return self._send(calls.cite(passage_ids, styles, languages))

    def verify(self, memo: str | bytes, *, filename: str = "memo.md") -> memos.Verification:
        """Return what is to be said of every quotation of a memo: Markdown, or a file's bytes."""
        return self._send(calls.verify(memo, filename))

    def memo(
        self,
        markdown: str,
        *,
        form: Form = "docx",
        style: Style = "leidraad",
        language: Language = "nl",
        missing: Literal["stop", "mark"] = "stop",
    ) -> bytes:
        """Return a memo with real footnotes, as a file's bytes."""
        return self._send(calls.memo(markdown, form, style, language, missing))

    def upload(self, files: Iterable[Sent], *, replace: bool = False, wait: float = 0.0) -> Upload:
        """Send documents, as paths or as names with bytes. What became of each file stands in the result.

        replace: a newer version takes the older one's place. wait: the seconds that they may take until they answer
        questions; 0 returns as soon as they are sent. Raises RemoteProblem where none is taken in, UploadUnfinished.
        """
        sent = self._send(calls.upload(files, replace))
        for pause in pauses(sent.upload_id, wait) if wait else ():
            time.sleep(pause)
            sent = self.upload_state(sent.upload_id)
            if sent.finished:
                break
        return sent

    def uploads(self) -> tuple[Upload, ...]:
        """Return the last uploads, the newest first."""
        return self._send(calls.recent_uploads()).uploads

    def upload_state(self, upload_id: str) -> Upload:
        """Return how far an upload is. Raises RemoteProblem with status 404; a service that restarts forgets them."""
        return self._send(calls.upload_state(upload_id))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Client:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def _send(self, call: Call[T]) -> T:
        done = 0
        while True:
            done += 1
            response: httpx.Response | None = None
            try:
                response = self._http.request(call.method, call.path, **call.content())
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                wait = self._retry.wait(done, None)
                if wait is None:
                    raise unreachable(self.url, error) from error
            except httpx.RequestError as error:
                raise unreachable(self.url, error) from error
            else:
                wait = self._retry.wait(done, response)
                if wait is None:
                    return call.read(raise_for(response))
            time.sleep(wait)
