"""The client that does not hold up its program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
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


class AsyncClient:
    """Asks a service, without blocking; a context manager that closes its connections.

    timeout: seconds for each step of a request. retry: when to ask again; Retry(times=0) for never.
    """

    def __init__(self, url: str, *, timeout: float = 30.0, retry: Retry | None = None) -> None:
        self.url = url.rstrip("/")
        self._retry = retry or Retry()
        agent = {"User-Agent": f"navo-qa/{__version__}"}
        try:
            self._http = httpx.AsyncClient(base_url=self.url, timeout=timeout, headers=agent)
        except httpx.InvalidURL as error:
            raise unreachable(self.url, error) from error

    async def about(self) -> holdings.About:
        """Return what the service holds and can do."""
        return await self._send(calls.about())

    async def ask(
        self,
        question: str,
        *,
        top_k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        per_document: int | None = None,
    ) -> results.Query:
        """Return the answer, or None for it, and the passages. Raises RemoteProblem, Unreachable."""
        return await self._send(calls.ask(question, top_k, mode, filters, per_document))

    async def search(
        self,
        question: str,
        *,
        top_k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        per_document: int | None = None,
    ) -> results.Search:
        """Return the passages, without reading them for an answer."""
        return await self._send(calls.search(question, top_k, mode, filters, per_document))

    async def timeline(
        self, question: str, *, by: By = "year", mode: Mode = "hybrid", filters: Filters | None = None
    ) -> results.Timeline:
        """Return what each year or document says to the question."""
        return await self._send(calls.timeline(question, by, mode, filters))

    async def documents(self, *, limit: int = 100) -> AsyncIterator[results.Document]:
        """Yield every document, in the corpus's order; `limit` a request."""
        after: str | None = None
        while True:
            page = await self._send(calls.documents(after, limit))
            for document in page.documents:
                yield document
            if (after := page.next) is None:
                return

    async def document(self, document_id: str) -> results.DocumentText:
        """Return a document with its text. Raises RemoteProblem with status 404."""
        return await self._send(calls.document(document_id))

    async def passage(self, passage_id: str) -> results.Passage:
        """Return a passage with its citation."""
        return await self._send(calls.passage(passage_id))

    async def page(
        self, document_id: str, number: int, *, start: int | None = None, end: int | None = None
    ) -> results.Page:
        """Return a page of a PDF, with the rectangles of a stretch of the document's text."""
        return await self._send(calls.page(document_id, number, start, end))

    async def page_image(
        self, document_id: str, number: int, *, width: int = 1000, start: int | None = None, end: int | None = None
    ) -> bytes:
        """Return a page of a PDF as a PNG, with a stretch of the document's text marked."""
        return await self._send(calls.page_image(document_id, number, width, start, end))

    async def cite(
        self,
        passage_ids: Sequence[str],
        *,
        styles: Sequence[Style] = ("leidraad",),
        languages: Sequence[Language] = ("nl", "en"),
    ) -> memos.Citations:
        """Return the sources of passages in official styles, and for reference managers."""
        return await self._send(calls.cite(passage_ids, styles, languages))

    async def verify(self, memo: str | bytes, *, filename: str = "memo.md") -> memos.Verification:
        """Return what is to be said of every quotation of a memo: Markdown, or a file's bytes."""
        return await self._send(calls.verify(memo, filename))

    async def memo(
        self,
        markdown: str,
        *,
        form: Form = "docx",
        style: Style = "leidraad",
        language: Language = "nl",
        missing: Literal["stop", "mark"] = "stop",
    ) -> bytes:
        """Return a memo with real footnotes, as a file's bytes."""
        return await self._send(calls.memo(markdown, form, style, language, missing))

    async def upload(self, files: Iterable[Sent], *, replace: bool = False, wait: float = 0.0) -> Upload:
        """Send documents, as paths or as names with bytes. What became of each file stands in the result.

        replace: a newer version takes the older one's place. wait: the seconds that they may take until they answer
        questions; 0 returns as soon as they are sent. Raises RemoteProblem where none is taken in, UploadUnfinished.
        """
        sent = await self._send(calls.upload(files, replace))
        for pause in pauses(sent.upload_id, wait) if wait else ():
            await asyncio.sleep(pause)
            sent = await self.upload_state(sent.upload_id)
            if sent.finished:
                break
        return sent

    async def uploads(self) -> tuple[Upload, ...]:
        """Return the last uploads, the newest first."""
        return (await self._send(calls.recent_uploads())).uploads

    async def upload_state(self, upload_id: str) -> Upload:
        """Return how far an upload is. Raises RemoteProblem with status 404; a service that restarts forgets them."""
        return await self._send(calls.upload_state(upload_id))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        """Return the client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.aclose()

    async def _send(self, call: Call[T]) -> T:
        done = 0
        while True:
            done += 1
            response: httpx.Response | None = None
            try:
                response = await self._http.request(call.method, call.path, **call.content())
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
            await asyncio.sleep(wait)
