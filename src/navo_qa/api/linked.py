"""`/d/…`, where a permanent link leads: the document as a page, in the reader's language, also where there is none."""

from __future__ import annotations

import html
import re
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Header, Query
from fastapi.responses import HTMLResponse

from navo_qa.api.problems import status_of
from navo_qa.api.service import Service
from navo_qa.cite.links import Link, follow, link
from navo_qa.cite.styles import Language
from navo_qa.errors import NavoError, NotFound
from navo_qa.types import Document

_WANTED = re.compile(r"\s*([a-z]{2})\b[^,;]*(?:;\s*q=(0(?:\.\d{0,3})?|1))?", re.IGNORECASE)
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
        "absent": "Dit document is er niet (meer)",
        "absent why": "Het is verwijderd, of de link klopt niet.",
        "quoted": "De link leidde naar:",
        "home": "Naar de vraagpagina",
        "unready": "Het document kan nu niet worden geopend",
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
        "absent": "This document is not here (any more)",
        "absent why": "It has been removed, or the link is wrong.",
        "quoted": "The link led to:",
        "home": "To the page for questions",
        "unready": "The document cannot be opened now",
    },
}


def install(app: FastAPI, service: Service) -> None:
    """Add the page."""

    @app.get("/d/{document_id:path}", include_in_schema=False)
    def linked(
        document_id: str,
        sha256: Annotated[str | None, Query(max_length=64)] = None,
        q: Annotated[str | None, Query(max_length=2_000)] = None,
        h: Annotated[str | None, Query(max_length=64)] = None,
        lang: Language | None = None,
        accept_language: Annotated[str, Header()] = "",
    ) -> HTMLResponse:
        wanted, language, status = Link(document_id, sha256, q, digest=h), lang or read_in(accept_language), 200
        try:
            collection = service.pipeline().snapshot.collection
            document = collection.cited(document_id, sha256)
            newer = collection.successor(document.id)
            successor = None if newer is None else collection.document(newer)
            shown = _page(document, wanted, language, successor)
        except NavoError as error:
            shown, status = _none(error, wanted, language), int(status_of(error))
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
        return HTMLResponse(shown, status_code=status, headers=headers)


def read_in(accepted: str) -> Language:
    """Return the page's language for an Accept-Language header: `"de, nl;q=0.5, en;q=0.8" -> "en"`.

    English where it names neither, Dutch where it is empty.
    """
    named = [match for part in accepted.split(",") if (match := _WANTED.match(part))]
    known = [match for match in named if match[1].lower() in _WORDS]
    if not known:
        return "en" if named else "nl"
    best = max(known, key=lambda match: float(match[2] or 1))
    return "nl" if best[1].lower() == "nl" else "en"


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
    own, changed = f'lang="{html.escape(document.language)}"', str(target.changed).lower()
    return _framed(
        title,
        f'<h2 {own}>{title}</h2><p class="source">sha256 {document.sha256}</p>{said}'
        f'<div id="text" {own} data-sha256="{document.sha256}" data-changed="{changed}">{body}</div>',
        language,
    )


def _none(error: NavoError, wanted: Link, language: Language) -> str:
    """Return the page that says that there is no such document, and the words that the link was of."""
    words = _WORDS[language]
    absent = isinstance(error, NotFound)
    title = words["absent" if absent else "unready"]
    why = f"<p>{words['absent why']}</p>" if absent else f'<p lang="en">{html.escape(str(error))}</p>'
    quoted = f"<p>{words['quoted']} ‘{html.escape(wanted.quote)}’</p>" if absent and wanted.quote else ""
    return _framed(title, f'<h2>{title}</h2>{why}{quoted}<p><a href="/">{words["home"]}</a></p>', language)


def _framed(title: str, main: str, language: Language) -> str:
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="/static/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/static/page.css"><link rel="stylesheet" href="/static/document.css">'
        '<script src="/static/theme.js"></script><script src="/static/document.js" type="module"></script></head>'
        f'<body><header><h1><a href="/">navo-qa</a></h1></header><main>{main}</main></body></html>\n'
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
