"""A source as a memo names it, in the forms that readers ask for; the form follows what is known, nothing is invented.

    leidraad   Kamerstukken II 2024/25, 28676, nr. 499, p. 2       Leidraad voor juridische auteurs
    house      Kamerstuk 28 676, nr. 499                           letters to parliament
    plain      title, date, page, paragraph
    apa        Veldkamp, C. C. J. (2025, 23 mei). Title            APA, 7th edition

`exports.py` writes the same for reference managers.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

from navo_qa.cite.papers import Paper, PaperKind
from navo_qa.cite.works import Locator, Sender, Work
from navo_qa.cite.works import locator as _locator
from navo_qa.cite.works import work as _work
from navo_qa.text.dates import MONTH_NAMES
from navo_qa.types import Citation, Document, Kind

Language = Literal["nl", "en"]
Markup = Literal["text", "markdown", "html"]

Piece: TypeAlias = tuple[str, bool]
"""A stretch of a citation and whether it is in italics."""


class Style(StrEnum):
    """The forms a citation can take."""

    LEIDRAAD = "leidraad"
    HOUSE = "house"
    PLAIN = "plain"
    APA = "apa"


_WORDS = {
    "nl": {"letter": "brief van", "page": "p.", "paragraph": "alinea", "annex": "Bijlage bij ", "from": "Brief van",
           "the": " de ", "of": " van ", "no": "nr.", "item": "item", "undated": "z.d."},
    "en": {"letter": "letter of", "page": "p.", "paragraph": "para.", "annex": "Annex to ", "from": "Letter from",
           "the": " the ", "of": " of ", "no": "no.", "item": "item", "undated": "n.d."},
}  # fmt: skip
_SERIES = {
    ("nl", PaperKind.KAMERSTUK): "Kamerstukken",
    ("en", PaperKind.KAMERSTUK): "Parliamentary Papers",
    ("nl", PaperKind.HANDELINGEN): "Handelingen",
    ("en", PaperKind.HANDELINGEN): "Proceedings",
    ("nl", PaperKind.AANHANGSEL): "Aanhangsel Handelingen",
    ("en", PaperKind.AANHANGSEL): "Appendix to the Proceedings",
}
# A debate's report is nobody's letter; its day is that on which it was adopted.
_MINUTES = re.compile(r"\bverslag van een (?:\w+ ){0,2}\w*(?:debat|overleg|gesprek|hoorzitting)\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#$^~|@!])")


def cite(work: Work, at: Locator, style: Style, language: Language = "nl", markup: Markup = "text") -> str:
    """Return the source in the style, without a stop at its end; italics as markdown or html, escaped."""
    return "".join(_marked(text, italic, markup) for text, italic in pieces(work, at, style, language))


def pieces(work: Work, at: Locator, style: Style, language: Language = "nl") -> Sequence[Piece]:
    """Return the source in the style, in stretches that are in italics or not."""
    return _FORMS[style](work, at, language)


def cite_passage(
    document: Document, citation: Citation, style: Style, language: Language = "nl", markup: Markup = "text"
) -> str:
    """Return the source of a citation in the style."""
    return cite(_work(document), _locator(citation), style, language, markup)


def plain(document: Document, citation: Citation, language: Language) -> str:
    """Return title, letter date, page and paragraph, as far as they are known.

    `"Verslag van de bijeenkomst in Antalya, brief van 23 mei 2025, alinea 5"`
    """
    known = Work(document.id, document.title, document.kind, letter_date=document.letter_date)
    return cite(known, _locator(citation), Style.PLAIN, language)


def day(value: date, language: Language) -> str:
    """Return the date in words: "23 mei 2025", "23 May 2025"."""
    return f"{value.day} {MONTH_NAMES[language][value.month - 1]} {value.year}"


def number(paper: Paper, language: Language = "nl") -> str:
    """Return dossier and number as the Leidraad has them: "28676, nr. 499", "36600 X, nr. 12", "30164, A"."""
    no = _WORDS[language]["no"]
    wanted = paper.number if paper.number.isalpha() else f"{no} {paper.number}"
    if paper.kind is not PaperKind.KAMERSTUK:
        item = f", {_WORDS[language]['item']} {paper.item}" if paper.item else ""
        return f"{wanted if paper.number else ''}{item}"
    return f"{_dossier(paper)}, {wanted}"


def series(paper: Paper, language: Language = "nl") -> str:
    """Return the series and its chamber, as far as it is known: "Kamerstukken II"."""
    return " ".join(part for part in (_SERIES[language, paper.kind], paper.chamber) if part)


def _leidraad(work: Work, at: Locator, language: Language) -> Sequence[Piece]:
    words = _WORDS[language]
    if work.paper is None:
        return _unnumbered(work, at, language)
    paper, page = work.paper, at.page or work.paper.pages
    rest = f" {paper.session}" if paper.session else ""
    numbered = number(paper, language)
    if numbered:
        rest += f", {numbered}" if paper.session else f" {numbered}"
    if page:
        rest += f", {words['page']} {page}"
    return [(words["annex"] if paper.annex else "", False), (series(paper, language), True), (rest, False)]


def _unnumbered(work: Work, at: Locator, language: Language) -> Sequence[Piece]:
    """Name a letter without a number by its sender, date and title; anything else by its title and date."""
    words = _WORDS[language]
    text = f"‘{work.title}’"
    if work.letter_date and not _is_letter(work):
        text += f", {day(work.letter_date, language)}"
    elif work.letter_date:
        by = f"{words['the']}{_office(work.sender, language)}" if work.sender else ""
        opening = f"{words['from']}{by}" if by else words["letter"].capitalize()
        of = words["of"] if by else " "
        text = f"{opening}{of}{day(work.letter_date, language)}, {text}"
    return [(text + (f", {words['page']} {at.page}" if at.page else ""), False)]


def _house(work: Work, at: Locator, language: Language) -> Sequence[Piece]:
    words = _WORDS[language]
    paper = work.paper
    page = f", {words['page']} {at.page}" if at.page else ""
    if paper is None:
        dated = day(work.letter_date, language) if work.letter_date else ""
        if dated and not _is_letter(work):
            return [(f"{work.title}, {dated}{page}", False)]
        return [(f"{words['letter']} {dated}, {work.title}{page}" if dated else f"{work.title}{page}", False)]
    if paper.kind is not PaperKind.KAMERSTUK:
        return [(_text(_leidraad(work, at, language)), False)]
    dossier = f"{(paper.dossier or '')[:2]} {_dossier(paper)[2:]}"
    wanted = paper.number if paper.number.isalpha() else f"{words['no']} {paper.number}"
    word = "Kamerstuk" if language == "nl" else "Parliamentary Paper"
    annex = words["annex"] if paper.annex else ""
    return [(f"{annex}{word} {dossier}, {wanted}{page}", False)]


def _plain(work: Work, at: Locator, language: Language) -> Sequence[Piece]:
    words = _WORDS[language]
    parts = [] if _untitled(work) else [work.title]
    if work.paper:
        parts.append(_text(_leidraad(replace(work, sender=None), Locator(), language)))
    if work.letter_date:
        dated = day(work.letter_date, language)
        parts.append(f"{words['letter']} {dated}" if _is_letter(work) else dated)
    if at.page is not None:
        parts.append(f"{words['page']} {at.page}")
    if at.paragraph is not None:
        parts.append(f"{words['paragraph']} {at.paragraph}")
    return [(", ".join(parts), False)]


def _apa(work: Work, at: Locator, language: Language) -> Sequence[Piece]:
    """Author. (date). Title (number), page. Publication Manual of the APA, 7th edition, 10.4 and 11.7."""
    words = _WORDS[language]
    author = apa_author(work.sender, language)
    sent = work.letter_date
    month = MONTH_NAMES[language][sent.month - 1] if sent else ""
    when = words["undated"] if not sent else f"{sent.year}, {sent.day} {month}"
    if sent and language == "en":
        when = f"{sent.year}, {month} {sent.day}"
    number = _text(_leidraad(work, Locator(), language)) if work.paper else ""
    title, paper = (number, "") if _untitled(work) else (work.title, f" ({number})" if number else "")
    page = f", {words['page']} {at.page}" if at.page else ""
    stop = "" if page else "."
    if author:
        return [(f"{author} ({when}). ", False), (title, True), (f"{paper}{page}{stop}", False)]
    return [(title, True), (f"{paper}. ({when}){page}{stop}", False)]


def _is_letter(work: Work) -> bool:
    """Whether its date is a letter's: a Kamerstuk's, or that of what is sent as a letter, reports and agendas too."""
    if _MINUTES.search(work.title):
        return False
    return work.kind is not Kind.OTHER if work.paper is None else work.paper.kind is PaperKind.KAMERSTUK


def _untitled(work: Work) -> bool:
    """Whether a paper has no title but the name of its file, "h-tk-20172018-70-1"."""
    return work.paper is not None and work.title == work.id


def apa_author(sender: Sender | None, language: Language) -> str | None:
    """Return the author as APA has it: "Veldkamp, C. C. J."; an office where no name is known."""
    if sender is None:
        return None
    if sender.family and sender.initials:
        return f"{sender.family}, {' '.join(f'{part}.' for part in sender.initials.split('.') if part)}"
    office = _office(sender, language)
    return f"{office[:1].upper()}{office[1:]}."


_FORMS = {Style.LEIDRAAD: _leidraad, Style.HOUSE: _house, Style.PLAIN: _plain, Style.APA: _apa}
# Titles of office that have an official English form; others stay as they are.
_OFFICES = {
    "minister van buitenlandse zaken": "Minister of Foreign Affairs",
    "minister van defensie": "Minister of Defence",
    "staatssecretaris van defensie": "State Secretary for Defence",
    "minister-president": "Prime Minister",
}


def _office(sender: Sender, language: Language) -> str:
    known = _OFFICES.get(sender.office.lower()) if language == "en" else None
    return str(replace(sender, office=known or sender.office))


def _dossier(paper: Paper) -> str:
    if not paper.suffix:
        return paper.dossier or ""
    return f"{paper.dossier}{'-' if paper.suffix.isdigit() else ' '}{paper.suffix}"


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(text for text, _ in pieces)


def _marked(text: str, italic: bool, markup: Markup) -> str:
    if markup == "text" or not text:
        return text
    if markup == "html":
        return f"<i>{html.escape(text)}</i>" if italic else html.escape(text)
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return f"*{escaped}*" if italic else escaped
