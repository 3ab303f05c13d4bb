"""Citing over HTTP: passages in every style, memos checked and exported."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, Field, model_validator

from navo_qa.api import problems
from navo_qa.api.models import Model, Text
from navo_qa.api.service import Service
from navo_qa.cite.exports import Export, export
from navo_qa.cite.findings import fields
from navo_qa.cite.links import link
from navo_qa.cite.manuscript import Paragraph, read_markdown, read_memo
from navo_qa.cite.styles import Language, Style, cite
from navo_qa.cite.verify import Verdict
from navo_qa.cite.works import Locator, Work, pages, work
from navo_qa.collection import Collection
from navo_qa.errors import InvalidMemo
from navo_qa.memo import Form, Wanted, export_memo
from navo_qa.pipeline import citation
from navo_qa.types import Citation, Document

MEDIA_TYPES: dict[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
MOST_CITED = 200


class CitedStretch(Model):
    """A part of a passage, [start, end) of its document's text: cited with its own pages and paragraph."""

    passage_id: Text
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class CitationsBody(Model):
    """Passages, or stretches of them, and the styles to cite them in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"passage_ids": ["verslag-ifmm-antalya-2025-2f1d9712d87c"], "styles": ["leidraad", "ris"]}]
        }
    )

    passage_ids: list[Text] = Field([], max_length=MOST_CITED)
    stretches: list[CitedStretch] = Field([], max_length=MOST_CITED, description="Words of passages to cite.")
    styles: list[Style | Export] = Field([Style.LEIDRAAD], min_length=1, max_length=10)
    languages: list[Language] = Field(["nl", "en"], min_length=1, max_length=2)

    @model_validator(mode="after")
    def _some(self) -> CitationsBody:
        if not 1 <= len(self.passage_ids) + len(self.stretches) <= MOST_CITED:
            raise ValueError(f"give 1 to {MOST_CITED} passage_ids and stretches together")
        return self


class PassageCited(Model):
    """The source of a passage, or of a stretch of it, by style and language, and the permanent link to it."""

    passage_id: str
    document_id: str
    start: int
    end: int
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
        forms = [style for style in body.styles if isinstance(style, Export)]
        styles = [style for style in body.styles if isinstance(style, Style)]
        sources: list[tuple[Work, Locator]] = []
        cited: list[PassageCited] = []
        for made, document in _cited(body, service.pipeline().snapshot.collection):
            known, at = work(document), Locator(pages(document, made.start, made.end), made.paragraph)
            sources.append((known, at))
            cited.append(
                PassageCited(
                    passage_id=made.passage_id,
                    document_id=document.id,
                    start=made.start,
                    end=made.end,
                    sha256=document.sha256,
                    url=link(document, made.start, made.end),
                    formatted={s: {tongue: cite(known, at, s, tongue) for tongue in body.languages} for s in styles},
                )
            )
        return CitationsOut(citations=cited, exports={form: export(sources, form) for form in forms})

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


def _cited(body: CitationsBody, collection: Collection) -> Iterator[tuple[Citation, Document]]:
    """Yield the passages and stretches to cite, each once. Raises NotFound, and for words outside their passage."""
    whole = [(passage_id, None, None) for passage_id in body.passage_ids]
    for passage_id, start, end in dict.fromkeys([*whole, *((s.passage_id, s.start, s.end) for s in body.stretches)]):
        passage = collection.passage(passage_id)
        if start is not None and end is not None and not passage.start <= start < end <= passage.end:
            said = f"{start}-{end} is no stretch of {passage_id}, which is {passage.start}-{passage.end}"
            raise RequestValidationError([{"loc": ("body", "stretches"), "type": "value_error", "msg": said}])
        document = collection.document(passage.document_id)
        yield citation(document, passage, start, end), document
