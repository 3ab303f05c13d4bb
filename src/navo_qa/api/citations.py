"""Citing over HTTP: passages in every style, memos checked and exported, and `/d/…`, where a permanent link leads."""

from __future__ import annotations

import base64
import binascii
import html
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import FastAPI, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import ConfigDict, Field, model_validator

from navo_qa.api import problems
from navo_qa.api.models import Model, Text
from navo_qa.api.service import Service
from navo_qa.cite.citing import source
from navo_qa.cite.exports import Export, export
from navo_qa.cite.findings import fields
from navo_qa.cite.links import Link, follow, link
from navo_qa.cite.manuscript import Paragraph, read_markdown, read_memo
from navo_qa.cite.styles import Language, Style, cite
from navo_qa.cite.verify import Verdict
from navo_qa.errors import InvalidMemo
from navo_qa.memo import Form, Wanted, export_memo
from navo_qa.types import Document

MEDIA_TYPES: dict[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_WORDS = {
    "nl": {
        "changed": "De tekst is gewijzigd sinds deze verwijzing werd gemaakt.",
        "here": "Het citaat staat er nog, hieronder gemarkeerd.",
        "near": "Het citaat staat er niet meer letterlijk; hieronder is gemarkeerd wat er het dichtst bij komt.",
        "gone": "Het citaat staat er niet meer.",
        "earlier": "Dit is een eerdere versie, die sindsdien is vervangen.",
        "now": "Naar de tekst van nu",
        "now here": "In de tekst van nu staat het citaat nog:",
        "now near": "In de tekst van nu staat het citaat niet meer letterlijk; het dichtst bij komt:",
        "now gone": "In de tekst van nu staat het citaat niet meer.",
    },
    "en": {
        "changed": "The text has changed since this link was made.",
        "here": "The quotation still stands there, marked below.",
        "near": "The quotation no longer stands there word for word; what comes nearest is marked below.",
        "gone": "The quotation no longer stands there.",
        "earlier": "This is an earlier version, which has been replaced since.",
        "now": "To the text as it is now",
        "now here": "The text as it is now still has the quotation:",
        "now near": "The text as it is now no longer has the quotation word for word; what comes nearest:",
        "now gone": "The text as it is now no longer has the quotation.",
    },
}


class CitationsBody(Model):
    """Passages and the styles to cite them in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"passage_ids": ["verslag-ifmm-antalya-2025-2f1d9712d87c"], "styles": ["leidraad", "ris"]}]
        }
    )

    passage_ids: list[Text] = Field(min_length=1, max_length=200)
    styles: list[Style | Export] = Field([Style.LEIDRAAD], min_length=1, max_length=10)
    languages: list[Language] = Field(["nl", "en"], min_length=1, max_length=2)


class PassageCited(Model):
    """A passage's source by style and language, and the permanent link to it."""

    passage_id: str
    document_id: str
    sha256: str
    url: str
    formatted: dict[Style, dict[Language, str]]


class CitationsOut(Model):
    """Each passage cited, and all of them in each format for reference managers that was asked for."""

    citations: list[PassageCited]
    exports: dict[Export, str]


class VerifyBody(Model):
    """A memo: its text as Markdown, or a file's bytes in base64, whose name says what it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Nederland maakte „EUR 100 miljoen extra” vrij [@verslag-ifmm-antalya-2025-2f1d9712d87c]."}
            ],
            "oneOf": [
                {"required": ["text"], "properties": {"text": {"type": "string"}}},
                {"required": ["content_base64"], "properties": {"content_base64": {"type": "string"}}},
            ],
        }
    )

    text: Text | None = None
    content_base64: str | None = None
    filename: Text = Field("memo.md", max_length=200)

    @model_validator(mode="after")
    def _one(self) -> VerifyBody:
        if (self.text is None) == (self.content_base64 is None):
            raise ValueError("give either text or content_base64")
        return self

    def paragraphs(self) -> list[Paragraph]:
        """Return what the memo says. Raises InvalidMemo."""
        if self.text is not None:
            return read_markdown(self.text, self.filename)
        try:
            return read_memo(base64.b64decode(self.content_base64 or "", validate=True), self.filename)
        except (binascii.Error, ValueError) as error:
            raise InvalidMemo(self.filename, "is no base64") from error


class PlaceOut(Model):
    """Where the words stand, or what comes nearest."""

    document_id: str
    title: str
    start: int
    end: int
    page: int | None
    text: str
    sha256: str
    url: str


class Changed(Model):
    """A stretch of the quotation against its source: "equal", "replace", "delete" or "insert"."""

    op: str
    source: str
    memo: str


class Lacking(Model):
    """A figure, date or name that the cited passage does not hold."""

    kind: Literal["figure", "date", "name"]
    text: str


class FindingOut(Model):
    """One quotation, citation or cited sentence, and what the collection says of it."""

    verdict: Verdict
    sound: bool
    text: str
    line: int | None
    page: int | None
    cited: list[str]
    source: PlaceOut | None
    difference: list[Changed]
    missing: list[Lacking]
    note: str | None


class VerifyOut(Model):
    """The findings in the order of the memo; `sound` where nothing is wrong."""

    sound: bool
    findings: list[FindingOut]


class MemoBody(Model):
    """A memo in Markdown with [@passage-id] marks, and what is to become of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "markdown": "Nederland steunt UCAP [@verslag-ifmm-antalya-2025-2f1d9712d87c].",
                    "form": "md",
                    "style": "leidraad",
                }
            ]
        }
    )

    markdown: Text
    form: Form = "docx"
    style: Style = Style.LEIDRAAD
    language: Language = "nl"
    missing: Literal["stop", "mark"] = "stop"


