"""What is known of a source that a memo names: read from the document, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from navo_qa.cite.papers import Chamber, Paper, PaperKind, parliamentary_year, parse
from navo_qa.types import Citation, Document, Kind
from navo_qa.types import Paper as Printed

_SENDER = re.compile(
    r"\b(?:aangeboden door|brief van|letter from|presented by)\s+(?:de\s+|the\s+)?"
    r"(?P<office>(?:minister-president|minister|staatssecretaris|state secretary|prime minister)\b[^,;()\d]{0,120})",
    re.IGNORECASE,
)
# What follows an office: "… van Buitenlandse Zaken over de NAVO-top", "… van 23 mei 2025".
_AFTER = re.compile(
    r"\s+(?:(?:over|aan|inzake|betreffende|about|to|regarding)\b.*|(?:van|of|d\.d\.|dated))$", re.IGNORECASE
)
_CHAMBERS: dict[str, Chamber] = {"tweede kamer": "II", "eerste kamer": "I"}
_NAME = re.compile(
    r"\s*\b(?P<initials>(?:[A-Z][a-z]{0,2}\.\s?){1,6})\s*(?P<family>(?:(?:van|de|den|der|ter|ten|von|el)\s+){0,3}"
    r"[A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+){0,2})\s*$"
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the letter: "minister van Buitenlandse Zaken", "C.C.J.", "Veldkamp"."""

    office: str
    initials: str | None = None
    family: str | None = None

    def __str__(self) -> str:
        """Office and name, as the letter has them."""
        return " ".join(part for part in (self.office, self.initials, self.family) if part)


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in the source: "2" or "25-36" for a page, a paragraph by its number; None where it is not known."""

    page: str | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A source, as far as it is known; `paper` is its own number, not one that it mentions."""

    id: str
    title: str
    kind: Kind = Kind.OTHER
    paper: Paper | None = None
    sender: Sender | None = None
    letter_date: date | None = None
    meeting_start: date | None = None
    place: str | None = None
    language: str = "nl"
    sha256: str | None = None


def work(document: Document) -> Work:
    """Return what the document's metadata says of it as a source.

    Its own number is read from a source that is nothing but a reference, an official id ("kst-28676-499"), or what
    was found of it when it was read: the references that a text mentions are those of other papers.
    """
    paper = own_paper(document.id, document.file, document.source, document.title, document.paper)
    office = document.paper.minister
    return Work(
        id=document.id,
        title=" ".join(document.title.split()),
        kind=document.kind,
        paper=paper,
        sender=sender(document.source) or (Sender(office) if office else None),
        letter_date=document.letter_date,
        meeting_start=document.meeting_start,
        place=document.place,
        language=document.language,
        sha256=document.sha256,
    )


def own_paper(document_id: str, file: str, source: str, title: str, known: Printed) -> Paper | None:
    """Return the paper that a document is: by its source, its id, its file's name, or what was found of it."""
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return next((found for name in (source, document_id, stem) if (found := parse(name))), None) or _paper(title, known)


def _paper(title: str, known: Printed) -> Paper | None:
    """Return a document's own number from its metadata; None where that does not make out one paper."""
    chamber = _CHAMBERS.get((known.chamber or "").lower())
    session = parliamentary_year(known.session) if known.session else None
    number = known.number or ""
    if known.dossier and re.fullmatch(r"\d{5}(?:-[\dIVXLC]{1,6})?", known.dossier):
        dossier, _, suffix = known.dossier.partition("-")
        if not re.fullmatch(r"\d{1,5}|[A-Z]{1,2}|[IVXLC]{1,6}-\d{1,5}", number):
            return None
        return Paper(PaperKind.KAMERSTUK, number, dossier, suffix or None, chamber, session)
    if chamber is None or session is None or known.dossier:
        return None
    if sitting := re.fullmatch(r"(\d{1,3})-(\d{1,3})", number):
        return Paper(PaperKind.HANDELINGEN, sitting[1], chamber=chamber, session=session, item=sitting[2])
    if number.isdigit() and title.startswith("Vragen van"):
        return Paper(PaperKind.AANHANGSEL, number, chamber=chamber, session=session)
    return None


def locator(citation: Citation) -> Locator:
    """Return where in its source the citation stands."""
    return Locator(None if citation.page is None else str(citation.page), citation.paragraph)


def pages(document: Document, start: int, end: int) -> str | None:
    """Return the page or pages that [start, end) stands on: "3", "3-4"; None where the document has none."""
    own = [page.number for page in document.pages if page.start < end and start < page.end]
    if not own:
        return None
    return str(own[0]) if own[0] == own[-1] else f"{own[0]}-{own[-1]}"


def sender(text: str) -> Sender | None:
    """Return who offered the document: "… aangeboden door minister van Buitenlandse Zaken C.C.J. Veldkamp"."""
    match = _SENDER.search(text)
    if not match:
        return None
    office = _AFTER.sub("", " ".join(match["office"].split()))
    name = _NAME.search(office)
    if not name:
        return Sender(office.rstrip("."))
    return Sender(office[: name.start()], name["initials"].replace(" ", ""), name["family"])
