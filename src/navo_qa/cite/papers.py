"""Reads Kamerstukken, Handelingen and Aanhangsel in their many spellings and gives each paper one normal form.

`"TK 2007–2008, 31 200 VI, nr. 131" -> "31200-VI, nr. 131"`; `"h-tk-20102011-108-5" -> "Handelingen II 2010/11, nr. 108,
item 5"`. A motion is cited by the Kamerstuk it was printed as.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from navo_qa.cite.reference import find_references

Chamber = Literal["I", "II"]


class PaperKind(StrEnum):
    """Which series a paper was printed in."""

    KAMERSTUK = "kamerstuk"
    HANDELINGEN = "handelingen"
    AANHANGSEL = "aanhangsel"


@dataclass(frozen=True, slots=True)
class Paper:
    """A parliamentary paper as far as a text names it; what is not named is None. [start, end) is where it is named.

    number: "499", "X-2", or the letter of an Eerste Kamer paper, "A". session: "2024/25". pages: "2" or "25-36".
    """

    kind: PaperKind
    number: str
    dossier: str | None = None
    suffix: str | None = None
    chamber: Chamber | None = None
    session: str | None = None
    item: str | None = None
    pages: str | None = None
    annex: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def normal(self) -> str:
        """The form to compare and link by, which `parse` reads back: "28676, nr. 499", "Kamerstukken I 30164, A"."""
        if self.kind is not PaperKind.KAMERSTUK:
            series = "Aanhangsel Handelingen" if self.kind is PaperKind.AANHANGSEL else "Handelingen"
            item = f", item {self.item}" if self.item else ""
            pages = f", p. {self.pages}" if self.pages and not self.item and self.kind is PaperKind.HANDELINGEN else ""
            number = f", nr. {self.number}" if self.number else ""
            return f"{series} {self.chamber} {self.session}{number}{item}{pages}"
        dossier = f"{self.dossier}-{self.suffix}" if self.suffix else self.dossier
        series, number = ("Kamerstukken I ", self.number) if self.number.isalpha() else ("", f"nr. {self.number}")
        return f"{'Bijlage bij ' if self.annex else ''}{series}{dossier}, {number}"


_SESSION = r"(?:18|19|20)\d\d\s?[-–—/]\s?(?:\d{4}|\d\d)(?!\d)"
_CHAMBER = r"(?:(?:I{1,2}|ll)(?![A-Z/])|TK|EK|Tweede Kamer|Eerste Kamer)"
_MARKUP = r"[\s,*_()]{0,4}"
_KAMERSTUK = r"(?:Kamerstuk(?:ken|nummer)?|Kamerst\.|Kst\.?|Parliamentary [Pp]apers?)"
_LEFT = re.compile(
    rf"(?P<annex>\b(?:bijlagen?\s+bij|annex(?:es)?\s+to)\s+)?[*_]{{0,2}}(?:"
    rf"(?<![\w]){_KAMERSTUK}(?:{_MARKUP}(?P<chamber>{_CHAMBER}))?|(?<![\w])(?P<bare>TK|EK|Tweede Kamer|Eerste Kamer))"
    rf"(?:{_MARKUP}(?:der Staten-Generaal,? )?(?:,?\s*vergaderjaar\s+)?(?P<session>{_SESSION}))?{_MARKUP}$",
    re.IGNORECASE,
)
_LEFT_SESSION = re.compile(rf"(?P<session>{_SESSION}),?\s+$")
_LEFT_ANNEX = re.compile(r"\b(?:bijlagen?\s+bij|annex(?:es)?\s+to)\s+$", re.IGNORECASE)
_PAGES = re.compile(r",?\s*(?:pp|p|blz|pag)\b\.?\s*(?P<pages>\d{1,5}(?:\s?[-–]\s?\d{1,5})?)(?![\d\w])")
_SUFFIX = r"(?:\d{2}|[IVXLC]{1,6}[A-E]?)"
# Where no "nr." stands only a word to the left ("Kamerstukken II 1999/2000") makes these numbers a paper.
_SHORT = re.compile(
    rf"(?<![\w.,-])(?P<dossier>\d{{2}}[ \u00a0.-]?\d{{3}})(?:[ -](?P<suffix>{_SUFFIX})(?!\w))?(?:"
    r",?[ ]+(?:letter[ ]+|nr\.?[ ]*)?(?P<letter>[A-Z]{1,2})(?![\w.'’])"
    r"|[ ]*(?:,[ ]*|[-/])(?P<number>[1-9]\d{0,4})(?![\w-]|[ .]\d{3}))"
)
# Kingdom papers carry a second number: "35 869 (R2156), nr. 3".
_REALM = re.compile(
    r"(?<![\w.,-])(?P<dossier>\d{2}[ \u00a0.-]?\d{3})[ ]?\(R[ ]?\d{3,4}\),?[ ]+"
    r"(?:nrs?|nos?)\.?[ ]*(?P<number>\d{1,5}\b)"
)
_ID = re.compile(
    rf"(?<![\w-])(?:kst-(?P<dossier>\d{{5}})-(?:(?P<suffix>{_SUFFIX})-)?(?P<number>\d{{1,5}}|[A-Z]{{1,2}})"
    r"|M-(?P<motion>\d{5})-(?P<motion_number>\d{1,5})"
    r"|(?P<series>h|ah)-(?P<house>tk|ek)-(?P<first>\d{4})(?P<last>\d{4})-(?P<sitting>\d{1,5})(?:-(?P<item>\d{1,3}))?)"
    r"(?![\w-])"
)
_HANDELINGEN = re.compile(
    rf"(?<![\w])(?P<annex>(?:Aanhangsel|Aanh\.)(?:\s+(?:van\s+de|bij\s+de|der|tot\s+de))?\s+)?[*_]{{0,2}}"
    rf"(?:(?:Handelingen|Hand\.|Proceedings)|(?P<appendix>Appendix to the Proceedings))"
    rf"(?:{_MARKUP}(?P<chamber>{_CHAMBER}))?{_MARKUP}(?:vergaderjaar\s+)?(?P<session>{_SESSION})"
    rf"(?:,?\s+(?:nrs?|nos?)\b\.?\s*(?P<number>\d{{1,5}})(?![\d\w])|,\s*(?P<bare_number>\d{{1,4}})(?![\d\w.-])"
    rf"|,\s*(?P<sitting>\d{{1,3}})-(?P<part>\d{{1,5}})(?![\d\w.]))?"
    rf"(?:,?\s+(?:item|agendapunt)\s+(?P<item>\d{{1,3}})(?![\d\w]))?",
    re.IGNORECASE,
)
# A memo breaks its lines anywhere, and Word puts spaces that do not break into numbers.
_BLANKS = dict.fromkeys(map(ord, "\n\t\u00a0\u2009\u202f"), " ")
_WINDOW = 90  # characters to the left in which "Bijlage bij Kamerstukken II, vergaderjaar 2007-2008, " fits


def parse(text: str) -> Paper | None:
    """Return the one paper that the text names and nothing else, else None."""
    text = text.strip().rstrip(".").strip("()[]*_ ")
    found = find_papers(text)
    if len(found) != 1 or found[0].start or found[0].end != len(text):
        return None
    return found[0]


def named_papers(text: str) -> tuple[str, ...]:
    """Return the normal form of each paper that a text names, once; an annex goes by the paper that it belongs to."""
    return tuple(dict.fromkeys(replace(paper, annex=False).normal for paper in find_papers(text)))


def find_papers(text: str) -> list[Paper]:
    """Return the papers that a text names, in order; each dossier with each number. Time is linear in the length."""
    text = text.translate(_BLANKS)
    found: list[Paper] = [*_identified(text), *_sittings(text)]
    taken = _Taken(found)
    for match in _REALM.finditer(text):
        if taken.add(*match.span()):
            found.append(_kamerstuk(text, *match.span(), _digits(match["dossier"]), None, match["number"]))
    spans: dict[tuple[int, int], bool] = {}
    for reference in find_references(text):
        span = (reference.start, reference.end)
        if span not in spans:
            spans[span] = taken.add(*span)
        if spans[span]:
            found.append(_kamerstuk(text, *span, reference.dossier, reference.suffix, reference.number))
    for match in _SHORT.finditer(text):
        left = _left(text, match.start())
        named = (_upper(left) if match["letter"] else True) if left else _aside(text, match)
        number = match["letter"] or match["number"]
        series = match["number"] and not match["suffix"] and text[match.end("dossier")] in "-/"
        series = series and match["dossier"].startswith("21")
        if named and not series and taken.add(*match.span()):
            found.append(_kamerstuk(text, *match.span(), _digits(match["dossier"]), match["suffix"], number))
    return sorted(found, key=lambda paper: paper.start)


class _Taken:
    """Which stretches of the text have been read."""

    def __init__(self, papers: list[Paper]) -> None:
        self._places = {place for paper in papers for place in range(paper.start, paper.end)}

    def add(self, start: int, end: int) -> bool:
        """Take the stretch; return whether it was free."""
        if start in self._places or end - 1 in self._places:
            return False
        self._places.update(range(start, end))
        return True


def _left(text: str, start: int) -> re.Match[str] | None:
    return _LEFT.search(text[max(0, start - _WINDOW) : start])


def _aside(text: str, match: re.Match[str]) -> bool:
    """Whether a paper stands alone between brackets: "zijn beantwoord middels een brief (36 471-64)"."""
    between = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    return between == "()" and re.fullmatch(r"[1-9]\d[ \u00a0]\d{3}-\d+", match[0]) is not None


def _upper(left: re.Match[str]) -> bool:
    """Whether the words to the left leave room for a letter, which only the Eerste Kamer numbers by."""
    return _chamber(left["chamber"] or left["bare"]) in ("I", None)


def _kamerstuk(text: str, start: int, end: int, dossier: str, suffix: str | None, number: str) -> Paper:
    window = text[max(0, start - _WINDOW) : start]
    left = _LEFT.search(window)
    annex = bool(left["annex"] if left else _LEFT_ANNEX.search(window))
    session = left["session"] if left else None
    first = start
    if left:
        first -= len(window) - left.start()
    elif annex and (alone := _LEFT_ANNEX.search(window)):
        first -= len(window) - alone.start()
    elif lone := _LEFT_SESSION.search(window):
        session = lone["session"]
        first -= len(window) - lone.start()
    if session and parliamentary_year(session) is None:
        session, first, annex, left = None, start, False, None
    chamber = _chamber(left["chamber"] or left["bare"]) if left else None
    if number.isalpha() and chamber is None:
        chamber = "I"
    pages = _PAGES.match(text, end)
    return Paper(
        PaperKind.KAMERSTUK,
        number,
        dossier=dossier,
        suffix=suffix,
        chamber=chamber,
        session=parliamentary_year(session) if session else None,
        pages=_range(pages["pages"]) if pages else None,
        annex=annex,
        start=first,
        end=pages.end() if pages else end,
    )


def _sittings(text: str) -> Iterator[Paper]:
    for match in _HANDELINGEN.finditer(text):
        session, chamber = parliamentary_year(match["session"]), _chamber(match["chamber"])
        appendix = bool(match["annex"] or match["appendix"])
        number = match["number"] or match["bare_number" if appendix else "sitting"] or ""
        pages = _PAGES.match(text, match.end())
        printed = _range(pages["pages"]) if pages else None
        item = match["item"]
        if match["sitting"] and not appendix:  # "108-5" is sitting and item, the older "31-2345" sitting and page
            item, printed = (match["part"], printed) if len(match["part"]) < 3 else (None, match["part"])
        if appendix and chamber is None:  # "Aanhangsel Handelingen, vergaderjaar 2023–2024, nr. 2147"
            chamber = "II"
        if session and chamber and (number or printed and not appendix):
            kind = PaperKind.AANHANGSEL if appendix else PaperKind.HANDELINGEN
            end = pages.end() if pages else match.end()
            yield Paper(kind, number, None, None, chamber, session, item, printed, start=match.start(), end=end)


def _identified(text: str) -> Iterator[Paper]:
    for match in _ID.finditer(text):
        start, end = match.span()
        if match["series"]:
            session = parliamentary_year(f"{match['first']}-{match['last']}")
            chamber: Chamber = "II" if match["house"] == "tk" else "I"
            kind = PaperKind.HANDELINGEN if match["series"] == "h" else PaperKind.AANHANGSEL
            if session and (kind is PaperKind.HANDELINGEN or not match["item"]):
                found = match["sitting"], chamber, session
                yield Paper(kind, found[0], None, None, found[1], found[2], match["item"], start=start, end=end)
        elif match["motion"]:
            yield Paper(PaperKind.KAMERSTUK, match["motion_number"], dossier=match["motion"], start=start, end=end)
        else:
            number = match["number"]
            house: Chamber | None = "I" if number.isalpha() else None
            yield Paper(PaperKind.KAMERSTUK, number, match["dossier"], match["suffix"], house, start=start, end=end)


def parliamentary_year(text: str) -> str | None:
    """Return the parliamentary year as "2024/25"; None where the two years do not follow each other."""
    if not re.fullmatch(_SESSION, text):
        return None
    first, last = re.split(r"\s?[-–—/]\s?", text)
    following = int(first) + 1
    if last not in (str(following), f"{following % 100:02d}"):
        return None
    return f"{first}/{following}" if following % 100 == 0 else f"{first}/{following % 100:02d}"


def _chamber(text: str | None) -> Chamber | None:
    if text is None:
        return None
    return "I" if text.upper() in ("I", "EK", "EERSTE KAMER") else "II"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _range(text: str) -> str:
    return re.sub(r"\s?[-–]\s?", "-", text)
