"""Passages of a collection cited, and memos checked against it: what the command line and the API have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from navo_qa.cite.exports import Export, export
from navo_qa.cite.shelf import Shelf
from navo_qa.cite.styles import Language, Markup, Style, cite
from navo_qa.cite.verify import Verifier
from navo_qa.cite.works import Locator, Work, pages, work
from navo_qa.types import Document, Passage
from navo_qa.versions import Version

STYLES: tuple[str, ...] = (*Style, *Export)


class Listed(Protocol):
    """A document in a list of documents."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


class Documents(Protocol):
    """Where documents and passages are looked up by their ids; both raise NotFound."""

    def document(self, document_id: str) -> Document:
        """Return the document."""
        ...

    def passage(self, passage_id: str) -> Passage:
        """Return the passage, checked against its document."""
        ...

    @property
    def listings(self) -> Callable[[], Sequence[Listed]]:
        """Return every document, without its text."""
        ...

    def versions(self) -> Sequence[Version]:
        """Return the documents that were replaced."""
        ...


def source(documents: Documents, passage_id: str) -> tuple[Work, Locator]:
    """Return what is known of the passage's source, and where in it the passage stands. Raises NotFound."""
    passage = documents.passage(passage_id)
    document = documents.document(passage.document_id)
    return work(document), Locator(pages(document, passage.start, passage.end), passage.paragraph)


def cite_passages(
    documents: Documents, passage_ids: Sequence[str], style: str, language: Language, markup: Markup = "text"
) -> str:
    """Return the passages' sources in a style, one a line, or in a format for reference managers. Raises NotFound."""
    sources = [source(documents, passage_id) for passage_id in passage_ids]
    if style in list(Export):
        return export(sources, Export(style))
    return "\n".join(cite(known, at, Style(style), language, markup) for known, at in sources)


def verifier(documents: Documents) -> Verifier:
    """Return what checks memos against all of the documents, and against earlier versions for what cites those."""
    searched = [documents.document(listed.id) for listed in documents.listings()]
    earlier = [(documents.document(version.id), version.document_id) for version in documents.versions()]
    return Verifier(Shelf([*searched, *(document for document, _ in earlier)]), documents.passage, earlier)