def install(app: FastAPI, service: Service) -> None:
    """Add the routes."""
    responses = problems.responses(400, 404, 408, 413, 422, 503)

    @app.post("/v1/citations", response_model=CitationsOut, responses=responses, tags=["citations"])
    def citations(body: CitationsBody) -> CitationsOut:
        """Cite passages in official styles, and export them for reference managers."""
        collection = service.pipeline().snapshot.collection
        sources = {passage_id: source(collection, passage_id) for passage_id in body.passage_ids}
        cited = []
        for passage_id, (known, at) in sources.items():
            passage = collection.passage(passage_id)
            document = collection.document(passage.document_id)
            styles = [style for style in body.styles if isinstance(style, Style)]
            formatted = {s: {language: cite(known, at, s, language) for language in body.languages} for s in styles}
            url = link(document, passage.start, passage.end)
            cited.append(
                PassageCited(
                    passage_id=passage_id,
                    document_id=document.id,
                    sha256=document.sha256,
                    url=url,
                    formatted=formatted,
                )
            )
        forms = [style for style in body.styles if isinstance(style, Export)]
        return CitationsOut(citations=cited, exports={form: export([*sources.values()], form) for form in forms})

    @app.post("/v1/verify", response_model=VerifyOut, responses=responses, tags=["citations"])
    def verify(body: VerifyBody) -> VerifyOut:
        """Check every quotation and citation of a memo."""
        found = service.verifier().verify(body.paragraphs())
        shown = [FindingOut.model_validate(fields(finding)) for finding in found]
        return VerifyOut(sound=all(finding.sound for finding in found), findings=shown)

    contents = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}
    made: dict[int | str, dict[str, Any]] = {200: {"content": contents, "description": "The memo as a file."}}

    @app.post("/v1/memos", response_class=Response, responses={**responses, **made}, tags=["citations"])
    def memos(body: MemoBody) -> Response:
        """Make a memo with real footnotes; a mark that names nothing is a problem with its line."""
        collection = service.pipeline().snapshot.collection
        wanted = Wanted(body.form, body.style, body.language, body.missing)
        content = export_memo(body.markdown, collection.passage, collection.document, wanted)
        headers = {"Content-Disposition": f'attachment; filename="memo.{body.form}"'}
        return Response(content, media_type=MEDIA_TYPES[body.form], headers=headers)

    @app.get("/d/{document_id:path}", include_in_schema=False)
    def linked(
        document_id: str,
        sha256: Annotated[str | None, Query(max_length=64)] = None,
        q: Annotated[str | None, Query(max_length=2_000)] = None,
        h: Annotated[str | None, Query(max_length=64)] = None,
        lang: Language = "nl",
    ) -> HTMLResponse:
        collection = service.pipeline().snapshot.collection
        document = collection.cited(document_id, sha256)
        newer = collection.successor(document.id)
        successor = None if newer is None else collection.document(newer)
        shown = _page(document, Link(document_id, sha256, q, digest=h), lang, successor)
        return HTMLResponse(shown, headers={"Cache-Control": "no-cache"})


def _page(document: Document, wanted: Link, language: Language, successor: Document | None) -> str:
    """Return the document as a page; it says where its text has changed, else document.js marks the fragment.

    successor: the document that replaced it, None for one that is searched.
    """
    words = _WORDS[language]
    target = follow(wanted, document)
    said = ""
    if target.changed:
        where = words["gone"] if target.start is None else words["here" if target.verbatim else "near"]
        said = f'<p id="changed" role="status">{words["changed"]} {where if wanted.quote else ""}</p>'
    elif successor is not None:
        said = f'<p id="earlier" role="status">{words["earlier"]} {_now(wanted, successor, words)}</p>'
    text = document.text
    start, end = (target.start, target.end) if target.changed else (None, None)
    if start is not None and end is not None:
        marked = f'<mark id="now">{html.escape(text[start:end])}</mark>'
        body = f"{html.escape(text[:start])}{marked}{html.escape(text[end:])}"
    else:
        body = html.escape(text)
    title = html.escape(document.title)
    return (
        f'<!doctype html>\n<html lang="{html.escape(document.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="/static/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/static/page.css"><link rel="stylesheet" href="/static/document.css">'
        '<script src="/static/document.js" type="module"></script></head>'
        f'<body><header><h1><a href="/">navo-qa</a></h1></header><main><h2>{title}</h2>'
        f'<p class="source">sha256 {document.sha256}</p>{said}'
        f'<div id="text" data-sha256="{document.sha256}" data-changed="{str(target.changed).lower()}">{body}</div>'
        "</main></body></html>\n"
    )


def _now(wanted: Link, successor: Document, words: dict[str, str]) -> str:
    """Return where the words of a link to an earlier version stand in the text of now, as a link with those words."""
    target = follow(wanted, successor)
    if target.start is None or target.end is None:
        gone = f"{words['now gone']} " if wanted.quote else ""
        return f'{gone}<a href="/d/{quote(successor.id, safe="")}">{words["now"]}</a>'
    href = html.escape(link(successor, target.start, target.end))
    text = html.escape(" ".join(successor.text[target.start : target.end].split()))
    return f'{words["now here" if target.verbatim else "now near"]} <a href="{href}">‘{text}’</a>'
